"""What may happen to the service of hotspots, and to those who tell of it: their agents and our door."""

from typing import NamedTuple

from pydantic import Field

from pantau.simulator.events import HotspotSelection, ScenarioEvent


class ServiceEvent(ScenarioEvent):
    """Something that leaves the way to every hotspot as it is."""


class _Selected(HotspotSelection, ServiceEvent):
    """An event that names its hotspots itself."""

    @property
    def where(self) -> HotspotSelection:
        """Those hotspots."""
        return self


class Isolated(_Selected):
    """The ISP has suspended these: whoever opens a page there gets its suspension page."""


class NoInternet(_Selected):
    """Clients are connected and get nothing."""

    names: bool = Field(False, description="Names alone are not resolved; what is asked for by its address comes.")


class AgentSilent(_Selected):
    """The agents of these have stopped; everything else goes on."""


class PingFiltered(_Selected):
    """Something drops the pings to these; everything else goes on."""


class DoorClosed(ServiceEvent):
    """Our own door for agents is closed: no heartbeat comes in, whoever sends it."""


class ServiceFaults(NamedTuple):
    """What holds at a moment; hotspots by their rows."""

    isolated: frozenset[int] = frozenset()
    offline: frozenset[int] = frozenset()
    """Whose clients get no page."""
    nameless: frozenset[int] = frozenset()
    """Where no name is resolved; those that are offline too."""
    mute: frozenset[int] = frozenset()
    """Whose agents have stopped."""
    filtered: frozenset[int] = frozenset()
    """To whom no ping comes."""
    door_closed: bool = False


def faults_of(events: list[tuple[ServiceEvent, frozenset[int]]]) -> ServiceFaults:
    """All that these events, with their rows, bring about together."""

    def rows_of(*kinds: type[ServiceEvent]) -> frozenset[int]:
        return frozenset().union(*(rows for event, rows in events if isinstance(event, kinds)))

    offline = [rows for event, rows in events if isinstance(event, NoInternet) and not event.names]
    return ServiceFaults(
        isolated=rows_of(Isolated),
        offline=frozenset().union(*offline),
        nameless=rows_of(NoInternet),
        mute=rows_of(AgentSilent),
        filtered=rows_of(PingFiltered),
        door_closed=any(isinstance(event, DoorClosed) for event, _ in events),
    )
