"""A plain UPDATE or DELETE is refused with a sentence; in PostgreSQL the role that writes may not even try."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from lab.samples.journal import Place, down, ns, up
from lab.samples.postgres import Postgres
from pantau.cli.journal import migrate_journal
from pantau.errors import JournalError
from pantau.journal import HotspotHour
from pantau.journal.database import resolve_url
from pantau.journal.entries import hour
from tests.rules.checking import ROOT

DEPLOY = ROOT / "deploy/postgresql"
CHANGES = [
    "UPDATE entries SET at_ns = at_ns",
    "UPDATE names SET name = name",
    "UPDATE sources SET name = name",
    "UPDATE blobs SET content = content",
    "DELETE FROM entries",
    "DELETE FROM names",
    "DELETE FROM sources",
    "DELETE FROM blobs",
    "DELETE FROM head",
    "UPDATE head SET number = number - 1",
    "UPDATE head SET run = 0",
]


def attempt(place: Place, statement: str) -> None:
    """Do by hand what Pantau never does, as one who does not think of triggers."""
    engine = sa.create_engine(resolve_url(place.url, place.folder))
    try:
        with engine.begin() as connection:
            connection.execute(sa.text(statement))
    finally:
        engine.dispose()


def fill(place: Place) -> None:
    """An outage and an hour."""
    with place.store() as store:
        store.append([down("h1", 1), up("h1", 20), hour(ns(0), ns(60), [HotspotHour("h1", 1, 1, {1: 1})])])


@pytest.mark.parametrize("statement", CHANGES)
def test_what_stands_there_is_only_added_to(statement: str, sqlite: Place) -> None:
    """Each table: the statement fails, and says what is done in its place."""
    fill(sqlite)
    with pytest.raises(sa.exc.IntegrityError, match=r"only added to|only moves forwards"):
        attempt(sqlite, statement)
    assert sqlite.findings() == []


@pytest.fixture
def roles(postgres: Postgres, tmp_path: Path) -> Iterator[dict[str, Place]]:
    """A PostgreSQL with the roles that are shipped, its tables made by the migrator."""
    url = postgres.emptied()
    places = {
        role: Place(url.replace("//pantau@", f"//{role}@"), tmp_path)
        for role in ("pantau", "pantau_migrator", "pantau_writer", "pantau_reader")
    }
    dsn = f"host={postgres.folder} dbname=postgres user="
    with psycopg.connect(dsn + "pantau", autocommit=True) as connection:
        connection.execute((DEPLOY / "roles.sql").read_bytes())
    migrate_journal(tmp_path / "pantau.yml", places["pantau_migrator"].url)
    with psycopg.connect(dsn + "pantau_migrator", autocommit=True) as connection:
        connection.execute((DEPLOY / "grants.sql").read_bytes())
    yield places
    with psycopg.connect(dsn + "pantau", autocommit=True) as connection:
        connection.execute("DROP OWNED BY pantau_writer, pantau_reader, pantau_migrator")
        connection.execute("DROP ROLE pantau_writer, pantau_reader, pantau_migrator")


def test_a_role_that_writes_can_only_add(roles: dict[str, Place]) -> None:
    """It writes a journal and its decisions; it changes nothing, and neither does the owner by a plain statement."""
    writer, owner, reader = (roles[f"pantau_{name}"] for name in ("writer", "migrator", "reader"))
    fill(writer)
    for statement in CHANGES:
        if not statement.startswith("UPDATE head"):
            with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
                attempt(writer, statement)
        with pytest.raises(sa.exc.DBAPIError, match=r"only added to|only moves forwards"):
            attempt(owner, statement)
    for table in ("entries", "names", "sources", "blobs", "head"):
        with pytest.raises(sa.exc.DBAPIError, match=r"only added to|permission denied"):
            attempt(owner, f"TRUNCATE {table}")
        with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
            attempt(reader, f"INSERT INTO {table} DEFAULT VALUES")
    with pytest.raises(sa.exc.ProgrammingError, match="must be owner"):
        attempt(writer, "DROP TRIGGER entries_only_added ON entries; DELETE FROM entries")
    with reader.store() as store, pytest.raises(JournalError, match="permission denied"):
        store.append([down("h1", 90)])
    assert reader.findings() == []


def test_a_role_that_writes_says_who_has_to_make_the_tables(postgres: Postgres, roles: dict[str, Place]) -> None:
    """It waits for the owner to bring them up to date: no exporter ends by that."""
    del postgres
    roles["pantau"].execute("UPDATE alembic_version SET version_num = '0002'")
    with pytest.raises(JournalError, match="pantau journal migrate"):
        roles["pantau_writer"].store()
