"""A VictoriaMetrics of a test's own: another server that answers as Prometheus does, and is another."""

import http.client
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from lab.history.prometheus import PrometheusServer, free_port

_PORTS = range(19_500, 19_900)
_START_SECONDS = 60.0
_SEEN_SECONDS = 30.0


@contextmanager
def victoria_metrics(directory: Path) -> Iterator[PrometheusServer]:
    """Run one over `directory` and end it; it takes and answers what a `Prometheus` does."""
    directory.mkdir(parents=True, exist_ok=True)
    port = free_port(_PORTS)
    command = [
        "victoria-metrics",
        f"-storageDataPath={directory / 'data'}",
        f"-httpListenAddr=127.0.0.1:{port}",
        "-retentionPeriod=100y",
    ]
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    running = PrometheusServer(port, directory)
    try:
        _ask_until_ready(port, "/health", _START_SECONDS)
        yield running
    finally:
        running.close()
        process.terminate()
        process.wait(60)


def flushed(running: PrometheusServer) -> None:
    """What was written can be found from now on."""
    _ask_until_ready(running.port, "/internal/force_flush", _SEEN_SECONDS)


def _ask_until_ready(port: int, path: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while True:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)) as connection:
            try:
                connection.request("GET", path)
                if connection.getresponse().status == 200:
                    return
            except OSError:
                if time.monotonic() > deadline:
                    raise
        time.sleep(0.05)
