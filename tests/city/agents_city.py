"""A city whose hotspots tell of themselves: real agents behind a NAT, a real door, and what the journal has of it."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lab.city.device import Device, router_programs
from lab.city.nameserver import nameserver_command
from lab.city.namespace import CityNamespace
from lab.city.natted import CITY, RESOLVER_PORT, SUSPENSION_PORT, NattedHotspots
from pantau.agents.tokens import token_of
from tests.city.exporter_process import REPOSITORY, ExporterProcess

DOOR_PORT = 9811
KEY = b"0123456789abcdef" * 4
PAGE = "portal.kota.test"
CANARY = "10.77.9.9"
JOURNAL = "sqlite:///state/journal.sqlite"


@dataclass(frozen=True, slots=True)
class Point:
    """A hotspot of the story: whose it is, and where."""

    name: str
    isp: str
    kelurahan: str
    pinged: bool = False
    """Whether it has a public address that answers pings too."""


@dataclass(slots=True)
class AgentsCity:
    """The running city."""

    city: CityNamespace
    homes: NattedHotspots
    devices: Mapping[str, Device]
    settings: Path
    exporter: ExporterProcess
    points: Sequence[Point]
    interval_seconds: float
    began: float = field(default_factory=time.monotonic)

    def close_door(self, *, hairpin: bool = False) -> None:
        """Nobody gets to the door any more, as behind a firewall of our own; with `hairpin` we ourselves still do."""
        outside = 'iifname "toisp" ' if hairpin else ""
        self._nft("add table inet wall; add chain inet wall in { type filter hook input priority filter - 2; }\n")
        self._nft(f"add rule inet wall in {outside}tcp dport {DOOR_PORT} reject with tcp reset\n")

    def open_door(self) -> None:
        """The inverse."""
        self._nft("delete table inet wall\n")

    def close_page(self, *, hairpin: bool = False) -> None:
        """The page that agents fetch comes to nobody any more; with `hairpin` to us alone."""
        outside = 'iifname "toisp" ' if hairpin else ""
        self._nft("add table inet page; add chain inet page in { type filter hook input priority filter - 2; }\n")
        self._nft(f"add rule inet page in {outside}tcp dport 80 reject with tcp reset\n")

    def open_page(self) -> None:
        """The inverse."""
        self._nft("delete table inet page\n")

    def start_agents(self) -> None:
        """Each at its own moment of the interval; all are up soon."""
        for device in self.devices.values():
            device.start()
            time.sleep(self.interval_seconds / len(self.devices))
        self.wait_for_states(dict.fromkeys(self.devices, "up"), 10)

    def heartbeats(self) -> Mapping[str, float]:
        """When each was last heard."""
        return self.exporter.scrape().by("hotspot", "hotspot_heartbeat_timestamp_seconds")

    def wait_for_states(self, wanted: Mapping[str, str], intervals: float) -> None:
        """Wait until each hotspot has exactly its state; fail with what differs where it has not in time."""
        deadline = time.monotonic() + intervals * self.interval_seconds
        while (states := self.exporter.states()) != wanted:
            assert self.exporter.process.poll() is None, self.exporter.stderr()[-2000:]
            wrong = {name: (states.get(name), state) for name, state in wanted.items() if states.get(name) != state}
            assert time.monotonic() < deadline, f"{len(wrong)} are not as they should be: {wrong}"
            time.sleep(0.1)

    def _nft(self, rules: str) -> None:
        subprocess.run(self.city.within(["nft", "-f", "-"]), input=rules, text=True, check=True, timeout=30)


@contextmanager
def agents_city(folder: Path, points: Sequence[Point], interval_seconds: float, more: str = "") -> Iterator[AgentsCity]:
    """The city with all that it needs; the agents do not run yet. `more` are further settings, as YAML."""
    with ExitStack() as stack:
        city = stack.enter_context(CityNamespace())
        city.allow_datagram_sockets(True)
        homes = stack.enter_context(NattedHotspots(city, [point.name for point in points]))
        programs = folder / "devices"
        programs.mkdir()
        router_programs(programs)
        _certificate(folder)
        resolver, hosts = programs / "resolv.conf", programs / "hosts"
        resolver.write_text(f"nameserver {CITY}\n", encoding="ascii")
        hosts.write_text(f"{CITY} {PAGE}\n", encoding="ascii")
        city.start(*nameserver_command(hosts, "test", f"--listen-address={CITY}"), stderr=subprocess.DEVNULL)
        refusing = nameserver_command(
            Path("/dev/null"), "test", f"--port={RESOLVER_PORT}", "--listen-address=100.64.0.1"
        )
        homes.start_isp(*refusing, stderr=subprocess.DEVNULL)
        pages = (sys.executable, "-B", "-m", "lab.city.pages")
        for start, arguments in (
            (city.start, ("known", CITY, "80")),
            (homes.start_isp, ("suspended", "100.64.0.1", str(SUSPENSION_PORT))),
        ):
            process = start(*pages, *arguments, cwd=REPOSITORY, stdout=subprocess.PIPE)
            assert process.stdout is not None
            with process.stdout:
                assert process.stdout.readline() == b"ready\n"
        agent = {
            "URL": f"https://{CITY}:{DOOR_PORT}",
            "CA": str(folder / "ca.pem"),
            "PORTAL": f"http://{PAGE}/",
            "INTERNET": "none",
            "CLIENTS": "none",
            "SPREAD": "0",
            "EVERY": f"{interval_seconds:.0f}",
        }
        devices = {
            point.name: Device(homes, point.name, programs, resolver, agent | {"TOKEN": token_of(KEY, point.name, 1)})
            for point in points
        }
        settings = write_settings(folder, points, interval_seconds, more)
        exporter = stack.enter_context(ExporterProcess(city, settings))
        exporter.wait_until(lambda: bool(exporter.events("the agents' door is open")), 30, "open its door")
        yield AgentsCity(city, homes, devices, settings, exporter, points, interval_seconds)


def write_settings(folder: Path, points: Sequence[Point], interval_seconds: float, more: str = "") -> Path:
    """Settings and inventory of these hotspots; three intervals are the grace."""
    isps = sorted({point.isp for point in points})
    rows = [
        f"{point.name},Titik,{f'10.77.0.{number + 1}' if point.pinged else ''},pusat,{point.kelurahan},{point.isp},"
        f"{'icmp' if point.pinged else 'none'},true,city"
        for number, point in enumerate(points)
    ]
    head = "id,name,address,kecamatan,kelurahan,isp,ping,agent,agent_custody"
    (folder / "hotspots.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    named = ", ".join(f"{{id: {isp}, name: {isp}}}" for isp in isps)
    (folder / "city.yml").write_text(f"isps: [{named}]\nkecamatan: [{{id: pusat, name: Pusat}}]\n", encoding="utf-8")
    (folder / "agents.key").write_bytes(KEY + b"\n")
    (folder / "web.yml").write_text("tls_server_config: {cert_file: door.pem, key_file: door.key}\n", encoding="utf-8")
    settings = folder / "pantau.yml"
    settings.write_text(
        "probing: {interval: 1s, timeout: 500ms, confirm: {attempts: 3, spacing: 200ms}}\n"
        f"vantage: {{name: uji, canaries: [{{name: gateway, address: {CANARY}}}]}}\n"
        "inventory: [city.yml, hotspots.csv]\n"
        f'journal: {{url: "{JOURNAL}"}}\n'
        "agents:\n"
        f'  listen: "0.0.0.0:{DOOR_PORT}"\n'
        "  key_files: [agents.key]\n"
        "  web_config_file: web.yml\n"
        f"  interval: {interval_seconds:.0f}s\n"
        f"  grace: {3 * interval_seconds:.0f}s\n"
        "  state_file: state/agents.json\n"
        f"  url: https://{CITY}:{DOOR_PORT}\n"
        "  ca_file: ca.pem\n"
        "  check_url: true\n"
        f"  portal_url: http://{CITY}/\n"
        f"  limits: {{per_token: 600, connections_per_address: 1024}}\n{more}",
        encoding="utf-8",
    )
    return settings


def _certificate(folder: Path) -> None:
    """A CA that agents trust (``ca.pem``), and the door's certificate of it."""
    (folder / "extensions").write_text(f"subjectAltName=IP:{CITY}\n", encoding="ascii")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    for name, more in (("ca", ("-x509", "-days", "2", "-out", "ca.pem")), ("door", ("-out", "door.csr"))):
        _openssl(folder, "req", *key, "-keyout", f"{name}.key", "-subj", f"/CN={name}", *more)
    signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "extensions")
    _openssl(folder, "x509", "-req", "-in", "door.csr", "-out", "door.pem", *signed)


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, timeout=30)
