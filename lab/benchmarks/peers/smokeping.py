"""smokeping_prober: one goroutine a host over one raw socket; its counters are read over HTTP."""

import json
import re
import subprocess
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from lab.benchmarks.inside import enter
from lab.benchmarks.network import BenchNetwork
from lab.benchmarks.task import Report, Task
from lab.benchmarks.usage import cpu_seconds, resident_bytes

_PATIENCE_SECONDS = 15.0
_URL = "http://127.0.0.1:9374/metrics"
_LINE = re.compile(
    r'^smokeping_(requests_total|response_duration_seconds_count)\{.*host="([^"]+)".*\} (\S+)$', re.MULTILINE
)


class Smokeping:
    """Debian's prometheus-smokeping-prober."""

    name = "smokeping_prober"

    def version(self) -> str:
        """As it says itself."""
        return _go_version("prometheus-smokeping-prober")

    def can(self, task: Task) -> bool:
        """Beyond ten thousand it needs minutes and all of both cores for a start."""
        return len(task.addresses) / task.interval_seconds <= 1000

    def run(self, network: BenchNetwork, task: Task) -> Report:
        """Started with all hosts, given one interval and two seconds to begin, then measured."""
        with TemporaryDirectory(prefix="pantau-bench-") as folder:
            config = Path(folder) / "smokeping.yml"
            target = {"hosts": task.addresses, "interval": f"{task.interval_seconds:g}s", "network": "ip4"}
            config.write_text(json.dumps({"targets": [target]}))  # JSON is YAML
            command = ["prometheus-smokeping-prober", f"--config.file={config}", "--web.listen-address=127.0.0.1:9374"]
            process = network.start([*command, "--privileged"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            inside = ThreadPoolExecutor(1, initializer=enter, initargs=(network.prober,))
            try:
                time.sleep(task.interval_seconds + 4)
                before = inside.submit(_counts).result()
                cpu, began = cpu_seconds(process.pid), time.monotonic()
                time.sleep(task.seconds)
                spent, passed = cpu_seconds(process.pid) - cpu, time.monotonic() - began
                after = inside.submit(_counts).result()
                report = _compare(before, after, task)
                report.cpu_seconds, report.seconds = spent, passed
                report.resident_bytes = resident_bytes(process.pid)
                report.wanted = round(len(task.addresses) * passed / task.interval_seconds)
                report.silent = not before or not after
            finally:
                process.terminate()
                process.wait()
                inside.shutdown()
        return report


Counts = dict[str, dict[str, float]]


def _compare(before: Counts, after: Counts, task: Task) -> Report:
    report, alive = Report(0, 0, 0, 0), set(task.addresses[: task.alive])
    for host, counts in after.items():
        requests, replies = (
            round(counts.get(what, 0) - before.get(host, {}).get(what, 0))
            for what in ("requests_total", "response_duration_seconds_count")
        )
        if host in alive:
            report.requests += requests
            report.false_losses += max(requests - replies, 0)
        else:
            report.requests_to_dead += requests
            report.false_ups += replies
    return report


def _counts() -> Counts:
    """Nothing, if it is too busy to answer."""
    try:
        with urllib.request.urlopen(_URL, timeout=_PATIENCE_SECONDS) as response:
            text = response.read().decode()
    except OSError:
        return {}
    found: Counts = {}
    for what, host, value in _LINE.findall(text):
        found.setdefault(host, {})[what] = float(value)
    return found


def _go_version(program: str) -> str:
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).split("version ")[1].split()[0].rstrip(",")
