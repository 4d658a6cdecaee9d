"""Rendering all hotspot families against `prometheus_client.generate_latest` over the same, and a real scrape."""

import re
import time
from collections.abc import Callable

from prometheus_client import CollectorRegistry, generate_latest

from exporter.metrics.exposition import HotspotExposition
from lab.benchmarks.bench import Bench, Row, spread
from lab.benchmarks.network import city_addresses
from lab.benchmarks.peers.pantau import RunningPantau
from lab.measuring.reference_exposition import ReferenceCollector, make_labels, make_snapshot

SIZES = (1000, 10_000, 60_000)
_LATENESS = re.compile(r'^pantau_probe_lateness_seconds_bucket\{le="(\S+)"\} (\S+)$', re.MULTILINE)


def measure(bench: Bench) -> list[Row]:
    """A row for each size; the last is a scrape of 60,000 over HTTP while they are probed."""
    rows = [_compare(bench, size) for size in (SIZES[:2] if bench.quick else SIZES)]
    size = 10_000 if bench.quick else 60_000
    bench.tell(f"scrapes of {size} hotspots that are probed each 10 s")
    return [*rows, _scrape(bench, size)]


def _compare(bench: Bench, size: int) -> Row:
    bench.tell(f"{size} hotspots")
    snapshot, exposition, registry = make_snapshot(make_labels(size)), HotspotExposition(), CollectorRegistry()
    registry.register(ReferenceCollector(snapshot))
    for _ in exposition.render(snapshot, openmetrics=False):
        pass  # the first prepares what later ones reuse
    ours = [_seconds(lambda: sum(map(len, exposition.render(snapshot, openmetrics=False)))) for _ in range(5)]
    size_bytes = sum(map(len, exposition.render(snapshot, openmetrics=False)))
    theirs = [_seconds(lambda: len(generate_latest(registry))) for _ in range(3 if size <= 1000 else 1)]
    return {
        "hotspots": size,
        "bytes": size_bytes,
        "pantau_milliseconds": spread([1e3 * one for one in ours]),
        "generate_latest_milliseconds": spread([1e3 * one for one in theirs]),
        "faster": min(theirs) / min(ours),
    }


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _scrape(bench: Bench, size: int) -> Row:
    with RunningPantau(bench.network, city_addresses(size), 10.0, 2.0) as exporter:
        exporter.fetch()
        before, took, sizes = _lateness(exporter.fetch()), [], []
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            began = time.monotonic()
            sizes.append(exporter.scrape_bytes())
            took.append(time.monotonic() - began)
        after = _lateness(exporter.fetch())
    grown = {bound: after[bound] - before[bound] for bound in after}
    return {
        "hotspots": size,
        "scrape_seconds": spread(took),
        "bytes_on_the_wire": max(sizes),
        "lateness_share_within_50_ms": grown["0.05"] / grown["+Inf"],
        "lateness_share_within_100_ms": grown["0.1"] / grown["+Inf"],
    }


def _lateness(text: str) -> dict[str, float]:
    return {bound: float(value) for bound, value in _LATENESS.findall(text)}
