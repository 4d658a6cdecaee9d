"""What came in place of a reply is in the hotspot's API, and goes with the hotspot over a reload."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from exporter.exporter import Exporter
from exporter.kinds import open_probers, plan_of
from exporter.monitor import Monitor
from exporter.probing.agent.beats import BeatSource, NoBeats
from exporter.probing.icmp.batch import BatchEngine
from exporter.probing.icmp.engine import Engine
from exporter.probing.names.reach import ANYWHERE, Reach
from exporter.probing.names.resolver import Resolver
from exporter.probing.uptime.source import UptimeSource
from pantau.clock import NANOSECONDS, ManualClock
from pantau.inventory import Configuration, load
from tests.city.inventories import QUICK, write_configuration
from tests.exporter.monitor.watched import TICK_NS, NoNames
from tests.exporter.probing.icmp.lab import KEY
from tests.network import MS, SECOND, Arrival, Network, Request, reply

NAT = "10.77.0.200"


class _World:
    """An in-memory network as the world of an exporter."""

    def __init__(self, network: Network, clock: ManualClock) -> None:
        self.engine: Engine = BatchEngine([network], clock, KEY)
        self.resolver: Resolver = NoNames()
        self.reach: Reach = ANYWHERE
        self.beats: BeatSource = NoBeats()

    def uptime_sources(self, configuration: Callable[[], Configuration]) -> Sequence[UptimeSource]:
        """No device can be asked."""
        return ()

    def end_asking(self) -> None:
        """Nobody was."""

    def adapt(self, configuration: Configuration) -> Configuration:
        """As it is."""
        return configuration


def _natted(request: Request) -> list[Arrival]:
    return [replace(reply(request), address=NAT)]


def _unusable(exporter: Exporter, name: str) -> object:
    known = exporter.hotspot(name)
    assert isinstance(known, Mapping)
    return known["unusable_replies"]


async def test_the_api_tells_what_came_from_whom(tmp_path: Path) -> None:
    """How often, when last and what to do, of the hotspot that it is about; the others have nothing to tell."""
    clock = ManualClock()
    network = Network(clock)
    network.hosts["10.77.0.2"] = _natted
    configuration = load(write_configuration(tmp_path, {"h0": "10.77.0.1", "h1": "10.77.0.2"}, QUICK))
    world, plan = _World(network, clock), plan_of(configuration)
    monitor = Monitor(plan, open_probers(plan, world, clock), clock)
    exporter = Exporter(configuration, monitor, world, clock)
    for _ in range(4 * SECOND // TICK_NS):
        clock.advance(TICK_NS)
        monitor.tick()
    lost = [request for request in network.sent if request.address == "10.77.0.2"]
    ended = [request for request in lost if request.at_ns + 500 * MS <= clock.monotonic_ns()]
    last_seconds = (clock.wall_ns() - clock.monotonic_ns() + ended[-1].at_ns + 10 * MS) / NANOSECONDS
    told = {
        "defect": "other_address",
        "address": NAT,
        "probes": len(ended),
        "last_timestamp_seconds": last_seconds,
        "meaning": f"replies come from another address, {NAT}, and do not count: "
        "if it is the same device behind a NAT, put that address into the inventory",
    }
    assert (_unusable(exporter, "h0"), _unusable(exporter, "h1")) == ([], [told])

    write_configuration(tmp_path, {"h9": "10.77.0.9", "h1": "10.77.0.2"}, QUICK)
    assert await exporter.reload() == []
    assert (_unusable(exporter, "h9"), _unusable(exporter, "h1")) == ([], [told])

    write_configuration(tmp_path, {"h9": "10.77.0.9", "h1": NAT}, QUICK)
    assert await exporter.reload() == []
    assert _unusable(exporter, "h1") == []
