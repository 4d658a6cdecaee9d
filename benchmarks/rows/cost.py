"""CPU microseconds a probe at 100, 1000 and 10,000 probes a second, ourselves and fping in turn, several times.

Pantau is stopped while fping runs: raw sockets see each other's replies. Its figure holds one scrape each time.
"""

import signal
import time

from benchmarks.bench import Bench, Row, spread
from benchmarks.network import city_addresses
from benchmarks.peers.fping import Fping
from benchmarks.peers.pantau import RunningPantau
from benchmarks.peers.pantau import measure as measure_pantau
from benchmarks.peers.smokeping import Smokeping
from benchmarks.task import Report, Task

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
        resident = max(pair[0].resident_bytes for pair in both)
        rows.append({"rate": rate, "peer": "pantau", "microseconds": spread(ours), "resident_bytes": resident})
        rows.append({"rate": rate, "peer": "fping", "microseconds": spread(theirs),
                     "resident_bytes": max(pair[1].resident_bytes for pair in both),
                     "pantau_ratio": spread(ratios)})  # fmt: skip
        peer = Smokeping()
        if peer.can(task):
            bench.tell(f"{peer.name}: {rate}/s")
            report = peer.run(bench.network, task)
            ratio = spread([one / report.cpu_microseconds for one in ours])
            rows.append({"rate": rate, "peer": peer.name, "silent": report.silent,
                         "microseconds": spread([report.cpu_microseconds]),
                         "resident_bytes": report.resident_bytes, "pantau_ratio": ratio})  # fmt: skip
    return rows


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
