"""What the exporter probes: the network of this machine, or something that stands in for it."""

from typing import Protocol

from exporter.probing.icmp.engine import Engine
from exporter.probing.icmp.opening import open_engine
from exporter.probing.names.late_resolver import LateResolver
from exporter.probing.names.reach import MachineReach, Reach
from exporter.probing.names.resolver import Resolver
from pantau.clock import Clock
from pantau.inventory import Configuration


class World(Protocol):
    """An engine that reaches the hotspots, a resolver that knows their names, and what can be probed from there."""

    engine: Engine
    resolver: Resolver
    reach: Reach

    def adapt(self, configuration: Configuration) -> Configuration:
        """A newly loaded configuration as this world needs it; called before each use of one."""


class RealWorld:
    """The network of this machine; `EngineUnavailableError` where it may not be probed."""

    def __init__(self, configuration: Configuration, clock: Clock) -> None:
        probing = configuration.settings.probing
        self.engine: Engine = open_engine(probing.engine, probing.socket, clock)
        self.resolver: Resolver = LateResolver()
        self.reach: Reach = MachineReach()

    def adapt(self, configuration: Configuration) -> Configuration:
        """The configuration as it is."""
        return configuration
