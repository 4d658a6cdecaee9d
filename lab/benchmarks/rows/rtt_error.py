"""What a prober reports as RTT against what passed on the wire, probe by probe: idle, beside scrapes, on a loaded CPU.

The wire is the veth's own capture, by the kernel's stamps. More targets are behind a TUN device and answer
after 1 to 300 ms.
"""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from lab.benchmarks.bench import Bench, Row
from lab.benchmarks.capture import Passed, capturing
from lab.benchmarks.network import BenchNetwork, city_addresses
from lab.benchmarks.peers.blackbox import Blackbox
from lab.benchmarks.peers.fping import Fping
from lab.benchmarks.peers.libraries import Library
from lab.benchmarks.peers.pantau import RunningPantau
from lab.benchmarks.task import Task

DELAYED = [f"10.78.{delay // 256}.{delay % 256}" for delay in range(1, 301)]
_NEAR_SECONDS = 0.25
Errors = list[float]


def measure(bench: Bench) -> list[Row]:
    """Rows of the error's distribution in microseconds."""
    rows = []
    few, many = city_addresses(200), city_addresses(1000)
    seconds = bench.seconds(10, 4)
    conditions = {"idle": quiet, "scrape": _scraping, "cpu": _loaded}
    for condition, during in conditions.items():
        bench.tell(f"pantau, {condition}")
        rows.append(_row("pantau", condition, errors_of_pantau(bench.network, many, seconds, during)))
        if condition != "scrape":
            bench.tell(f"fping, {condition}")
            with during(None):
                rows.append(_row("fping", condition, _fping(bench.network, Task(many, 1.0, seconds))))
    for peer in (Blackbox(), Library("icmplib", 1000), Library("aioping", 1000)):
        bench.tell(f"{peer.name}, idle")
        with capturing(bench.network) as passed:
            report = peer.run(bench.network, Task(few, 1.0, seconds))
        rows.append(_row(peer.name, "idle", _by_order(report.rtts, passed)))
    bench.tell("known delays of 1 to 300 ms")
    rows.append(_row("pantau", "delayed", errors_of_pantau(bench.network, DELAYED, seconds, quiet)))
    rows.append(_row("fping", "delayed", _fping(bench.network, Task(DELAYED, 1.0, seconds))))
    return rows


def _row(peer: str, condition: str, errors: Errors) -> Row:
    microseconds = np.array(errors) * 1e6
    quantiles = {
        "median": np.median(microseconds),
        "p99_of_size": np.percentile(np.abs(microseconds), 99),
        "least": microseconds.min(),
        "greatest": microseconds.max(),
    }
    return {"peer": peer, "condition": condition, "probes": len(errors), **{k: float(v) for k, v in quantiles.items()}}


def errors_of_pantau(
    network: BenchNetwork,
    addresses: list[str],
    seconds: float,
    during: Callable[[RunningPantau | None], AbstractContextManager[None]],
) -> Errors:
    """Each recorded result finds the captured probe to its address that left when it says that it left."""
    with TemporaryDirectory(prefix="pantau-bench-") as folder:
        file = Path(folder) / "results"
        running = RunningPantau(network, addresses, 1.0, 0.5, record=file)
        with running as exporter, capturing(network) as passed, during(exporter):
            time.sleep(seconds)
        rows = np.fromfile(file, np.int64).reshape(-1, 3)
    reported: dict[str, list[tuple[float, float]]] = {}
    for number, sent_ns, rtt_ns in rows.tolist():
        if rtt_ns >= 0:
            reported.setdefault(addresses[number], []).append((sent_ns / 1e9, rtt_ns / 1e9))
    errors = []
    for address, probes in passed.items():
        mine = reported.get(address, [])
        for at, true in probes:
            near = [rtt for sent, rtt in mine if abs(sent - at) < _NEAR_SECONDS]
            if len(near) == 1:
                errors.append(near[0] - true)
    assert len(errors) > 0.8 * len(addresses) * (seconds - 2), "most probes must be found on the wire"
    return errors


def _fping(network: BenchNetwork, task: Task) -> Errors:
    with capturing(network) as passed:
        report = Fping().run(network, task, each=True)
    return _by_order(report.rtts, passed)


def _by_order(rtts: list[tuple[str, float, float]], passed: Passed) -> Errors:
    """Of peers that tell no time: the n-th probe to an address is the n-th on the wire, where all were answered."""
    reported: dict[str, list[float]] = {}
    for address, _, rtt in rtts:
        reported.setdefault(address, []).append(rtt)
    return [
        mine - true
        for address, probes in passed.items()
        if len(probes) == len(reported.get(address, []))
        for mine, (_, true) in zip(reported[address], probes, strict=True)
    ]


@contextmanager
def quiet(_exporter: RunningPantau | None) -> Iterator[None]:
    """Nothing happens meanwhile."""
    yield


@contextmanager
def _scraping(exporter: RunningPantau | None) -> Iterator[None]:
    """One scrape after the other."""
    ended = threading.Event()

    def scrape() -> None:
        while exporter and not ended.is_set():
            exporter.fetch()

    scraper = threading.Thread(target=scrape)
    scraper.start()
    try:
        yield
    finally:
        ended.set()
        scraper.join()


@contextmanager
def _loaded(_exporter: RunningPantau | None) -> Iterator[None]:
    """Two processes that take all they can get."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()
