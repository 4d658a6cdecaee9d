"""What a month costs to read does not depend on how old the journal is."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lab.samples.journal import Place, down, ns, up
from pantau.journal import Reader
from pantau.journal.database import resolve_url
from pantau.journal.histories import ChangeQueries
from pantau.journal.names import Names
from pantau.journal.schema import PRESENT

HOTSPOTS = 20
DAY = 86_400


def aged(folder: Path, days: int) -> Place:
    """A journal with two outages a day for each hotspot, that ends with day 0."""
    place = Place("sqlite:///journal.sqlite", folder)
    with place.store() as store:
        for day in range(-days, 1):
            begins = [(f"h{hotspot}", day * DAY + hour * 3600) for hotspot in range(HOTSPOTS) for hour in (3, 15)]
            store.append([event for name, at in begins for event in (down(name, at), up(name, at + 900))])
        store.append([], alive_ns=ns(2 * DAY))
    return place


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A year and more."""
    return aged(tmp_path_factory.mktemp("old"), 400)


@pytest.fixture(scope="module")
def young(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A month."""
    return aged(tmp_path_factory.mktemp("young"), 31)


def plans(place: Place) -> Iterator[str]:
    """How SQLite goes about each of the queries of a history."""
    engine = sa.create_engine(resolve_url(place.url, place.folder))
    queries = ChangeQueries(PRESENT, Names(), (1,))
    with engine.connect() as connection:
        for query in (queries.between, queries.last_before, queries.last_ending, queries.first_ending):
            bound = query.params(ref=1, at_ns=0, end_ns=1)
            text = str(bound.compile(engine, compile_kwargs={"literal_binds": True}))
            yield " / ".join(str(row[3]) for row in connection.execute(sa.text(f"EXPLAIN QUERY PLAN {text}")))
    engine.dispose()


def test_a_hotspots_time_is_found_by_the_index(old: Place) -> None:
    """No query of a history scans or sorts."""
    for plan in plans(old):
        assert plan.startswith("SEARCH entries USING INDEX entries_by_subject (subject=? AND at_ns"), plan
        assert "TEMP B-TREE" not in plan


def test_rare_entries_are_found_by_their_index(old: Place) -> None:
    """Faults, decisions, windows and hours are not looked for among the transitions."""
    seen: list[tuple[str, Any]] = []
    with Reader(old.url, old.folder) as reader:
        sa.event.listen(
            reader._engine, "before_cursor_execute", lambda _c, _u, text, values, *_: seen.append((text, values))
        )
        reader.faults(ns(0), ns(1))
        reader.decisions(ns(0), ns(1))
        list(reader.hours(ns(0), ns(1)))
        reader.reasons(ns(0))
        reader.amendments(ns(0), ns(1))
        queries = [(text, values) for text, values in seen if "FROM entries" in text]
        assert len(queries) == 7
        with reader._engine.connect() as connection:
            for text, values in queries:
                steps = [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)]
                assert any("INDEX entries_by_kind (kind=?" in step for step in steps), steps
                assert "SCAN entries" not in steps


def test_age_does_not_slow_a_month(old: Place, young: Place) -> None:
    """The same month out of 13 times as many entries takes less than twice as long."""

    def seconds(place: Place) -> float:
        best = 9e9
        for _ in range(5):
            begun = time.process_time()
            with Reader(place.url, place.folder) as reader:
                histories = list(reader.histories(ns(-30 * DAY), ns(0)))
            best = min(best, time.process_time() - begun)
            assert [len(history.outages) for history in histories] == [60] * HOTSPOTS
        return best

    assert seconds(old) < 2 * seconds(young)


def test_an_entry_takes_little_room(old: Place) -> None:
    """90 days of 1000 hotspots with 20 outages a day are 3.6 million entries: 277 bytes each would fill 1 GB."""
    (entries,) = old.ask("SELECT count(*) FROM entries")[0]
    with old.store() as store:
        store.append([])
    old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = (old.folder / "journal.sqlite").stat().st_size
    assert isinstance(entries, int)
    assert size / entries < 200
