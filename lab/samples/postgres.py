"""A PostgreSQL server of one's own: in a folder of its own, on a socket of its own, as an ordinary user."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

_NOBODY = "nobody"
_SPEED = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=16MB -c max_connections=40"
"""The machine does not lose its power during a test; a process of ours that is killed needs none of these."""


class Postgres:
    """A running server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def emptied(self) -> str:
        """The URL of the server's database, in which nothing is left."""
        with psycopg.connect(f"host={self._folder} user=pantau dbname=postgres", autocommit=True) as connection:
            connection.execute("SET client_min_messages = error")
            connection.execute("DROP SCHEMA IF EXISTS public CASCADE")
            connection.execute("CREATE SCHEMA public")
        return f"postgresql://pantau@/postgres?host={self._folder}"

    def stop(self, mode: str = "immediate") -> None:
        """Stop the server."""
        self._run(_program("pg_ctl"), "-D", str(self._folder / "data"), "-m", mode, "-w", "stop")

    def start(self) -> None:
        """Start it (again)."""
        options = f"-k {self._folder} -c listen_addresses= {_SPEED}"
        self._run(
            _program("pg_ctl"),
            "-D",
            str(self._folder / "data"),
            "-l",
            str(self._folder / "log"),
            "-w",
            "-o",
            options,
            "start",
        )

    def make(self) -> None:
        """Make the cluster's files."""
        self._run(
            _program("initdb"),
            "-D",
            str(self._folder / "data"),
            "-U",
            "pantau",
            "-A",
            "trust",
            "-N",
            "-E",
            "UTF8",
            "--locale=C",
        )

    def _run(self, *command: str) -> None:
        # Its output goes to a file: a server that inherits our pipe would keep it open.
        with (self._folder / "output").open("ab") as output:
            status = subprocess.run(
                [*_as_user(), *command], cwd=self._folder, stdout=output, stderr=output, check=False
            )
        assert status.returncode == 0, (self._folder / "output").read_text(encoding="utf-8")


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A server that runs until the end; `FileNotFoundError` where PostgreSQL is not installed."""
    _program("pg_ctl")
    folder = Path(tempfile.mkdtemp(prefix="pantau-pg-"))  # short: a socket's path has at most 107 bytes
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, _NOBODY)
        server = Postgres(folder)
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)


def find_program(name: str) -> Path | None:
    """A program of the server, which Debian keeps out of the path; None where it is not installed."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = shutil.which(name)
    return places[-1] if places else Path(found) if found else None


def _program(name: str) -> str:
    found = find_program(name)
    if found is None:
        raise FileNotFoundError(f"{name} is not installed; install PostgreSQL")
    return str(found)


def _as_user() -> Sequence[str]:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return ()
    return ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
