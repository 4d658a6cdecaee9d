"""A real journal as evidence: whole outages, restarts, maintenance, faults, and what people decided."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from lab.samples.accounting import APRIL, WITA, at
from lab.samples.evidence import CITY, TELKOM
from lab.samples.journal import SECOND, Place, change, down, ns, up
from pantau.inventory import MaintenanceWindow
from pantau.journal import Event, HotspotHour, Kind, Reader, decide
from pantau.journal.entries import detail_of, hour, start
from pantau.people import PeopleHistory
from pantau.reports.accounting import Condition, Stretch
from pantau.reports.causes import DecisionKind, DecisionLedger
from pantau.reports.statement import JournalEvidence, make_statement, survey
from pantau.reports.statement.evidence import seconds
from pantau.states import State

UP, DOWN, UNKNOWN = State.UP, State.DOWN, State.UNKNOWN
HOUR, DAY = 3600, 86_400
BEGIN, END = APRIL.span(WITA)
"""`ns(0)` is the first second of April in WITA."""


def window(kind: Kind, point: str, second: float) -> Event:
    """A window begins or ends to hide a point."""
    return Event(kind, ns(second), ns(second), point, detail=detail_of({"window": "w"}))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A journal in a file."""
    return Place("sqlite:///data/journal.sqlite", tmp_path)


@pytest.fixture
def reader(place: Place) -> Iterator[Reader]:
    """P-1: an outage over the month's beginning, one that spans a restart, one in maintenance; P-2: seen, and up."""
    with place.store() as store:
        before = [
            start(ns(-DAY), ["P-1", "P-2"], [], {}),
            change("P-1", -DAY + 1, UNKNOWN, UP),
            change("P-2", -DAY + 1, UNKNOWN, UP),
            down("P-1", -HOUR),
            up("P-1", 2 * HOUR),
            down("P-1", DAY),
        ]
        store.append(before, alive_ns=ns(DAY + HOUR))
    with place.store() as store:
        after = [
            start(ns(DAY + 2 * HOUR), ["P-1", "P-2"], [], {}),
            change("P-1", DAY + 2 * HOUR + 5, UNKNOWN, DOWN),
            change("P-2", DAY + 2 * HOUR + 5, UNKNOWN, UP),
            up("P-1", DAY + 3 * HOUR),
            window(Kind.MAINTENANCE_BEGIN, "P-1", 5 * DAY),
            down("P-1", 5 * DAY + HOUR),
            window(Kind.MAINTENANCE_END, "P-1", 5 * DAY + 2 * HOUR),
            up("P-1", 5 * DAY + 3 * HOUR),
            hour(ns(0), ns(HOUR), [HotspotHour("P-1", 360, 300, {}), HotspotHour("P-2", 360, 360, {})]),
        ]
        store.append(after, alive_ns=ns(40 * DAY))
    with place.reader() as reader:
        yield reader


def told(reader: Reader, entries: Iterable[int]) -> list[float]:
    """When what these entries tell happened, in seconds of April: the way from a figure back to the journal."""
    found = [reader.entry(number) for number in entries]
    return [(entry.event.at_ns - ns(0)) / SECOND for entry in found if entry is not None]


def stretches(reader: Reader, name: str) -> list[Stretch]:
    """What the journal says of one point in April, in order of time."""
    ((_, found),) = JournalEvidence(reader).stretches([name], APRIL.span(WITA))
    return sorted(found, key=lambda stretch: (stretch.start, stretch.end))


def test_stretches_follow_each_other_and_outages_are_whole(reader: Reader) -> None:
    """From the outage's beginning in March to the end of April, in whole seconds, the gap of the restart unseen."""
    found = stretches(reader, "P-1")
    assert [((one.start - BEGIN) / HOUR, one.condition, one.reason) for one in found[:6]] == [
        (-1, Condition.DOWN, ""),
        (0, Condition.DOWN, ""),
        (2, Condition.UP, ""),
        (24, Condition.DOWN, ""),
        (25, Condition.UNSEEN, "not_running"),
        (26 + 5 / HOUR, Condition.DOWN, ""),
    ]
    assert all(one.end == after.start for one, after in pairwise(found))
    assert (found[0].start, found[-1].end) == (BEGIN - HOUR, END)
    assert [told(reader, one.entries) for one in found[:3]] == [[-HOUR], [-HOUR], [2 * HOUR]]


def test_maintenance_is_what_lies_beneath_it(reader: Reader) -> None:
    """Up and down within a window keep their state: one outage of two hours."""
    found = [one for one in stretches(reader, "P-1") if one.start >= BEGIN + 5 * DAY]
    assert [(one.condition, one.reason) for one in found] == [
        (Condition.UP, "maintenance"),
        (Condition.DOWN, "maintenance"),
        (Condition.DOWN, ""),
        (Condition.UP, ""),
    ]


def test_faults_and_replies(reader: Reader) -> None:
    """Faults of the exporter, and the hour's sums of requests and replies."""
    evidence = JournalEvidence(reader)
    (fault,) = evidence.faults(APRIL.span(WITA))
    assert (fault.what, fault.start - BEGIN, fault.end) == ("not_running", DAY + HOUR, BEGIN + DAY + 2 * HOUR)
    assert told(reader, fault.entries) == [DAY + 2 * HOUR]
    assert evidence.replies(APRIL.span(WITA)) == {"P-1": (360, 300), "P-2": (360, 360)}


def test_a_statement_from_the_journal(reader: Reader) -> None:
    """Charged: 2 h of April's part, 1 h before and 3595 s after the restart, the overrun; nothing while not running."""
    announced = {
        "id": "w",
        "scope": "isp",
        "target": "telkom",
        "start": "2024-04-06 00:00",
        "end": "2024-04-06 02:00",
        "reason": "Router",
        "filed_at": "2024-04-01 00:00",
        "approved_by": "Diskominfo",
    }
    inventory = replace(CITY, maintenance=(MaintenanceWindow.model_validate(announced),))
    made = make_statement(TELKOM, survey(inventory, JournalEvidence(reader), APRIL, WITA))
    (row,) = [row for row in made.points if row.point == "P-1"]
    assert row.charged_seconds == 2 * HOUR + HOUR + (HOUR - 5) + HOUR
    assert row.excluded_seconds == HOUR
    assert row.unobserved_seconds == HOUR + 5
    (event,) = [event for event in made.events if event.start == BEGIN - HOUR]
    assert (event.seconds, event.charged_seconds) == (3 * HOUR, 2 * HOUR)
    assert told(reader, event.entries) == [-HOUR, 2 * HOUR]
    (window,) = [row for row in made.exclusions if row.exclusion == "w"]
    assert (window.kind, window.excluded_seconds, window.filed, window.refusals) == ("maintenance", HOUR, BEGIN, ())
    assert {event.cause for event in made.events if event.start > BEGIN + 5 * DAY} == {"pemeliharaan"}


def test_a_window_that_the_inventory_has_lost_excludes_nothing_and_is_listed(reader: Reader) -> None:
    """It is listed as not accepted, for nobody can say when it was announced."""
    made = make_statement(TELKOM, survey(CITY, JournalEvidence(reader), APRIL, WITA))
    (window,) = [row for row in made.exclusions if row.exclusion == "unlisted-window"]
    assert (window.start, window.end) == (BEGIN + 5 * DAY, BEGIN + 5 * DAY + 2 * HOUR)
    assert (window.excluded_seconds, window.refusals) == (0, ("not_accepted",))
    (row,) = [row for row in made.points if row.point == "P-1"]
    assert row.excluded_seconds == 0


def test_what_people_decided(reader: Reader, place: Place) -> None:
    """A cause with name, time and reason; an exclusion that is proposed, until it is withdrawn."""
    outage = next(one for one in next(reader.histories(ns(0), ns(DAY), ["P-1"])).outages if one.start_ns == ns(-HOUR))
    decided = [
        decide(outage, Kind.CAUSE, ns(31 * DAY), code="vandalisme", person="Budi", reason="kabel dipotong"),
        decide(
            outage,
            Kind.EXCLUSION,
            ns(31 * DAY) + 1,
            code="kahar",
            person="Ani",
            reason="gempa",
            document="BA/1",
            accepted_by="Camat",
        ),
    ]
    events: list[Event] = [one.event for one in decided]
    with place.store() as store:
        store.append(events, alive_ns=ns(40 * DAY))
    evidence = JournalEvidence(reader)
    found = {one.kind: one for one in evidence.decisions((BEGIN - DAY, END), PeopleHistory(), WITA)}
    cause, exclusion = found[DecisionKind.CAUSE], found[DecisionKind.EXCLUSION]
    assert (cause.point, cause.outage, cause.code, cause.person) == ("P-1", outage.number, "vandalisme", "Budi")
    assert (cause.at, cause.reason, cause.is_approved) == (BEGIN + 31 * DAY, "kabel dipotong", False)
    assert told(reader, [cause.entry]) == [-HOUR]
    assert (exclusion.code, exclusion.document, exclusion.span) == ("kahar", "BA/1", None)
    made = make_statement(TELKOM, survey(CITY, evidence, APRIL, WITA))
    (event,) = [event for event in made.events if event.outage == f"P-1@{at('03-31 23:00')}"]
    assert (event.number, event.cause, event.decided_by) == (outage.number, "vandalisme", "Budi")
    assert (event.charged_seconds, event.excluded_seconds) == (2 * HOUR, 0)
    assert [(row.kind, row.status) for row in made.decisions] == [("cause", "noted"), ("exclusion", "proposed")]
    withdrawn = decide(outage, Kind.EXCLUSION, ns(32 * DAY), code="", person="Ani", reason="keliru")
    with place.store() as store:
        store.append([withdrawn.event], alive_ns=ns(40 * DAY))
    ledger = DecisionLedger(evidence.decisions((BEGIN - DAY, END), PeopleHistory(), WITA))
    ((_, record),) = ledger.about("P-1", [outage.number], DecisionKind.EXCLUSION)
    assert (record.latest.code, record.in_force) == ("", None)


def test_seconds_are_the_nearest() -> None:
    """Nanoseconds are rounded so that adjacent stretches still meet."""
    assert [seconds(n) for n in (0, SECOND // 2 - 1, SECOND // 2, SECOND)] == [0, 0, 1, 1]
