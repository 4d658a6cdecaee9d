"""fping, the C prober that counts as the cheapest: in counting mode, one line a host at the end."""

import re
import subprocess
import time

from lab.benchmarks.network import BenchNetwork
from lab.benchmarks.task import Report, Task
from lab.benchmarks.usage import run_measured

_REPLY = re.compile(r"^\[(\d+\.\d+)\] (\S+) +: \[(\d+)\].*?, (\d+(?:\.\d+)?) ms")

_EXPIRY_SECONDS, _SEQUENCES = 10, 65_000
"""fping gives a sequence number again after 10 s, and has 65,535: above 6500 probes a second it ends with an error."""


class Fping:
    """`fping -C`."""

    name = "fping"

    def version(self) -> str:
        """As it says itself."""
        text = subprocess.run(["fping", "--version"], capture_output=True, text=True, check=True).stdout
        return text.split("Version ")[1].split()[0]

    def can(self, task: Task) -> bool:
        """Whatever the size."""
        return len(task.addresses) > 0

    def run(self, network: BenchNetwork, task: Task, each: bool = False) -> Report:
        """`each` has it print every reply, for its RTT."""
        rounds = task.rounds
        if len(task.addresses) / task.interval_seconds * _EXPIRY_SECONDS > _SEQUENCES:
            rounds = max(min(rounds, _SEQUENCES // len(task.addresses)), 1)
        spacing = task.interval_seconds * 1000 / len(task.addresses) * 0.9
        command = [
            "fping",
            "-C",
            str(rounds),
            "-p",
            str(round(task.interval_seconds * 1000)),
            "-i",
            f"{min(max(spacing, 0.01), 10):.3f}",
            "-t",
            str(round(task.timeout_seconds * 1000)),
            *(["-D"] if each else ["-q"]),
        ]
        began = time.monotonic()
        out, told, cpu_seconds, memory = run_measured(network.command(command), "\n".join(task.addresses))
        passed = time.monotonic() - began
        if "fping error" in told:
            raise RuntimeError(f"fping gave up: {told.strip()[-200:]}")
        alive = set(task.addresses[: task.alive])
        report = Report(0, 0, 0, 0, seconds=passed, wanted=rounds * len(task.addresses))
        for line in told.splitlines():
            address, colon, times = line.partition(" : ")
            if not colon or "," in times:
                continue
            answers = times.split()
            lost = answers.count("-")
            if address.strip() in alive:
                report.requests += len(answers)
                report.false_losses += lost
            else:
                report.requests_to_dead += len(answers)
                report.false_ups += len(answers) - lost
        report.cpu_seconds, report.resident_bytes = cpu_seconds, memory
        if each:
            found = filter(None, map(_REPLY.match, out.splitlines()))
            report.rtts = [(hit[2], float(hit[3]), float(hit[4]) / 1000) for hit in found]
        return report
