"""Pantau as an operator runs it: the whole exporter, scraped each 15 s, its counters read over HTTP."""

import gzip
import json
import re
import signal
import sys
import time
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self, TypeVar

from lab.benchmarks.inside import enter
from lab.benchmarks.network import BenchNetwork, wait_until
from lab.benchmarks.task import Report, Task
from lab.benchmarks.usage import cpu_seconds, resident_bytes
from pantau import __version__

T = TypeVar("T")

_PORT = 9810
SCRAPE_TIMEOUT_SECONDS = 10.0
_LINE = re.compile(r'^hotspot_probe_(requests|replies)_total\{hotspot="h(\d+)".*\} (\S+)$', re.MULTILINE)
_FAILURE = re.compile(r'^hotspot_probe_failures_total\{.*reason="(send|inconclusive)"\} ([1-9]\S*)$', re.MULTILINE)


class RunningPantau:
    """One exporter over `addresses`; hotspot h0 is the first. `record` is a file for every probe's result."""

    def __init__(
        self,
        network: BenchNetwork,
        addresses: list[str],
        interval_seconds: float,
        timeout_seconds: float,
        canary: str | None = None,
        record: Path | None = None,
        port: int = _PORT,
        more: str = "",
    ) -> None:
        self._folder = TemporaryDirectory(prefix="pantau-bench-")
        self.folder = Path(self._folder.name)
        self._url = f"http://127.0.0.1:{port}"
        self.settings = write_configuration(self.folder, addresses, interval_seconds, timeout_seconds, canary, more)
        command = (
            [sys.executable, "-B", "-m", "lab.benchmarks.recorded", str(record)]
            if record
            else [sys.executable, "-B", "-m", "pantau", "run"]
        )
        self.log = self.folder / "log"
        with self.log.open("wb") as log:
            self.process = network.start(
                [
                    *command,
                    "--config",
                    str(self.settings),
                    "--web.listen-address",
                    f"127.0.0.1:{port}",
                    "--web.enable-lifecycle",
                ],
                stderr=log,
            )
        self._inside = ThreadPoolExecutor(1, initializer=enter, initargs=(network.prober,))
        self.pid = self.process.pid

    def __enter__(self) -> Self:
        wait_until(self._ready, 120, "become ready")
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        self._inside.shutdown()
        self._folder.cleanup()

    def fetch(self, path: str = "/metrics", method: str = "GET") -> str:
        """The body of a request, asked for as Prometheus asks."""
        request = urllib.request.Request(self._url + path, headers={"Accept-Encoding": "gzip"}, method=method)
        return self._inside.submit(_read, request).result()

    def scrape(self) -> str:
        """The metrics, in the time that Prometheus has for them unless it is told otherwise."""
        headers = {"Accept-Encoding": "gzip", "X-Prometheus-Scrape-Timeout-Seconds": f"{SCRAPE_TIMEOUT_SECONDS:g}"}
        request = urllib.request.Request(self._url + "/metrics", headers=headers)
        return self._inside.submit(_read, request, SCRAPE_TIMEOUT_SECONDS).result()

    def scrape_bytes(self) -> int:
        """The size of a scrape as it comes over the wire; nobody unpacks it here, for that would be another's work."""
        request = urllib.request.Request(self._url + "/metrics", headers={"Accept-Encoding": "gzip"})
        return self._inside.submit(_size, request).result()

    def inside(self, function: Callable[[], T]) -> T:
        """Call a function in a thread that lives in the prober's namespace."""
        return self._inside.submit(function).result()

    def write_hotspots(self, addresses: list[str], names: dict[int, str]) -> None:
        """A new inventory, some hotspots under a new name."""
        write_hotspots(self.folder, addresses, names)

    def changes(self) -> list[dict[str, Any]]:
        """The log's lines "state changed"."""
        lines = self.log.read_text(encoding="utf-8").split("\n")[:-1]
        found = [json.loads(line) for line in lines if '"state changed"' in line]
        return [line for line in found if line["event"] == "state changed"]

    def _ready(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()[-2000:]
        try:
            return "ready" in self.fetch("/-/ready")
        except OSError:
            return False

    def counts(self) -> "Counts":
        """What the counters say now."""
        text = self.fetch()
        totals: dict[str, dict[int, float]] = {"requests": {}, "replies": {}}
        for what, number, value in _LINE.findall(text):
            totals[what][int(number)] = float(value)
        return Counts(totals["requests"], totals["replies"], sum(float(value) for _, value in _FAILURE.findall(text)))


class Counts:
    """Requests and replies by the hotspot's number, and all probes that were inconclusive."""

    def __init__(self, requests: dict[int, float], replies: dict[int, float], inconclusive: float) -> None:
        self.requests, self.replies, self.inconclusive = requests, replies, inconclusive

    def since(self, before: "Counts", task: Task) -> Report:
        """What was done in between."""
        report = Report(0, 0, 0, 0, inconclusive=round(self.inconclusive - before.inconclusive))
        for number in range(len(task.addresses)):
            requests = round(self.requests[number] - before.requests[number])
            replies = round(self.replies[number] - before.replies[number])
            if number < task.alive:
                report.requests += requests
                report.false_losses += requests - replies
            else:
                report.requests_to_dead += requests
                report.false_ups += replies
        return report


class Pantau:
    """The exporter with its defaults but for interval and timeout."""

    name = "pantau"

    def version(self) -> str:
        """As it says itself."""
        return __version__

    def can(self, task: Task) -> bool:
        """Whatever the size."""
        return len(task.addresses) > 0

    def run(self, network: BenchNetwork, task: Task) -> Report:
        """From the second scrape on: the first prepares what later ones reuse."""
        with RunningPantau(network, task.addresses, task.interval_seconds, task.timeout_seconds) as exporter:
            try:
                exporter.counts()
                return measure(exporter, task)
            except (OSError, HTTPException):  # it probes, and has no time left to render within `SCRAPE_SECONDS`
                return Report(0, 0, 0, 0, silent=True, resident_bytes=resident_bytes(exporter.pid))


def measure(exporter: RunningPantau, task: Task) -> Report:
    """Let it probe for the task's time. One scrape is part of its cost: the rest of `before`'s belongs to what was."""
    began, before = time.monotonic(), exporter.counts()
    cpu = cpu_seconds(exporter.pid)
    time.sleep(task.seconds)
    ended, after = time.monotonic(), exporter.counts()
    report = after.since(before, task)
    report.cpu_seconds = cpu_seconds(exporter.pid) - cpu
    report.seconds = ended - began
    report.resident_bytes = resident_bytes(exporter.pid)
    report.wanted = round(len(task.addresses) * report.seconds / task.interval_seconds)
    return report


def write_configuration(
    folder: Path,
    addresses: list[str],
    interval_seconds: float,
    timeout_seconds: float,
    canary: str | None,
    more: str = "",
) -> Path:
    """A whole configuration in `folder`, `more` among its settings of probing; the path of its settings."""
    (folder / "isps.yml").write_text("isps:\n  - {id: kotanet, name: Kotanet}\n")
    (folder / "kecamatan.yml").write_text("kecamatan:\n  - {id: pusat, name: Pusat}\n")
    write_hotspots(folder, addresses, {})
    canaries = f"  canaries: [{{name: kenari, address: {canary}}}]\n" if canary else ""
    settings = folder / "pantau.yml"
    settings.write_text(
        f"probing: {{interval: {interval_seconds:g}s, timeout: {round(timeout_seconds * 1000)}ms{more}}}\n"
        f"vantage:\n  name: bench\n{canaries}inventory: [isps.yml, kecamatan.yml, hotspots.csv]\n"
    )
    return settings


def write_hotspots(folder: Path, addresses: list[str], names: dict[int, str]) -> None:
    """The inventory's hotspots, replaced in one step as an editor does it: a watcher never sees half a file."""
    rows = (f"h{n},{names.get(n, f'Titik {n}')},{address},pusat,kotanet" for n, address in enumerate(addresses))
    draft = folder / "hotspots.csv.new"
    draft.write_text("\n".join(["id,name,address,kecamatan,isp", *rows]) + "\n")
    draft.rename(folder / "hotspots.csv")


def _size(request: urllib.request.Request) -> int:
    with urllib.request.urlopen(request, timeout=60) as response:
        return sum(map(len, iter(lambda: response.read(1 << 16), b"")))


def _read(request: urllib.request.Request, seconds: float = 60.0) -> str:
    with urllib.request.urlopen(request, timeout=seconds) as response:
        body: bytes = response.read()
        packed = response.headers["Content-Encoding"] == "gzip"
    return (gzip.decompress(body) if packed else body).decode()
