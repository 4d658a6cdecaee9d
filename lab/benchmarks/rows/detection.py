"""From the cut to `hotspot_up 0`: 200 hotspots cut at random times; and the error of an outage's length."""

import time
from datetime import datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from lab.benchmarks.bench import Bench, Row, spread
from lab.benchmarks.network import city_addresses, wait_until
from lab.benchmarks.peers.pantau import RunningPantau, write_configuration
from pantau.clock import NANOSECONDS
from pantau.inventory import load
from pantau.simulator.replay import Replay
from pantau.states import State

CUTS, HOTSPOTS, SETS = 200, 1000, 5
CANARY = "10.77.255.1"
SETTINGS = {"default": (10.0, 2.0, ""), "tight": (10.0, 1.0, ", confirm: {attempts: 3, spacing: 500ms}")}
_START_NS = 1_711_900_800 * NANOSECONDS
_SEED = 5
_PATIENCE_SECONDS = 40.0
LONGEST_UNSEEN_SECONDS = 14.0
"""With the defaults: an interval, and until the last confirmation leaves."""


def measure(bench: Bench) -> list[Row]:
    """Two exporters live through the same 200 cuts: one with the defaults, one with a timeout of 1 s."""
    random, addresses = Random(_SEED), city_addresses(HOTSPOTS)
    cuts = sorted((random.uniform(0, 30), number) for number in random.sample(range(HOTSPOTS), CUTS))
    cut_at: dict[str, float] = {}
    running = {
        name: RunningPantau(bench.network, addresses, interval, timeout, CANARY, port=9820 + place, more=more)
        for place, (name, (interval, timeout, more)) in enumerate(SETTINGS.items())
    }
    try:
        for exporter in running.values():
            exporter.__enter__()
        bench.tell(f"{CUTS} cuts")
        began = time.monotonic()
        for at, number in cuts:
            time.sleep(max(began + at - time.monotonic(), 0))
            bench.network.kill([addresses[number]])
            cut_at[f"h{number}"] = time.time()
        for exporter in running.values():
            wait_until(
                lambda found=exporter: cut_at.keys() <= _down(found).keys(), _PATIENCE_SECONDS, "find all cuts", 1.0
            )
        rows = [_row(name, exporter, cut_at) for name, exporter in running.items()]
    finally:
        for exporter in running.values():
            exporter.__exit__()
        bench.network.revive_all()
    return rows


def _row(name: str, exporter: RunningPantau, cut_at: dict[str, float]) -> Row:
    interval, timeout, more = SETTINGS[name]
    down = _down(exporter)
    delays = [datetime.fromisoformat(down[hotspot]["timestamp"]).timestamp() - at for hotspot, at in cut_at.items()]
    return {
        "settings": name,
        "interval_seconds": interval,
        "timeout_seconds": timeout,
        "more": more,
        "cuts": len(delays),
        "wrongly_down": len(down.keys() - cut_at.keys()),
        "least": min(delays),
        "median": float(np.median(delays)),
        "p99": float(np.percentile(delays, 99)),
        "greatest": max(delays),
        "delays": [round(one, 3) for one in delays],
    }


def _down(exporter: RunningPantau) -> dict[str, dict[str, Any]]:
    """The log's line about each hotspot that is down."""
    return {line["hotspot"]: line for line in exporter.changes() if line["after"] == "down"}


def measure_lengths(bench: Bench) -> list[Row]:
    """The same outages with the defaults and with a timeout of 1 s."""
    return [_lengths(bench, name) for name in SETTINGS]


def _lengths(bench: Bench, name: str) -> Row:
    """Outages of 3 s to 10 minutes, evenly spread, one a hotspot, on the virtual clock in steps of 40 ms.

    Five times 200 in one city: the mean of 200 has itself a spread, for each depends on the phases of its probes.
    """
    bench.tell(f"{SETS} x {CUTS} outages on the virtual clock, {name}")
    interval, timeout, more = SETTINGS[name]
    random = Random(_SEED)
    true = {f"h{number}": random.uniform(3, 600) for number in range(SETS * CUTS)}
    begins = {name: random.uniform(20, 60) for name in true}
    events = "".join(
        f"  - hotspot_down: {{hotspots: [{name}], at: {begins[name]:.2f}s, for: {seconds:.2f}s}}\n"
        for name, seconds in true.items()
    )
    with TemporaryDirectory(prefix="pantau-bench-") as folder:
        scenario = Path(folder) / "outages.yml"
        scenario.write_text(f"name: outages\nbackground_loss: false\nevents:\n{events}")
        configuration = load(
            write_configuration(Path(folder), city_addresses(len(true)), interval, timeout, CANARY, more)
        )
        replay = Replay(configuration, scenario, _START_NS, seed=_SEED, step_seconds=0.04)
        for _ in replay.run(700):
            pass
        replay.monitor.snapshot()
        booked = replay.monitor.judge.states.ledger.spent_ns[:, State.DOWN] / NANOSECONDS
    lengths = np.array([true[name] for name in replay.monitor.plan.ids])
    errors = booked - lengths
    means = errors.reshape(SETS, CUTS).mean(axis=1).tolist()
    confirmed = lengths > LONGEST_UNSEEN_SECONDS
    return {
        "settings": name,
        "outages": len(true),
        "interval_seconds": interval,
        "mean": float(errors.mean()),
        "means": spread(means),
        "median": float(np.median(errors)),
        "least": float(errors.min()),
        "greatest": float(errors.max()),
        "least_of_those_over_14_s": float(errors[confirmed].min()),
        "missed": int((booked == 0).sum()),
        "longest_missed": float(lengths[booked == 0].max(initial=0.0)),
        "pairs": [[round(length, 2), round(error, 2)] for length, error in zip(lengths, errors, strict=True)],
    }
