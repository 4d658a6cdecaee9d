"""A journal from before there were sources: read as it is, brought up to date once, nothing of it lost or changed."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from lab.samples.journal import NOC, SECOND, Place, change, down, ns, up
from pantau.errors import JournalError
from pantau.journal import (
    LEGACY,
    OFFICE,
    Entry,
    Head,
    History,
    HotspotHour,
    HourSum,
    Kind,
    MonitoringGap,
    Outage,
    decide,
    verify,
)
from pantau.journal.entries import start
from pantau.journal.verification import parse_expected
from pantau.states import State
from tests.pantau.journal.first_journal import FirstRow, first_hour, write_first
from tests.patience import PATIENCE_SECONDS

UP, DOWN, UNKNOWN = State.UP, State.DOWN, State.UNKNOWN
ROWS: list[FirstRow] = [("h2", 9, 8, (0, 7, 0, 0, 0, 0, 0)), ("h1", 360, 350, (1, 2, 3, 4, 5, 6, 7))]
SUMS = [HotspotHour("h1", 360, 350, dict(enumerate(range(1, 8)))), HotspotHour("h2", 9, 8, {1: 7})]
ROOT = Path(__file__).parents[3]


@pytest.fixture
def first(place: Place) -> Place:
    """Seven entries of the old version: h1 has been down since 100, h2 was down for 20 s, an hour's sums."""
    events = [
        start(ns(0), ["h1", "h2"], [], {}),
        change("h1", 1, UNKNOWN, UP),
        change("h2", 1, UNKNOWN, UP),
        down("h2", 50),
        up("h2", 70),
        down("h1", 100),
        first_hour(ns(0), ns(3600), ROWS),
    ]
    write_first(place, events, alive_ns=ns(4000), rows=ROWS, taken=(77, 5))
    return place


def revision(place: Place) -> object:
    """Of the tables."""
    return place.ask("SELECT version_num FROM alembic_version")[0][0]


class Told(NamedTuple):
    """All that a reader says of a journal."""

    entries: list[Entry]
    head: Head
    histories: list[History]
    hours: list[HourSum]
    answered: dict[str, tuple[int, int]]
    faults: list[MonitoringGap]
    outage: Outage | None
    transitions: list[Entry]
    findings: list[str]


def tell(place: Place) -> Told:
    """Ask all of it."""
    with place.reader() as reader:
        return Told(
            list(reader.entries()),
            reader.head(),
            list(reader.histories(ns(0), ns(5000))),
            list(reader.hours(ns(0), ns(5000))),
            reader.answered(ns(0), ns(5000)),
            reader.faults(ns(0), ns(5000)),
            reader.outage(6),
            list(reader.transitions(ns(0), ns(5000), ["h2"])),
            [str(one) for one in verify(reader)],
        )


def test_a_reader_reads_an_old_journal_and_leaves_it_as_it_is(first: Place) -> None:
    """The exporter of the old version can go on."""
    told = tell(first)
    assert told.findings == []
    assert (told.head.number, told.head.alive_ns) == (7, ns(4000))
    assert [entry.source for entry in told.entries] == [LEGACY] * 7
    assert [history.hotspot for history in told.histories] == ["h1", "h2"]
    assert [row.sums for row in told.hours] == SUMS
    assert told.answered == {"h1": (360, 350), "h2": (9, 8)}
    assert revision(first) == "0001"


def test_migrating_changes_nothing_that_was_there(first: Place) -> None:
    """Entries with their digests, histories, sums and the digest that somebody kept are the same before and after."""
    before = tell(first)
    with first.reader() as reader:
        kept = f"{reader.head().number}:{reader.head().digest.hex()}"
    first.store().close()
    assert revision(first) == "0003"
    assert tell(first) == before
    with first.reader() as reader:
        assert list(verify(reader, parse_expected(kept))) == []
    with first.store() as store:
        store.append([start(ns(5000), ["h1", "h2"], [], {})])
    with first.reader() as reader:
        assert list(verify(reader, parse_expected(kept))) == []


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("UPDATE entries SET at_ns = at_ns + 1 WHERE number = 3", 3),
        ("UPDATE hours SET replies = replies + 1 WHERE entry = 7", 7),
        ("UPDATE hours SET down_ms = 5", 7),
        ("DELETE FROM hours", 7),
        ("UPDATE names SET name = 'h9' WHERE name = 'h2'", 3),
        ("DELETE FROM entries WHERE number = 4", 4),
    ],
)
def test_what_was_changed_in_an_old_journal_is_found_before_and_after(
    first: Place, statement: str, number: int
) -> None:
    """Migrating hides nothing."""
    first.execute(statement)
    assert first.findings()[0].startswith(f"entry {number}: ")
    first.store().close()
    assert first.findings()[0].startswith(f"entry {number}: ")


def test_an_outage_that_spans_the_migration_is_one(first: Place) -> None:
    """Down before, killed, running as the new version, up: one outage, begun by the old version's entry."""
    with first.store() as store:
        assert {name: event.up for name, event in store.last_changes().items()} == {"h1": 0, "h2": 1}
        assert store.taken() == (77, 5)
        store.append([start(ns(5000), ["h1", "h2"], [], {})])
        assert store.taken() == (77, 5)
        store.append([change("h1", 5005, UNKNOWN, DOWN), change("h2", 5005, UNKNOWN, UP), up("h1", 6000)])
    with first.reader() as reader:
        outage = reader.outage(6)
        assert outage is not None
        assert (outage.start_ns, outage.end_ns) == (ns(100), ns(6000))
        assert [segment.state for segment in outage.segments] == [DOWN, UNKNOWN, DOWN]
        assert outage.down_ns == (3500 + 995) * SECOND  # known up to 3600, the last entry: a beat is no evidence
        assert [history.outages for history in reader.histories(ns(0), ns(7000), ["h1"])] == [(outage,)]
        (gap,) = reader.faults(ns(0), ns(7000))
        assert (gap.what, gap.start_ns, gap.end_ns) == ("not_running", ns(3600), ns(5000))
        said = reader.entry(8)
    assert said is not None
    assert (said.source, said.event.kind, said.previous, said.run) == (NOC, Kind.SUCCESSION, 0, 1)
    assert first.findings() == []


def test_who_writes_the_old_chain_anew_is_found_by_the_one_that_follows(first: Place) -> None:
    """Its last digest stands in the first entry of the exporter that went on."""
    with first.store() as store:
        store.append([start(ns(5000), ["h1", "h2"], [], {})])
    first.execute("UPDATE entries SET digest = :digest WHERE number = 7", digest=bytes(32))
    first.execute("UPDATE head SET digest = :digest WHERE source = 0", digest=bytes(32))
    assert "entry 8: does not go on where its source did: what it follows was changed" in first.findings()


def test_what_people_decide_after_the_migration_is_in_their_own_chain(first: Place) -> None:
    """Written before any exporter of the new version: it does not go on with the old chain, the exporter does."""
    with first.reader() as reader:
        outage = reader.outage(6)
    assert outage is not None
    said = decide(outage, Kind.CAUSE, ns(4500), code="fo_putus", person="Ani", reason="tiket 7")
    with pytest.raises(JournalError, match=r"has tables of an older Pantau.*`pantau journal migrate`"):
        first.store(OFFICE, create=False)
    assert revision(first) == "0001"  # an exporter of the old version goes on
    first.store().close()
    with first.store(OFFICE, create=False) as store:
        (entry,) = store.append([said.event])
    assert (entry.number, entry.source, entry.previous) == (8, OFFICE, 0)
    with first.store() as store:
        store.append([start(ns(5000), ["h1", "h2"], [], {})])
    with first.reader() as reader:
        assert [one.code for one in reader.decisions(ns(0), ns(200))] == ["fo_putus"]
        assert [head.source for head in reader.heads()] == [LEGACY, OFFICE, NOC]
        assert reader.head().alive_ns == ns(5000)
    assert first.findings() == []


def test_an_empty_old_journal_has_no_legacy(place: Place) -> None:
    """There is nothing to go on with."""
    write_first(place, [])
    assert tell(place)[0] == []
    with place.store() as store:
        (entry,) = store.append([down("h1", 1)])
    assert (entry.number, entry.source) == (1, NOC)
    with place.reader() as reader:
        assert [head.source for head in reader.heads()] == [NOC]


KILLED = """
import os, signal, sys
from pathlib import Path
import sqlalchemy as sa
from pantau.journal.database import open_database, resolve_url

def die(connection, cursor, statement, *_):
    if sys.argv[3] in statement:
        os.kill(os.getpid(), signal.SIGKILL)

sa.event.listen(sa.engine.Engine, "before_cursor_execute", die)
open_database(resolve_url(sys.argv[1], Path(sys.argv[2])), create=False)
"""


@pytest.mark.parametrize("instant", ["ADD COLUMN run", "DROP TABLE hours", "DROP TABLE head", "UPDATE alembic_version"])
def test_a_migration_that_is_killed_has_not_been(first: Place, instant: str) -> None:
    """At any of its steps: the old tables are whole, and the next one goes through."""
    before = tell(first)
    command = [sys.executable, "-c", KILLED, first.url, str(first.folder), instant]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert revision(first) == "0001"
    assert first.ask("SELECT count(*), sum(up_ms) FROM hours") == [(2, 9)]
    assert tell(first) == before
    first.store().close()
    assert revision(first) == "0003"
    assert tell(first) == before


def test_two_exporters_that_open_an_old_journal_migrate_it_once(first: Place) -> None:
    """The second finds it done; another source does not go on where the first has."""
    with first.store() as one, first.store(NOC._replace(name="other")) as other:
        one.append([start(ns(5000), ["h1"], [], {})])
        (*_, entry) = other.append([start(ns(5001), ["h1"], [], {})])
        assert json.loads(entry.event.detail or "{}") == {}
        assert entry.event.reason == "added"
    with first.reader() as reader:
        assert [one.event.kind for one in reader.entries(7)].count(Kind.SUCCESSION) == 1


def test_a_reader_of_a_journal_that_is_too_new_says_so(place: Place) -> None:
    """And changes nothing."""
    place.store().close()
    place.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(JournalError, match=r"newer Pantau .*9999.*nothing was changed"):
        place.reader()


@pytest.mark.long
@pytest.mark.timeout(600)
def test_ninety_days_are_migrated_and_nothing_of_them_is_changed(place: Place) -> None:
    """Eight hotspots with 20 outages a day and the sums of each hour: all that a reader says is the same."""
    day, names = 86_400, [f"h{number}" for number in range(8)]
    events = [start(ns(0), names, [], {}), *(change(name, 1, UNKNOWN, UP) for name in names)]
    for at in range(0, 90 * day, 4320):
        for number, name in enumerate(names):
            events += [down(name, at + 60 + number), up(name, at + 2000 + number)]
    rows: list[FirstRow] = [(name, 360, 350, (0, 3_600_000, 0, 0, 0, 0, 0)) for name in names]
    events += [first_hour(ns(hour * 3600), ns(hour * 3600 + 3600), rows) for hour in range(90 * 24)]
    write_first(place, sorted(events, key=lambda event: event.recorded_ns), alive_ns=ns(90 * day), rows=rows)
    before = tell(place)
    assert (before.findings, before.head.number) == ([], len(events))
    place.store().close()
    assert revision(place) == "0003"
    assert tell(place) == before
    with place.store() as store:
        store.append([start(ns(91 * day), names, [], {})])
    assert place.findings() == []
