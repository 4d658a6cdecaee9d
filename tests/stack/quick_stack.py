"""A real Prometheus and Alertmanager over the shipped rules and routes, at ten times their speed.

The rules are built from the shipped templates with each time a tenth of the shipped threshold's; intervals and waits
are a tenth, too. Flags are those of `pantau up`, with a tenth of their times and of the look-back.
"""

import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from lab.scenario_runner.webhook import Here, ReceivedNotification, Webhook
from pantau.alerting.rules import read, rendered
from pantau.alerting.rules.city import RulesCity
from pantau.alerting.rules.figures import Figure, FigureKind
from pantau.alerting.rules.thresholds import KINDS, Thresholds
from pantau.inventory import parse_duration
from pantau.prometheus import Connection, PrometheusClient, PrometheusError
from pantau.stack import parts
from pantau.stack.ports import Ports
from tests.rules.checking import ROOT
from tests.sources import EXAMPLE
from tests.stack.quick_city import QuickCity
from tests.stack.running import wait_for

QUICKER = 10
LOOK_BACK = "5m"
_INTERVAL = re.compile(r"^    interval: (\S+)$", re.MULTILINE)
_WAITS = ("group_wait", "group_interval")


def quick_thresholds() -> Thresholds:
    """The shipped ones; what is a time, a tenth."""
    return {name: _quicker(figure) for name, figure in read(ROOT / "config" / "thresholds.yml").items()}


def _quicker(figure: Figure) -> Figure:
    kind, number = KINDS[figure.name], figure.number / QUICKER
    if kind is FigureKind.SECONDS:
        return Figure(figure.name, f"{number.normalize():f}", number)
    if kind is FigureKind.DURATION:
        return Figure(figure.name, f"{int(number * Decimal(1000))}ms", number)
    return figure


def _tenth(duration: str) -> str:
    return f"{round(parse_duration(duration) * 1000 / QUICKER)}ms" if duration != "0s" else duration


def _quick_flags(name: str, command: tuple[str, ...]) -> list[str]:
    quick = {
        f"--rules.alert.resend-delay={parts.RESEND}": f"--rules.alert.resend-delay={_tenth(parts.RESEND)}",
        f"--data.maintenance-interval={parts.SNAPSHOT}": f"--data.maintenance-interval={_tenth(parts.SNAPSHOT)}",
    }
    assert len(quick.keys() & set(command)) == 1
    more = [f"--query.lookback-delta={_tenth(LOOK_BACK)}"] if name == "prometheus" else []
    return [*(quick.get(flag, flag) for flag in command), *more]


class QuickStack:
    """Both programs over one city; data and configuration in `folder`."""

    def __init__(self, city: QuickCity, folder: Path, ports: Ports, prometheus: Path, alertmanager: Path) -> None:
        self.city = city
        self._webhook = Webhook()
        self._ports = ports
        self._folder = folder
        self._began = time.monotonic()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._parts = {
            "alertmanager": parts.alertmanager(
                alertmanager, self._routes(), folder / "alertmanager", ports.alertmanager
            ),
            "prometheus": parts.prometheus(prometheus, self._rules(), folder / "prometheus", ports.prometheus),
        }

    @contextmanager
    def open(self) -> Iterator[None]:
        """Both run, and the city has been seen, while the context lasts."""
        with ExitStack() as cleanup:
            cleanup.enter_context(self.city.serve(self._ports.exporter))
            cleanup.enter_context(self._webhook.serve(Here(), self._ports.receiver))
            cleanup.callback(self._close)
            self.start("alertmanager")
            self.start("prometheus")
            wait_for(self._has_looked, 60, "the rules to have seen the city")
            yield

    @property
    def told(self) -> list[ReceivedNotification]:
        """Every notification so far."""
        return self._webhook.notifications

    def start(self, name: str) -> None:
        """Start a program on its old data, and wait until it is ready."""
        part = self._parts[name]
        command = _quick_flags(name, part.command)
        with (self._folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(command, cwd=self._folder, stdout=log, stderr=log)
        wait_for(lambda: self._is_ready(part), 60, f"{name} to be ready")

    def stop(self, name: str, number: signal.Signals = signal.SIGTERM) -> None:
        """End it, in good order unless another signal is given."""
        self._processes[name].send_signal(number)
        self._processes[name].wait(20)

    def _has_looked(self) -> bool:
        with PrometheusClient(self._parts["prometheus"].address, 5) as client:
            return any(sample.value > 0 for sample in client.query("city:hotspots:count"))

    def _close(self) -> None:
        for process in self._processes.values():
            if process.poll() is None:
                process.kill()
                process.wait(20)

    @staticmethod
    def _is_ready(part: parts.ProcessSpec) -> bool:
        with Connection(part.address, 5) as connection:
            try:
                return connection.exchange("GET", f"/{part.ready_path}")[0] == 200
            except PrometheusError:
                return False

    def _rules(self) -> Path:
        rules = self._folder / "rules"
        rules.mkdir()
        for name, text in rendered(quick_thresholds(), city=RulesCity.read(EXAMPLE)):
            quick = _INTERVAL.sub(lambda match: f"    interval: {_tenth(match[1])}", text)
            (rules / name).write_text(quick, encoding="utf-8")
        settings: dict[str, Any] = yaml.safe_load((ROOT / "prometheus.yml").read_text("utf-8"))
        settings["global"] = {name: _tenth(value) for name, value in settings["global"].items()}
        settings["rule_files"] = [str(rules / "*.yml")]
        addresses = {"pantau": self._ports.exporter, "alertmanager": self._ports.alertmanager}
        settings["scrape_configs"] = [
            {"job_name": name, "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]}
            for name, port in addresses.items()
        ]
        targets = [{"targets": [f"127.0.0.1:{self._ports.alertmanager}"]}]
        settings["alerting"] = {"alertmanagers": [{"static_configs": targets}]}
        return self._write("prometheus.yml", settings)

    def _routes(self) -> Path:
        settings: dict[str, Any] = yaml.safe_load((EXAMPLE.parent / "alertmanager.yml").read_text("utf-8"))
        _quicken(settings["route"])
        settings["templates"] = [str(EXAMPLE.parent / name) for name in settings["templates"]]
        settings["receivers"] = [
            {"name": one["name"], "webhook_configs": [{"url": f"http://127.0.0.1:{self._ports.receiver}/"}]}
            if one["name"] in ("page", "ticket")
            else {"name": one["name"]}
            for one in settings["receivers"]
        ]
        return self._write("alertmanager.yml", settings)

    def _write(self, name: str, content: dict[str, Any]) -> Path:
        file = self._folder / name
        file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
        return file


def _quicken(route: dict[str, Any]) -> None:
    route.pop("active_time_intervals", None)
    for key in _WAITS:
        if key in route:
            route[key] = _tenth(route[key])
    for child in route.get("routes") or ():
        _quicken(child)
