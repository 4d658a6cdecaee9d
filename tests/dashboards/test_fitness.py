"""What holds for every dashboard in every language, and that the check would notice if it did not."""

import copy
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import yaml

from dashboards.checking import check, examine
from dashboards.contract import RULES
from tests.dashboards.conftest import Drawn

Series = Mapping[str, frozenset[str]]
WALL_PIXELS, ROW_PIXELS = 1080, 38


def test_every_dashboard_is_fit(drawn: Drawn, series: Series) -> None:
    """Grid, ids, words, units, queries, variables and links are all in order."""
    assert list(examine(list(drawn.values()), series)) == []


def test_the_check_finds_nothing_in_what_is_committed() -> None:
    """`pantau dashboards check` is content."""
    assert check() == []


def test_the_wall_needs_no_scrolling(drawn: Drawn) -> None:
    """The whole of Kota fits a screen of 1080 lines."""
    rows = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in drawn["pantau-kota"]["panels"])
    assert rows == 28
    assert rows * ROW_PIXELS <= WALL_PIXELS


def test_ids_of_panels_stay_what_they_were(drawn: Drawn) -> None:
    """A bookmark or a link to one panel of the wall outlives changes around it."""
    assert [panel["id"] for panel in drawn["pantau-kota"]["panels"]] == [1, 2, 3, 4, 5, 6, 7, 8]


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
    assert f"pantau-kota: {problem}" in set(examine(list(dashboards.values()), series))


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
    chosen = "${datasource:queryparam}&var-%s=${__data.fields[%s]}&${kecamatan:queryparam}%s&${__url_time_range}"
    assert urls == {
        "/d/pantau-titik?" + chosen % ("hotspot", 0, "&${isp:queryparam}"),
        "/d/pantau-isp?" + chosen % ("isp", 3, ""),
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
