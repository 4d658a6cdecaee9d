"""One fault, one page: the whole stack over the shipped city of 1000 hotspots, with real packets.

`python -m stack up --every 2s` runs inside a network namespace: scrapes and evaluations come every 2 s instead of 15 s,
and no notification waits longer than 30 s for others of its group. Rules, routes and receivers are the shipped ones.
"""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from exporter.inventory import load
from stack import ROOT
from tests.city.namespace import CityNamespace
from tests.city.requirements import require_city
from tests.programs import require_program
from tests.stack.running import RunningStack, require_stack, wait_for

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]

ISP = "indosat"
OTHER_ISP = "telkom"
QUIET_SECONDS = 12
AFTERMATH_SECONDS = 35
"""Longer than any notification waits for its group: what has not come by then does not come."""

SETTINGS = """\
probing: {{interval: 5s}}
vantage: {{canaries: [{{name: gateway, address: "fd77::1"}}, {{name: dns, address: "fd77::2"}}]}}
inventory: [{inventory}]
"""


@dataclass(frozen=True)
class Told:
    """One alert of one notification."""

    alert: str
    status: str
    about: str
    severity: str


class Night:
    """A stack in its namespace, and what it has told so far."""

    def __init__(self, city: CityNamespace, stack: RunningStack) -> None:
        self.city = city
        self.stack = stack

    def told(self) -> list[Told]:
        """Every alert of every notification, in the order of their coming."""
        return [
            Told(
                labels["alertname"], alert["status"],
                labels.get("hotspot") or labels.get("isp") or labels.get("kecamatan") or "", labels["severity"],
            )
            for message in self.stack.notifications()
            for alert in message["alerts"]
            if (labels := alert["labels"])
        ]  # fmt: skip

    def wait_until_told(self, expected: list[Told], seconds: float) -> float:
        """Wait until exactly these have been told, in any order; how long that took."""
        begun = time.monotonic()
        wait_for(lambda: len(self.told()) >= len(expected), seconds, f"{expected}, told was {self.told()}")
        assert sorted(self.told(), key=str) == sorted(expected, key=str)
        return time.monotonic() - begun

    def ask_prometheus(self, path: str) -> dict[str, object]:
        """An answer of its HTTP API."""
        return self.city.call(_fetch, self.stack.addresses["prometheus"] + path)


def _read(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - into the namespace only
        body: bytes = answer.read()
    return body.decode()


def _fetch(url: str) -> dict[str, object]:
    content: dict[str, object] = json.loads(_read(url))["data"]
    return content


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    """The stack, ready, with every hotspot up."""
    require_city()
    require_stack()
    folder = tmp_path_factory.mktemp("night")
    names = ("isps.yml", "kecamatan.yml", "kelurahan.csv", "uplinks.yml", "contracts.yml", "hotspots.csv")
    inventory = ", ".join(str(ROOT / "config/inventory" / name) for name in names)
    settings = folder / "pantau.yml"
    settings.write_text(SETTINGS.format(inventory=inventory), encoding="utf-8")
    with CityNamespace() as city:
        city.allow_datagram_sockets(True)
        process = city.start(
            sys.executable, "-m", "stack", "up", "--config", str(settings), "--directory", str(folder / "run"),
            "--every", "2s", cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
        )  # fmt: skip
        stack = RunningStack(process, folder / "run")
        try:
            wait_for(lambda: len(stack.addresses) >= 3 or process.poll() is not None, 60, "the stack's parts")
            assert process.poll() is None, stack.output
            night = Night(city, stack)
            up = "api/v1/query?query=sum(hotspot_up)"
            wait_for(lambda: '"1000"' in json.dumps(night.ask_prometheus(up)), 60, "1000 hotspots up")
            yield night
        finally:
            stack.close()


def test_an_isp_s_outage_is_one_page_and_a_hotspot_s_is_one_ticket(night: Night) -> None:
    """143 hotspots of one ISP and one of another fall silent together: one page and one ticket, and each one's end."""
    hotspots = load(ROOT / "config/pantau.yml").inventory.active_hotspots
    lost = [hotspot for hotspot in hotspots if hotspot.isp == ISP]
    single = next(hotspot for hotspot in hotspots if hotspot.isp == OTHER_ISP)
    assert len(lost) == 143
    time.sleep(QUIET_SECONDS)
    assert night.told() == []

    night.city.black_hole([hotspot.address for hotspot in (*lost, single)])
    page, ticket = Told("IspOutage", "firing", ISP, "page"), Told("HotspotDown", "firing", single.id, "ticket")
    wait_for(lambda: page in night.told(), 45, "the page")
    fired = [page, ticket]
    seconds = night.wait_until_told(fired, 120)
    print(f"\npage and ticket told; the ticket {seconds:.0f} s after the page")
    time.sleep(AFTERMATH_SECONDS)
    assert sorted(night.told(), key=str) == sorted(fired, key=str)

    night.city.heal()
    ended = [Told(told.alert, "resolved", told.about, told.severity) for told in fired]
    night.wait_until_told([*fired, *ended], 120)
    time.sleep(AFTERMATH_SECONDS)
    assert sorted(night.told(), key=str) == sorted([*fired, *ended], key=str)


def test_the_parts_see_each_other(night: Night) -> None:
    """Prometheus scrapes the exporter, no rule fails, those of short groups are all evaluated, promtool is content."""
    targets = night.ask_prometheus("api/v1/targets")["activeTargets"]
    assert isinstance(targets, list)
    assert {target["labels"]["job"]: target["health"] for target in targets}["pantau"] == "up"
    groups = night.ask_prometheus("api/v1/rules")["groups"]
    assert isinstance(groups, list)
    healths = {(rule["health"], group["interval"] <= 60) for group in groups for rule in group["rules"]}
    # The groups of hours and days have not had their turn yet.
    assert healths <= {("ok", True), ("ok", False), ("unknown", False)}
    scrape = night.city.call(_read, night.stack.addresses["exporter"] + "metrics")
    promtool = [str(require_program("promtool")), "check", "metrics"]
    checked = subprocess.run(promtool, input=scrape, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
