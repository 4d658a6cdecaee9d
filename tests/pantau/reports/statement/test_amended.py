"""What was told late mends what was unknown, and nothing else: seconds, rupiah, outages, FINALs, both witnesses."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lab.samples.accounting import APRIL, WITA
from lab.samples.contracts import inventory_of
from lab.samples.journal import Place, change, ns
from pantau.inventory import Inventory
from pantau.journal import Event, Reader
from pantau.journal.editions import IssuedEdition
from pantau.journal.entries import amend, start
from pantau.reports.statement import JournalEvidence, Statement, Survey, make_statement, survey
from pantau.reports.statement.rows import PointRow
from pantau.reports.witness import seconds_of
from pantau.states import State

UP, DOWN, BLIND, ISOLATED, NO_INTERNET = State.UP, State.DOWN, State.UNKNOWN, State.ISOLATED, State.NO_INTERNET
DAY, HOUR = 86_400, 3600
TEN = 9 * DAY
"""The tenth of April, from its first second."""
Told = Sequence[tuple[float, State]]
Late = Sequence[tuple[float, float, State]]


def late(since: float, until: float, state: State, source: str = "agent", received: float | None = None) -> Event:
    """What an agent told of a span, in seconds from the first of April; ten minutes after it."""
    told = ns(until + 600 if received is None else received)
    return amend("P-1", (ns(since), ns(until)), state, source, told, told + 1)


def journal(folder: Path, told: Told, amended: Sequence[Event], finals: Sequence[tuple[str, str]] = ()) -> Place:
    """P-1 is up since March; `told` are its changes from the tenth on, then come FINALs, then what was told late."""
    place = Place("sqlite:///journal.sqlite", folder)
    before, verdict = UP, 1
    events = [start(ns(-40 * DAY), ["P-1"], [], {}), change("P-1", -40 * DAY, BLIND, UP)]
    for seconds, after in told:
        verdict = verdict if after is BLIND else int(after is not DOWN)
        events.append(change("P-1", TEN + seconds, before, after, verdict))
        before = after
    issued = [
        IssuedEdition(contract, month, 1, "", "0" * 64, "0" * 64).event(ns(0), ns(20 * DAY))
        for contract, month in finals
    ]
    with place.store() as store:
        store.append([*events, *issued, *amended], alive_ns=ns(35 * DAY))
    return place


def city(**fields: Any) -> Inventory:
    """P-1 with an agent; `fields` are its own, and by `terms` the contract's."""
    whole = inventory_of(**fields.pop("terms", {}))
    row = {"agent": True, "agent_custody": "city", **fields}
    return replace(whole, hotspots=tuple(one.model_copy(update=row) for one in whole.hotspots))


def surveyed(place: Place, inventory: Inventory | None = None) -> Survey:
    """April."""
    with Reader(place.url, place.folder) as reader:
        return survey(inventory or city(), JournalEvidence(reader), APRIL, WITA)


def made(place: Place, inventory: Inventory | None = None) -> Statement:
    """Its statement."""
    return make_statement("k", surveyed(place, inventory))


def line_of(statement: Statement) -> PointRow:
    """The only one."""
    (row,) = statement.points
    assert sum(row.state_seconds.values()) == row.contract_seconds == 30 * DAY
    return row


BLIND_HOUR: Told = [(0, BLIND), (HOUR, UP)]


def test_unknown_time_is_what_was_told_late(tmp_path: Path) -> None:
    """Half an hour of it up, a quarter suspended: seen, shown by state and source, and the suspension charged."""
    told = [late(TEN, TEN + 1800, UP), late(TEN + 1800, TEN + 2700, ISOLATED)]
    statement = made(journal(tmp_path, BLIND_HOUR, told))
    row = line_of(statement)
    assert (row.unobserved_seconds, row.charged_seconds) == (900, 900)
    shown = {name: row.state_seconds[name] for name in ("up", "isolated", "unknown")}
    assert shown == {"up": 30 * DAY - 1800, "isolated": 900, "unknown": 900}
    assert row.amended_seconds == {"agent": 2700}
    assert statement.summary.amended_seconds == {"agent": 2700}
    amended = [(one.point, one.source, one.custody, one.state, one.seconds, one.refusal) for one in statement.amended]
    assert amended == [
        ("P-1", "agent", "city", "isolated", 900, ""),
        ("P-1", "agent", "city", "up", 1800, ""),
    ]
    assert sum(one.point_seconds for one in statement.unobserved) == 900
    (event,) = statement.events
    assert (event.kind, event.state_seconds, event.number) == ("isolated", {"isolated": 900}, 7)


@pytest.mark.parametrize("state", [UP, ISOLATED, NO_INTERNET])
def test_what_was_judged_stays(tmp_path: Path, state: State) -> None:
    """An entry that claims a day, of which an hour was unknown: that hour, and no judged second with it."""
    changes = [(-HOUR, DOWN), (0, BLIND), (HOUR, DOWN), (2 * HOUR, UP)]
    row = line_of(made(journal(tmp_path, changes, [late(TEN - 12 * HOUR, TEN + 12 * HOUR, state)])))
    assert row.state_seconds["down"] == 2 * HOUR
    assert row.state_seconds[state.label] == HOUR + (30 * DAY - 3 * HOUR if state is UP else 0)
    assert row.amended_seconds == {"agent": HOUR}
    assert row.charged_seconds == 2 * HOUR + HOUR * (state is not UP)


def test_what_does_not_count_is_said(tmp_path: Path) -> None:
    """Judged time, and time that was told before, with its reason; a state that nobody can tell late never counts."""
    told = [late(TEN, TEN + 1200, UP), late(TEN, TEN + 7200, ISOLATED), late(TEN + 1200, TEN + 1300, DOWN)]
    statement = made(journal(tmp_path, BLIND_HOUR, told))
    found = {(one.state, one.refusal): one.seconds for one in statement.amended}
    assert found[("up", "")] == 1200
    assert found[("isolated", "")] == 2400
    assert found[("isolated", "seen")] == 7200 - 2400
    assert found[("down", "seen")] == 100


@pytest.mark.parametrize("unseen", ["not yet watched", "retired", "window"])
def test_nobody_mends_time_in_which_nothing_was_watched(tmp_path: Path, unseen: str) -> None:
    """Before it was added, after it was removed: that is no time that we could not see."""
    place = Place("sqlite:///journal.sqlite", tmp_path)
    begun = start(ns(DAY), ["P-1"], [], {}), change("P-1", DAY + 10, BLIND, UP)
    with place.store() as store:
        gone = [change("P-1", TEN, UP, State.INACTIVE, -1)] if unseen == "retired" else []
        store.append([*begun, *gone], alive_ns=ns(20 * DAY))
        store.append([late(0, HOUR, UP, received=15 * DAY), late(TEN + 10, TEN + HOUR, UP)], alive_ns=ns(35 * DAY))
    row = line_of(made(place))
    assert row.amended_seconds == {}
    assert row.unobserved_seconds == DAY + 10 + (21 * DAY if unseen == "retired" else 0)


@pytest.mark.parametrize(
    ("changes", "span"),
    [
        ([(0, DOWN), (200, BLIND), (HOUR, DOWN), (HOUR + 200, UP)], (200, HOUR)),
        ([(0, ISOLATED), (200, BLIND), (HOUR, DOWN), (HOUR + 200, UP)], (600, 1200)),
    ],
)
def test_service_told_late_ends_no_outage(tmp_path: Path, changes: Told, span: tuple[float, float]) -> None:
    """It is service, and no verdict: the outage around it goes on, 400 s of it are charged, its number stays."""
    plain = made(journal(tmp_path, changes, []))
    (tmp_path / "journal.sqlite").unlink()
    mended = made(journal(tmp_path, changes, [late(TEN + span[0], TEN + span[1], UP)]))
    for one in (plain, mended):
        assert one.summary.charged_seconds == 400
        (event,) = one.events
        assert (event.number, event.seconds) == (4, 400)
    assert mended.summary.unobserved_seconds == plain.summary.unobserved_seconds - (span[1] - span[0])
    assert line_of(mended).relapses == 0


def test_an_outage_keeps_its_name_when_its_beginning_is_told_late(tmp_path: Path) -> None:
    """Suspended as we saw at last, and before that as its agent told: one outage, by the number of the first entry."""
    changes = [(0, BLIND), (HOUR, ISOLATED), (2 * HOUR, UP)]
    statement = made(journal(tmp_path, changes, [late(TEN + 1800, TEN + HOUR, ISOLATED)]))
    (event,) = statement.events
    assert (event.number, event.seconds, event.start) == (5, HOUR + 1800, APRIL.span(WITA)[0] + TEN + 1800)
    with Reader("sqlite:///journal.sqlite", tmp_path) as reader:
        told = reader.outage(7)
    assert told is not None
    assert (told.number, told.hotspot, told.start_ns, told.end_ns) == (7, "P-1", ns(TEN + 1800), ns(TEN + HOUR))


def test_a_month_that_has_a_final_stays_as_it_was(tmp_path: Path) -> None:
    """What came after the FINAL counts for nothing; what had come before it does; others do not care."""
    told = [late(TEN, TEN + 1800, UP)]
    closed = made(journal(tmp_path, BLIND_HOUR, told, finals=[("k", "2024-04")]))
    assert line_of(closed).amended_seconds == {}
    assert line_of(closed).unobserved_seconds == HOUR
    assert [(one.refusal, one.seconds) for one in closed.amended] == [("final", 1800)]
    for finals in ([("k", "2024-03")], [("other", "2024-04")], [("k", "nonsense")]):
        (tmp_path / "journal.sqlite").unlink()
        assert line_of(made(journal(tmp_path, BLIND_HOUR, told, finals))).amended_seconds == {"agent": 1800}
    edition = IssuedEdition("k", "2024-04", 1, "", "0" * 64, "0" * 64).event(ns(0), ns(20 * DAY))
    with Place("sqlite:///journal.sqlite", tmp_path).store() as store:
        store.append([edition, late(TEN + 1800, TEN + HOUR, UP)], alive_ns=ns(36 * DAY))
    row = line_of(made(Place("sqlite:///journal.sqlite", tmp_path)))
    assert (row.amended_seconds, row.unobserved_seconds) == ({"agent": 1800}, 1800)


def test_over_the_months_edge_each_month_is_judged_by_its_own_final(tmp_path: Path) -> None:
    """An hour around the first of April, told late; March has a FINAL: April alone is mended."""
    place = journal(
        tmp_path,
        [(-TEN - 1800, BLIND), (-TEN + 1800, UP)],
        [late(-1800, 1800, UP, received=12 * HOUR)],
        finals=[("k", "2024-03")],
    )
    row = line_of(made(place))
    assert (row.amended_seconds, row.unobserved_seconds) == ({"agent": 1800}, 0)


@pytest.mark.parametrize(
    ("custody", "ping", "counts"),
    [("city", "icmp", True), ("isp", "icmp", False), ("isp", "none", True), ("city", "none", True)],
)
def test_the_isps_own_device_lifts_nothing(tmp_path: Path, custody: str, ping: str, counts: bool) -> None:
    """Where pings could tell: that it was suspended is believed, that it served is not, whatever the producer wrote."""
    told = [late(TEN, TEN + 1800, UP), late(TEN + 1800, TEN + 2700, ISOLATED)]
    statement = made(journal(tmp_path, BLIND_HOUR, told), city(agent_custody=custody, ping=ping))
    row = line_of(statement)
    assert row.amended_seconds == {"agent": 2700 if counts else 900}
    assert row.charged_seconds == 900
    refused = [(one.state, one.refusal, one.custody, one.seconds) for one in statement.amended if one.refusal]
    assert refused == ([] if counts else [("up", "custody", "isp", 1800)])


def test_what_was_told_late_can_release_held_money(tmp_path: Path) -> None:
    """Two days unseen: coverage 93.3 %, all of the fee held; a day of it told late, and it is paid."""
    changes: Told = [(0, BLIND), (2 * DAY, UP)]
    held = made(journal(tmp_path, changes, []))
    assert (held.payment.held, held.payment.payable) == (500_000, 0)
    (tmp_path / "journal.sqlite").unlink()
    paid = made(journal(tmp_path, changes, [late(TEN, TEN + DAY, UP)]))
    assert (paid.payment.held, paid.payment.payable) == (0, 500_000)


def test_both_witnesses_agree_beside_what_was_told_late(tmp_path: Path) -> None:
    """Counters say unknown of it, for ever: the journal is compared as it was measured."""
    told = [late(TEN, TEN + 1800, UP), late(TEN + 1800, TEN + 2700, ISOLATED)]
    found = surveyed(journal(tmp_path, BLIND_HOUR, told))
    assert seconds_of(found.stretches["P-1"], APRIL.span(WITA)) == (0, 30 * DAY - HOUR)
