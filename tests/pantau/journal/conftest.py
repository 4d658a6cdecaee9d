"""Every test that asks for `place` runs on SQLite and on a real PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.samples.journal import Place
from tests.pantau.journal.postgres import Postgres, running_postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server for the whole session."""
    with running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where a journal may be made; nothing is there yet."""
    if request.param == "sqlite":
        return Place("sqlite:///data/journal.sqlite", tmp_path)
    return Place(request.getfixturevalue("postgres").emptied(), tmp_path)


@pytest.fixture
def sqlite(tmp_path: Path) -> Place:
    """The same, in a file."""
    return Place("sqlite:///data/journal.sqlite", tmp_path)
