"""icmplib and aioping, the two Python libraries, each used as its README shows: all targets of a round at once."""

import importlib.metadata
import json
import subprocess
import sys
import time

from lab.benchmarks.network import BenchNetwork
from lab.benchmarks.task import Report, Task


class Library:
    """`name` is icmplib or aioping; `python -m lab.benchmarks.peers.library_rounds` uses it."""

    def __init__(self, name: str, most: int) -> None:
        self.name = name
        self._most = most

    def version(self) -> str:
        """Of the installed distribution."""
        return importlib.metadata.version(self.name)

    def can(self, task: Task) -> bool:
        """Sizes beyond that take all memory or more minutes than the whole benchmark has."""
        return len(task.addresses) <= self._most

    def run(self, network: BenchNetwork, task: Task) -> Report:
        """Rounds in a process of its own."""
        job = {
            "library": self.name,
            "addresses": task.addresses,
            "interval": task.interval_seconds,
            "rounds": task.rounds,
            "timeout": task.timeout_seconds,
        }
        command = network.command([sys.executable, "-m", "lab.benchmarks.peers.library_rounds"])
        began = time.monotonic()
        patience_seconds = task.seconds * 6 + 60
        done = subprocess.run(
            command, input=json.dumps(job), capture_output=True, text=True, check=True, timeout=patience_seconds
        )
        passed = time.monotonic() - began
        told = json.loads(done.stdout.splitlines()[-1])
        alive = set(task.addresses[: task.alive])
        report = Report(0, 0, 0, 0, seconds=passed, wanted=task.rounds * len(task.addresses))
        for address, rtts in told["rtts"].items():
            lost = rtts.count(None)
            if address in alive:
                report.requests += len(rtts)
                report.false_losses += lost
            else:
                report.requests_to_dead += len(rtts)
                report.false_ups += len(rtts) - lost
            answered = ((number, rtt) for number, rtt in enumerate(rtts) if rtt is not None)
            report.rtts += [(address, float(number), rtt) for number, rtt in answered]
        report.cpu_seconds, report.resident_bytes = told["cpu_seconds"], told["resident_bytes"]
        return report
