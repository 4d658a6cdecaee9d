"""Every test that asks for `place` runs on SQLite and on a real PostgreSQL."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.samples.journal import Place
from lab.samples.postgres import Postgres, find_program, running_postgres
from tests.programs import require_program


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server for the whole session; skipped, or failed in CI, where PostgreSQL is not installed."""
    if find_program("postgres") is None:
        require_program("postgres")
    if os.geteuid() == 0:
        require_program("setpriv")  # PostgreSQL refuses to run as root
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
