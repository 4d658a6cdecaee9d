"""A PostgreSQL server of one's own: in a folder of its own, on a socket of its own, as an ordinary user."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

_NOBODY = "nobody"
_PATIENCE_SECONDS, _LOOK_SECONDS = 60.0, 0.05
_SPEED = tuple(
    f"--{setting}"
    for setting in (
        "fsync=off",
        "synchronous_commit=off",
        "full_page_writes=off",
        "shared_buffers=16MB",
        "max_connections=40",
    )
)
"""The machine does not lose its power during a test; a process of ours that is killed needs none of these."""

_AS_USER = () if os.geteuid() != 0 else ("--reuid=65534", "--regid=65534", "--clear-groups")
"""PostgreSQL refuses to run as root."""


class Postgres:
    """A running server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def emptied(self) -> str:
        """The URL of the server's database, in which nothing is left."""
        with psycopg.connect(f"host={self.folder} user=pantau dbname=postgres", autocommit=True) as connection:
            connection.execute("SET client_min_messages = error")
            connection.execute("DROP SCHEMA IF EXISTS public CASCADE")
            connection.execute("CREATE SCHEMA public")
        return f"postgresql://pantau@/postgres?host={self.folder}"

    def stop(self, signal_number: int = signal.SIGQUIT) -> None:
        """Stop the server: at once, as after a crash (SIGQUIT), or another way of its own."""
        assert self._process, "it does not run"
        self._process.send_signal(signal_number)
        self._process.wait(_PATIENCE_SECONDS)
        self._process = None

    @property
    def process_id(self) -> int:
        """That of the running server."""
        assert self._process, "it does not run"
        return self._process.pid

    def start(self) -> None:
        """Start it (again). It is a child of ours that ends with us, whatever ends us."""
        options = ["-D", str(self.folder / "data"), "-k", str(self.folder), "-c", "listen_addresses=", *_SPEED]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig=QUIT", *_AS_USER, "--", _program("postgres"), *options],
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not self._answers():
            assert self._process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < deadline, (self.folder / "log").read_text()
            time.sleep(_LOOK_SECONDS)

    def _answers(self) -> bool:
        try:
            psycopg.connect(f"host={self.folder} user=pantau dbname=postgres").close()
        except psycopg.OperationalError:  # no socket yet, or "the database system is starting up"
            return False
        return True

    def make(self) -> None:
        """Make the cluster's files."""
        self._run(
            _program("initdb"),
            "-D",
            str(self.folder / "data"),
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
        with (self.folder / "output").open("ab") as output:
            status = subprocess.run(
                ["setpriv", *_AS_USER, "--", *command], cwd=self.folder, stdout=output, stderr=output, check=False
            )
        assert status.returncode == 0, (self.folder / "output").read_text(encoding="utf-8")


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A server that runs until the end; `FileNotFoundError` where PostgreSQL is not installed."""
    _program("postgres")
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
