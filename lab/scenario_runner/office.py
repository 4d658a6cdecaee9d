"""The office that watches a city: exporter, Alertmanager and Prometheus as processes in the city's namespace.

Each can be killed and started again on its old data. The namespace is theirs alone, so all have their usual ports.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import get_args

from lab import ROOT
from lab.city.nameserver import SERVER, asked_in
from lab.city.namespace import CityNamespace
from lab.scenario_runner.configuration import ScenarioConfiguration
from lab.scenario_runner.fleet import Fleet
from lab.scenario_runner.naming import server_command, tells_names
from lab.scenario_runner.scenario import Part
from lab.scenario_runner.webhook import Webhook
from pantau.inventory import Listen
from pantau.prometheus import Connection, PrometheusClient, PrometheusError, Sample
from pantau.stack import parts
from pantau.stack.exporter_client import ExporterClient
from pantau.stack.ports import Ports
from pantau.stack.programs import Programs, find_programs

_PORTS = Ports()
_READY_SECONDS = 90.0
_STOP_SECONDS = 20.0
_ANSWER_SECONDS = 10.0
_NICE: dict[Part, str] = {"nameserver": "-10", "exporter": "-19", "alertmanager": "-10", "prometheus": "-10"}
"""A host that monitors one city is no host that compiles, or evaluates the rules of four; where tests run, it is."""


class Office:
    """The programs over `configuration`, data and logs in `folder`; `step_seconds` of a clock that can step.

    With `names`, host names by address, a name server that tells them is one of them.
    """

    def __init__(
        self,
        city: CityNamespace,
        configuration: ScenarioConfiguration,
        folder: Path,
        step_seconds: float | None,
        names: Mapping[str, str] | None = None,
    ) -> None:
        self._city = city
        self._folder = folder
        programs = find_programs()
        assert isinstance(programs, Programs), "Prometheus or Alertmanager is not installed"
        listen = Listen("127.0.0.1", _PORTS.exporter)
        exporter = parts.exporter(configuration.settings, listen, ExporterClient(listen.host, listen.port), None)
        if step_seconds is not None:
            stepping = ("-m", "lab.scenario_runner.stepping_exporter", str(step_seconds), "run")
            exporter = parts.ProcessSpec(
                exporter.name,
                (sys.executable, *stepping, *exporter.command[4:]),
                exporter.address,
                exporter.ready_path,
                exporter.stop_seconds,
            )
        self._parts: dict[Part, parts.ProcessSpec] = {
            "exporter": exporter,
            "alertmanager": parts.alertmanager(
                programs.alertmanager, configuration.alertmanager, folder / "alertmanager", _PORTS.alertmanager
            ),
            "prometheus": parts.prometheus(
                programs.prometheus, ROOT / "prometheus.yml", folder / "prometheus", _PORTS.prometheus
            ),
        }
        if names:
            self._parts["nameserver"] = parts.ProcessSpec(
                "nameserver", server_command(folder, names), f"{SERVER}:53", "", _STOP_SECONDS
            )
        self._processes: dict[Part, subprocess.Popen[bytes]] = {}

    @contextmanager
    def open(self, webhook: Webhook) -> Iterator[None]:
        """All of it runs while the context lasts."""
        with ExitStack() as cleanup:
            cleanup.enter_context(webhook.serve(self._city, _PORTS.receiver))
            cleanup.callback(self._close)
            if "nameserver" in self._parts:
                cleanup.enter_context(asked_in(self._city))
            for part in (part for part in get_args(Part) if part in self._parts):
                self.start(part)
                self.wait_until(lambda part=part: self._is_ready(part), f"{part} to be ready")  # type: ignore[misc]
            yield

    @contextmanager
    def open_fleet(self, hotspots: Sequence[str]) -> Iterator[Fleet]:
        """Agents of these beat while the context lasts."""
        process: subprocess.Popen[str] = self._city.start(
            *(sys.executable, "-m", "lab.scenario_runner.fleet"), cwd=ROOT, stdin=subprocess.PIPE, text=True
        )
        assert process.stdin is not None
        fleet = Fleet(process.stdin)
        fleet.begin(hotspots)
        try:
            yield fleet
        finally:
            process.kill()
            process.wait(_STOP_SECONDS)

    def pid(self, part: Part) -> int:
        """Its process."""
        return self._processes[part].pid

    def start(self, part: Part) -> None:
        """Start it, and wait for nothing."""
        with (self._folder / f"{part}.log").open("ab") as log:
            process: subprocess.Popen[bytes] = self._city.start(
                *("nice", "-n", _NICE[part]),
                *self._parts[part].command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._processes[part] = process
        session = Path(f"/proc/{process.pid}/autogroup")
        if session.exists():  # where the kernel weighs sessions first, niceness counts only within one
            session.write_text(_NICE[part], "ascii")

    def end(self, part: Part, number: signal.Signals) -> None:
        """Send it a signal that ends it, and wait for its end."""
        self._processes[part].send_signal(number)
        self._processes[part].wait(_STOP_SECONDS)

    def signal(self, part: Part, number: signal.Signals) -> None:
        """Send it a signal."""
        self._processes[part].send_signal(number)

    def query(self, promql: str) -> list[Sample]:
        """The samples that Prometheus has of an expression now."""
        return self._city.call(_samples, self._parts["prometheus"].address, promql)

    def number(self, promql: str) -> float:
        """The one value of an expression; 0 where there is none."""
        return sum(sample.value for sample in self.query(promql))

    def wait_until(self, true: Callable[[], bool], what: str, seconds: float = _READY_SECONDS) -> None:
        """Wait until something is so; fail where it is not in time, or a part has ended."""
        deadline = time.monotonic() + seconds
        while not true():
            for part, process in self._processes.items():
                assert process.poll() is None, f"{part} ended with {process.returncode}:\n{self._last_words(part)}"
            assert time.monotonic() < deadline, f"waited {seconds:g} s in vain for {what}"
            time.sleep(0.25)

    def _is_ready(self, part: Part) -> bool:
        if part == "nameserver":
            return self._city.call(tells_names)
        return self._city.call(_answers, self._parts[part].address, self._parts[part].ready_path)

    def _last_words(self, part: Part) -> str:
        return (self._folder / f"{part}.log").read_text("utf-8", "replace")[-2000:]

    def _close(self) -> None:
        """In the opposite order, and all at once: nothing of them is wanted any more."""
        for process in self._processes.values():
            if process.poll() is None:
                process.kill()
                process.wait(_STOP_SECONDS)


def _samples(url: str, promql: str) -> list[Sample]:
    with PrometheusClient(url, _ANSWER_SECONDS) as client:
        return client.query(promql)


def _answers(url: str, path: str) -> bool:
    """Whether it says at `path` that it is ready."""
    with Connection(url, _ANSWER_SECONDS) as connection:
        try:
            return connection.exchange("GET", f"/{path}")[0] == 200
        except PrometheusError:
            return False
