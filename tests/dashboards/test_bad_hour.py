"""What the screens say when it hurts: asked of a real Prometheus in which every bad state was made on purpose."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dashboards import rendered
from dashboards.asking import defaults, filled, questions
from dashboards.place import Place
from dashboards.queries import (
    ENDED,
    EVERY,
    FAULT_OF_BLINDNESS,
    FAULT_OF_BOTH,
    FAULT_OF_DEAD,
    FAULT_OF_ISOLATION,
    FAULT_OF_NO_INTERNET,
    FAULT_OF_POINTS,
    FAULT_OF_UPLINK,
    FAULT_OF_WARD,
    NEVER,
    NO_FAULT,
    NONE,
    OPEN,
    TAKEN_BY_NOBODY,
    TAKEN_TOO_LATE,
    TAKEN_UNKNOWN,
)
from pantau.states import SHOWN, State
from pantau.texts import LANGUAGES
from tests.dashboards.bad_city import (
    CATEGORIES,
    CLIENTS,
    FULL,
    FULL_BYTES,
    MAST,
    POINTS,
    SENT_BYTES,
    SLOW_LOSS,
    SLOW_RTT,
)
from tests.dashboards.bad_hour import (
    ALWAYS,
    BEGIN,
    BLIND,
    DARK,
    DARK_AT,
    DEAD,
    END,
    FAILED,
    FAILED_AT,
    FIRST_CUT,
    ISLAND,
    KNOWN_AGAIN,
    LATE,
    LATE_AT,
    LONG_DEAD,
    LONG_DEAD_SINCE,
    NOBODY_SAYS,
    RELOADED_AT,
    SCRAPE_SECONDS,
    SECOND_CUT,
    UNUSED,
    UNUSED_SINCE,
    WARD,
    WELL,
    BadHour,
    bad_hour,
    moment,
)
from tests.dashboards.conftest import ABOUT_USERS, Drawn
from tests.dashboards.linked import led_to, linked, shown
from tests.sources import EXAMPLE

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]

CALM, CUT, UNSEEN, RECOVERING = BEGIN + 180, SECOND_CUT[0] + 150, BLIND[0] + 60, BLIND[1] + 15
SEEN_AGAIN, NOBODY = KNOWN_AGAIN + 75, DEAD[0] + 90
MOMENTS = {
    "calm": CALM,
    "island cut": CUT,
    "blind": UNSEEN,
    "recovering": RECOVERING,
    "exporter dead": NOBODY,
    "at the end": END,
}
EVERYWHERE = {"kecamatan": EVERY, "isp": EVERY}
LONGEST = 20
"""So many points have a place in the list of those that were offline for longest."""
COUNTING = {"pantau-kota": 2, "pantau-kecamatan": 2, "pantau-isp": 2, "pantau-eksekutif": 7, "pantau-gangguan": 7}
"""The panel by which a page counts its points."""


@pytest.fixture(scope="module")
def hour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BadHour]:
    """The half hour, in a Prometheus that still runs."""
    with bad_hour(tmp_path_factory.mktemp("bad")) as made:
        yield made


FAULT_LISTS = {"pantau-kota": 6, "pantau-gangguan": 5}


def _faults(hour: BadHour, drawn: Drawn, at: float, ref: str = "A") -> dict[tuple[str, str, str], float]:
    """Of each fault by kind, place and ISP; the wall and the page of the shift say the same."""
    wall, shift = (
        {
            (labels["fault"], labels["kecamatan"], labels["isp"]): value
            for labels, value in hour.rows(drawn[uid], panel, ref, at)
        }
        for uid, panel in FAULT_LISTS.items()
    )
    assert wall == shift
    return wall


def test_while_we_do_not_see_no_list_says_that_all_is_well(hour: BadHour, drawn: Drawn) -> None:
    """Our own path is cut: how many we do not see, and what was known before, marked as such and with its age."""
    points, ages = _faults(hour, drawn, UNSEEN), _faults(hour, drawn, UNSEEN, "C")
    unknown = sum(state is State.UNKNOWN for state, _since in moment(UNSEEN).states.values())
    assert points[FAULT_OF_BLINDNESS, EVERY, EVERY] == unknown
    assert points["?8", "girian", "telkom"] == len(FAILED)
    assert ages["?8", "girian", "telkom"] == UNSEEN - FAILED_AT
    assert ages["?82", "matuari", "indosat"] == UNSEEN - LONG_DEAD_SINCE
    assert ages[FAULT_OF_BLINDNESS, EVERY, EVERY] == pytest.approx(UNSEEN - BLIND[0], abs=30)
    assert all(fault == FAULT_OF_BLINDNESS or fault.startswith("?") for fault, _kecamatan, _isp in points)


@pytest.mark.parametrize("at", [CALM, CUT, SEEN_AGAIN, END])
def test_points_that_answer_and_do_not_serve_are_faults(hour: BadHour, drawn: Drawn, at: float) -> None:
    """Suspended by their ISP, or without internet: no outage, and yet no list may say that there is no fault."""
    points, ages = _faults(hour, drawn, at), _faults(hour, drawn, at, "C")
    isolated, none = (FAULT_OF_ISOLATION, EVERY, "icon"), (FAULT_OF_NO_INTERNET, "madidir", "icon")
    assert (points[isolated], points[none]) == (1, 1)
    assert ages[isolated] == ages[none] == at - BEGIN
    assert all(fault != NO_FAULT for fault, _kecamatan, _isp in points)


@pytest.mark.parametrize("at", [UNSEEN, NOBODY, BEGIN - 7200], ids=["blind", "exporter dead", "before all"])
def test_good_news_is_an_answer_and_never_its_absence(hour: BadHour, drawn: Drawn, at: float) -> None:
    """No panel's text for an empty answer is good news, and none of the rows that are is there while we do not see."""
    for uid, dashboard in drawn.items():
        assert "✔" not in json.dumps([panel["fieldConfig"]["defaults"]["noValue"] for panel in dashboard["panels"]])
        chosen = defaults(dashboard) | {"hotspot": WELL}
        for one in questions(dashboard, at, chosen, "now-30m"):
            labels = [dict(found) for found, _value in hour.prometheus.instant(one.expression, at)]
            good = [row for row in labels if {NO_FAULT, NONE} & {*row.values()}]
            assert good == [], (uid, one.name)


def test_a_map_shows_the_points_whose_place_is_known(hour: BadHour, drawn: Drawn) -> None:
    """One without coordinates is on no map, and is counted beside it: at 0 and 0 the city would be a speck."""
    located = sum(point.located for point in POINTS)
    maps = {uid: panel for uid, one in drawn.items() for panel in one["panels"] if panel["type"] == "geomap"}
    assert {*maps} == {"pantau-kota", "pantau-kecamatan", "pantau-eksekutif"}
    for uid, panel in maps.items():
        layers = [target["refId"] for target in panel["targets"] if target["refId"] != "share"]
        rows = [row for ref in layers for row in hour.rows(drawn[uid], panel["id"], ref, CALM, **EVERYWHERE)]
        assert len(rows) == located
        assert all(float(labels["latitude"]) and float(labels["longitude"]) for labels, _value in rows)
        missing = hour.number(drawn[uid], COUNTING[uid], "without_place", CALM, **EVERYWHERE)
        assert missing == len(POINTS) - located


@pytest.mark.parametrize("uid", ["pantau-sla", "pantau-eksekutif"])
def test_a_page_of_its_own_time_asks_for_it_whatever_the_menu_brings(drawn: Drawn, uid: str) -> None:
    """Opened from the wall with its 24 hours, "month to date" and "twelve months" are what they say."""
    dashboard = drawn[uid]
    named = [panel["id"] for panel in dashboard["panels"] if "$__range" in json.dumps(panel.get("targets", ()))]
    brought = [*questions(dashboard, END, defaults(dashboard), "now-24h")]
    assert [one for one in brought if one.panel in named or one.step_seconds] == [
        one for one in questions(dashboard, END, defaults(dashboard)) if one.panel in named or one.step_seconds
    ]


def test_each_outage_is_a_row_with_its_own_beginning_and_length(hour: BadHour, drawn: Drawn) -> None:
    """The island was cut twice, 5 and 3 minutes: measured, whatever the rules' intervals, and where its points are."""
    island = _measured(hour, drawn)
    assert {labels["kecamatan"] for labels, _value in island} == {"lembeh-utara"}
    assert [int(labels["points"]) for labels, _value in island] == [len(ISLAND)] * 2
    assert {labels["now"] for labels, _value in island} == {ENDED}
    standing = {labels["since"]: labels["now"] for labels, _v in _outages(hour, drawn, CUT) if _is_island(labels)}
    assert standing == {str(FIRST_CUT[0]): ENDED, str(SECOND_CUT[0]): OPEN}
    assert [labels["now"] for labels, _value in _outages(hour, drawn, CALM)] == [NEVER]
    late = {labels["fault"]: labels["now"] for labels, _value in _outages(hour, drawn, END)}
    assert late[FAULT_OF_BOTH] == OPEN


@pytest.mark.long
@pytest.mark.parametrize("drawn", ["id"], indirect=True)
@pytest.mark.parametrize("evaluated_every", [10, 15, 30, 60])
def test_lengths_are_the_same_at_every_interval(tmp_path: Path, drawn: Drawn, evaluated_every: int) -> None:
    """Of the rules' evaluation: as they ship, closer and wider."""
    with bad_hour(tmp_path, evaluated_every) as hour:
        _measured(hour, drawn, abs_seconds=max(30, evaluated_every + 10))


def _measured(hour: BadHour, drawn: Drawn, abs_seconds: float = 30) -> list[tuple[dict[str, str], float]]:
    """The rows of the island's two outages, which say when each began, to the second, and how long it was."""
    island = [(labels, value) for labels, value in _outages(hour, drawn, END) if _is_island(labels)]
    assert sorted(value / 1000 for _labels, value in island) == [FIRST_CUT[0], SECOND_CUT[0]]
    lasted = {int(labels["since"]): float(labels["seconds"]) for labels, _value in island}
    assert [lasted[cut[0]] for cut in (FIRST_CUT, SECOND_CUT)] == pytest.approx([300, 180], abs=abs_seconds)
    return island


def _outages(hour: BadHour, drawn: Drawn, at: float) -> list[tuple[dict[str, str], float]]:
    return hour.rows(drawn["pantau-gangguan"], 4, "A", at)


@pytest.mark.parametrize("at", [CALM, CUT, UNSEEN, RECOVERING, END])
def test_a_file_of_outages_or_alerts_is_whole(hour: BadHour, drawn: Drawn, at: float) -> None:
    """Grafana's button puts only a panel's first answer into a file, without its transformations: it says all."""
    for panel in (one for one in drawn["pantau-gangguan"]["panels"] if one.get("links")):
        assert [target["refId"] for target in panel["targets"]] == ["A"], panel["title"]
        shown = [one["matcher"]["options"] for one in panel["fieldConfig"]["overrides"]]
        headed = [one["properties"] for one in panel["fieldConfig"]["overrides"]]
        assert all(any(looks["id"] == "displayName" for looks in properties) for properties in headed)
        rows = [labels for labels, _value in hour.rows(drawn["pantau-gangguan"], panel["id"], "A", at)]
        told = [row for row in rows if not {NEVER, NONE} & {row.get("now"), row.get("severity")}]
        assert all({*shown} - {"Value", "ticket"} <= {*row} for row in told), (panel["title"], told)


def _is_island(labels: Mapping[str, str]) -> bool:
    return labels["fault"] == FAULT_OF_UPLINK + MAST[1]


def test_a_cut_island_is_where_its_points_are(hour: BadHour, drawn: Drawn) -> None:
    """Not where the mast stands: a row for each kecamatan, with the points that are silent there."""
    rows = {key[1:]: value for key, value in _faults(hour, drawn, CUT).items() if key[0] == FAULT_OF_UPLINK + MAST[1]}
    assert rows == {("lembeh-utara", "infotek"): 5, ("lembeh-selatan", "infotek"): 3}


def _taken(hour: BadHour, drawn: Drawn, at: float) -> dict[str, str]:
    """Of each fault that somebody has taken up, what its line says."""
    return {labels["fault"]: labels["ack"] for labels, _value in hour.rows(drawn["pantau-kota"], 6, "D", at)}


def test_a_fault_that_somebody_has_taken_up_is_known(hour: BadHour, drawn: Drawn) -> None:
    """By the ticket in the comment, else by who wrote it; of several points once all are; and not without words."""
    assert _taken(hour, drawn, CALM) == {}
    assert _taken(hour, drawn, CUT) == {FAULT_OF_UPLINK + MAST[1]: "#12"}
    assert _taken(hour, drawn, FAILED_AT + 55) == {}, "one of its two points is nobody's"
    assert _taken(hour, drawn, LATE_AT) == {FAULT_OF_POINTS: "budi"}
    everywhere = {labels["kecamatan"] for labels, _value in hour.rows(drawn["pantau-kota"], 6, "D", CUT)}
    assert everywhere == {"lembeh-utara", "lembeh-selatan"}


def _alerts(hour: BadHour, drawn: Drawn, at: float) -> dict[tuple[str, str], tuple[str, str]]:
    rows = [labels for labels, _value in hour.rows(drawn["pantau-gangguan"], 8, "A", at)]
    return {(one["alertname"], one["about"]): (one["ack"], one.get("ticket", "")) for one in rows if "ack" in one}


def test_each_alert_says_who_has_taken_it_up(hour: BadHour, drawn: Drawn) -> None:
    """Who and why, with the ticket as a field of its own; that nobody has; and that nobody can say it."""
    cut = _alerts(hour, drawn, CUT)
    assert cut["UplinkDown", "lembeh-radio"] == ("ani: #12 teknisi", "12")
    listed = {(one["alertname"], one["about"]) for one, _v in hour.rows(drawn["pantau-gangguan"], 8, "A", CUT)}
    assert set(cut) == listed, "each line has its word"
    assert {ack for key, (ack, _ticket) in cut.items() if key[0] != "UplinkDown"} <= {TAKEN_BY_NOBODY, TAKEN_TOO_LATE}
    late = _alerts(hour, drawn, END)
    assert late["InventoryEmptyOrShrunk", "–"] == (TAKEN_TOO_LATE, ""), "a page of a quarter of an hour ago"
    assert late["IspKecamatanOutage", "–"] == (TAKEN_BY_NOBODY, "")
    unsaid = _alerts(hour, drawn, NOBODY_SAYS[0] + 15)
    assert unsaid
    assert {ack for ack, _ticket in unsaid.values()} == {TAKEN_UNKNOWN}
    assert {ack for ack, _ticket in _alerts(hour, drawn, NOBODY).values()} == {TAKEN_UNKNOWN}


def test_clinics_and_schools_without_service_are_a_list_of_their_own(hour: BadHour, drawn: Drawn) -> None:
    """Those that are offline and those that answer and do not serve, each since when; and that there is none."""
    failed, school, no_internet = FAILED[0], LATE[2], "BTG-madidir-icon-5"
    assert {failed, school, no_internet} == {*CATEGORIES} - {"BTG-girian-telkom-1"}
    expected = {
        CALM: {no_internet: BEGIN},
        UNSEEN: {no_internet: BEGIN, failed: FAILED_AT},
        SEEN_AGAIN: {no_internet: BEGIN, failed: FAILED_AT},
        NOBODY: {},
        END: {no_internet: BEGIN, failed: FAILED_AT, school: LATE_AT},
    }
    for at, hit in expected.items():
        rows = hour.rows(drawn["pantau-gangguan"], 9, "A", at)
        assert {labels["hotspot"]: value / 1000 for labels, value in rows} == hit
        assert all(labels["category"] == CATEGORIES[labels["hotspot"]] for labels, _value in rows)


def test_points_that_work_badly_are_a_list_of_their_own(hour: BadHour, drawn: Drawn) -> None:
    """Since when, with their loss and their RTT; nobody says so of a point that he cannot see."""
    slow = next(id_ for id_, state in ALWAYS.items() if state is State.DEGRADED)
    for ref, shown_there in (("A", BEGIN * 1000), ("B", SLOW_LOSS), ("C", SLOW_RTT)):
        for at in (CALM, CUT, END):
            rows = hour.rows(drawn["pantau-gangguan"], 10, ref, at)
            assert {labels["hotspot"]: value for labels, value in rows} == {slow: shown_there}
        assert hour.rows(drawn["pantau-gangguan"], 10, ref, UNSEEN) == []


def test_long_dead_points_stand_apart_from_fresh_ones(hour: BadHour, drawn: Drawn) -> None:
    """What has been offline for a day is no news of this shift."""
    points = _faults(hour, drawn, SEEN_AGAIN)
    assert points[FAULT_OF_POINTS, "girian", "telkom"] == len(FAILED)
    assert points[FAULT_OF_DEAD, "matuari", "indosat"] == 1
    assert not {(FAULT_OF_POINTS, "matuari", "indosat"), (FAULT_OF_DEAD, "girian", "telkom")} & {*points}


def test_graphs_are_marked_with_what_explains_them(hour: BadHour, drawn: Drawn) -> None:
    """Outages, maintenance, blind spells, configurations and releases, at no other time: a restart is no release."""
    while_it_is: dict[int, dict[float, set[str | None]]] = {
        0: {CUT: {"UplinkDown"}, END: {"IspKecamatanOutage"}},
        1: {CALM: {"serat-baru"}},
        2: {UNSEEN: {None}, NOBODY: {None}},
        3: {RELOADED_AT + 30: {None}},
        4: {CALM: {"1"}, RELOADED_AT + 30: {"2"}, CUT: {"2"}},
    }
    labels_of = {0: "alertname", 1: "window", 4: "version"}
    for dashboard in drawn.values():
        marks = dashboard["annotations"]["list"]
        assert len(marks) == len(while_it_is)
        for index, moments in while_it_is.items():
            for at in (CALM, RELOADED_AT + 30, CUT, UNSEEN, RECOVERING, NOBODY, END):
                found = hour.prometheus.instant(marks[index]["expr"], at)
                said = {dict(labels).get(labels_of.get(index, "")) for labels, _value in found}
                assert said == moments.get(at, set()), (marks[index]["name"], at - BEGIN)


def test_a_hotspot_is_found_by_its_id_and_by_its_name(hour: BadHour, drawn: Drawn) -> None:
    """The menu of hotspots offers both to be typed, and gives the id; the desk's list has the id as a column."""
    menu = drawn["pantau-titik"]["templating"]["list"][-1]
    asked = re.fullmatch(r"query_result\((.+)\)", menu["query"]["query"])
    assert asked
    chosen = defaults(drawn["pantau-titik"]) | {"kecamatan": "girian|maesa"}
    found = hour.prometheus.instant(filled(asked[1], 86_400, 60, chosen), CALM)
    # As Grafana writes an answer for the variable's pattern.
    lines = ["{" + ",".join(f'{name}="{value}"' for name, value in labels) + "} 1 0" for labels, _value in found]
    pattern = re.compile(menu["regex"].strip("/").replace("(?<", "(?P<"))
    offered = {met["value"]: met["text"] for line in lines if (met := pattern.search(line))}
    wanted = [point.id for point in POINTS if point.kecamatan in {"girian", "maesa"}]
    assert offered == {id_: f"Titik {id_} · {id_}" for id_ in wanted}
    desk = next(panel for panel in drawn["pantau-kecamatan"]["panels"] if panel["id"] == 9)
    assert desk["fieldConfig"]["defaults"]["custom"]["filterable"]
    hidden = {
        one["matcher"]["options"]
        for one in desk["fieldConfig"]["overrides"]
        if any(looks["id"] == "custom.hidden" for looks in one["properties"])
    }
    assert hidden == set()
    assert desk["transformations"][-1]["options"]["renameByName"]["hotspot"] == "Id"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_alert_leads_to_its_runbook_its_silence_and_whom_to_call(hour: BadHour, language: str) -> None:
    """A click opens a silence for just this alert; the last column says who answers for it."""
    place = replace(
        Place.read(EXAMPLE),
        runbooks="https://runbooks.example.org/",
        alertmanager="http://localhost:9093",
        contacts={"telkom": "noc@telkom.example.org"},
    )
    shift = json.loads(dict(rendered(language, EXAMPLE, place))["pantau-gangguan"])
    panel = next(one for one in shift["panels"] if one["id"] == 8)
    silence = "http://localhost:9093/#/silences/new?filter={alertname="
    rows = [labels for at in (CUT, END) for labels, _value in hour.rows(shift, 8, "A", at)]
    led = {row["alertname"]: (led_to(panel, "alertname", row), shown(panel, "call", row["call"])) for row in rows}
    assert led["UplinkDown"][0] == [
        "https://runbooks.example.org/UplinkDown.md",
        f'{silence}"UplinkDown",uplink="lembeh-radio"}}',
    ]
    assert led["IspKecamatanOutage"] == (
        [
            "https://runbooks.example.org/IspKecamatanOutage.md",
            f'{silence}"IspKecamatanOutage",kecamatan="maesa",isp="telkom"}}',
        ],
        place.contacts["telkom"],
    )
    down = {row["about"]: led_to(panel, "alertname", row)[1] for row in rows if row["alertname"] == "HotspotDownLong"}
    assert down.items() >= {(LONG_DEAD, f'{silence}"HotspotDownLong",hotspot="{LONG_DEAD}"}}')}


def test_a_kelurahan_without_power_is_one_row(hour: BadHour, drawn: Drawn) -> None:
    """Its points are of two ISPs, and fell together: one fault, and not one for each ISP."""
    points, ages = _faults(hour, drawn, END), _faults(hour, drawn, END, "C")
    assert points[FAULT_OF_WARD + WARD, "aertembaga", EVERY] == len(DARK)
    assert ages[FAULT_OF_WARD + WARD, "aertembaga", EVERY] == END - DARK_AT
    assert [key for key in points if key[1] == "aertembaga" and key[0] != FAULT_OF_WARD + WARD] == []


def test_the_time_that_we_did_not_see_is_measured(hour: BadHour, drawn: Drawn) -> None:
    """80 s of a cut path and 120 s of a dead exporter, to a scrape and an evaluation."""
    unseen = hour.number(drawn["pantau-gangguan"], 1, "C", END)
    assert unseen == pytest.approx((BLIND[1] - BLIND[0]) + (DEAD[1] - DEAD[0]), abs=20)


def test_a_share_waits_until_enough_is_known_again(hour: BadHour, drawn: Drawn) -> None:
    """Right after a blind spell the share of those that answered first is nobody's: no page shows one."""
    for at, there in ((CALM, True), (UNSEEN, False), (RECOVERING, False), (SEEN_AGAIN, True), (NOBODY, False)):
        for uid, panel in (("pantau-kota", 1), ("pantau-kecamatan", 1), ("pantau-isp", 1), ("pantau-eksekutif", 1)):
            share = hour.number(drawn[uid], panel, "A", at, kecamatan=EVERY, isp=EVERY)
            assert (share is not None) is there, (uid, at)
        matrix = {value for _labels, value in hour.rows(drawn["pantau-kota"], 7, "A", at) if value >= 0}
        assert bool(matrix) is there, at
    assert hour.number(drawn["pantau-kota"], 2, "unknown_long", SEEN_AGAIN) == 1


def test_since_is_the_outages_own_after_our_path_was_cut(hour: BadHour, drawn: Drawn) -> None:
    """Its state began anew when we saw it again; its outage did not."""
    expected = {FAILED[0]: FAILED_AT, FAILED[1]: FAILED_AT, LONG_DEAD: LONG_DEAD_SINCE}
    for at in (UNSEEN, SEEN_AGAIN):
        rows = hour.rows(drawn["pantau-kecamatan"], 9, "B", at, **EVERYWHERE)
        since = {labels["hotspot"]: value / 1000 for labels, value in rows}
        assert {id_: since[id_] for id_ in expected} == expected
        for id_, began in expected.items():
            assert hour.number(drawn["pantau-titik"], 2, "A", at, hotspot=id_) == began * 1000
    for panel in (13, 15):
        neighbours = hour.rows(drawn["pantau-titik"], panel, "B", SEEN_AGAIN, hotspot=FAILED[0])
        assert {value / 1000 for labels, value in neighbours if labels["hotspot"] == FAILED[1]} == {FAILED_AT}


def test_an_outage_that_has_just_begun_is_in_every_list(hour: BadHour, drawn: Drawn) -> None:
    """Within one evaluation, and not with the next sum of five minutes."""
    at = LATE_AT + 50
    for uid, panel, number in (("pantau-kecamatan", 10, 5), ("pantau-isp", 12, 5)):
        chosen = {"kecamatan": "maesa", "isp": "telkom"}
        names = {labels["name"] for labels, _value in hour.rows(drawn[uid], panel, "A", at, **chosen)}
        assert names == {f"Titik {id_}" for id_ in LATE}
        assert hour.number(drawn[uid], number, "B", at, **chosen) == len(LATE)
        assert hour.number(drawn[uid], number, "C", at, **chosen) == pytest.approx(50 * len(LATE), abs=30 * len(LATE))
    assert _faults(hour, drawn, END)[FAULT_OF_BOTH, "maesa", "telkom"] == len(LATE)


def test_of_points_that_lost_alike_as_many_are_shown_as_there_is_room_for(hour: BadHour, drawn: Drawn) -> None:
    """Each by its name: it is chosen once who is shown, for of a tie another choice is of others."""
    for uid, panel, number in (("pantau-kecamatan", 10, 5), ("pantau-isp", 12, 5)):
        names = {labels["name"] for labels, _value in hour.rows(drawn[uid], panel, "A", END, **EVERYWHERE)}
        assert (hour.number(drawn[uid], number, "B", END, **EVERYWHERE) or 0) > LONGEST
        assert len(names) == LONGEST


@pytest.mark.parametrize("at", [CALM, CUT, BLIND[0], UNSEEN, RECOVERING, END])
def test_all_states_add_up_to_all_points(hour: BadHour, drawn: Drawn, at: float) -> None:
    """On every page that counts each state of the table has its figure, and none of the points is gone."""
    now = [state for state, _since in moment(at // SCRAPE_SECONDS * SCRAPE_SECONDS).states.values()]
    for uid, panel in COUNTING.items():
        refs = {target["refId"] for one in drawn[uid]["panels"] if one["id"] == panel for target in one["targets"]}
        assert {state.label for state in SHOWN} <= refs
        found = {state: hour.number(drawn[uid], panel, state.label, at, **EVERYWHERE) or 0 for state in SHOWN}
        assert sum(found.values()) == len(POINTS)
        assert found == {state: now.count(state) for state in SHOWN}, "as the map beside it, and no evaluation later"
    for panel in (7, 8):
        points = hour.rows(drawn["pantau-kecamatan"], panel, "C", at, **EVERYWHERE)
        assert sum(value for _labels, value in points) == len(POINTS)
    pairs = {(labels["kecamatan"], labels["isp"]) for labels, _v in hour.rows(drawn["pantau-kota"], 7, "A", at)}
    assert {(point.kecamatan, point.isp) for point in POINTS} | {(EVERY, EVERY)} <= pairs


def test_several_kecamatan_and_isps_are_chosen_at_once(hour: BadHour, drawn: Drawn) -> None:
    """As Grafana writes a choice of several, of one, and of all: counts, lists and bars of just these points."""
    kecamatan, isps = ("aertembaga", "lembeh-utara"), ("infotek", "jinom")
    chosen = [point for point in POINTS if point.kecamatan in kecamatan and point.isp in isps]
    several = {"kecamatan": "|".join(kecamatan), "isp": "|".join(isps)}
    for uid, panel in (("pantau-kecamatan", 2), ("pantau-isp", 2)):
        found = [hour.number(drawn[uid], panel, state.label, CALM, **several) or 0 for state in SHOWN]
        assert sum(found) == len(chosen)
    listed = hour.rows(drawn["pantau-kecamatan"], 9, "A", CALM, **several)
    assert {labels["hotspot"] for labels, _value in listed} == {point.id for point in chosen}
    for uid in ("pantau-kecamatan", "pantau-isp", "pantau-titik", "pantau-sla"):
        variables = [one for one in drawn[uid]["templating"]["list"] if one["type"] == "custom"]
        assert [one["name"] for one in variables if one["multi"] and one["includeAll"]] == [
            one["name"] for one in variables
        ]
        assert {one["allValue"] for one in variables} == {".*"}
        # Grafana escapes what several choices are put into an expression by itself; `:pipe` it leaves alone.
        assert not re.search(
            r"\$\{?(kecamatan|isp)\b(?!:pipe\})", json.dumps([one["targets"] for one in _asking(drawn[uid])])
        )


def _asking(dashboard: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [panel for panel in dashboard["panels"] if panel.get("targets")]


def test_the_banner_is_on_every_page_and_leads_to_who_keeps_us(hour: BadHour, drawn: Drawn) -> None:
    """What it says, in each state of ourselves."""
    for uid, dashboard in drawn.items():
        banner = next(panel for panel in dashboard["panels"] if panel["id"] in {1, 5, 100} and _is_banner(panel))
        top = min(panel["gridPos"]["y"] for panel in dashboard["panels"])
        assert banner["gridPos"]["y"] == top
        assert [link["url"].partition("?")[0] for link in banner["fieldConfig"]["defaults"]["links"]] == [
            "/d/pantau-pemantau"
        ]
        words = banner["fieldConfig"]["defaults"]["mappings"][0]["options"]
        said = [hour.number(dashboard, banner["id"], "A", at) for at in (CALM, RECOVERING, UNSEEN, NOBODY, SEEN_AGAIN)]
        assert said == [0, 3, 4, 5, 0], uid
        assert set(words) == {"0", "1", "2", "3", "4", "5"}


def _is_banner(panel: Mapping[str, Any]) -> bool:
    return any("unseen:state == 1" in target["expr"] for target in panel.get("targets", ()))


def test_users_are_those_that_agents_count(hour: BadHour, drawn: Drawn) -> None:
    """Of the city, of what is chosen, of a hotspot; and who is used by nobody, and who is full."""
    users = sum(CLIENTS.values())
    assert hour.number(drawn["pantau-kota"], 9, "A", CUT) == users
    counted = {ref: hour.number(drawn["pantau-eksekutif"], 8, ref, CUT) for ref in "ABC"}
    assert counted == {"A": users, "B": 1, "C": 1}
    for uid in ("pantau-kecamatan", "pantau-isp"):
        over_time, unused, full = ABOUT_USERS[uid]
        here, elsewhere = ({"kecamatan": place, "isp": EVERY} for place in ("aertembaga", "girian"))
        assert hour.number(drawn[uid], over_time, "A", CUT, **here) == users
        assert hour.number(drawn[uid], over_time, "B", CUT, **here) == pytest.approx(8 * (FULL_BYTES + 2 * SENT_BYTES))
        assert hour.number(drawn[uid], over_time, "C", CUT, **here) == pytest.approx(8 * 3 * SENT_BYTES)
        rows = [(labels["hotspot"], value) for labels, value in hour.rows(drawn[uid], unused, "A", CUT, **here)]
        assert rows == [(UNUSED, UNUSED_SINCE * 1000)]
        rows = [(labels["hotspot"], value) for labels, value in hour.rows(drawn[uid], full, "A", CUT, **here)]
        assert [hotspot for hotspot, _share in rows] == [FULL]
        assert rows[0][1] == pytest.approx(1)
        assert [value for _l, value in hour.rows(drawn[uid], full, "B", CUT, **here)] == [FULL_BYTES * 8]
        assert [value for _l, value in hour.rows(drawn[uid], full, "C", CUT, **here)] == [CLIENTS[FULL]]
        for panel in ABOUT_USERS[uid]:
            assert hour.rows(drawn[uid], panel, "A", CUT, **elsewhere) == [], "nobody counts there: the line says so"
    one = {"hotspot": FULL}
    assert hour.number(drawn["pantau-titik"], 17, "A", CUT, **one) == CLIENTS[FULL]
    assert hour.number(drawn["pantau-titik"], 18, "A", CUT, **one) == pytest.approx(8 * FULL_BYTES)
    checks = {labels["check"]: value for labels, value in hour.rows(drawn["pantau-titik"], 16, "B", CUT, **one)}
    assert checks == {"portal": 1, "agent_dns": 1}
    for ref, moment_ms in (("C", CUT - 20), ("D", BEGIN - 10 * 86_400)):
        assert hour.number(drawn["pantau-titik"], 16, ref, CUT, **one) == moment_ms * 1000


@pytest.mark.parametrize("at", [NOBODY, BEGIN - 7200], ids=["exporter dead", "before all"])
def test_where_nobody_counts_a_line_says_so(hour: BadHour, drawn: Drawn, at: float) -> None:
    """No number of hours ago, no zero, and no hole: each of these panels has words of its own for it."""
    for uid, panels in ABOUT_USERS.items():
        for panel in (panel for panel in drawn[uid]["panels"] if panel["id"] in panels):
            said = panel["fieldConfig"]["defaults"]["noValue"]
            assert "agen" in said.lower(), panel["title"]
            for target in panel["targets"] if panel["type"] != "timeseries" else ():
                chosen = {"hotspot": FULL, **EVERYWHERE}
                rows = hour.rows(drawn[uid], panel["id"], target["refId"], at, **chosen)
                assert all(math.isnan(value) for _labels, value in rows), panel["title"]
                if rows:
                    ((word,),) = [(one,) for one in panel["fieldConfig"]["defaults"]["mappings"]]
                    assert (word["options"]["match"], word["options"]["result"]["text"]) == ("null+nan", said)


UNTOUCHED = {"pantau-pemantau"}
"""It is about ourselves: zeros of Prometheus and of Alertmanager are true while the exporter is dead."""
HELD = ("fault", "since")
"""Labels of what the rules hold, and say so."""


@pytest.mark.parametrize("at", [NOBODY, BEGIN - 7200], ids=["exporter dead", "before all"])
def test_without_an_exporter_there_are_no_zeros_and_no_lists_without_names(
    hour: BadHour, drawn: Drawn, at: float
) -> None:
    """Nothing is a number that nobody counted; no row is a hotspot's whose name nobody tells, but for alerts."""
    for uid, dashboard in drawn.items():
        chosen = defaults(dashboard) | {"hotspot": WELL}
        for one in questions(dashboard, at, chosen, "now-30m"):
            answer = [(dict(labels), value) for labels, value in hour.prometheus.instant(one.expression, at)]
            zeros = [labels for labels, value in answer if value == 0 and not set(HELD) & set(labels)]
            assert uid in UNTOUCHED or zeros == [] or one.expression.startswith("increase("), (uid, one.name)
            nameless = [labels for labels, _value in answer if "hotspot" in labels and "alertname" not in labels]
            assert nameless == [], (uid, one.name)


def test_an_sla_without_data_says_so(hour: BadHour, drawn: Drawn) -> None:
    """No contract is below its promise, and none above it, while nothing is known of any."""
    sla = drawn["pantau-sla"]
    for panel, ref in ((1, "A"), (1, "B"), (2, "A"), (3, "A"), (3, "B"), (4, "A"), (5, "A")):
        assert hour.number(sla, panel, ref, BEGIN - 7200) is None, (panel, ref)


OPTION = re.compile(r"(?:^|,)[^,]*? : ([^,]+)")


@pytest.mark.parametrize("at", MOMENTS.values(), ids=MOMENTS)
def test_every_link_of_a_table_leads_to_a_page_that_exists(hour: BadHour, drawn: Drawn, at: float) -> None:
    """Whatever stands in the cell is an option of the page that it leads to; a total leads to all together."""
    options = {
        uid: {
            v["name"]: [*OPTION.findall(v["query"]), EVERY] for v in one["templating"]["list"] if v["type"] == "custom"
        }
        for uid, one in drawn.items()
    }
    hotspots = {point.id for point in POINTS}
    followed = 0
    for uid, dashboard in drawn.items():
        for panel in (panel for panel in dashboard["panels"] if panel["type"] == "table"):
            links = set(linked(panel))
            for target in panel["targets"][:1]:
                for labels, _value in hour.rows(dashboard, panel["id"], target["refId"], at, **EVERYWHERE):
                    for link in links:
                        value = labels.get(link.field.partition("\\")[0], "")
                        given = value if link.raw else shown(panel, link.field, value)
                        if link.variable != "hotspot" or NONE not in labels.values():
                            known = hotspots if link.variable == "hotspot" else options[link.page][link.variable]
                            assert given in known, (uid, panel["title"], labels)
                            followed += 1
    assert followed > 5
