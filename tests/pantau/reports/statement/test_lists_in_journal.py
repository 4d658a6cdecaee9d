"""Lists in a real journal, month after month: they hold as long as the outage, and in no other journal's place."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lab.samples.accounting import WITA
from lab.samples.evidence import CITY, TELKOM
from lab.samples.journal import Place, change, down, ns, up
from lab.samples.people import Office, decided, list_of, open_office
from pantau.journal import OFFICE, ItemKind, ListItem, Reader
from pantau.journal.entries import start
from pantau.reports.accounting import Month
from pantau.reports.papers import gather
from pantau.reports.statement import JournalEvidence, Statement, make_statement, survey
from pantau.states import State

DAY = 86_400
APRIL_FIRST = ns(0) // 10**9


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The people, with keys that are made once."""
    return open_office(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """P-1 is dead from 2 April on, and comes back on 10 September; the journal knows it until October."""
    place = Place("sqlite:///data/journal.sqlite", tmp_path)
    with place.store() as store:
        begun = [start(ns(0), ["P-1"], [], {}), change("P-1", 1, State.UNKNOWN, State.UP), down("P-1", DAY)]
        store.append([*begun, up("P-1", 162 * DAY)], alive_ns=ns(200 * DAY))
    return place


@pytest.fixture
def reader(place: Place) -> Iterator[Reader]:
    """The same, to read."""
    with place.reader() as reader:
        yield reader


def month(reader: Reader, office: Office, number: int) -> tuple[Statement, int | None, int | None]:
    """A month's statement of Telkom; deducted and held of P-1."""
    found = survey(replace(CITY, people=office.people), JournalEvidence(reader), Month(2024, number), WITA)
    made = make_statement(TELKOM, found)
    (row,) = [row for row in made.points if row.point == "P-1"]
    return made, row.restitution, row.held


def outage_of(reader: Reader) -> int:
    """The number of the long outage."""
    (history,) = reader.histories(ns(0), ns(2 * DAY), ["P-1"])
    return history.outages[0].number


@pytest.mark.parametrize("number", [4, 7, 8, 9])
def test_a_list_holds_as_long_as_the_outage(place: Place, reader: Reader, office: Office, number: int) -> None:
    """Letter C: decided in April, while it lasted. Before, July was excused and August deducted Rp500,000.

    Undecided, a month over whose end it runs holds its money (September, in which it ended, deducts it).
    """
    begun = APRIL_FIRST + DAY
    item = ListItem(ItemKind.EXCLUSION, str(outage_of(reader)), "P-1", begun, None, "kahar", "BA-1", None, "gempa")
    _, deducted, held = month(reader, office, number)
    assert ((deducted if number == 9 else held) or 0) > 100_000
    assert not (held if number == 9 else deducted)
    with place.store(OFFICE) as store:
        decided(store, office, list_of([item]), at_ns=ns(3 * DAY))
    made, deducted, _ = month(reader, office, number)
    assert deducted == 0
    assert made.summary.charged_seconds == 0
    assert [(row.status, row.number) for row in made.decisions] == [("approved", outage_of(reader))]
    (event,) = [row for row in made.events if row.point == "P-1"]
    assert event.excluded_seconds == event.down_seconds > 0


def test_an_outage_is_found_by_each_of_its_entries(place: Place, reader: Reader) -> None:
    """People spoke of it by the number that it had: a restart in it has entries of its own, and is the same outage."""
    with place.store() as store:
        store.append([start(ns(201 * DAY), ["P-1"], [], {}), change("P-1", 201 * DAY, State.UNKNOWN, State.UP)])
        store.append([down("P-1", 202 * DAY)], alive_ns=ns(203 * DAY))
    with place.store() as store:
        store.append([start(ns(204 * DAY), ["P-1"], [], {}), change("P-1", 204 * DAY + 9, State.UNKNOWN, State.DOWN)])
    (history,) = reader.histories(ns(202 * DAY), ns(205 * DAY), ["P-1"])
    (outage,) = history.outages
    assert len(set(outage.entries)) > 1
    assert {found.number for entry in set(outage.entries) if (found := reader.outage(entry))} == {outage.number}


def test_a_list_of_an_outage_that_is_not_there_changes_nothing(place: Place, reader: Reader, office: Office) -> None:
    """A number of another hotspot's, or of no outage: the money is as it was."""
    _, *before = month(reader, office, 5)
    items = [
        ListItem(ItemKind.EXCLUSION, str(outage_of(reader)), "P-2", APRIL_FIRST, None, "kahar", "BA-1", None, "salah"),
        ListItem(ItemKind.EXCLUSION, "999", "P-1", APRIL_FIRST, None, "kahar", "BA-1", None, "salah"),
        ListItem(ItemKind.CAUSE, "1", "P-1", APRIL_FIRST, None, "pemantau", "", None, "salah"),
    ]
    with place.store(OFFICE) as store:
        decided(store, office, list_of(items), at_ns=ns(3 * DAY))
    made, *after = month(reader, office, 5)
    assert (after, made.decisions) == (before, ())


def test_what_nobody_has_decided_stands_on_the_list_of_its_month(place: Place, reader: Reader, office: Office) -> None:
    """It runs over April's end: proposed as charged; approved, its money is deducted, and nothing of it is held."""
    april = survey(replace(CITY, people=office.people), JournalEvidence(reader), Month(2024, 4), WITA)
    _, deducted, held = month(reader, office, 4)
    gathered = gather(april, reader)
    (item,) = [one for one in gathered.items if one.subject == "P-1"]
    assert (item.kind, item.target, item.code) == (ItemKind.CAUSE, str(outage_of(reader)), "belum_terverifikasi")
    assert (item.effect, gathered.effect) == (0, 0)
    with place.store(OFFICE) as store:
        decided(store, office, list_of(gathered.items), at_ns=ns(100 * DAY))
    made, after, none = month(reader, office, 4)
    assert (deducted, none, after) == (0, 0, held)
    assert [(row.status, row.effect) for row in made.decisions if row.point == "P-1"] == [("approved", 0)]
