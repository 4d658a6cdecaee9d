"""The scenario runner itself: what files may say, which hotspots are selected, what is false, missed or late."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lab import ROOT
from lab.scenario_runner.configuration import ScenarioConfiguration
from lab.scenario_runner.judging import Judgement, judge
from lab.scenario_runner.reading import read_scenario, read_scenarios
from lab.scenario_runner.running import ScenarioResult
from lab.scenario_runner.scenario import CANARIES, ExpectedNotification, PlannedMaintenance, TargetSelection
from lab.scenario_runner.selecting import addresses, hotspots
from lab.scenario_runner.table import BEGIN, END, markdown, write_table
from lab.scenario_runner.webhook import ReceivedNotification, Webhook
from pantau.errors import ScenarioError
from pantau.inventory import Inventory, load

ROWS_OF_THE_TABLE = 26

BROKEN = """\
row: 0
fault: an ISP
notifications: one page
acts:
  - {at: 20s, black_hole: {isp: telkom}, heal: {isp: telkom}}
  - {at: 10, kill: grafana}
  - {black_hole: {}}
  - {heal: {all: true, count: 3, share: 0.5}}
expected:
  - {alert: IspOutage, severity: pages, withn: 45s}
lasts: 1m
"""


@pytest.fixture(scope="module")
def inventory() -> Inventory:
    """The shipped one."""
    return load(ROOT / "config/pantau.yml").inventory


def _complaint(folder: Path, text: str) -> list[str]:
    file = folder / "s.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_scenario(file)
    return str(caught.value).replace(f"{folder}/", "").splitlines()


def _told(
    alert: str, seconds: float, *about: str, status: str = "firing", severity: str = "page"
) -> ReceivedNotification:
    return ReceivedNotification(100.0 + seconds, alert, status, severity, about, "page")


def _expected(**fields: Any) -> ExpectedNotification:
    return ExpectedNotification.model_validate({"severity": "page", **fields})


def test_the_shipped_scenarios_are_the_table(inventory: Inventory) -> None:
    """Each row of the table has a scenario, and whom they mean is in the shipped inventory."""
    scenarios = read_scenarios()
    assert {scenario.row for scenario in scenarios.values()} == set(range(1, ROWS_OF_THE_TABLE + 1))
    for scenario in scenarios.values():
        for act in scenario.acts:
            flapping = act.flap.of if act.flap else None
            whose = act.agents.of if act.agents else None
            for where in filter(None, (act.black_hole, act.heal, flapping, whose)):
                assert addresses(where, inventory, scenario.canaries)


def test_a_name_server_is_there_where_somebody_has_a_name(tmp_path: Path) -> None:
    """What is not started cannot be killed."""
    text = "row: 1\nfault: f\nnotifications: none\nacts:\n  - {kill: nameserver}\nexpected: []\nlasts: 1m\n"
    assert _complaint(tmp_path, text) == ["s.yml:1: has no name server; say whose names it tells by 'named'"]
    (tmp_path / "s.yml").write_text(f"{text}named: {{isp: biznet}}\n", encoding="utf-8")
    assert read_scenario(tmp_path / "s.yml").named == TargetSelection(isp="biznet")


def test_agents_are_there_where_some_of_them_say_something(tmp_path: Path) -> None:
    """Who has none says nothing."""
    text = "row: 1\nfault: f\nnotifications: none\nacts:\n  - agents: {of: {isp: biznet}, say: fail}\n"
    assert _complaint(tmp_path, f"{text}expected: []\nlasts: 1m\n") == [
        "s.yml:1: has no agents; say who has them by 'agents'"
    ]


def test_all_mistakes_of_a_file_are_told_with_their_lines(tmp_path: Path) -> None:
    """File, line, field, what is wrong and the cure."""
    kinds = "black_hole, heal, agents, flap, overflow, step_clock, kill, stop, start, restart, maintenance"
    kinds += ", lose_hotspots"
    assert _complaint(tmp_path, BROKEN) == [
        "s.yml:1: row: 0 is too small; it must be at least 1",
        f"s.yml:5: acts.0: must be exactly one thing that happens, and 'at'; known are {kinds}",
        "s.yml:6: acts.1.at: '10' has no unit; write 10s",
        "s.yml:6: acts.1.kill: 'grafana' is not one of the choices; known are nameserver, exporter, alertmanager, "
        "prometheus",
        "s.yml:7: acts.2.black_hole: says of nothing that it is meant; give isp, kecamatan, kelurahan, uplink, "
        "hotspots, category, canaries, or 'all: true'",
        "s.yml:8: acts.3.heal: gives both 'share' and 'count'; give one of them",
        "s.yml:10: expected.0.severity: 'pages' is not one of the choices; did you mean 'page'?",
        "s.yml:10: expected.0.withn: is not a known key; did you mean 'within'?",
    ]


def test_faults_are_in_the_order_of_time_and_before_the_end(tmp_path: Path) -> None:
    """A fault whose consequences would never be observed is a mistake."""
    for times in ("[{at: 20s, kill: exporter}, {at: 10s, start: exporter}]", "[{at: 60s, kill: exporter}]"):
        text = f"row: 1\nfault: f\nnotifications: n\nacts: {times}\nexpected: []\nlasts: 60s\n"
        assert _complaint(tmp_path, text) == [
            "s.yml:1: has acts out of order or beyond 'lasts'; sort them by 'at', or lengthen it"
        ]


def test_a_scenario_that_is_not_there_is_named() -> None:
    """With the one that was probably meant."""
    with pytest.raises(ScenarioError, match="'ips' is no scenario; did you mean 'isp'"):
        read_scenarios(["ips"])


def test_conditions_of_a_selection_hold_together(inventory: Inventory) -> None:
    """ISP and kecamatan; what an uplink carries; a share, evenly spread; canaries beside them."""
    both = hotspots(TargetSelection(isp="telkom", kecamatan="matuari"), inventory)
    assert len(both) == 45
    assert {(hotspot.isp, hotspot.kecamatan) for hotspot in both} == {("telkom", "matuari")}
    assert len(hotspots(TargetSelection(uplink="lembeh-radio"), inventory)) == 204
    assert len(hotspots(TargetSelection(isp="telkom", share=0.3), inventory)) == 92
    spread = hotspots(TargetSelection(all=True, count=30), inventory)
    assert len({hotspot.id for hotspot in spread}) == 30
    assert len({hotspot.kecamatan for hotspot in spread}) == 8
    assert addresses(TargetSelection(canaries=True), inventory, CANARIES) == ["fd77::1", "fd77::2"]
    assert len(addresses(TargetSelection(all=True, canaries=True), inventory, CANARIES)) == 1002


def test_a_selection_of_nothing_is_an_error(inventory: Inventory) -> None:
    """A fault that is none would show nothing."""
    for where in (TargetSelection(isp="nobody"), TargetSelection(isp="jinom", count=10)):
        with pytest.raises(ScenarioError):
            addresses(where, inventory, CANARIES)


def test_removed_hotspots_leave_no_reference_behind(tmp_path: Path) -> None:
    """The inventory without 300 hotspots is one that a running exporter accepts."""
    configuration = ScenarioConfiguration(tmp_path, CANARIES, ())
    assert len(load(configuration.settings).inventory.active_hotspots) == 1000
    configuration.lose_hotspots(300)
    assert len(load(configuration.settings).inventory.active_hotspots) == 700


def test_a_window_is_filed_from_now_on(tmp_path: Path) -> None:
    """A running exporter takes it: an ISP, in so many seconds."""
    configuration = ScenarioConfiguration(tmp_path, CANARIES, ())
    configuration.file_maintenance(
        PlannedMaintenance.model_validate(
            {"id": "w", "scope": "isp", "target": "biznet", "starts": "10s", "ends": "130s"}
        )
    )
    (window,) = load(configuration.settings).inventory.maintenance
    assert (window.id, window.scope, window.target) == ("w", "isp", "biznet")


def test_exactly_the_expected_notifications_are_right() -> None:
    """Times count from the entry's own fault."""
    expected = [
        _expected(alert="IspOutage", about="telkom", within="45s"),
        _expected(alert="IspOutage", about="telkom", status="resolved", since="90s"),
    ]
    told = [_told("IspOutage", 38.0, "telkom"), _told("IspOutage", 120.0, "telkom", status="resolved")]
    assert judge(expected, told, 100.0) == Judgement(2, 2, (), (), (), (38.0,))


def test_what_a_message_says_is_judged_too() -> None:
    """Since when, in seconds of the scenario, whatever the clock on the wall shows; and what an annotation must be."""
    fault = datetime(2026, 3, 2, 4, 30, tzinfo=ZoneInfo("Asia/Makassar")).timestamp()
    said = {"since": "02-03-2026 04:30:09 WITA", "ended": "partly", "silent": "47 dari 143 titik"}
    told = replace(_told("IspOutage", 38.0, "telkom"), said=(said,), received_at=fault + 38.0)
    right = {"ended": "partly", "silent": r"\d+ dari 143 titik", "lasted": ""}
    assert judge([_expected(alert="IspOutage", faulted="0s", says=right)], [told], 100.0).right
    wrong = _expected(alert="IspOutage", faulted="30s", says={"ended": "recovered"})
    assert judge([wrong], [told], 100.0).late == (
        "IspOutage firing says ended='partly', not recovered",
        "IspOutage firing says since='02-03-2026 04:30:09 WITA', not 30 s",
    )
    silent = replace(told, said=({},))
    assert judge([_expected(alert="IspOutage", faulted="0s")], [silent], 100.0).late == (
        "IspOutage firing says since='', not 0 s",
    )


def test_what_is_false_missed_or_late_is_named() -> None:
    """A second one of the same is false, so is one about another subject; each that does not come is missed."""
    expected = [
        _expected(alert="IspOutage", about="telkom", within="45s"),
        _expected(alert="HotspotDown", about="h1", messages=2, severity="ticket"),
        _expected(alert="MaintenanceOverrun", about="w", since="60s", earliest="1s"),
    ]
    told = [
        _told("IspOutage", 50.0, "telkom"),
        _told("IspOutage", 60.0, "telkom"),
        _told("HotspotDown", 70.0, "h1", "h2", severity="ticket"),
        _told("MaintenanceOverrun", 20.0, "w"),
    ]
    judgement = judge(expected, told, 100.0)
    assert not judgement.right
    assert judgement.false == (
        "page IspOutage firing (1: telkom) after 60 s",
        "ticket HotspotDown firing (2: h1, h2) after 70 s",
    )
    assert judgement.missed == ("HotspotDown firing h1", "HotspotDown firing h1")
    assert judgement.late == (
        "IspOutage firing telkom after 50.0 s, not within 45s",
        "MaintenanceOverrun firing w after -40.0 s already, not after 1s",
    )


def test_an_optional_notification_comes_at_most_once() -> None:
    """About any subject."""
    expected = [_expected(alert="HotspotFlapping", severity="ticket", optional=True)]
    flapping = _told("HotspotFlapping", 30.0, "h1", "h2", severity="ticket")
    assert judge(expected, [], 100.0).right
    assert judge(expected, [flapping], 100.0).right
    assert len(judge(expected, [flapping, flapping], 100.0).false) == 1


def test_a_message_is_divided_by_alert_and_status() -> None:
    """Resolved alerts are apart from firing ones; the id is that of the narrowest label."""
    webhook = Webhook()
    place = {"isp": "telkom", "kecamatan": "matuari"}
    hotspot = {"alertname": "HotspotDown", "severity": "ticket", **place}
    alerts = [
        {"status": "firing", "labels": hotspot | {"hotspot": "h2"}},
        {"status": "firing", "labels": hotspot | {"hotspot": "h1"}},
        {"status": "resolved", "labels": hotspot | {"hotspot": "h3"}},
        {"status": "firing", "labels": {"alertname": "IspKecamatanOutage", "severity": "page", **place}},
        {"status": "firing", "labels": {"alertname": "CityOutage", "severity": "page"}},
    ]
    webhook.take({"receiver": "ticket", "alerts": alerts}, 7.0)
    assert webhook.notifications == [
        ReceivedNotification(7.0, "HotspotDown", "firing", "ticket", ("h1", "h2"), "ticket"),
        ReceivedNotification(7.0, "HotspotDown", "resolved", "ticket", ("h3",), "ticket"),
        ReceivedNotification(7.0, "IspKecamatanOutage", "firing", "page", ("telkom/matuari",), "ticket"),
        ReceivedNotification(7.0, "CityOutage", "firing", "page", ("",), "ticket"),
    ]


def test_the_table_goes_between_its_marks(tmp_path: Path) -> None:
    """The slowest of all runs, and all that was wrong in any; the rest of the document stays, or lacks the marks."""
    scenarios = read_scenarios(["isp"])
    runs = [
        ScenarioResult(Judgement(2, 2, (), (), (), (38.2, 7.4)), (), 0.0),
        ScenarioResult(Judgement(2, 3, ("a page",), (), (), (31.0, 9.0)), (), 0.0),
    ]
    text = markdown(scenarios, {"isp": runs})
    document = tmp_path / "d.md"
    document.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    write_table(document, text)
    assert document.read_text(encoding="utf-8") == f"before\n{BEGIN}\n{text}{END}\nafter\n"
    assert text.splitlines()[-1] == (
        "| isp | one ISP whole (143 points) | 1 page; at recovery 1 resolved; 0 others | 2 | 2-3 | 1 | 0 | 38, 9 |"
    )
    document.write_text("nothing\n", encoding="utf-8")
    with pytest.raises(ValueError, match="lacks the marks"):
        write_table(document, text)
