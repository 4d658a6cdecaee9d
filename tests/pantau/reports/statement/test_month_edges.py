"""An episode over a month's edge is one: each month has its own part of it, judged by the whole."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lab.samples.accounting import APRIL, WITA
from lab.samples.contracts import inventory_of
from lab.samples.journal import Place, change, ns
from lab.samples.people import decided, list_of, open_office
from pantau.inventory import Person
from pantau.journal import OFFICE, Event, ItemKind, Kind, ListItem, Reader, decide
from pantau.journal.entries import start
from pantau.reports.accounting import Month
from pantau.reports.statement import JournalEvidence, Statement, make_statement, survey
from pantau.states import State

UP, DOWN, SLOW, BLIND = State.UP, State.DOWN, State.DEGRADED, State.UNKNOWN
DAY = 86_400
MAY = Month(2024, 5)
EDGE = APRIL.span(WITA)[1] - APRIL.span(WITA)[0]
"""The first second of May, counted from the first of April."""
Told = Sequence[tuple[float, State]]


def journal(folder: Path, told: Told) -> Place:
    """P-1 is up since March; `told` are its changes, in seconds from the end of April."""
    place = Place("sqlite:///journal.sqlite", folder)
    before, events = UP, [start(ns(-40 * DAY), ["P-1"], [], {}), change("P-1", -40 * DAY, BLIND, UP)]
    for seconds, after in told:
        verdict = 0 if after is DOWN or (after is BLIND and before is DOWN) else 1
        events.append(change("P-1", EDGE + seconds, before, after, verdict))
        before = after
    with place.store() as store:
        store.append(events, alive_ns=ns(EDGE + 20 * DAY))
        store.append([change("P-1", EDGE + 20 * DAY, before, UP, 1)], alive_ns=ns(EDGE + 35 * DAY))
    return place


def months(place: Place, people: Sequence[Person] = (), **terms: Any) -> list[Statement]:
    """April and May under a contract that counts slow service, unless `terms` say otherwise."""
    inventory = replace(inventory_of(**{"degraded_counts": True, **terms}), people=tuple(people))
    with Reader(place.url, place.folder) as reader:
        evidence = JournalEvidence(reader)
        return [make_statement("k", survey(inventory, evidence, month, WITA)) for month in (APRIL, MAY)]


def charged(made: Sequence[Statement]) -> list[int]:
    """Seconds, month by month."""
    return [one.summary.charged_seconds for one in made]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        # Two of 200 s are one of 400 s: before, Rp0 in both months; now Rp39 (held) and Rp37.
        ([(-200, SLOW), (200, UP)], [200, 200]),
        # Slow, then down over the edge, then slow again: one episode of 10 minutes, of which 4 were an outage.
        ([(-300, SLOW), (-120, DOWN), (120, SLOW), (300, UP)], [300, 300]),
        # What was not seen is no part of it, and does not split it.
        ([(-250, SLOW), (-50, BLIND), (50, SLOW), (250, UP)], [200, 200]),
        ([(-200, SLOW), (100, UP)], [0, 0]),
        # Slow since March, with the outage of a minute on the way.
        ([(-35 * DAY, SLOW), (-60, DOWN), (60, SLOW), (10 * DAY, UP)], [30 * DAY, 10 * DAY]),
        # It ends on the very edge: nothing of May.
        ([(-400, SLOW), (0, UP)], [400, 0]),
        ([(0, SLOW), (400, UP)], [0, 400]),
    ],
)
def test_slow_service_over_midnight_is_one_episode(tmp_path: Path, told: Told, expected: list[int]) -> None:
    """The threshold is tested on the whole of it, from either month, and each second is charged in one of them."""
    made = months(journal(tmp_path, told))
    assert charged(made) == expected
    events = [event for one in made for event in one.events]
    assert len({(event.outage, event.number, event.seconds, event.start) for event in events}) <= 1


def test_the_rupiah_of_an_episode_over_midnight(tmp_path: Path) -> None:
    """Rp0 and Rp0 before; April's Rp39 are held, for nobody has decided whose they are, and May deducts Rp37."""
    april, may = months(journal(tmp_path, [(-200, SLOW), (200, UP)]))
    assert (april.payment.restitution, april.payment.held) == (0, 39)
    assert (may.payment.restitution, may.payment.held) == (37, 0)


@pytest.mark.parametrize("told", [[(-300, SLOW), (-120, DOWN), (120, SLOW), (300, UP)], [(-200, DOWN), (200, UP)]])
def test_a_contract_that_does_not_count_slow_service_sees_the_outage_alone(tmp_path: Path, told: Told) -> None:
    """What is read beyond the edge adds nothing to the outage of the journal."""
    made = months(journal(tmp_path, told), degraded_counts=False, threshold="1m")
    down = min(200, -told[-3][0] if len(told) > 2 else 200)
    assert charged(made) == [down, down]


def test_a_decision_about_the_outage_meets_the_longer_episode(tmp_path: Path) -> None:
    """The journal's outage is the middle of a slow hour: "pemantau" about its number met nothing, and Rp694 of the
    hour were charged; now its four minutes wait for two, Rp46, and signed they are excused: the rest is Rp648."""
    place = journal(
        tmp_path, [(-10 * DAY, SLOW), (-10 * DAY + 600, DOWN), (-10 * DAY + 840, SLOW), (-10 * DAY + 3600, UP)]
    )
    with Reader(place.url, place.folder) as reader:
        ((outage,),) = [one.outages for one in reader.histories(ns(0), ns(EDGE), ["P-1"])]
    about = decide(outage, Kind.CAUSE, ns(EDGE), code="pemantau", person="Budi", reason="VPN kita")
    events: list[Event] = [about.event]
    with place.store() as store:
        store.append(events, alive_ns=ns(EDGE + 36 * DAY))
    april, _ = months(place)
    assert (april.summary.charged_seconds, april.summary.excluded_seconds) == (3600, 0)
    assert (april.payment.restitution, april.payment.held) == (648, 46)
    (event,) = april.events
    assert (event.decided_by, event.undecided_seconds, event.waits_for) == ("Budi", 240, "signature")
    assert event.number != outage.number
    office = open_office(tmp_path / "keys")
    start_s, number = outage.start_ns // 10**9, str(outage.number)
    item = ListItem(ItemKind.CAUSE, number, "P-1", start_s, start_s + 240, "pemantau", "", None, "VPN kita")
    with place.store(OFFICE) as store:
        decided(store, office, list_of([item]), at_ns=ns(EDGE + DAY))
    april, _ = months(place, people=office.people)
    assert (april.summary.charged_seconds, april.summary.excluded_seconds) == (3600 - 240, 240)
    assert (april.payment.restitution, april.payment.held) == (648, 0)
