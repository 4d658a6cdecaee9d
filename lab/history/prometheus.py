"""A Prometheus of our own over a directory: started, asked, written to, ended. It scrapes nothing and has no rules."""

import http.client
import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from lab.history.remote_write import framed
from pantau.stack.ports import is_free

_PORTS = range(19_090, 19_490)
_START_SECONDS = 900.0
_RETENTION = "10y"

Labels = tuple[tuple[str, str], ...]


class PrometheusError(RuntimeError):
    """It does not start, or refuses what it was asked."""


@dataclass
class Prometheus:
    """A running one, on the loopback. Not for several threads at once."""

    port: int
    directory: Path
    _connection: http.client.HTTPConnection = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)

    def close(self) -> None:
        """Ask no more."""
        self._connection.close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def write(self, message: list[bytes]) -> None:
        """Take these series (`remote_write.series`); the samples of each must be newer than those it has."""
        if message:
            headers = {"Content-Type": "application/x-protobuf", "Content-Encoding": "snappy"}
            self._send("POST", "/api/v1/write", framed(message), headers)

    def instant(self, expression: str, at_seconds: float) -> list[tuple[Labels, float]]:
        """The answer at one moment."""
        asked = self.ask("query", query=expression, time=f"{at_seconds:.3f}")
        if asked["resultType"] == "scalar":
            return [((), float(asked["result"][1]))]
        return [(tuple(sorted(one["metric"].items())), float(one["value"][1])) for one in asked["result"]]

    def over(
        self, expression: str, start_seconds: float, end_seconds: float, step_seconds: float
    ) -> list[tuple[Labels, list[tuple[float, float]]]]:
        """The answer from step to step, both ends included."""
        asked = self.ask(
            "query_range",
            query=expression,
            start=f"{start_seconds:.3f}",
            end=f"{end_seconds:.3f}",
            step=f"{step_seconds:.3f}",
        )
        return [
            (tuple(sorted(one["metric"].items())), [(float(at), float(value)) for at, value in one["values"]])
            for one in asked["result"]
        ]

    def ask(self, what: str, **parameters: str) -> dict[str, Any]:
        """`data` of the answer of the HTTP API's `query` or `query_range`."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = json.loads(self._send("POST", f"/api/v1/{what}", urlencode(parameters).encode(), headers))
        data: dict[str, Any] = answer["data"]
        return data

    def metrics(self) -> bytes:
        """What it says of itself."""
        return self._send("GET", "/metrics", None, {})

    def _send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> bytes:
        self._connection.request(method, path, body, dict(headers))
        response = self._connection.getresponse()
        text = response.read()
        if response.status >= 300:
            raise PrometheusError(f"{method} {path} is refused ({response.status}): {text[:500].decode()}")
        return text


@contextmanager
def prometheus(
    directory: Path,
    program: str = "prometheus",
) -> Iterator[Prometheus]:
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
    running = Prometheus(port, directory)
    try:
        _wait_until_ready(running, process)
        yield running
    finally:
        running.close()
        process.terminate()
        process.wait(60)


def free_port(ports: range) -> int:
    """One of these on which nobody listens. Processes side by side begin to look at different ones, and do not meet."""
    first = os.getpid() % len(ports)
    candidates: list[int] = [*ports[first:], *ports[:first]]
    return next(port for port in candidates if is_free("127.0.0.1", port))


def _wait_until_ready(running: Prometheus, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        probe = http.client.HTTPConnection("127.0.0.1", running.port, timeout=2)
        try:
            probe.request("GET", "/-/ready")
            if probe.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            probe.close()
        time.sleep(0.05)
    log = (running.directory / "prometheus.log").read_text("utf-8", "replace")
    raise PrometheusError(f"Prometheus does not get ready; the end of its log:\n{log[-2000:]}")
