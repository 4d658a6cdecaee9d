"""What the exporter probes: the network of this machine, or something that stands in for it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from exporter.agents_door.door import Door
from exporter.probing.addresses import FAMILIES_OF
from exporter.probing.agent.beats import BeatSource
from exporter.probing.icmp.engine import Engine
from exporter.probing.icmp.opening import open_engine
from exporter.probing.names.late_resolver import LateResolver
from exporter.probing.names.reach import MachineReach, Reach
from exporter.probing.names.resolver import Resolver
from exporter.probing.uptime.asking import SnmpUptimes
from exporter.probing.uptime.heard import HeardUptime, HeardUptimes
from exporter.probing.uptime.source import UptimeSource
from pantau.clock import Clock
from pantau.errors import Problem
from pantau.inventory import Configuration

_OF_SOCKETS = ("engine", "socket", "source", "dscp", "size", "family")
"""The settings of ``probing`` that an engine takes when it is opened."""
_RESTART = "has been changed, and has an effect only after a restart; restart Pantau"


class World(Protocol):
    """An engine that reaches the hotspots, a resolver that knows their names, what can be probed from there, and where
    heartbeats come in."""

    engine: Engine
    resolver: Resolver
    reach: Reach
    beats: BeatSource

    def adapt(self, configuration: Configuration) -> Configuration:
        """A newly loaded configuration as this world needs it; called before each use of one."""

    def uptime_sources(self, configuration: Callable[[], Configuration]) -> Sequence[UptimeSource]:
        """Who can be asked after a recovery for how long a device has been running; nobody where there are no devices.

        `configuration` tells the one in force whenever somebody is asked.
        """

    def end_asking(self) -> None:
        """Nobody is asked any more."""


class RealWorld:
    """The network of this machine; `EngineUnavailableError` where it may not be probed."""

    def __init__(self, configuration: Configuration, clock: Clock) -> None:
        self._probing, self._clock = configuration.settings.probing, clock
        self._snmp: SnmpUptimes | None = None
        self.engine: Engine = open_engine(self._probing, clock)
        self.resolver: Resolver = LateResolver()
        self.reach: Reach = MachineReach(FAMILIES_OF[self._probing.family])
        agents = configuration.settings.agents
        self.beats: BeatSource = Door(None if agents is None else str(configuration.path.parent / agents.state))

    def adapt(self, configuration: Configuration) -> Configuration:
        """The configuration, with a warning for each setting that the open sockets go on without."""
        probing = configuration.settings.probing
        changed = [key for key in _OF_SOCKETS if getattr(probing, key) != getattr(self._probing, key)]
        warnings = [Problem(configuration.path, 0, f"probing.{key}", _RESTART) for key in changed]
        return replace(configuration, warnings=(*configuration.warnings, *warnings)) if warnings else configuration

    def uptime_sources(self, configuration: Callable[[], Configuration]) -> Sequence[UptimeSource]:
        """See `World`: devices with SNMP, and those whose agent tells of itself."""
        self._snmp = SnmpUptimes(configuration, self._clock)
        return [self._snmp, uptimes_heard(self.beats, configuration, self._clock)]

    def end_asking(self) -> None:
        """See `World`."""
        if self._snmp is not None:
            self._snmp.close()


def uptimes_heard(beats: BeatSource, configuration: Callable[[], Configuration], clock: Clock) -> HeardUptimes:
    """What agents say of how long their devices have been running, and of the mains there."""

    def last(hotspot: str) -> HeardUptime | None:
        heard = beats.heard.get(hotspot)
        if heard is None or heard.minute.uptime is None:
            return None
        known = configuration().inventory.hotspot_by_id.get(hotspot)
        custody = "isp" if known is None else known.agent_custody
        return HeardUptime(heard.state.heard_ns, heard.minute.uptime, heard.mains_absent, custody)

    return HeardUptimes(last, clock)
