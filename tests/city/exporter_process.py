"""The exporter as an operator runs it: a process inside the city, seen through its log and its HTTP endpoints only."""

import itertools
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from lab.city.namespace import CityNamespace
from tests.city.scrape import Scrape

REPOSITORY = Path(__file__).resolve().parents[2]
STOP_SECONDS = 2.0
_HTTP_SECONDS = 30.0

_READ_ALL = "dac_read_search"
ORDINARY_USER: tuple[str, ...] = (
    "setpriv",
    "--reuid=65534",
    "--regid=65534",
    "--clear-groups",
    f"--inh-caps=-all,+{_READ_ALL}",
    f"--ambient-caps=-all,+{_READ_ALL}",
    f"--bounding-set=-all,+{_READ_ALL}",
    "--securebits=+no_setuid_fixup",  # else access(2) would not know of the capability
)
"""Runs a command as an ordinary user, without any capability over the network. It may read all files, for the
repository or its Python may lie in a home that is root's own; that says nothing about sockets."""

_ports = itertools.count(19_810)


@dataclass(frozen=True, slots=True)
class Change:
    """A line "state changed" of the log. Times are Unix seconds."""

    hotspot: str
    """Or an uplink."""
    before: str
    after: str
    since: float
    """When the new state began."""
    decided: float
    """When it was decided: the log line's own time."""
    reason: str


class ExporterProcess:
    """One exporter in `city`, with the configuration of `settings`; `user` is a command that runs another."""

    def __init__(self, city: CityNamespace, settings: Path, user: Sequence[str] = ()) -> None:
        self._city = city
        self._port = next(_ports)
        self._errors = settings.with_name(f"stderr-{self._port}.log")
        self._command = [
            *user,
            sys.executable,
            "-B",
            "-m",
            "pantau",
            "run",
            "--config",
            str(settings),
            "--web.listen-address",
            f"127.0.0.1:{self._port}",
            "--web.enable-lifecycle",
        ]
        self._process: subprocess.Popen[bytes] | None = None
        self.started_seconds = 0.0

    def __enter__(self) -> Self:
        self.start()
        self.wait_until(lambda: bool(self.events("probing")), 60.0, "start probing")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.stop()

    @property
    def process(self) -> "subprocess.Popen[bytes]":
        """The running process."""
        assert self._process is not None, "not started"
        return self._process

    def start(self) -> None:
        """Start it and wait for nothing."""
        self.started_seconds = time.time()
        with self._errors.open("wb") as errors:
            self._process = self._city.start(
                *self._command, cwd=REPOSITORY, stderr=errors, env=os.environ | {"PYTHONUNBUFFERED": "1"}
            )

    def stop(self) -> tuple[int, float]:
        """SIGTERM: its exit status, and how many seconds it took to end."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(60.0)
        return status, time.monotonic() - begun

    def signal(self, number: int) -> None:
        """Send it a signal."""
        self.process.send_signal(number)

    def stderr(self) -> str:
        """What it has written to standard error so far."""
        return self._errors.read_text(encoding="utf-8")

    def log(self) -> list[dict[str, Any]]:
        """The lines of its log, whole ones only."""
        lines = self.stderr().split("\n")[:-1]
        return [json.loads(line) for line in lines if line.startswith("{")]

    def probing_since(self) -> float:
        """Unix seconds at which it began to probe."""
        return datetime.fromisoformat(self.events("probing")[0]["timestamp"]).timestamp()

    def events(self, event: str) -> list[dict[str, Any]]:
        """The log's lines of that event."""
        return [line for line in self.log() if line["event"] == event]

    def changes(self) -> list[Change]:
        """All changes of state so far."""
        return [
            Change(
                line.get("hotspot") or line["uplink"],
                line["before"],
                line["after"],
                line["since_timestamp_seconds"],
                datetime.fromisoformat(line["timestamp"]).timestamp(),
                line["reason"],
            )
            for line in self.events("state changed")
        ]

    def states(self) -> dict[str, str]:
        """The present state of each hotspot that has had a verdict."""
        return {change.hotspot: change.after for change in self.changes()}

    def ever(self, state: str) -> set[str]:
        """The hotspots that were in a state at any time."""
        return {change.hotspot for change in self.changes() if change.after == state}

    def fetch(self, path: str, method: str = "GET") -> str:
        """The body of a request; `HTTPError` where it is refused."""
        request = urllib.request.Request(f"http://127.0.0.1:{self._port}{path}", method=method)
        try:
            return self._city.call(_read, request)
        except urllib.error.HTTPError:
            raise
        except OSError as error:
            error.add_note(f"its exit status: {self.process.poll()}; the end of its log:\n{self.stderr()[-2000:]}")
            raise

    def fetch_status(self, path: str) -> int:
        """The status of a request, also of one that is refused."""
        try:
            self.fetch(path)
        except urllib.error.HTTPError as error:
            return error.code
        return 200

    def scrape(self) -> Scrape:
        """The metrics of now."""
        return Scrape(self.fetch("/metrics"))

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens, inside the city."""
        return "127.0.0.1", self._port

    def wait_until(self, true: Callable[[], bool], seconds: float, what: str, pause_seconds: float = 0.05) -> None:
        """Wait until something is so; fail, with the log's end, where it is not in time."""
        deadline = time.monotonic() + seconds
        while not true():
            status = self.process.poll()
            assert status is None, f"the exporter ended with {status}:\n{self.stderr()[-2000:]}"
            assert time.monotonic() < deadline, f"did not {what} in {seconds} s:\n{self.stderr()[-2000:]}"
            time.sleep(pause_seconds)

    def wait_for_states(self, wanted: dict[str, str], seconds: float) -> None:
        """Wait until exactly these hotspots have exactly these states."""
        self.wait_until(lambda: self.states() == wanted, seconds, "reach the wanted states")


def all_in(state: str, hotspots: Sequence[str] | dict[str, str]) -> dict[str, str]:
    """The same state for each."""
    return dict.fromkeys(hotspots, state)


def _read(request: urllib.request.Request) -> str:
    with urllib.request.urlopen(request, timeout=_HTTP_SECONDS) as response:  # noqa: S310 - into the city only
        body: bytes = response.read()
    return body.decode()
