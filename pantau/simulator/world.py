"""A simulated city as the world of the real exporter: for the demo, and for replaying days in seconds."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

from exporter.probing.addresses import Family
from exporter.probing.agent.beats import BeatSource
from exporter.probing.icmp.batch import BatchEngine
from exporter.probing.icmp.engine import Engine
from exporter.probing.names.reach import ANYWHERE, Reach
from exporter.probing.names.resolver import Absent, Answer, Resolver, found_of
from exporter.probing.uptime.source import UptimeSource
from exporter.world import uptimes_heard
from pantau.clock import Clock
from pantau.inventory import Configuration
from pantau.inventory.addresses import parse_ip
from pantau.inventory.settings import Canary
from pantau.simulator.agents import SimulatedAgents
from pantau.simulator.city import City
from pantau.simulator.equipping import equipped
from pantau.simulator.hotspots import Hotspots, simulated_address
from pantau.simulator.scenario import Scenario, load_scenario
from pantau.simulator.transport import SimulatedTransport

_CANARIES = (Canary(name="gateway", address="10.76.0.1"), Canary(name="dns", address="10.76.0.2"))
_KEY = 0x5041_4E54_4155  # "PANTAU": nothing forges packets in here
_TTL_SECONDS = 300.0
_MINUTE_SECONDS = 60.0


class SimulatedWorld:
    """The inventory's hotspots, as `scenario` has them answer from now on; canaries are added where none are set.

    `start_ns` (wall time) is when the scenario began, for an exporter that is started anew in the midst of it.
    """

    def __init__(
        self, configuration: Configuration, clock: Clock, scenario: Path, seed: int = 0, start_ns: int | None = None
    ) -> None:
        self._scenario: Scenario = load_scenario(scenario)
        self._start_ns = clock.wall_ns() if start_ns is None else start_ns
        self._seed, self._clock = seed, clock
        city = self._city(self._furnished(configuration))
        self._transports = [SimulatedTransport(city, clock, 4), SimulatedTransport(city, clock, 6)]
        self.engine: Engine = BatchEngine(self._transports, clock, _KEY)
        self.resolver: Resolver = _CityResolver(self._transports[0])
        self.reach: Reach = ANYWHERE
        self._agents = SimulatedAgents(city, clock, _MINUTE_SECONDS)
        self.beats: BeatSource = self._agents

    @property
    def city(self) -> City:
        """The city as it is now; it knows the truth."""
        return self._transports[0].city

    def adapt(self, configuration: Configuration) -> Configuration:
        """Build the city of a new inventory, on the same seed and script, and let the engine reach it."""
        configuration = self._furnished(configuration)
        city, agents = self._city(configuration), configuration.settings.agents
        for transport in self._transports:
            transport.city = city
        self._agents.settle(city, _MINUTE_SECONDS if agents is None else agents.interval_seconds)
        return configuration

    def _furnished(self, configuration: Configuration) -> Configuration:
        """What a simulated city has and what it cannot have."""
        configuration = self._without_checks(self._with_canaries(configuration))
        return equipped(configuration, self._scenario.agents, self._seed)

    def uptime_sources(self, configuration: Callable[[], Configuration]) -> Sequence[UptimeSource]:
        """See `World`: devices of a simulated city answer nobody's SNMP; its agents tell of theirs."""
        return [uptimes_heard(self.beats, configuration, self._clock)]

    def end_asking(self) -> None:
        """See `World`."""

    def _city(self, configuration: Configuration) -> City:
        canaries = [_address_of(canary.address) for canary in configuration.settings.vantage.canaries]
        hotspots = Hotspots.from_inventory(configuration.inventory)
        return City(hotspots, self._scenario, self._start_ns, self._seed, canaries)

    @staticmethod
    def _without_checks(configuration: Configuration) -> Configuration:
        """The simulated city answers pings alone, and nobody else has its addresses."""
        settings = configuration.settings
        if not settings.checks:
            return configuration
        return replace(configuration, settings=settings.model_copy(update={"checks": ()}))

    @staticmethod
    def _with_canaries(configuration: Configuration) -> Configuration:
        settings = configuration.settings
        if settings.vantage.canaries:
            return configuration
        vantage = settings.vantage.model_copy(update={"canaries": _CANARIES})
        return replace(configuration, settings=settings.model_copy(update={"vantage": vantage}))


class _CityResolver:
    """Resolves host names to the addresses that the simulated city gave them."""

    def __init__(self, transport: SimulatedTransport) -> None:
        self._transport = transport

    async def resolve(self, name: str, family: Family) -> Answer:
        """See `Resolver`."""
        city = self._transport.city
        address = city.resolve(name) or (_address_of(name) if _address_of(name) in city.canaries else None)
        if address is None:
            return Absent(f"the simulated city has no host named {name}", whole_name=True)
        return found_of([address], family, _TTL_SECONDS)


def _address_of(text: str) -> IPv4Address | IPv6Address:
    return parse_ip(text) or simulated_address(text)
