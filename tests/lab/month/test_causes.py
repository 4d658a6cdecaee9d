"""A scripted month: never a power cut where none was, no link blamed where power had failed; the share left open."""

from pathlib import Path

import pytest

from lab.month.causes import INTERVAL, figures, judge, with_restarts
from lab.month.story import WHOLE_SPAN, make_story


def played(folder: Path, part: int, every: int, seed: int) -> dict[str, object]:
    """The figures of one hotspot in `part`, of which so many at a time lose their power alone."""
    story = make_story(folder, WHOLE_SPAN, part=part, interval=INTERVAL, step=1, scrape=15)
    with_restarts(story.scenario, every)
    return dict(figures(judge(story, seed)))


def test_a_small_city_s_causes_are_never_wrong(tmp_path: Path) -> None:
    """50 hotspots, half of which can be asked."""
    found = played(tmp_path, 20, 4, 1)
    print(found)
    assert found["power cuts proposed that were none"] == 0
    assert found["links blamed firmly where power had failed"] == 0
    assert 0.2 < float(str(found["left open, of hotspots that can be asked"])) < 0.8


@pytest.mark.long
@pytest.mark.parametrize("seed", range(6))
def test_the_whole_city_s_causes_are_never_wrong(tmp_path: Path, seed: int) -> None:
    """1000 hotspots; among them power cuts that are found."""
    found = played(tmp_path, 1, 60, seed)
    print(found)
    assert found["power cuts proposed that were none"] == 0
    assert found["links blamed firmly where power had failed"] == 0
    assert float(str(found["power cuts found, of all power"])) > 0.05
