"""`make soak`: 5000 hotspots under churn, reloads, scrapes, a hostile crowd and forged replies, for minutes or hours.

python -m lab.benchmarks.soak --minutes 60
"""

import argparse
import json
import re
import signal
import subprocess
import sys
import time
from http.client import HTTPException
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from lab.benchmarks.churn import Agreement, Churn, compare
from lab.benchmarks.hostile import HostileClient
from lab.benchmarks.machine import describe
from lab.benchmarks.network import BenchNetwork, city_addresses
from lab.benchmarks.peers.pantau import RunningPantau
from lab.benchmarks.report import RESULTS, read_results, write_results
from lab.benchmarks.usage import cpu_seconds, descriptors, resident_bytes

HOTSPOTS, SPARE = 5000, 50
INTERVAL_SECONDS, TIMEOUT_SECONDS = 10.0, 2.0
CUTS_A_SECOND, FORGERIES_A_SECOND = 5, 5000
SCRAPE_SECONDS, RELOAD_SECONDS = 5, 60
DETECTION_SECONDS = INTERVAL_SECONDS + 8
"""Longer cuts must be found."""
MEMORY_SLACK, LATENESS_P99_SECONDS = 0.05, 0.05
CANARY, PROBER = "10.77.255.1", "10.76.0.1"
_PORT = 9830
_LATENESS = re.compile(r'^pantau_probe_lateness_seconds_bucket\{le="(\S+)"\} (\S+)$', re.MULTILINE)
_COUNTER = re.compile(
    r'^pantau_(unmatched_replies_total\{reason="\w+"\}|socket_receive_drops_total|skipped_slots_total) (\S+)$',
    re.MULTILINE,
)


def main() -> None:
    """Soak, tell, and exit with 1 where something does not hold."""
    parser = argparse.ArgumentParser(prog="python -m lab.benchmarks.soak")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument(
        "--output", type=Path, default=RESULTS, help="the JSON file, in which it replaces the last soak"
    )
    given = parser.parse_args()
    found = soak(given.minutes * 60)
    print(json.dumps(found, indent=1))
    write_results(read_results(given.output) | {"soak": found}, given.output)
    sys.exit(0 if found["holds"] else 1)


def soak(seconds: float) -> dict[str, Any]:
    """The figures, and whether each bar holds."""
    addresses = city_addresses(HOTSPOTS)
    with BenchNetwork() as network:
        exporter = RunningPantau(network, addresses, INTERVAL_SECONDS, TIMEOUT_SECONDS, CANARY, port=_PORT)
        with exporter:
            time.sleep(2 * INTERVAL_SECONDS)
            exporter.fetch()
            calm_descriptors = descriptors(exporter.pid)
            command = ["-m", "lab.benchmarks.forging", str(_identifier(exporter)), str(FORGERIES_A_SECOND), PROBER]
            forger = network.start([sys.executable, *command], city=True, stderr=subprocess.DEVNULL)
            churn = Churn(network, addresses, HOTSPOTS - SPARE, CUTS_A_SECOND, seed=3)
            with HostileClient(network.prober, ("127.0.0.1", _PORT)) as hostile:
                looks = _endure(exporter, churn, addresses, seconds)
            assert forger.poll() is None, "the forger ended early"
            forger.send_signal(signal.SIGKILL)
            churn.stop()
            time.sleep(DETECTION_SECONDS)
            last = exporter.fetch()
            left_descriptors = descriptors(exporter.pid)
            agreement = compare(churn.cuts, list(filter(_counts, exporter.changes())), DETECTION_SECONDS)
    return _judge(looks, last, agreement, calm_descriptors, left_descriptors, len(churn.cuts), hostile.rounds)


def _counts(line: dict[str, Any]) -> bool:
    """The spare hotspots come and go with the inventory: their states are no verdicts about the city."""
    return int(line["hotspot"][1:]) < HOTSPOTS - SPARE


def _identifier(exporter: RunningPantau) -> int:
    """Of the exporter's datagram socket, as the kernel lists it: a forger on the path would see it in every packet."""
    lines = exporter.inside(Path("/proc/thread-self/net/icmp").read_text).splitlines()[1:]
    return int(lines[0].split()[1].rpartition(":")[2], 16)


def _endure(exporter: RunningPantau, churn: Churn, addresses: list[str], seconds: float) -> list[dict[str, Any]]:
    """By the clock: a step that comes late, because the machine or a scrape was slow, makes the soak no shorter."""
    random, looks, began = Random(4), list[dict[str, Any]](), time.monotonic()
    step = scrapes = reloads = 0
    while (passed := time.monotonic() - began) < seconds:
        step = max(step + 1, int(passed))
        churn.step()
        if passed >= scrapes * SCRAPE_SECONDS:
            scrapes = int(passed // SCRAPE_SECONDS) + 1
            asked = time.monotonic()
            text = _scrape(exporter)
            looks.append(
                {
                    "second": passed,
                    "failed": not text,
                    "scrape_seconds": time.monotonic() - asked,
                    "resident_bytes": resident_bytes(exporter.pid),
                    "descriptors": descriptors(exporter.pid),
                    "cpu_seconds": cpu_seconds(exporter.pid),
                    "lateness": dict(_LATENESS.findall(text)),
                    "bytes": len(text),
                    "text": text if not looks else "",
                }
            )
        if passed >= (reloads + 1) * RELOAD_SECONDS:
            reloads = int(passed // RELOAD_SECONDS)
            count = HOTSPOTS - (SPARE if reloads % 2 else 0)
            names = dict.fromkeys(random.sample(range(HOTSPOTS), 100), f"Nama baru {reloads}")
            exporter.write_hotspots(addresses[:count], names)
            exporter.fetch("/-/reload", "POST")
        time.sleep(max(began + step - time.monotonic(), 0))
    return looks


def _counted(text: str, name: str) -> float:
    """A counter of ours without labels."""
    return sum(float(value) for found, value in _COUNTER.findall(text) if found == name)


def _scrape(exporter: RunningPantau) -> str:
    """The metrics, or nothing where a place was not to be had beside the hostile client."""
    try:
        return exporter.scrape()
    except (OSError, HTTPException):
        return ""


def _judge(
    looks: list[dict[str, Any]], last: str, agreement: Agreement, calm: int, left: int, cuts: int, rounds: int
) -> dict[str, Any]:
    warm = [look for look in looks[len(looks) // 4 :] if not look["failed"]]
    part = max(len(warm) // 4, 1)
    early, late = (median(look["resident_bytes"] for look in some) for some in (warm[:part], warm[-part:]))
    first, final = warm[0], dict(_LATENESS.findall(last))
    grown = {bound: float(final[bound]) - float(first["lateness"][bound]) for bound in final}
    within = grown["0.05"] / grown["+Inf"]
    memory, share = late / early - 1, warm[-1]["cpu_seconds"] - warm[0]["cpu_seconds"]
    skipped = _counted(last, "skipped_slots_total") - _counted(looks[0]["text"], "skipped_slots_total")
    bars = {
        "no_scrape_failed": not any(look["failed"] for look in looks),
        "no_slot_skipped": skipped == 0,
        "memory_flat": abs(memory) <= MEMORY_SLACK,
        "no_descriptor_leaked": left <= calm + 2,
        "lateness_p99": within >= 0.99,
        "no_wrong_verdict": not agreement.wrong,
    }
    return {
        "machine": describe(),
        "seconds": looks[-1]["second"],
        "hotspots": HOTSPOTS,
        "cuts": cuts,
        "detection_seconds": DETECTION_SECONDS,
        "hostile_rounds": rounds,
        "scrapes": len(looks),
        "failed_scrapes": sum(look["failed"] for look in looks),
        "longest_scrape_seconds": max(look["scrape_seconds"] for look in looks),
        "skipped_slots": skipped,
        "memory_growth_ratio": memory,
        "early_bytes": early,
        "late_bytes": late,
        "descriptors_calm": calm,
        "descriptors_left": left,
        "descriptors_most": max(look["descriptors"] for look in looks),
        "probes_within_50_ms": within,
        "cpu_share": share / (warm[-1]["second"] - warm[0]["second"]),
        "wrong_verdicts": agreement.wrong[:50],
        "wrong_count": len(agreement.wrong),
        "unknown": agreement.unknown[:50],
        "unknown_count": len(agreement.unknown),
        "unseen_cuts": agreement.unseen,
        "counters": dict(_COUNTER.findall(last)),
        "bars": bars,
        "holds": all(bars.values()),
    }


if __name__ == "__main__":
    main()
