"""What holds for every dashboard in every language, and that the check would notice if it did not."""

import copy
import json
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from dashboards.building import build
from dashboards.checking import check, examine, links, words
from dashboards.checking.named import property_of
from dashboards.contract import RULES, ending
from dashboards.text import known
from pantau.cli.dashboards import app
from pantau.states import State
from pantau.texts import LANGUAGES
from tests.dashboards.conftest import Drawn
from tests.sources import EXAMPLE

Series = Mapping[str, frozenset[str]]
WALL_PIXELS, ROW_PIXELS = 1080, 38
ZOOM, TABLE_TEXT_PIXELS, READABLE_PIXELS = 1.2, 14, 16
"""Of docs/dashboards.md's recipe for the wall; Grafana's text in a table; what can be read from four metres away."""


def test_every_dashboard_is_fit(drawn: Drawn, series: Series) -> None:
    """Grid, ids, words, units, queries, variables and links are all in order."""
    assert len(ending()) > 50
    assert list(examine(list(drawn.values()), series, ending())) == []


def test_who_is_shown_is_chosen_once(drawn: Drawn) -> None:
    """Of those that are alike any may be among the first twenty: a second choice is of others."""
    for dashboard in drawn.values():
        for panel in dashboard["panels"]:
            for target in panel.get("targets", ()):
                chosen = re.findall(r"\b(?:topk|bottomk|limitk)\(", target.get("expr", ""))
                assert len(chosen) <= 1, (dashboard["uid"], panel["title"], target["refId"])


def test_the_check_finds_nothing_in_what_is_committed() -> None:
    """`pantau dashboards check` is content."""
    assert check() == []
    assert check(EXAMPLE) == []


def test_the_check_takes_any_configuration_in_any_language(tmp_path: Path) -> None:
    """`--config` names another `pantau.yml`; the JSON beside it may be English; its rules are those beside it."""
    settings = _copied(tmp_path)
    build(settings.parent / "grafana" / "dashboards", LANGUAGES[-1], settings)
    command = ["check", "--config", str(settings)]
    said = CliRunner().invoke(app, command)
    assert (said.exit_code, said.stdout) == (0, "good\n")
    (settings.parent / "rules" / "recording.yml").unlink()
    said = CliRunner().invoke(app, command)
    assert said.exit_code == 1
    assert any("city:hotspot_up:ratio" in line and "neither" in line for line in said.output.splitlines())


def test_the_check_finds_a_sentence_that_nobody_has_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the sentence, and the file that it belongs into."""
    monkeypatch.setattr(words, "known", lambda language: known(language) - {"Present faults"})
    assert check(EXAMPLE) == ["id: 'Present faults' is not translated; write it into dashboards/locale/id.po"]


def _copied(folder: Path) -> Path:
    for name in ("inventory", "rules"):
        shutil.copytree(EXAMPLE.parent / name, folder / name)
    shutil.copy(EXAMPLE.parent / "people.yml", folder)
    return Path(shutil.copy(EXAMPLE, folder))


def test_the_wall_needs_no_scrolling(drawn: Drawn) -> None:
    """The whole of Kota fits a screen of 1080 lines, so large that the smallest text on it can be read."""
    rows = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in drawn["pantau-kota"]["panels"])
    assert rows == 23
    assert rows * ROW_PIXELS * ZOOM <= WALL_PIXELS
    assert TABLE_TEXT_PIXELS * ZOOM >= READABLE_PIXELS


def test_big_figures_size_themselves(drawn: Drawn) -> None:
    """A fixed size is clipped on another screen."""
    for dashboard in drawn.values():
        for panel in dashboard["panels"]:
            assert panel["type"] != "stat" or panel["options"]["text"] == {}, panel["title"]


def test_a_figure_of_now_is_asked_of_now(drawn: Drawn) -> None:
    """The last of a curve is a step old, and stays when nobody counts any more: of it a figure gives no number."""
    for dashboard in drawn.values():
        for panel in (one for one in dashboard["panels"] if one["type"] in {"stat", "bargauge", "table", "geomap"}):
            for target in (one for one in panel["targets"] if not one["instant"]):
                (word,) = property_of(panel, target["refId"], "mappings")
                assert (word["type"], word["options"]["result"]["text"]) == ("range", " "), panel["title"]


def test_ids_of_panels_stay_what_they_were(drawn: Drawn) -> None:
    """A bookmark or a link to one panel of the wall outlives changes around it."""
    assert [panel["id"] for panel in drawn["pantau-kota"]["panels"]] == [1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_the_map_has_usable_coordinates(drawn: Drawn, series: Series) -> None:
    """Each layer asks for latitude and longitude as numbers; without them the map has no dots, and no error."""
    panel = next(panel for panel in drawn["pantau-kota"]["panels"] if panel["type"] == "geomap")
    conversions = panel["transformations"][0]["options"]["conversions"]
    assert {(one["targetField"], one["destinationType"]) for one in conversions} == {
        ("latitude", "number"),
        ("longitude", "number"),
    }
    markers = [layer for layer in panel["options"]["layers"] if layer["type"] == "markers"]
    assert {layer["filterData"]["options"] for layer in markers} == {target["refId"] for target in panel["targets"]}
    assert all("latitude" in target["expr"] and "longitude" in target["expr"] for target in panel["targets"])


Spoil = Callable[[dict[str, Any]], None]


def _set(*path: Any, value: Any) -> Spoil:
    def spoil(dashboard: dict[str, Any]) -> None:
        here: Any = dashboard["panels"]
        for step in path[:-1]:
            here = here[step]
        here[path[-1]] = value

    return spoil


FIRST = "panel 1 (Share online)"
WRONG_WAY_ROUND = {"unit": "percentunit", "noValue": "?", "min": 2, "max": 1}


def _looks(**properties: Any) -> dict[str, Any]:
    return {
        "matcher": {"id": "byFrameRefID", "options": "A"},
        "properties": [{"id": name, "value": value} for name, value in properties.items()],
    }


LOWER_MAX = _looks(min=0, max=-1)
FALLING = _looks(thresholds={"steps": [{"color": "text", "value": value} for value in (None, 2, 1)]})
SPOILT = [
    (_set(1, "id", value=1), "2 panels have the id 1"),
    (_set(0, "gridPos", "x", value=20), f"{FIRST} leaves the grid of 24 columns"),
    (_set(0, "gridPos", "h", value=9), "panel 2 (Hotspots by state) overlaps panel 1"),
    (_set(0, "description", value=""), f"{FIRST} has no description"),
    (_set(0, "fieldConfig", "defaults", "unit", value=None), f"{FIRST} has no unit"),
    (_set(0, "fieldConfig", "defaults", "noValue", value=""), f"{FIRST} has no noValue"),
    (
        _set(0, "targets", 0, "expr", value="hotspot_upp"),
        f"{FIRST}, query A: asks for 'hotspot_upp', which is neither in the catalogue nor recorded",
    ),
    (
        _set(0, "targets", 0, "expr", value='hotspot_up{town="bitung"}'),
        f"{FIRST}, query A: uses the label town, which hotspot_up does not have",
    ),
    (_set(0, "targets", 0, "expr", value='hotspot_up{isp="$ips"}'), f"{FIRST} uses $ips, which is no variable"),
    (
        _set(0, "gridPos", "w", value=4),
        "the grid has a hole at column 4, row 0",
    ),
    (
        _set(0, "fieldConfig", "defaults", "unit", value="short"),
        f"{FIRST} writes query A as short: 1000 would be 1 K",
    ),
    (
        _set(0, "fieldConfig", "defaults", "unit", value="s"),
        f"{FIRST} writes query A, which is a share, as s",
    ),
    (
        _set(0, "targets", 0, "expr", value="hotspot_state_since_timestamp_seconds"),
        f"{FIRST} writes query A, which is a moment in seconds, as percentunit",
    ),
    (
        _set(0, "targets", 0, "expr", value="hotspot_contracted_bytes_per_second * 8"),
        f"{FIRST} writes query A, which is bits a second, as percentunit",
    ),
    (
        _set(0, "targets", 0, "legendFormat", value="{{town}}"),
        f"{FIRST}, query A: its legend names the label town, which the answer does not have",
    ),
    (
        _set(0, "targets", 0, "expr", value="city:outage:ratio"),
        f"{FIRST}, query A: reads city:outage:ratio, which ends with a sample of 0, without `> 0`",
    ),
    (
        _set(0, "targets", 0, "expr", value="city:hotspot_up:ratio or vector(0)"),
        f"{FIRST}, query A: says 0 where nobody has counted; write a 0 that depends on what was seen",
    ),
    (
        _set(0, "fieldConfig", "defaults", "noValue", value="✔ No faults"),
        f"{FIRST} says '✔ No faults' also when nobody could see",
    ),
    (
        _set(2, "fieldConfig", "defaults", "max", value=0.2),
        "panel 3 (Share online against target and baselines) has a max of 0.2 that is not above its axisSoftMin of 0.5",
    ),
    (
        _set(0, "fieldConfig", "defaults", value=WRONG_WAY_ROUND),
        f"{FIRST} has a max of 1 that is not above its min of 2",
    ),
    (
        _set(0, "fieldConfig", "overrides", value=[LOWER_MAX]),
        f"{FIRST} has a max of -1 that is not above its min of 0, in A",
    ),
    (
        _set(0, "fieldConfig", "overrides", value=[FALLING]),
        f"{FIRST} has thresholds that do not rise: [None, 2, 1], in A",
    ),
    (
        _set(0, "fieldConfig", "defaults", "thresholds", "steps", 0, "color", value=State.UP.colour),
        f"{FIRST} is green also without an answer",
    ),
    (
        _set(0, "targets", 0, "expr", value="city:hotspot_availability:ratio1d"),
        f"{FIRST} has the thresholds of the share online on query A, which asks for something else",
    ),
    (
        _set(0, "fieldConfig", "defaults", "thresholds", "steps", 1, "value", value=0.9),
        f"{FIRST} has thresholds that do not rise: [None, 0.9, 0.8, 0.95]",
    ),
    (
        _set(0, "fieldConfig", "defaults", "links", value=[{"url": "/d/nowhere?x"}]),
        f"{FIRST} links to /d/nowhere?x, which is no dashboard of ours",
    ),
    (
        _set(0, "fieldConfig", "defaults", "links", value=[{"url": "/d/pantau-kota?a&var-planet=x"}]),
        f"{FIRST} gives pantau-kota the variable planet, which it does not have",
    ),
    (
        _set(0, "fieldConfig", "defaults", "links", value=[{"url": "/d/pantau-isp?a&${isp:queryparam}"}]),
        f"{FIRST} passes on the variable isp, which is not here",
    ),
    (
        _set(0, "fieldConfig", "defaults", "links", value=[{"url": "/d/pantau-isp?a&${__url_time_range}"}]),
        f"{FIRST} loses the variable datasource on the way to pantau-isp",
    ),
    (
        _set(0, "fieldConfig", "defaults", "links", value=[{"url": "/d/pantau-isp?${datasource:queryparam}"}]),
        f"{FIRST} loses the time range on the way to pantau-isp",
    ),
]


@pytest.mark.parametrize(("spoil", "problem"), SPOILT, ids=[problem for _spoil, problem in SPOILT])
@pytest.mark.parametrize("drawn", ["en"], indirect=True)
def test_the_check_notices(drawn: Drawn, series: Series, spoil: Spoil, problem: str) -> None:
    """Each way to spoil a good dashboard is found and said."""
    dashboards = copy.deepcopy(drawn)
    spoil(dashboards["pantau-kota"])
    assert f"pantau-kota: {problem}" in set(examine(list(dashboards.values()), series, ending()))


def test_a_click_keeps_what_is_chosen(drawn: Drawn) -> None:
    """From the desk of a kecamatan, looking at one ISP, to a hotspot: with both, and with the time range."""
    table = next(panel for panel in drawn["pantau-kecamatan"]["panels"] if panel["id"] == 9)
    urls = {
        link["url"]
        for override in table["fieldConfig"]["overrides"]
        for one in override["properties"]
        if one["id"] == "links"
        for link in one["value"]
    }
    chosen = "${datasource:queryparam}&var-%s=${%s}&${kecamatan:queryparam}%s&${__url_time_range}"
    assert urls == {
        "/d/pantau-titik?" + chosen % ("hotspot", "__data.fields[0]", "&${isp:queryparam}"),
        "/d/pantau-isp?" + chosen % ("isp", "__value.raw", ""),
    }


def test_alerts_lead_to_dashboards_with_the_right_variables(drawn: Drawn) -> None:
    """Whoever is paged clicks once and sees the ISP, the kecamatan or the hotspot that it is about."""
    led = {
        rule["alert"]: rule["annotations"]["dashboard_url"]
        for path in sorted(RULES.glob("*.yml"))
        for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]
        for rule in group["rules"]
        if "dashboard_url" in rule.get("annotations", {})
    }
    assert {"IspOutage", "KecamatanOutage", "HotspotDown", "VantageDown"} <= set(led)
    for alert, url in led.items():
        found = re.fullmatch(r"/d/([a-z-]+)(?:\?(.*))?", url)
        assert found, (alert, url)
        variables = {one["name"] for one in drawn[found[1]]["templating"]["list"]}
        given = dict(re.findall(r"var-([a-z]+)=\{\{ \$labels\.([a-z]+) \}\}", found[2] or ""))
        assert set(given) <= variables, (alert, url)
        assert given == {name: name for name in given}, (alert, url)
        assert len(given) == (found[2] or "").count("="), (alert, url)


def test_a_link_takes_no_words_of_another_cell(drawn: Drawn) -> None:
    """A name or "all" in an address leads to an empty page: of other cells Grafana gives what is shown there."""
    dashboard = json.loads(json.dumps(drawn["pantau-gangguan"]).replace("${__value.raw}", "${__data.fields[2]}"))
    variables = {uid: {one["name"] for one in board["templating"]["list"]} for uid, board in drawn.items()}
    found = [problem for problem in links.problems(dashboard, variables) if "gives the words of" in problem]
    assert found
    assert not [problem for problem in links.problems(drawn["pantau-gangguan"], variables) if problem in found]


def test_a_map_reads_the_value_by_the_name_that_it_has(drawn: Drawn) -> None:
    """Of several queries each value has its query's name behind its own; another is no field, and the disc is grey."""
    for dashboard in drawn.values():
        for panel in (panel for panel in dashboard["panels"] if panel["type"] == "geomap"):
            refs = {target["refId"] for target in panel["targets"]}
            layers = [one["config"]["style"] for one in panel["options"]["layers"] if one["type"] == "markers"]
            fields = {
                one[part]["field"] for one in layers for part in ("color", "text") if "field" in one.get(part, {})
            }
            assert fields
            assert fields <= {f"Value #{ref}" for ref in refs}
