"""Where a test's journal is, and the events that the tests write into it."""

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from pantau.journal import Event, Kind, Reader, Source, Store, verify
from pantau.journal.database import resolve_url
from pantau.states import State

SECOND = 1_000_000_000
NOC = Source("noc-bitung", 0)
"""The exporter that writes the tests' journals."""
T0 = 1_711_900_800 * SECOND
"""2024-04-01 00:00 in WITA."""


@dataclass(frozen=True)
class Place:
    """A URL and the folder that it is relative to."""

    url: str
    folder: Path

    @property
    def file(self) -> Path:
        """The file of a journal in SQLite."""
        return self.folder / "data" / "journal.sqlite"

    def store(self, source: Source = NOC, *, create: bool = True) -> Store:
        """Open it to write."""
        return Store(self.url, self.folder, source, create=create)

    def reader(self, source: Source | None = None) -> Reader:
        """Open it to read."""
        return Reader(self.url, self.folder, source)

    def findings(self) -> list[str]:
        """What verifying finds."""
        with self.reader() as reader:
            return [str(finding) for finding in verify(reader)]

    def execute(self, statement: str, **values: object) -> None:
        """Do by hand what Pantau never does, as one who may drop the triggers that keep from it."""
        engine = sa.create_engine(resolve_url(self.url, self.folder))
        with engine.begin() as connection:
            drop_triggers(connection)
            connection.execute(sa.text(statement), values)
        engine.dispose()

    def ask(self, statement: str, **values: object) -> list[tuple[object, ...]]:
        """Look at the tables themselves."""
        engine = sa.create_engine(resolve_url(self.url, self.folder))
        with engine.connect() as connection:
            rows = [tuple(row) for row in connection.execute(sa.text(statement), values)]
        engine.dispose()
        return rows


def drop_triggers(connection: sa.Connection) -> None:
    """Do what the owner of the tables can do: take away what keeps from changing evidence."""
    if connection.dialect.name == "sqlite":
        found = connection.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        drops = [f"DROP TRIGGER {name}" for name in found.scalars()]
    else:
        ours = "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
        drops = [f"DROP TRIGGER {name} ON {table}" for name, table in connection.execute(sa.text(ours))]
    for drop in drops:
        connection.execute(sa.text(drop))


def ns(seconds: float) -> int:
    """`T0` and so many seconds."""
    return T0 + round(seconds * SECOND)


def change(
    hotspot: str, seconds: float, before: State, after: State, up: int | None = None, late: float = 6.0
) -> Event:
    """A transition at so many seconds, decided `late` seconds after; without `up` the verdict is that of `after`."""
    verdict = up if up is not None else int(after != State.DOWN)
    answered = after != State.DOWN
    reason, unanswered = ("reply", 3) if answered else ("timeout", 4)
    at_ns, recorded_ns = ns(seconds), ns(seconds + late)
    states = int(before), int(after), verdict
    return Event(Kind.TRANSITION, at_ns, recorded_ns, hotspot, *states, reason, 4, unanswered, at_ns)


def down(hotspot: str, seconds: float) -> Event:
    """From up to down."""
    return change(hotspot, seconds, State.UP, State.DOWN)


def up(hotspot: str, seconds: float, before: State = State.DOWN) -> Event:
    """To up."""
    return change(hotspot, seconds, before, State.UP)


def unknown(hotspot: str, seconds: float, before: State, verdict: int) -> Event:
    """To unknown, the last verdict kept."""
    return change(hotspot, seconds, before, State.UNKNOWN, verdict)
