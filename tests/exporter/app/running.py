"""The real exporter as a subprocess, over a simulated city, on a free port of the loopback."""

import contextlib
import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from tests.patience import PATIENCE_SECONDS

ROOT = Path(__file__).parents[3]
SERVED = ("--web.listen-address", "127.0.0.1:0", "--web.enable-lifecycle")


class Running:
    """A running exporter: its process, its log as dictionaries, its HTTP."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self.process = process
        self.port = port
        self._log = log

    def log(self) -> list[dict[str, object]]:
        """All log lines so far that are JSON."""
        lines = self._log.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def text(self) -> str:
        """Standard error as it is."""
        return self._log.read_text(encoding="utf-8")

    def request(self, path: str, method: str = "GET") -> tuple[int, str]:
        """Status and body."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as response:  # noqa: S310 - our own loopback
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def samples(self, name: str) -> dict[str, float]:
        """The samples of one series name, by the label ``hotspot`` or by all label values."""
        found = {}
        for family in text_string_to_metric_families(self.request("/metrics")[1]):
            for sample in family.samples:
                if sample.name == name:
                    labels = sample.labels
                    found[labels.get("hotspot") or ",".join(labels.values())] = sample.value
        return found

    def wait_until(self, condition: Callable[[], object], what: str) -> None:
        """Poll until `condition()` holds."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if condition():
                return
            assert self.process.poll() is None, self.text()
            time.sleep(0.05)
        raise AssertionError(f"not within {PATIENCE_SECONDS} s: {what}\n{self.text()[-2000:]}")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Signal it and wait; the seconds that it took."""
        started = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(timeout=PATIENCE_SECONDS)
        return time.monotonic() - started


@contextlib.contextmanager
def running(config: Path, folder: Path, *arguments: str) -> Iterator[Running]:
    """Start ``pantau run`` and yield it when it answers; killed at the end if it still runs."""
    log = folder / "exporter.log"
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "pantau", "run", "--config", str(config), *SERVED, *arguments],
            cwd=ROOT,
            stderr=stderr,
        )
    try:
        yield Running(process, _port(process, log), log)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def _port(process: subprocess.Popen[bytes], log: Path) -> int:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        match = re.search(r'"port": (\d+)', log.read_text(encoding="utf-8"))
        if match:
            port = int(match.group(1))
            with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS):
                return port
        time.sleep(0.05)
    raise AssertionError(f"the exporter did not start:\n{log.read_text(encoding='utf-8')}")
