"""What nobody acknowledges goes to the second contact: the shipped routes in a real Alertmanager, 300 times as fast."""

import json
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from exporter.silences import Silences
from pantau.inventory import parse_duration
from pantau.stack.parts import alertmanager
from pantau.stack.ports import Ports, choose
from pantau.stack.programs import Programs, find_programs
from tests.pantau.alerting.amtool import CONFIG
from tests.stack.office.sinks import Sinks, open_sinks
from tests.stack.running import require_stack, wait_for

pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]

FASTER = 300
SECOND_AFTER = 900 / FASTER
ROOT = CONFIG.parent


def page(isp: str, **more: Any) -> dict[str, Any]:
    """The page of an ISP's outage."""
    labels = {"alertname": "IspOutage", "severity": "page", "scope": "isp", "isp": isp}
    return {"labels": labels, "annotations": {"what": f"ISP {isp} padam"}, **more}


class Desk:
    """Alertmanager, and what it has told."""

    def __init__(self, url: str, sinks: Sinks) -> None:
        self.url, self._sinks = url, sinks

    def post(self, path: str, content: Any) -> Any:
        """Tell it something; what it answers."""
        body, kind = json.dumps(content).encode(), {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}{path}", body, kind, method="POST")  # noqa: S310 - our own loopback
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - our own loopback
            return json.loads(answer.read() or b"null")

    def acknowledge(self, isp: str, comment: str, seconds: float = 3600) -> None:
        """A silence for the page of that ISP."""
        now = datetime.now(UTC)
        matchers = [
            {"name": name, "value": value, "isRegex": False, "isEqual": True}
            for name, value in (("alertname", "IspOutage"), ("isp", isp))
        ]
        ends = (now + timedelta(seconds=seconds)).isoformat()
        silence = {"matchers": matchers, "startsAt": now.isoformat(), "endsAt": ends}
        self.post("/api/v2/silences", silence | {"createdBy": "ani", "comment": comment})

    def told(self, receiver: str) -> list[tuple[str, str]]:
        """Which ISPs' pages it was told of, and whether they fired."""
        return [
            (alert["labels"]["isp"], alert["status"])
            for _when, message in self._sinks.messages
            if message["receiver"] == receiver
            for alert in message["alerts"]
        ]


@contextmanager
def desk(folder: Path) -> Iterator[Desk]:
    """The shipped configuration with each wait a 300th, and with every receiver at our webhook."""
    require_stack()
    programs = find_programs()
    assert isinstance(programs, Programs)
    port = choose(Ports(), "127.0.0.1").alertmanager
    with open_sinks() as sinks:
        settings = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))
        _hasten(settings["route"])
        settings["templates"] = [str(ROOT / name) for name in settings["templates"]]
        sink = {"url": f"http://127.0.0.1:{sinks.web_port}/", "send_resolved": True}
        settings["receivers"] = [{"name": one["name"], "webhook_configs": [sink]} for one in settings["receivers"]]
        file = folder / "alertmanager.yml"
        file.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")
        part = alertmanager(programs.alertmanager, file, folder / "data", port)
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(part.command, stdout=log, stderr=log)
        try:
            wait_for(lambda: _ready(part.address), 30, "Alertmanager")
            yield Desk(part.address.rstrip("/"), sinks)
        finally:
            process.terminate()
            process.wait(20)


def _hasten(route: dict[str, Any]) -> None:
    for key in ("group_wait", "group_interval"):
        if route.get(key, "0s") != "0s":
            route[key] = f"{max(round(parse_duration(route[key]) * 1000 / FASTER), 1)}ms"
    for child in route.get("routes") or ():
        _hasten(child)


def _ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}-/ready", timeout=2) as answer:  # noqa: S310 - our own loopback
            return bool(answer.status == 200)
    except OSError:
        return False


async def test_what_nobody_acknowledges_goes_to_the_second_contact(tmp_path: Path) -> None:
    """After its 15 minutes, and its recovery too; not what is acknowledged or over by then, and no ticket."""
    with desk(tmp_path) as here:
        began = time.monotonic()
        ticket = page("infotek")
        ticket["labels"] |= {"severity": "ticket"}
        here.post("/api/v2/alerts", [page("telkom"), page("biznet"), page("icon"), page("indosat"), ticket])
        wait_for(lambda: len(here.told("page")) == 4, 10, "the pages")
        here.acknowledge("biznet", "#77 teknisi berangkat")
        here.acknowledge("indosat", "dilihat", seconds=SECOND_AFTER + 1)
        here.post("/api/v2/alerts", [page("icon", endsAt=datetime.now(UTC).isoformat())])
        assert here.told("second") == []

        wait_for(lambda: bool(here.told("second")), 15, "the second contact")
        assert time.monotonic() - began >= SECOND_AFTER
        assert here.told("second") == [("telkom", "firing")]

        silences = Silences(here.url)
        await silences.look()
        assert silences.alertmanager_up
        assert {(one.labels["isp"], one.author, one.ticket) for one in silences.silenced} == {
            ("biznet", "ani", "77"),
            ("indosat", "ani", ""),
        }

        wait_for(lambda: len(here.told("second")) == 2, 15, "what was acknowledged for too short a time")
        here.post("/api/v2/alerts", [page(isp, endsAt=datetime.now(UTC).isoformat()) for isp in ("telkom", "biznet")])
        wait_for(lambda: len(here.told("second")) == 3, 15, "the recovery")
        assert here.told("second") == [("telkom", "firing"), ("indosat", "firing"), ("telkom", "resolved")]
