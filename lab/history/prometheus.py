"""A Prometheus of our own over a directory: started, asked, written to, ended. It scrapes nothing and has no rules."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab.history.remote_write import framed
from pantau.prometheus import Connection, Failure, PrometheusClient, PrometheusError, short
from pantau.stack.ports import is_free

_PORTS = range(19_090, 19_490)
_START_SECONDS = 900.0
_ANSWER_SECONDS = 600.0
_LARGEST_BYTES = 1 << 33
"""A day of all series of a city, asked for at once."""
_RETENTION = "10y"

Labels = tuple[tuple[str, str], ...]


class NotReadyError(RuntimeError):
    """It does not start."""


@dataclass
class PrometheusServer:
    """A running one, on the loopback. Not for several threads at once. Its methods raise `PrometheusError`."""

    port: int
    directory: Path
    _client: PrometheusClient = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._client = PrometheusClient(self.url, _ANSWER_SECONDS, largest_bytes=_LARGEST_BYTES, accept_partial=True)

    def close(self) -> None:
        """Ask no more."""
        self._client.close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def write(self, message: list[bytes]) -> None:
        """Take these series (`remote_write.series`); the samples of each must be newer than those it has."""
        if message:
            headers = {"Content-Type": "application/x-protobuf", "Content-Encoding": "snappy"}
            self._exchange("POST", "/api/v1/write", framed(message), headers)

    def instant(self, expression: str, at_seconds: float) -> list[tuple[Labels, float]]:
        """The answer at one moment."""
        return [(tuple(sorted(one.labels.items())), one.value) for one in self._client.query(expression, at_seconds)]

    def over(
        self, expression: str, start_seconds: float, end_seconds: float, step_seconds: float
    ) -> list[tuple[Labels, list[tuple[float, float]]]]:
        """The answer from step to step, both ends included."""
        found = self._client.query_range(expression, start_seconds, end_seconds, step_seconds)
        return [(tuple(sorted(one.labels.items())), list(one.points)) for one in found]

    def ask(self, what: str, **parameters: str) -> dict[str, Any]:
        """`data` of the answer of the HTTP API's `query` or `query_range`."""
        data: dict[str, Any] = self._client.post(what, parameters)
        return data

    def rules(self) -> list[dict[str, Any]]:
        """The rules that it evaluates, of all groups."""
        return [rule for group in self._client.get("rules")["groups"] for rule in group["rules"]]

    def metrics(self) -> bytes:
        """What it says of itself."""
        return self._exchange("GET", "/metrics", None, {})

    def _exchange(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> bytes:
        connection = self._client.connection
        status, text = connection.exchange(method, path, body, headers)
        if status >= 300:
            raise connection.error(Failure.REFUSED, short(text.decode("utf-8", "replace")), status)
        return text


@contextmanager
def prometheus(
    directory: Path,
    program: str = "prometheus",
) -> Iterator[PrometheusServer]:
    """Run one over `directory` (made if need be) and end it; what it has been told stays there."""
    directory.mkdir(parents=True, exist_ok=True)
    settings = directory / "prometheus.yml"
    settings.write_text("global: {scrape_interval: 15s}\n", encoding="utf-8")
    port = free_port(_PORTS)
    command = [
        program,
        f"--config.file={settings}",
        f"--storage.tsdb.path={directory / 'data'}",
        f"--storage.tsdb.retention.time={_RETENTION}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--web.enable-remote-write-receiver",
        "--query.max-samples=200000000",
        "--log.level=warn",
    ]
    with (directory / "prometheus.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    running = PrometheusServer(port, directory)
    try:
        _wait_until_ready(running, process)
        yield running
    finally:
        running.close()
        process.terminate()
        process.wait(60)


def free_port(ports: range) -> int:
    """A free one of these. Processes side by side begin to search at different ones, and so find different ones."""
    first = os.getpid() % len(ports)
    candidates: list[int] = [*ports[first:], *ports[:first]]
    return next(port for port in candidates if is_free("127.0.0.1", port))


def answers(url: str, path: str, seconds: float = 2.0) -> bool:
    """Whether a server says at `path` that all is well (HTTP 200) within so many seconds."""
    with Connection(url, seconds) as connection:
        try:
            return connection.exchange("GET", path)[0] == 200
        except PrometheusError:
            return False


def _wait_until_ready(running: PrometheusServer, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if answers(running.url, "/-/ready"):
            return
        time.sleep(0.05)
    log = (running.directory / "prometheus.log").read_text("utf-8", "replace")
    raise NotReadyError(f"Prometheus does not get ready; the end of its log:\n{log[-2000:]}")
