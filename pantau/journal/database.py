"""Opens a journal by its URL: SQLite in a file, or PostgreSQL. Brings its tables up to date. The only file
that runs Alembic.

Errors of the library leave here as `JournalError`, through `translated`.
"""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url

from pantau.errors import JournalError
from pantau.journal.cures import cure_of
from pantau.journal.first_tables import FIRST_REVISION, first_tables
from pantau.journal.journal_file import JournalFile
from pantau.journal.schema import PRESENT, READABLE, REVISION, Tables
from pantau.redaction import HIDDEN, is_secret_name, redacted

BUSY_SECONDS = 5.0
"""How long one waits for the other who is writing: the exporter, or a person who classifies an outage."""
SEALED = 0o400
"""The mode of a file that is never written again."""
_CONNECT_SECONDS = 5
_STATEMENT_MS = 300_000
_LOCK = 0x5041_4E54  # "PANT": the advisory lock of those who write


def resolve_url(text: str, folder: Path) -> URL:
    """The URL of a journal; the path of an SQLite file is relative to `folder`."""
    try:
        url = make_url(text)
    except sa.exc.ArgumentError as error:
        raise JournalError(f"{redacted(text)!r} is not a URL; write sqlite:///data/journal.sqlite") from error
    backend = url.get_backend_name()
    if backend == "sqlite" and url.database and url.database != ":memory:":
        return url.set(drivername="sqlite", database=str(folder / url.database))
    if backend == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    raise JournalError(
        f"a journal cannot be at {named(url)}; write sqlite:///data/journal.sqlite or postgresql://HOST/NAME"
    )


def file_of(text: str, folder: Path) -> Path | None:
    """The file of a journal by its URL; None for one that lies in no file of ours."""
    url = resolve_url(text, folder)
    in_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    return Path(url.database or "") if in_file else None


def open_database(url: URL, *, create: bool, migrates: bool = True) -> Engine:
    """An engine to write a journal, whose tables are of this version; an old one is brought up to date.

    Who may not migrate writes into old tables that are like ours, so that an exporter of the old version goes on.
    Raises `JournalError` where they are not, where there is none and it must not be made (`create`), where it cannot
    be reached, and where a newer Pantau has written it.
    """
    if url.get_backend_name() == "sqlite":
        file = Path(url.database or "")
        _prepare_file(file, url, create=create)
        if _is_sealed(file):
            raise JournalError(f"{file} is a year that was closed: nothing is written to it any more")
        with translated(url):
            JournalFile(file).make_private(create=create)
    engine = _engine(url)
    try:
        with translated(url):
            if migrates:
                _bring_up_to_date(engine, url, create=create)
            else:
                _require_like_ours(engine, url)
    except BaseException:
        engine.dispose()
        raise
    return engine


def open_to_read(url: URL) -> tuple[Engine, Tables]:
    """An engine to read a journal, and its tables. An old one is read as it is, so that who writes it can go on.

    Raises `JournalError` as `open_database` does.
    """
    if url.get_backend_name() == "sqlite":
        _prepare_file(Path(url.database or ""), url, create=False)
    engine = _engine(url, reads=True)
    try:
        with translated(url), engine.connect() as connection:
            revision = _revision_of(connection)
        if revision is None:
            raise _none_there(url)
        if revision not in (*READABLE, FIRST_REVISION):
            raise _too_new(url, revision)
    except BaseException:
        engine.dispose()
        raise
    return engine, first_tables() if revision == FIRST_REVISION else PRESENT


@contextmanager
def translated(url: URL) -> Iterator[None]:
    """Turns what SQLAlchemy and its drivers raise into a `JournalError`, also of a number that they cannot hold."""
    try:
        yield
    except (sa.exc.SQLAlchemyError, OSError, OverflowError) as error:
        cause = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        sentence = f"the journal {named(url)}: {_without_secrets(cause, url)}"
        raise JournalError("; ".join(filter(None, (sentence, cure_of(cause))))) from error


def named(url: URL) -> str:
    """A journal's URL as it may be shown: no password, also none among its parameters."""
    return redacted(url.render_as_string())


def _without_secrets(text: str, url: URL) -> str:
    """What a driver says, which may repeat any part of what it was given, at a place where nobody would look for it."""
    values = [value for name, value in url.query.items() if is_secret_name(name)]
    secrets = [url.password, *(one for value in values for one in ((value,) if isinstance(value, str) else value))]
    for secret in filter(None, secrets):
        text = text.replace(str(secret), HIDDEN)
    return redacted(text)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes: no other does meanwhile, of whatever source."""
    with engine.connect().execution_options(pantau_writes=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        yield connection


def _prepare_file(file: Path, url: URL, *, create: bool) -> None:
    if not create and not file.exists():
        raise JournalError(f"there is no journal at {file}: `pantau run` makes it; check journal.url in pantau.yml")
    with translated(url):
        file.parent.mkdir(parents=True, exist_ok=True)


def _engine(url: URL, *, reads: bool = False) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS})
        sa.event.listen(engine, "connect", _tune_to_read if reads else _tune_to_write)
        sa.event.listen(engine, "begin", _begin_sqlite)
        return engine
    options = f"-c statement_timeout={_STATEMENT_MS} -c lock_timeout={int(BUSY_SECONDS * 1000)}"
    return sa.create_engine(
        url,
        pool_pre_ping=True,
        connect_args={"connect_timeout": _CONNECT_SECONDS, "options": options, "application_name": "pantau"},
    )


def _tune_to_write(connection: Any, _record: object) -> None:
    # WAL: readers and the writer do not wait for one another. FULL: what is committed survives a loss of power.
    # No mmap: a file that somebody cuts would end the exporter by SIGBUS, where read() gives an error.
    _set_pragmas(connection, "journal_mode=WAL", "synchronous=FULL", "cache_size=-16000", "mmap_size=0")


def _tune_to_read(connection: Any, _record: object) -> None:
    # No log where there is none: the file of a year that was closed stays, byte for byte, what it was.
    # What is mapped counts as memory of ours as long as it is read, and a year of checkpoints are 560 MB: 128 MB of it.
    _set_pragmas(connection, "query_only=ON", "cache_size=-16000", "mmap_size=134217728")


def _set_pragmas(connection: Any, *pragmas: str) -> None:
    connection.isolation_level = None  # the driver's own BEGIN would come too late for a lock
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _is_sealed(file: Path) -> bool:
    """Whether nobody may write it, root included: the file of a year that was closed."""
    try:
        return stat.S_IMODE(file.stat().st_mode) == SEALED
    except OSError:
        return False


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("pantau_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _bring_up_to_date(engine: Engine, url: URL, *, create: bool) -> None:
    with engine.connect() as connection:
        if _revision_of(connection) == REVISION:
            return
    with writing(engine) as connection:
        revision = _revision_of(connection)  # again: another may have been faster
        if revision is None and not create:
            raise _none_there(url)
        if revision not in (None, FIRST_REVISION, *READABLE):
            raise _too_new(url, revision)
        if revision != REVISION:
            migrate(connection)


def _require_like_ours(engine: Engine, url: URL) -> None:
    with engine.connect() as connection:
        revision = _revision_of(connection)
    if revision is None:
        raise _none_there(url)
    if revision == FIRST_REVISION:
        raise JournalError(
            f"the journal {named(url)} has tables of an older Pantau, whose exporter may still write them: start the "
            "new `pantau run`, or `pantau journal migrate`, and then this again; nothing was changed"
        )
    if revision not in READABLE:
        raise _too_new(url, revision)


def _revision_of(connection: Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def migrate(connection: Connection, revision: str = REVISION) -> None:
    """Bring the tables to a revision, inside the transaction of a connection: all of it, or nothing."""
    # A third of a second, and needed once in the life of a journal.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _none_there(url: URL) -> JournalError:
    return JournalError(f"there is no journal at {named(url)}: `pantau run` makes it")


def _too_new(url: URL, revision: str | None) -> JournalError:
    return JournalError(
        f"the journal {named(url)} was written by a newer Pantau (its tables are of revision "
        f"{revision}, this version knows up to {REVISION}): install that version, nothing was changed"
    )
