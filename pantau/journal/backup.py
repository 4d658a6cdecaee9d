"""A journal copied whole while it is written, and put back: SQLite by its online backup, PostgreSQL by its programs.

A copy is made under another name and takes its own once it is whole and on the disk. Nothing that is there is ever
written over: putting back wants an empty place. Who calls proves what was made (`pantau journal verify`'s proof).
"""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL

from pantau.errors import JournalError
from pantau.journal.closing.copying import url_of
from pantau.journal.database import named, open_to_read, resolve_url, translated
from pantau.journal.private_files import sync_folder

_NS = 1_000_000_000
_OURS = re.compile(r"journal-\d{8}T\d{6}Z-\d{9}\.(?:sqlite|dump)")
_PAGES = 2048
"""So many are copied before others have a turn at the file: 8 MB."""
_PATIENCE_SECONDS = 6 * 3600
_LOGS = ("-wal", "-shm", "-journal")


def back_up(url: str, folder: Path, output: Path, number: int, now_ns: int) -> Path:
    """Copy the journal into a new file of `output`, made if need be; the file, mode 0600.

    `number` is where the journal ends now; it is in the name. Raises `JournalError`.
    """
    source = resolve_url(url, folder)
    stamp = datetime.fromtimestamp(now_ns // _NS, UTC)
    ending = "dump" if source.get_backend_name() == "postgresql" else "sqlite"
    file = output / f"journal-{stamp:%Y%m%dT%H%M%SZ}-{number:09d}.{ending}"
    with translated(source):
        output.mkdir(parents=True, exist_ok=True)
    with _becoming(file) as fresh:
        if ending == "dump":
            arguments, environment = _connection(source)
            _run(["pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={fresh}", *arguments], environment)
        else:
            _copy_online(source, fresh)
    return file


def restore(file: Path, url: str, folder: Path) -> None:
    """Put a copy in the place of a journal that is not there. Raises `JournalError` where one is."""
    target = resolve_url(url, folder)
    if not file.is_file():
        raise JournalError(f"{file} is no file: name one that `pantau journal backup` has made")
    if target.get_backend_name() == "postgresql":
        _require_empty(target)
        arguments, environment = _connection(target)
        options = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-acl"]
        _run(["pg_restore", *options, *arguments, str(file)], environment)
        return
    place = Path(target.database or "")
    for lying in (place, *(place.with_name(place.name + log) for log in _LOGS)):
        if lying.exists():
            raise JournalError(f"{lying} is there: stop the exporter and move it away, nothing is written over")
    with translated(target):
        place.parent.mkdir(parents=True, exist_ok=True)
    with _becoming(place) as fresh:
        shutil.copyfile(file, fresh)
        owner = place.parent.stat()
        if os.geteuid() == 0:  # the exporter's user, who takes no file of somebody else's
            os.chown(fresh, owner.st_uid, owner.st_gid)


def url_of_copy(file: Path) -> str | None:
    """By which a copy can be read as a journal; None for one of PostgreSQL, which has to be put back for that."""
    return None if file.suffix == ".dump" else url_of(file.absolute())


def prune(output: Path, keep: int) -> list[Path]:
    """Remove all but the latest `keep` copies of a folder, by the time in their names; what was removed."""
    found = sorted(file for file in output.iterdir() if _OURS.fullmatch(file.name))
    old = found[: max(0, len(found) - keep)]
    for file in old:
        file.unlink()
    return old


@contextmanager
def _becoming(file: Path) -> Iterator[Path]:
    """A file beside it, for us alone, that takes its name at the end; gone if there is none."""
    fresh = file.with_name(f".{file.name}.part")
    try:
        fresh.unlink(missing_ok=True)
        os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
        yield fresh
        with fresh.open("rb") as stream:
            os.fsync(stream.fileno())
        fresh.rename(file)
        sync_folder(file.parent)
    except OSError as error:
        raise JournalError(f"{error.filename or file}: {error.strerror}; nothing was made") from error
    finally:
        fresh.unlink(missing_ok=True)


def _copy_online(source: URL, fresh: Path) -> None:
    engine, _ = open_to_read(source)
    try:
        with translated(source), closing(engine.raw_connection()) as pooled, closing(sqlite3.connect(fresh)) as target:
            connection: Any = pooled.driver_connection
            connection.backup(target, pages=_PAGES, sleep=0.005)
            target.execute("PRAGMA journal_mode=DELETE")  # one file: it can be moved, and read where nobody may write
    except sqlite3.Error as error:
        raise JournalError(f"{fresh.parent}: the copy cannot be written: {error}") from error
    finally:
        engine.dispose()


def _require_empty(target: URL) -> None:
    engine = sa.create_engine(target)
    try:
        with translated(target), engine.connect() as connection:
            tables = sa.inspect(connection).get_table_names()
    finally:
        engine.dispose()
    if tables:
        raise JournalError(f"{named(target)} is not empty ({', '.join(sorted(tables))}): name an empty database")


def _connection(url: URL) -> tuple[list[str], Mapping[str, str]]:
    """What PostgreSQL's programs are told: the password never as an argument, which everybody can read."""
    plain = url.set(drivername="postgresql", password=None)
    environment = dict(os.environ)
    if url.password is not None:
        environment["PGPASSWORD"] = str(url.password)
    return [f"--dbname={plain.render_as_string(hide_password=False)}"], environment


def _run(command: list[str], environment: Mapping[str, str]) -> None:
    program = command[0]
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, timeout=_PATIENCE_SECONDS
        )
    except FileNotFoundError as error:
        raise JournalError(f"{program} is not installed: sudo apt-get install postgresql-client") from error
    except subprocess.TimeoutExpired as error:
        raise JournalError(f"{program} has not ended after {_PATIENCE_SECONDS // 3600} h") from error
    if done.returncode != 0:
        raise JournalError(f"{program}: {done.stderr.strip() or f'status {done.returncode}'}")
