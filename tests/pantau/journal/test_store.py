"""What is appended is there, in order, chained, all or none; and nothing else ever is."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from lab.samples.journal import Place, change, down, ns, up
from pantau.errors import JournalError
from pantau.journal import OFFICE, Event, Kind
from pantau.journal.entries import start
from pantau.states import State


def test_entries_are_numbered_from_1_and_come_back_as_they_went_in(place: Place) -> None:
    """Every field of every event survives the way through the database."""
    events = [
        Event(Kind.RELOAD, ns(0), ns(1), detail='{"digest":"abc"}'),
        down("pasir-panjang-01", 10),
        up("pasir-panjang-01", 40),
        Event(Kind.FAULT_BEGIN, ns(50), ns(52), "vantage"),
    ]
    with place.store() as store:
        store.append(events[:2])
        store.append(events[2:])
    with place.reader() as reader:
        entries = list(reader.entries())
        assert [entry.event for entry in entries] == events
        assert [entry.number for entry in entries] == [1, 2, 3, 4]
        assert reader.head().number == 4
        assert reader.head().digest == entries[-1].digest
        assert reader.entry(3) == entries[2]
        assert reader.entry(5) is None
    assert place.findings() == []


def test_a_number_that_no_database_holds_is_refused(place: Place) -> None:
    """As an error of the journal, which who writes expects; the next batch goes on."""
    with place.store() as store:
        with pytest.raises(JournalError):
            store.append([down("h1", 1)._replace(uptime_seconds=2**63)])
        store.append([down("h1", 2)])
    assert place.findings() == []


def test_a_name_that_is_empty_is_absent(place: Place) -> None:
    """It is stored so, and proved so."""
    with place.store() as store:
        (entry,) = store.append([down("h1", 1)._replace(reason="", evidence="", address="")])
    assert (entry.event.reason, entry.event.evidence, entry.event.address) == (None, None, None)
    with place.reader() as reader:
        assert list(reader.entries()) == [entry]
    assert place.findings() == []


def test_a_batch_is_written_whole_or_not_at_all(place: Place) -> None:
    """The second event cannot be stored: the first is not there either, and the next batch goes on."""
    timeless = Event(Kind.STOP, ns(2), ns(2))._replace(at_ns=None)  # type: ignore[arg-type]  # wrong on purpose
    with place.store() as store:
        with pytest.raises(JournalError):
            store.append([down("h1", 1), timeless])
        store.append([down("h2", 3)])
    with place.reader() as reader:
        assert [entry.event for entry in reader.entries()] == [down("h2", 3)]
        assert reader.hotspots() == ["h2"]
    assert place.findings() == []


def test_two_writers_make_one_chain(place: Place) -> None:
    """The exporter and a person who classifies an outage write in turn; every entry follows from the one before."""
    with place.store() as exporter, place.store(OFFICE) as person:
        for second in range(0, 20, 2):
            exporter.append([down(f"h{second}", second)])
            person.append([up(f"h{second}", second + 1)])
    with place.reader() as reader:
        assert [entry.number for entry in reader.entries()] == list(range(1, 21))
    assert place.findings() == []


def test_a_start_takes_the_last_verdicts_up_and_makes_the_gap_unknown(place: Place) -> None:
    """h1 was down, h2 up, h3 is gone, h4 new: the gap begins at the last sign of life, and verdicts stay."""
    with place.store() as store:
        store.append([start(ns(0), ["h1", "h2", "h3"], [], {"version": "1"})])
        store.append([change(name, 1, State.UNKNOWN, State.UP) for name in ("h1", "h2", "h3")])
        store.append([down("h1", 100)])
        store.append([], alive_ns=ns(120))
    with place.store() as store:
        assert {name: event.up for name, event in store.last_changes().items()} == {"h1": 0, "h2": 1, "h3": 1}
        entries = store.append([start(ns(500), ["h4", "h2", "h1"], [], {"version": "2"})])
    assert entries[0].event.facts == {
        "version": "2",
        "hotspots": ["h1", "h2", "h4"],
        "uplinks": [],
        "since_ns": ns(120),
    }
    told = [
        (
            entry.event.subject,
            entry.event.at_ns,
            entry.event.before,
            entry.event.after,
            entry.event.up,
            entry.event.reason,
        )
        for entry in entries[1:]
    ]
    assert told == [
        ("h1", ns(120), State.DOWN, State.UNKNOWN, 0, "not_running"),
        ("h2", ns(120), State.UP, State.UNKNOWN, 1, "not_running"),
        ("h4", ns(500), State.INACTIVE, State.UNKNOWN, -1, "added"),
        ("h3", ns(120), State.UP, State.INACTIVE, -1, "removed"),
    ]
    assert place.findings() == []


def test_a_clock_that_steps_back_repeats_no_time(place: Place) -> None:
    """A transition dated before the hotspot's last one is placed at it, also after a restart."""
    with place.store() as store:
        store.append([down("h1", 1000)])
    with place.store() as store:
        (entry,) = store.append([up("h1", 400)])
    assert (entry.event.at_ns, entry.event.recorded_ns) == (ns(1000), ns(1006))
    assert place.findings() == []


def test_where_no_journal_may_be_made_none_is_made(place: Place) -> None:
    """A reader of a journal that is not there says so, and leaves nothing behind."""
    with pytest.raises(JournalError, match="there is no journal at"):
        place.reader()
    assert not place.file.exists()


@pytest.mark.parametrize("url", ["nonsense", "mysql://x/y", "sqlite://", "sqlite:///:memory:"])
def test_a_url_that_is_none_is_refused_with_the_cure(url: str, tmp_path: Path) -> None:
    """Only files of SQLite and databases of PostgreSQL."""
    with pytest.raises(JournalError, match=r"write sqlite:///data/journal\.sqlite"):
        Place(url, tmp_path).store()


def test_a_password_is_never_shown(tmp_path: Path) -> None:
    """What cannot be reached is named without its secret."""
    with pytest.raises(JournalError) as caught:
        Place("postgresql://pantau:s3cret@127.0.0.1:1/journal", tmp_path).store()
    assert "s3cret" not in str(caught.value)
    assert "127.0.0.1" in str(caught.value)


def test_a_newer_journal_is_refused_and_left_alone(place: Place) -> None:
    """Tables of a revision that this version does not know are not touched."""
    with place.store() as store:
        store.append([down("h1", 1)])
    place.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(JournalError, match=r"newer Pantau .*9999.*nothing was changed"):
        place.store()
    assert place.ask("SELECT version_num FROM alembic_version") == [("9999",)]


def test_a_city_s_first_verdicts_cost_a_few_statements(sqlite: Place) -> None:
    """Four hundred names that nobody knew: asked for and numbered together, not one by one."""
    statements: list[str] = []
    with sqlite.store() as store:
        store.append([up("known", 1)])
        sa.event.listen(store._engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
        store.append([up("known", 2), *(up(f"h{number}", 2) for number in range(400)), down("h7", 3)])
        of_names = [statement for statement in statements if "names" in statement]
        assert len(of_names) == 3, of_names
    with sqlite.reader() as reader:
        assert sorted(reader.hotspots()) == sorted(["known", *(f"h{number}" for number in range(400))])
    assert sqlite.findings() == []
