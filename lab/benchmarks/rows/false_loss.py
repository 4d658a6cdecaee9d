"""False loss and false up: how many answers of living hotspots are missed, how many of dead ones invented."""

from lab.benchmarks.bench import Bench, Row
from lab.benchmarks.network import city_addresses
from lab.benchmarks.peers.blackbox import Blackbox
from lab.benchmarks.peers.fping import Fping
from lab.benchmarks.peers.libraries import Library
from lab.benchmarks.peers.pantau import Pantau
from lab.benchmarks.peers.smokeping import Smokeping
from lab.benchmarks.task import Peer, Task

SIZES = (100, 1000, 10_000, 60_000)
INTERVALS_SECONDS = (1.0, 10.0)


def peers() -> tuple[Peer, ...]:
    """All of them, ourselves first."""
    return Pantau(), Fping(), Smokeping(), Blackbox(), Library("icmplib", 1000), Library("aioping", 1000)


def measure(bench: Bench) -> list[Row]:
    """A row for each peer, size, interval, and for all alive or half of them dead."""
    rows = []
    for size in bench.sizes or (SIZES[:3] if bench.quick else SIZES):
        addresses = city_addresses(size)
        for dead in (0, size // 2):
            bench.network.revive_all()
            bench.network.kill(addresses[size - dead :])
            for interval in INTERVALS_SECONDS:
                seconds = bench.seconds(6, 3) if interval == 1 else bench.seconds(10, 10)
                task = Task(addresses, interval, seconds, dead)
                chosen = [peer for peer in peers() if peer.can(task)]
                if interval == 1:
                    chosen = chosen[:2]  # each second only ourselves and fping: the others' place is each 10 s
                rows += [_run(bench, peer, task) for peer in chosen]
    bench.network.revive_all()
    return rows


def _run(bench: Bench, peer: Peer, task: Task) -> Row:
    where = f"{len(task.addresses)} targets each {task.interval_seconds:g} s, {task.dead} dead"
    bench.tell(f"{peer.name}: {where}")
    report = peer.run(bench.network, task)
    return {
        "peer": peer.name,
        "targets": len(task.addresses),
        "interval_seconds": task.interval_seconds,
        "dead": task.dead,
        "requests": report.requests,
        "false_losses": report.false_losses,
        "requests_to_dead": report.requests_to_dead,
        "false_ups": report.false_ups,
        "inconclusive": report.inconclusive,
        "silent": report.silent,
        "wanted": report.wanted,
        "seconds": report.seconds,
        "resident_bytes": report.resident_bytes,
        "cpu_microseconds_a_probe": report.cpu_microseconds,
    }
