"""From the cut to `hotspot_up 0`: 200 hotspots cut at random times; and the error of an outage's length."""

import time
from datetime import datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.bench import Bench, Row
from benchmarks.network import city_addresses
from benchmarks.peers.pantau import RunningPantau, write_configuration
from exporter.clock import NANOSECONDS
from exporter.inventory import load
from exporter.verdicts.states import State
from simulator.replay import Replay

CUTS, HOTSPOTS = 200, 1000
CANARY = "10.77.255.1"
SETTINGS = {"default": (10.0, 2.0, ""), "quick": (10.0, 1.0, ", confirm: {attempts: 3, spacing: 500ms}")}
_START_NS = 1_711_900_800 * NANOSECONDS
_SEED = 5


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
        time.sleep(18)
        rows = [_row(name, exporter, cut_at) for name, exporter in running.items()]
    finally:
        for exporter in running.values():
            exporter.__exit__()
        bench.network.revive_all()
    return rows


def _row(name: str, exporter: RunningPantau, cut_at: dict[str, float]) -> Row:
    interval, timeout, more = SETTINGS[name]
    down = {line["hotspot"]: line for line in exporter.changes() if line["after"] == "down"}
    delays = [datetime.fromisoformat(down[hotspot]["timestamp"]).timestamp() - at for hotspot, at in cut_at.items()]
    return {
        "settings": name, "interval_seconds": interval, "timeout_seconds": timeout, "more": more, "cuts": len(delays),
        "wrongly_down": len(down.keys() - cut_at.keys()), "least": min(delays), "median": float(np.median(delays)),
        "p99": float(np.percentile(delays, 99)), "greatest": max(delays), "delays": [round(one, 3) for one in delays],
    }  # fmt: skip


def measure_lengths(bench: Bench) -> list[Row]:
    """200 outages of 3 s to 10 minutes, evenly spread, one a hotspot, on the virtual clock in steps of 40 ms."""
    bench.tell(f"{CUTS} outages on the virtual clock")
    random = Random(_SEED)
    true = {f"h{number}": random.uniform(3, 600) for number in range(CUTS)}
    begins = {name: random.uniform(20, 60) for name in true}
    events = "".join(
        f"  - hotspot_down: {{hotspots: [{name}], at: {begins[name]:.2f}s, for: {seconds:.2f}s}}\n"
        for name, seconds in true.items()
    )
    with TemporaryDirectory(prefix="pantau-bench-") as folder:
        scenario = Path(folder) / "outages.yml"
        scenario.write_text(f"name: outages\nbackground_loss: false\nevents:\n{events}")
        configuration = load(write_configuration(Path(folder), city_addresses(CUTS), 10.0, 2.0, CANARY))
        replay = Replay(configuration, scenario, _START_NS, seed=_SEED, step_seconds=0.04)
        for _ in replay.run(700):
            pass
        replay.monitor.snapshot()
        booked = replay.monitor.machine.ledger.spent_ns[:, State.DOWN] / NANOSECONDS
    errors = {name: float(booked[row]) - true[name] for row, name in enumerate(replay.monitor.plan.ids)}
    values = np.array(list(errors.values()))
    return [{
        "outages": CUTS, "interval_seconds": 10.0, "mean": float(values.mean()), "median": float(np.median(values)),
        "least": float(values.min()), "greatest": float(values.max()),
        "missed": sum(booked[row] == 0 for row in range(CUTS)).item(),
        "pairs": [[round(true[name], 2), round(error, 2)] for name, error in errors.items()],
    }]  # fmt: skip
