"""Every dashboard in a real Chromium, in a real Grafana frontend: no panel shows an error, or nothing.

Needs a built frontend of Grafana 12 or newer, named by `PANTAU_GRAFANA_FRONTEND`, and Chromium. What the panels are
asked and answered without either, `test_truth` sees in every run.
"""

import asyncio
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from dashboards.text import translation
from tests.dashboards.conftest import Drawn
from tests.dashboards.frontend.browser import Browser, ShownPanel, browser
from tests.dashboards.frontend.stage import Stage
from tests.dashboards.story import Story
from tests.dashboards.test_truth import story
from tests.programs import cannot_run, require_program

__all__ = ["story"]

FRONTEND, KEPT = "PANTAU_GRAFANA_FRONTEND", "PANTAU_PICTURES"
"""The environment's names for the built frontend, and for a folder that the pictures are put into."""
SIZES = {"1366x768": (1366, 768), "1920x1080": (1920, 1080), "3840x2160": (3840, 2160)}
THEMES = ("dark", "light")
NOTHING = re.compile(
    r"\bno data\b|data is missing a|data does not have|cannot visualize|unable to (render|join|graph)"
    r"|no (numeric|graphable)|panel plugin not found|error loading|unexpected error|data outside time range",
    re.IGNORECASE,
)
"""How Grafana says, in its own words, that a panel has nothing, or cannot show what it has."""


@pytest.fixture(scope="module")
def public() -> Path:
    """The `public` folder of the built frontend."""
    named = os.environ.get(FRONTEND)
    if not named:
        cannot_run(f"no built Grafana frontend is named by {FRONTEND}")
    found = next((one for one in (Path(named), Path(named) / "public") if (one / "build").is_dir()), None)
    assert found is not None, f"{named} holds no built frontend: there is no folder build in it"
    return found


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The browser's folder for all pages: what it has compiled of the frontend it need not compile again."""
    return tmp_path_factory.mktemp("profile")


def faults(drawn: Drawn, uid: str, shown: list[ShownPanel], nothing_known: str) -> Iterator[str]:
    """What is wrong with the panels as they stand there."""
    titles = {panel["id"]: panel["title"] for panel in drawn[uid]["panels"]}
    for missing in sorted(set(titles) - {panel.id for panel in shown}):
        yield f"{uid}: panel {missing} ({titles[missing]}) is not on the page"
    for panel in shown:
        named = f"{uid}: panel {panel.id} ({titles.get(panel.id)})"
        if panel.failed:
            yield f"{named} has the mark of an error"
        if NOTHING.search(panel.text) or nothing_known in panel.text:
            yield f"{named} says {panel.text[:80]!r}"
        if not panel.text and not panel.drawn:
            yield f"{named} is blank"


@dataclass
class Looks:
    """What was found on all pages, and what they look like."""

    faults: list[str] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)


async def _looked_at(page: Browser, stage: Stage, url: str, drawn: Drawn, story: Story, size: tuple[int, int]) -> Looks:
    looks = Looks()
    for uid in drawn:
        height = max(size[1], 38 * max(one["gridPos"]["y"] + one["gridPos"]["h"] for one in drawn[uid]["panels"]) + 200)
        address = f"{url}/d/{uid}?from=now-2h&to=now&kiosk&var-datasource=prometheus&var-kecamatan=All&var-isp=All"
        shown = await page.open(address, story.end, size[0], height, stage.busy)
        looks.faults += [*faults(drawn, uid, shown, _nothing_known()), *(f"{uid}: {error}" for error in page.errors)]
        looks.pictures[uid] = await page.picture()
    return looks


def _nothing_known() -> str:
    return translation("id").gettext("? No data: see our own eyes above")


@pytest.mark.stack
@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("drawn", ["id"], indirect=True)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_no_panel_shows_an_error_or_nothing(
    public: Path, drawn: Drawn, story: Story, profile: Path, theme: str, size: tuple[int, int]
) -> None:
    """At the end of the dense hours, with every fault going on, on every kind of screen."""
    program = str(require_program("chromium"))

    async def look() -> tuple[Looks, list[str]]:
        stage = Stage(public, drawn, story.prometheus, theme)
        async with stage.serving() as url, browser(program, profile) as page:
            return await _looked_at(page, stage, url, drawn, story, size), stage.failed

    looks, failed = asyncio.run(look())
    if folder := os.environ.get(KEPT):
        for uid, picture in looks.pictures.items():
            (Path(folder) / f"{uid}-{size[0]}-{theme}.png").write_bytes(picture)
    assert failed == []
    assert looks.faults == []


@pytest.mark.parametrize("drawn", ["id"], indirect=True)
def test_a_panel_that_shows_nothing_is_found(drawn: Drawn) -> None:
    """By Grafana's words for it, by ours, by the mark of an error, by its absence and by being blank."""
    ids = [panel["id"] for panel in drawn["pantau-kota"]["panels"]]
    texts = dict.fromkeys(ids, "93 %") | {ids[0]: "No data", ids[1]: "", ids[2]: "? nothing known"}
    shown = [ShownPanel(id_, texts[id_], 0, id_ == ids[3], 100, 100) for id_ in ids[:-1]]
    assert len([*faults(drawn, "pantau-kota", shown, "? nothing known")]) == 5
