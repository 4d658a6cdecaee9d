"""`python -m pantau.stack up` over the shipped city of 1000 hotspots, with real packets, inside a network namespace.

`--every 2s`: scrapes and evaluations come every 2 s. What it tells of faults is the scenarios' matter.
"""

import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest

from lab.city.namespace import CityNamespace
from pantau.prometheus import PrometheusClient, Sample
from tests.city.requirements import require_city
from tests.programs import require_program
from tests.rules.checking import ROOT
from tests.stack.running import RunningStack, require_stack, wait_for

T = TypeVar("T")

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]

SETTINGS = """\
probing: {{interval: 5s}}
vantage: {{canaries: [{{name: gateway, address: "fd77::1"}}, {{name: dns, address: "fd77::2"}}]}}
inventory: [{inventory}]
"""


class NamespacedStack:
    """A stack in its namespace."""

    def __init__(self, city: CityNamespace, stack: RunningStack) -> None:
        self.city = city
        self.stack = stack

    def ask_prometheus(self, endpoint: str) -> Any:
        """An answer of its HTTP API."""
        return self._asked(lambda client: client.get(endpoint))

    def query(self, expression: str) -> list[Sample]:
        """The samples of an expression now."""
        return self._asked(lambda client: client.query(expression))

    def _asked(self, ask: Callable[[PrometheusClient], T]) -> T:
        def inside() -> T:
            with PrometheusClient(self.stack.addresses["prometheus"], 10) as client:
                return ask(client)

        return self.city.call(inside)


def _read(url: str) -> str:
    with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 - into the namespace only
        body: bytes = answer.read()
    return body.decode()


@pytest.fixture(scope="module")
def namespaced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NamespacedStack]:
    """The stack, ready, with every hotspot up."""
    require_city()
    require_stack()
    folder = tmp_path_factory.mktemp("namespaced")
    names = ("isps.yml", "kecamatan.yml", "kelurahan.csv", "uplinks.yml", "contracts.yml", "hotspots.csv")
    for name in names:
        shutil.copy(ROOT / "examples/bitung/inventory" / name, folder)
    settings = folder / "pantau.yml"
    settings.write_text(SETTINGS.format(inventory=", ".join(names)), encoding="utf-8")
    with CityNamespace() as city:
        city.allow_datagram_sockets(True)
        process = city.start(
            sys.executable,
            "-m",
            "pantau.stack",
            "up",
            "--config",
            str(settings),
            "--directory",
            str(folder / "run"),
            "--every",
            "2s",
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        stack = RunningStack(process, folder / "run")
        try:
            wait_for(lambda: len(stack.addresses) >= 3 or process.poll() is not None, 60, "the stack's parts")
            assert process.poll() is None, stack.output
            namespaced = NamespacedStack(city, stack)
            wait_for(lambda: namespaced.query("sum(hotspot_up)") == [Sample({}, 1000.0)], 60, "1000 hotspots up")
            yield namespaced
        finally:
            stack.close()


def test_the_parts_see_each_other(namespaced: NamespacedStack) -> None:
    """Prometheus scrapes the exporter, no rule fails, those of short groups are all evaluated, promtool is content."""
    targets = namespaced.ask_prometheus("targets")["activeTargets"]
    assert isinstance(targets, list)
    assert {target["labels"]["job"]: target["health"] for target in targets}["pantau"] == "up"
    wait_for(lambda: ("unknown", True) not in _healths(namespaced), 60, "the short groups to be evaluated")
    # The groups of hours and days have not had their turn yet.
    assert _healths(namespaced) <= {("ok", True), ("ok", False), ("unknown", False)}
    scrape = namespaced.city.call(_read, namespaced.stack.addresses["exporter"] + "metrics")
    promtool = [str(require_program("promtool")), "check", "metrics"]
    checked = subprocess.run(promtool, input=scrape, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def _healths(namespaced: NamespacedStack) -> set[tuple[str, bool]]:
    """The health of each rule, and whether its group is evaluated each minute at least."""
    groups = namespaced.ask_prometheus("rules")["groups"]
    assert isinstance(groups, list)
    return {(rule["health"], group["interval"] <= 60) for group in groups for rule in group["rules"]}
