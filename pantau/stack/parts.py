"""How each part is started, when it is ready, where a person opens it, and how long its orderly end may take."""

import sys
from dataclasses import dataclass
from pathlib import Path

from pantau.inventory import Listen
from pantau.stack.exporter_client import ExporterClient

RETENTION = "400d"
"""13 months, as in docker-compose.yml: so that a year can be compared with the last."""
RESEND = "3m"
"""How often Prometheus tells Alertmanager again what fires. An alert ends four times as long after it was told last:
while Prometheus is away for less than 9 minutes, nothing is said to be over that is not."""
SNAPSHOT = "15s"
"""How often Alertmanager keeps what it has sent: killed, it sends again what it sent since."""


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    """One child process."""

    name: str
    command: tuple[str, ...]
    address: str
    """Its web address, with a slash at its end."""
    ready_path: str
    """Answers 200 when the part is ready."""
    stop_seconds: float
    """From SIGTERM on, before it is killed. All together stay below 5."""
    client: ExporterClient | None = None
    """Asks it, where it may speak more than plain HTTP."""


def exporter(
    config: Path, listen: Listen, client: ExporterClient, scenario: str | None, alertmanager_port: int | None = None
) -> ProcessSpec:
    """The exporter; with `scenario` over a simulated city instead of the network.

    At `alertmanager_port` it asks who has acknowledged what.
    """
    simulate = () if scenario is None else ("--simulate", scenario)
    asked = () if alertmanager_port is None else ("--alertmanager", f"http://127.0.0.1:{alertmanager_port}")
    options = ("--config", str(config), "--web.listen-address", str(listen), *simulate, *asked)
    command = (sys.executable, "-m", "pantau", "run", *options)
    return ProcessSpec("exporter", command, client.address, "-/healthy", 1.5, client)


def alertmanager(program: Path, config: Path, storage: Path, port: int) -> ProcessSpec:
    """Alertmanager, alone: no cluster and so no gossip port."""
    options = (
        f"--config.file={config}",
        f"--storage.path={storage}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
        f"--data.maintenance-interval={SNAPSHOT}",
    )
    return ProcessSpec("alertmanager", (str(program), *options), f"http://127.0.0.1:{port}/", "-/ready", 1.0)


def prometheus(program: Path, config: Path, storage: Path, port: int) -> ProcessSpec:
    """Prometheus; it and Alertmanager ask for no password, and so listen on this host alone."""
    options = (
        f"--config.file={config}",
        f"--storage.tsdb.path={storage}",
        f"--storage.tsdb.retention.time={RETENTION}",
        f"--rules.alert.resend-delay={RESEND}",
        f"--web.listen-address=127.0.0.1:{port}",
    )
    return ProcessSpec("prometheus", (str(program), *options), f"http://127.0.0.1:{port}/", "-/ready", 2.0)
