"""`pantau check --live`: one paced probe to each point, and a list of those that cannot be reached from here."""

import asyncio
import errno
import re
from collections.abc import Mapping
from io import StringIO
from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from exporter.probing.icmp.batch import BatchEngine
from exporter.probing.names.resolver import Resolution, ResolveError
from exporter.probing.outcome import Outcome
from pantau.cli import live_check
from pantau.cli.live_check import Reached, points_of, reach, report
from pantau.cli.main import app
from pantau.clock import ManualClock
from pantau.inventory import Configuration, load
from tests.network import SECOND, Network, fails, silent

INVENTORY = """
isps: [{id: telkom, name: Telkom}]
kecamatan: [{id: maesa, name: Maesa}]
uplinks:
  - {id: pop, name: POP, isp: telkom, address: pop.example}
  - {id: tower, name: Menara}
hotspots:
  - {id: good, name: Baik, address: 10.0.0.1, kecamatan: maesa, isp: telkom}
  - {id: typo, name: Puskesmas, address: ap.bitnug.example, kecamatan: maesa, isp: telkom}
  - {id: named, name: SD, address: ap.bitung.example, kecamatan: maesa, isp: telkom}
  - {id: far, name: SMP, address: 10.0.0.4, kecamatan: maesa, isp: telkom}
  - {id: six, name: SMA, address: "2001:db8::5", kecamatan: maesa, isp: telkom}
  - {id: dead, name: Pasar, address: 10.0.0.6, kecamatan: maesa, isp: telkom}
  - {id: shut, name: Taman, address: 10.0.0.7, kecamatan: maesa, isp: telkom}
  - {id: later, name: Nanti, address: 10.0.0.8, kecamatan: maesa, isp: telkom, status: planned}
"""
NAMES = {"ap.bitung.example": "10.0.0.3", "pop.example": "10.0.0.9"}


class Names:
    """A resolver that knows some names, and never answers for others."""

    def __init__(self, known: Mapping[str, str], mute: str = "") -> None:
        self.known, self.mute, self.asked = known, mute, 0

    async def resolve(self, name: str) -> Resolution:
        """See `Resolver`."""
        self.asked += 1
        if name == self.mute:
            await asyncio.Event().wait()
        if name not in self.known:
            raise ResolveError(f"no such name: {name}")
        return Resolution(ip_address(self.known[name]), 60.0)


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    """Seven active hotspots and a probed uplink, each 10 s."""
    (tmp_path / "pantau.yml").write_text("inventory: [inventory.yml]\n", encoding="utf-8")
    (tmp_path / "inventory.yml").write_text(INVENTORY, encoding="utf-8")
    return load(tmp_path / "pantau.yml")


class Live:
    """A network in memory, in the time of a clock that the command's own pauses move."""

    def __init__(self, names: Names) -> None:
        self.clock = ManualClock()
        self.network = Network(self.clock)
        self.engine = BatchEngine([self.network], self.clock, 0x0123_4567_89AB_CDEF)
        self.names = names
        self.advanced = 0
        self.network.refusals["10.0.0.4"] = errno.ENETUNREACH
        self.network.hosts |= {"10.0.0.6": silent, "10.0.0.7": fails(3, 13)}

    async def pause(self, seconds: float) -> None:
        """Time passes."""
        self.clock.advance(round(seconds * SECOND))
        await asyncio.sleep(0)

    def advance(self) -> None:
        """One more point is settled."""
        self.advanced += 1

    def check(self, configuration: Configuration) -> list[Reached]:
        """All points."""
        points = points_of(configuration)
        return asyncio.run(reach(points, configuration, self.engine, self.names, self.clock, self.advance, self.pause))


def test_each_point_is_told_by_what_became_of_its_one_probe(configuration: Configuration) -> None:
    """Planned ones and uplinks without an address are not tried; each settled point moves the bar."""
    live = Live(Names(NAMES))
    found = {one.point.id: one.outcome for one in live.check(configuration)}
    assert found == {
        "good": Outcome.REPLY,
        "typo": Outcome.RESOLVE,
        "named": Outcome.REPLY,
        "far": Outcome.SEND,
        "six": Outcome.SEND,
        "dead": Outcome.TIMEOUT,
        "shut": Outcome.PROHIBITED,
        "pop": Outcome.REPLY,
    }
    assert live.advanced == len(found)
    sent = [request.address for request in live.network.sent]
    assert sorted(sent) == ["10.0.0.1", "10.0.0.3", "10.0.0.6", "10.0.0.7", "10.0.0.9"]


def test_probes_leave_apart_and_within_one_interval(configuration: Configuration) -> None:
    """At most one in 50 ms for few points; no faster than the exporter's own rate for many."""
    live = Live(Names(NAMES))
    live.check(configuration)
    at_ns = [request.at_ns for request in live.network.sent]
    assert all(later - earlier >= SECOND // 20 for earlier, later in pairwise(at_ns))
    assert at_ns[-1] - at_ns[0] <= 10 * SECOND


def test_a_name_server_that_is_mute_delays_no_other_point(
    configuration: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is given up, and the point told as one without an address."""
    monkeypatch.setattr(live_check, "NAME_SECONDS", 0.05)
    found = {one.point.id: one for one in Live(Names(NAMES, mute="ap.bitnug.example")).check(configuration)}
    assert (found["typo"].outcome, found["typo"].detail) == (Outcome.RESOLVE, "no answer within 0.05 s")
    assert found["named"].outcome is Outcome.REPLY


def test_the_list_names_who_cannot_be_probed_before_who_did_not_answer(configuration: Configuration) -> None:
    """With the reason, in both languages; who answered is a number only."""
    console = Console(width=300, record=True, file=StringIO())
    for line in report(Live(Names(NAMES)).check(configuration)):
        console.print(line, soft_wrap=True)
    text = console.export_text()
    order = [
        text.index(word) for word in ("cannot be probed", "typo ", "far ", "six ", "shut ", "did not answer", "dead ")
    ]
    assert order == sorted(order)
    assert "ap.bitnug.example: nama tidak dapat ditemukan / the name has no address" in text
    assert "(resolve: no such name: ap.bitnug.example)" in text
    assert re.search(r"good |named |pop ", text) is None
    assert "8 titik: 3 menjawab, 2 tidak, 3 tidak dapat diprobe / 8 points: 3 answered, 2 did not, 3 could not" in text


@pytest.mark.parametrize(("names", "status"), [(NAMES | {"ap.bitnug.example": "10.0.0.2"}, 0), (NAMES, 2)])
def test_the_status_tells_whether_each_point_can_be_probed(
    names: Mapping[str, str], status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """0 also where somebody is down: that is the city's matter, and the exporter's to tell."""
    live = Live(Names(names))
    reachable = INVENTORY.replace("10.0.0.4", "10.0.0.40").replace('"2001:db8::5"', "10.0.0.5")
    (tmp_path / "pantau.yml").write_text("inventory: [inventory.yml]\nprobing: {timeout: 50ms, interval: 1s}\n")
    (tmp_path / "inventory.yml").write_text(reachable, encoding="utf-8")
    monkeypatch.setattr(live_check, "open_engine", lambda *_: live.engine)
    monkeypatch.setattr(live_check, "SystemClock", lambda: live.clock)
    monkeypatch.setattr(live_check, "LateResolver", lambda: live.names)
    monkeypatch.setattr(live_check.reach, "__defaults__", (live.pause,))
    result = CliRunner().invoke(app, ["check", "--live", "--config", str(tmp_path / "pantau.yml")])
    assert result.exit_code == status, result.output
    assert "did not answer" in result.output
    assert live.network.closed
