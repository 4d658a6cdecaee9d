"""Prometheus on the shipped rules and Alertmanager on a configuration that `pantau alertmanager build` made."""

import json
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from pantau.alerting import build
from pantau.stack.parts import ProcessSpec, alertmanager, prometheus
from pantau.stack.ports import Ports, choose
from pantau.stack.programs import Programs, find_programs
from tests.pantau.alerting.amtool import BASE, CITY, ROOT
from tests.stack.office.sinks import Sinks
from tests.stack.running import wait_for

CLOSED: Mapping[str, Any] = {"years": ["2000"]}
"""Hours that never come."""


class Office:
    """The two programs and what they have sent."""

    def __init__(self, folder: Path, sinks: Sinks, opening: datetime) -> None:
        self.sinks = sinks
        self.opening = opening
        self._folder = folder
        self._ports = choose(Ports(), "127.0.0.1")

    @property
    def prometheus(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._ports.prometheus}"

    @property
    def alertmanager(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._ports.alertmanager}"

    @contextmanager
    def run(self) -> Iterator[None]:
        """Both, while the context lasts."""
        programs = find_programs()
        assert isinstance(programs, Programs)
        times = [{"start_time": f"{self.opening:%H:%M}", "end_time": "24:00"}]
        self.configure({"times": times, "location": str(self.opening.tzinfo)})
        parts = (
            alertmanager(
                programs.alertmanager, self._folder / "alertmanager.yml", self._folder / "a", self._ports.alertmanager
            ),
            prometheus(programs.prometheus, self._rules(), self._folder / "p", self._ports.prometheus),
        )
        with _started(self._folder, parts[0]), _started(self._folder, parts[1]):
            yield

    def configure(self, hours: Mapping[str, Any]) -> None:
        """The city's own file; only addresses, the hours and a ticket's waits are other than in the shipped base."""
        base = yaml.safe_load(BASE.read_text(encoding="utf-8"))
        base["global"]["smtp_smarthost"] = f"127.0.0.1:{self.sinks.smtp_port}"
        base["time_intervals"] = [{"name": "jam-kerja", "time_intervals": [dict(hours)]}]
        base["route"] |= {"group_wait": "1s", "group_interval": "2s"}
        for receiver in base["receivers"]:
            for config in receiver.get("webhook_configs", ()):
                config["url"] = f"http://127.0.0.1:{self.sinks.web_port}/"
        changed = self._folder / "base.yml"
        changed.write_text(yaml.safe_dump(base), encoding="utf-8")
        build(CITY, self._folder / "alertmanager.yml", changed)
        shutil.copytree(ROOT / "config" / "alertmanager", self._folder / "alertmanager", dirs_exist_ok=True)

    def reload(self) -> None:
        """Let Alertmanager read its file anew."""
        _post(f"{self.alertmanager}/-/reload", b"")

    def post(self, *alerts: dict[str, Any]) -> None:
        """Give Alertmanager alerts as Prometheus would."""
        _post(f"{self.alertmanager}/api/v2/alerts", json.dumps(alerts).encode())

    def _rules(self) -> Path:
        here = [{"targets": [f"127.0.0.1:{self.sinks.web_port}"]}]
        content = {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "5s"},
            "rule_files": [str(ROOT / "config" / "rules" / "*.yml")],
            "alerting": {
                "alertmanagers": [{"static_configs": [{"targets": [f"127.0.0.1:{self._ports.alertmanager}"]}]}]
            },
            "scrape_configs": [{"job_name": "pantau", "static_configs": here}],
        }
        file = self._folder / "prometheus.yml"
        file.write_text(yaml.safe_dump(content), encoding="utf-8")
        return file


def _post(url: str, body: bytes) -> None:
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"}, method="POST")  # noqa: S310 - our own loopback
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - our own loopback
        assert answer.status == 200


def _is_ready(part: ProcessSpec) -> bool:
    try:
        with urllib.request.urlopen(part.address + part.ready_path, timeout=2) as answer:  # noqa: S310 - our own loopback
            return bool(answer.status == 200)
    except OSError:
        return False


@contextmanager
def _started(folder: Path, part: ProcessSpec) -> Iterator[None]:
    log = (folder / f"{part.name}.log").open("w", encoding="utf-8")
    process = subprocess.Popen(part.command, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_for(lambda: _is_ready(part) or process.poll() is not None, 30, part.name)
        assert process.poll() is None, (folder / f"{part.name}.log").read_text("utf-8")
        yield
    finally:
        process.terminate()
        process.wait(10)
        log.close()
