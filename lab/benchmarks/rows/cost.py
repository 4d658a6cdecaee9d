"""CPU microseconds a probe at 100, 1000 and 10,000 probes a second, ourselves and fping in turn, several times.

Pantau is stopped while fping runs: raw sockets see each other's replies. Its figure holds one scrape each time.
"""

import signal
import time

from lab.benchmarks.bench import Bench, Row, spread
from lab.benchmarks.network import city_addresses
from lab.benchmarks.peers.fping import Fping
from lab.benchmarks.peers.pantau import RunningPantau
from lab.benchmarks.peers.pantau import measure as measure_pantau
from lab.benchmarks.peers.smokeping import Smokeping
from lab.benchmarks.task import Report, Task

RATES = (100, 1000, 10_000)
_SETTLE_SECONDS = 2.0


def measure(bench: Bench) -> list[Row]:
    """A row for each rate and peer, and the ratios, paired."""
    rows = []
    for rate in RATES:
        task = Task(city_addresses(rate), 1.0, bench.seconds(15, 5))
        both = pairs(bench, task, 2 if bench.quick else 3)
        ours, theirs = [pair[0].cpu_microseconds for pair in both], [pair[1].cpu_microseconds for pair in both]
        ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
        rows.append(_row(rate, "pantau", [pair[0] for pair in both]))
        rows.append(_row(rate, "fping", [pair[1] for pair in both]) | {"pantau_ratio": spread(ratios)})
        peer = Smokeping()
        if peer.can(task):
            bench.tell(f"{peer.name}: {rate}/s")
            report = peer.run(bench.network, task)
            ratio = spread([one / report.cpu_microseconds for one in ours])
            rows.append(_row(rate, peer.name, [report]) | {"pantau_ratio": ratio})
    return rows


def _row(rate: int, peer: str, reports: list[Report]) -> Row:
    """`sent_ratio` and `lost_ratio` tell whether the work was done: who drops replies saves the work on them."""
    sent, wanted = sum(report.requests for report in reports), sum(report.wanted for report in reports)
    return {
        "rate": rate,
        "peer": peer,
        "microseconds": spread([report.cpu_microseconds for report in reports]),
        "resident_bytes": max(report.resident_bytes for report in reports),
        "silent": any(report.silent for report in reports),
        "sent_ratio": sent / max(wanted, 1),
        "lost_ratio": sum(report.false_losses for report in reports) / max(sent, 1),
    }


def pairs(bench: Bench, task: Task, repeats: int) -> list[tuple[Report, Report]]:
    """What Pantau and fping report of the same task, one after the other, so many times."""
    done = []
    with RunningPantau(bench.network, task.addresses, task.interval_seconds, task.timeout_seconds) as exporter:
        exporter.counts()  # the first scrape prepares what later ones reuse
        for number in range(repeats):
            bench.tell(f"{len(task.addresses)}/s, pair {number + 1} of {repeats}")
            ours = measure_pantau(exporter, task)
            exporter.process.send_signal(signal.SIGSTOP)
            theirs = Fping().run(bench.network, Task(task.addresses, 1.0, min(task.seconds, 8)))
            exporter.process.send_signal(signal.SIGCONT)
            time.sleep(_SETTLE_SECONDS)
            done.append((ours, theirs))
    return done
