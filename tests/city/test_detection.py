"""How long a cut takes to be found: thirty of them, at random times, one hotspot each."""

import pytest

from tests.city.story import DETECTION_SECONDS, INTERVAL_SECONDS, Story

pytestmark = [pytest.mark.story, pytest.mark.city, pytest.mark.timeout(300)]

TIMEOUT_SECONDS, CONFIRMING_SECONDS = 2.0, 2.0
EARLIEST_SECONDS = TIMEOUT_SECONDS + CONFIRMING_SECONDS + TIMEOUT_SECONDS


@pytest.mark.parametrize("socket", ["raw", "datagram"])
def test_every_cut_is_detected_within_its_bounds(story: Story, socket: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A loss, its timeout and three confirmations take 6 s, the wait for the next probe up to an interval more."""
    found = {change.hotspot: change for change in story.observed[socket].changes if change.after == "down"}
    delays = sorted(found[cut.hotspots[0]].decided - cut.began for cut in story.cuts)
    with capsys.disabled():
        middle = (delays[14] + delays[15]) / 2
        print(f"\n30 cuts, {socket}: found after {delays[0]:.1f} s (median {middle:.1f} s) to {delays[-1]:.1f} s")
    assert delays[0] >= EARLIEST_SECONDS - 0.5
    assert delays[-1] <= DETECTION_SECONDS
    backdated = [found[cut.hotspots[0]].since - cut.began for cut in story.cuts]
    assert min(backdated) >= -0.5
    assert max(backdated) <= INTERVAL_SECONDS + 0.5
