"""A router's clients and traffic by way of real programs: snmpd, Debian's prometheus-snmp-exporter, and Prometheus.

Prometheus finds the router through `GET /sd/snmp`, with the shipped job, relabelling, module and rules; only addresses
and intervals are others.
"""

import asyncio
import json
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from pantau.inventory import load
from pantau.inventory.scopes import discovered
from pantau.stack.parts import prometheus
from pantau.stack.ports import Ports, choose
from tests.exporter.web.running import FakeState, serving
from tests.programs import require_program
from tests.stack.running import wait_for

SHIPPED = Path(__file__).parents[2] / "config" / "snmp"
INVENTORY = """
isps: [{id: telkom, name: Telkom}]
kecamatan: [{id: maesa, name: Maesa}]
hotspots: [{id: BTG-1, name: Taman, address: 10.77.0.1, kecamatan: maesa, isp: telkom}]
"""

pytestmark = pytest.mark.stack


class RouterState(FakeState):
    """A running exporter that tells of one router."""

    def __init__(self, folder: Path, port: int) -> None:
        super().__init__()
        settings = f'sd: [{{job: snmp, target: "127.0.0.1:{port}", module: city}}]\n'
        (folder / "inventory.yml").write_text(INVENTORY)
        (folder / "pantau.yml").write_text("inventory: [inventory.yml]\n" + settings)
        configuration = load(folder / "pantau.yml")
        self._found = discovered(configuration.settings.sd[0], configuration.inventory)

    async def discovery(self, job: str) -> bytes | None:
        """As the exporter has it."""
        return json.dumps(self._found).encode() if job == "snmp" else None


@contextmanager
def running(folder: Path, *command: str) -> Iterator[None]:
    """A program, until the context ends."""
    with (folder / f"{Path(command[0]).name}.log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield
        finally:
            process.terminate()
            process.wait(10)


def prometheus_file(folder: Path, exporter_port: int, sd_port: int) -> Path:
    """The shipped job and rules with these ports, and short intervals."""
    (job,) = yaml.safe_load((SHIPPED / "scrape.yml").read_text())["scrape_configs"]
    text = json.dumps(job).replace("127.0.0.1:9116", f"127.0.0.1:{exporter_port}")
    job = json.loads(text.replace("127.0.0.1:9810", f"127.0.0.1:{sd_port}").replace("|eth0|", "|eth0|lo|"))
    job |= {"scrape_interval": "1s", "scrape_timeout": "1s"}
    rules = (SHIPPED / "rules.yml").read_text().replace("interval: 1m", "interval: 1s")
    (folder / "rules.yml").write_text(rules)
    content = {"rule_files": [str(folder / "rules.yml")], "scrape_configs": [job]}
    file = folder / "prometheus.yml"
    file.write_text(yaml.safe_dump(content))
    return file


def ask(port: int, query: str) -> list[dict[str, Any]]:
    """What Prometheus says now."""
    url = f"http://127.0.0.1:{port}/api/v1/query?" + urllib.parse.urlencode({"query": query})
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            result: list[dict[str, Any]] = json.load(answer)["data"]["result"]
    except OSError:
        return []
    return result


async def test_a_router_is_found_asked_and_recorded(tmp_path: Path) -> None:
    """Each series has the hotspot's labels; of the interfaces only the way to the ISP is kept, in both directions."""
    ports = choose(Ports(), "127.0.0.1")
    router, exporter = ports.exporter, ports.alertmanager
    (tmp_path / "snmpd.conf").write_text(f"agentaddress udp:127.0.0.1:{router}\nrocommunity public 127.0.0.1\n")
    asker = str(require_program("prometheus-snmp-exporter"))
    commands = (
        (str(require_program("snmpd")), "-f", "-C", "-c", "snmpd.conf", "-Lo", "-p", str(tmp_path / "snmpd.pid")),
        (asker, f"--config.file={SHIPPED / 'snmp.yml'}", f"--web.listen-address=127.0.0.1:{exporter}"),
    )
    async with serving(RouterState(tmp_path, router)) as (_, sd_port):
        part = prometheus(
            require_program("prometheus"),
            prometheus_file(tmp_path, exporter, sd_port),
            tmp_path / "p",
            ports.prometheus,
        )
        with ExitStack() as programs:
            for command in (*commands, part.command):
                programs.enter_context(running(tmp_path, *command))
            recorded = "kecamatan_isp:snmp_wan_bytes:rate5m"
            await asyncio.to_thread(wait_for, lambda: len(ask(ports.prometheus, recorded)) == 2, 30, recorded)
            labels = {"kecamatan": "maesa", "isp": "telkom"}
            found = [one["metric"] for one in ask(ports.prometheus, recorded)]
            assert sorted(it["direction"] for it in found) == ["rx", "tx"]
            assert all(labels.items() <= it.items() for it in found)
            names = {one["metric"]["ifName"] for one in ask(ports.prometheus, "snmp_wan_bytes_total")}
            assert names <= {"lo", "eth0"}
            (up,) = ask(ports.prometheus, 'up{job="snmp"}')
            assert (up["metric"]["hotspot"], up["value"][1]) == ("BTG-1", "1")
            assert ask(ports.prometheus, "ifHCInOctets") == []
