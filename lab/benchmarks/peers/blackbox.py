"""blackbox_exporter: one HTTP request a probe, as Prometheus asks it; the asking is not counted as its cost."""

import http.client
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from lab.benchmarks.inside import enter
from lab.benchmarks.network import BenchNetwork, wait_until
from lab.benchmarks.peers.smokeping import _go_version
from lab.benchmarks.task import Report, Task
from lab.benchmarks.usage import cpu_seconds, resident_bytes

PORT = 9115
CONFIGURATION = (
    "modules: {icmp: {prober: icmp, timeout: 2s, icmp: {preferred_ip_protocol: ip4, ip_protocol_fallback: false}}}\n"
)
_WORKERS = 16
_RTT = re.compile(r'^probe_icmp_duration_seconds\{phase="rtt"\} (\S+)$', re.MULTILINE)


class Blackbox:
    """Debian's prometheus-blackbox-exporter."""

    name = "blackbox_exporter"

    def version(self) -> str:
        """As it says itself."""
        return _go_version("prometheus-blackbox-exporter")

    def can(self, task: Task) -> bool:
        """A dead host holds one of the askers for two seconds; beyond 500 a second it is they who fall behind."""
        rate = len(task.addresses) / task.interval_seconds
        return rate <= 500 and task.dead / task.interval_seconds * task.timeout_seconds <= _WORKERS * 8

    def run(self, network: BenchNetwork, task: Task) -> Report:
        """Askers each go through their share of the targets, evenly spread over the interval."""
        process, inside = start(network)
        try:
            workers = _WORKERS * (8 if task.dead else 1)
            with ThreadPoolExecutor(workers, initializer=enter, initargs=(network.prober,)) as askers:
                cpu, began = cpu_seconds(process.pid), time.monotonic()
                jobs = [
                    askers.submit(_ask, task.addresses[part::workers], part / workers, task, began)
                    for part in range(min(workers, len(task.addresses)))
                ]
                found = [row for job in jobs for row in job.result()]
            report = Report(0, 0, 0, 0, seconds=time.monotonic() - began)
            report.cpu_seconds, report.resident_bytes = cpu_seconds(process.pid) - cpu, resident_bytes(process.pid)
        finally:
            process.terminate()
            process.wait()
            inside.shutdown()
        alive = set(task.addresses[: task.alive])
        report.wanted = task.rounds * len(task.addresses)
        for address, _, success, rtt in sorted(found, key=lambda row: row[1]):
            if address in alive:
                report.requests += 1
                report.false_losses += not success
            else:
                report.requests_to_dead += 1
                report.false_ups += success
            if success:
                report.rtts.append((address, 0.0, rtt))
        return report


def start(network: BenchNetwork) -> tuple["subprocess.Popen[bytes]", ThreadPoolExecutor]:
    """A running one, and a thread in its namespace."""
    with TemporaryDirectory(prefix="pantau-bench-") as folder:
        config = Path(folder) / "blackbox.yml"
        config.write_text(CONFIGURATION)
        command = ["prometheus-blackbox-exporter", f"--config.file={config}", f"--web.listen-address=127.0.0.1:{PORT}"]
        process = network.start(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        inside = ThreadPoolExecutor(1, initializer=enter, initargs=(network.prober,))
        wait_until(lambda: inside.submit(_healthy).result(), 30, "answer")
    return process, inside


def _healthy() -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
        connection.request("GET", "/-/healthy")
        return connection.getresponse().status == 200
    except OSError:
        return False


def _ask(addresses: list[str], phase: float, task: Task, began: float) -> list[tuple[str, float, bool, float]]:
    """(address, when, success, RTT) of each probe."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=10)
    found = []
    step = task.interval_seconds / max(len(addresses), 1)
    for number in range(task.rounds * len(addresses)):
        due = began + (number + phase) * step
        time.sleep(max(due - time.monotonic(), 0))
        address = addresses[number % len(addresses)]
        sent = time.time()
        connection.request("GET", f"/probe?module=icmp&target={address}")
        text = connection.getresponse().read().decode()
        rtt = _RTT.search(text)
        found.append((address, sent, "probe_success 1" in text, float(rtt[1]) if rtt else 0.0))
    return found
