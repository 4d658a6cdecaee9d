"""A heartbeat as it is handed on: whose, when it came, and what the agent says. Here nobody knows how it came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, NamedTuple, Protocol

from pantau.agents.state import AgentState

Portal = Literal["ok", "redirect", "isolir", "fail"]
"""What a fetch of a known page gave: that page, another one, the ISP's suspension page, or nothing."""
Lookup = Literal["ok", "fail"]
Mains = Literal["present", "absent"]
"""What a sensor says of the electricity where the device stands, which has a battery of its own."""


class Minute(NamedTuple):
    """What an agent measured in one minute; None where it does not say."""

    uptime: int | None = None
    """Seconds since the device began."""
    clients: int | None = None
    rx_bytes: int | None = None
    """Counter of the WAN: what has come in."""
    tx_bytes: int | None = None
    portal: Portal | None = None
    dns: Lookup | None = None
    gateway_rtt: float | None = None
    """Seconds, as the next."""
    internet_rtt: float | None = None
    loss: float | None = None
    """0 to 1, of the pings to the internet."""
    mains: Mains | None = None


class MainsAbsent(NamedTuple):
    """From the first minute that said so to the last in a row. Wall times in nanoseconds."""

    first_ns: int
    last_ns: int


class LateMinute(NamedTuple):
    """A minute that could not be told in time."""

    age_seconds: float
    """By the device's own uptime."""
    minute: Minute


class Beat(NamedTuple):
    """One heartbeat that was let in."""

    hotspot: str
    at_ns: int
    """When it came: CLOCK_MONOTONIC."""
    wall_ns: int
    """The same, wall time."""
    boot: str | None = None
    """Names one run of the agent; None of a bare sign of presence."""
    seq: int | None = None
    minute: Minute = Minute()
    late: tuple[LateMinute, ...] = ()
    version: str | None = None
    verified: bool = True
    """Whether the client could tell that it speaks to us."""


@dataclass(slots=True)
class HeardAgent:
    """What was last heard of one agent."""

    state: AgentState
    minute: Minute = field(default_factory=Minute)
    """What it last measured; nothing of before a restart."""
    mains_absent: MainsAbsent | None = None
    """When the mains was absent last, as the device's sensor said at once or late."""


@dataclass(frozen=True, slots=True)
class DoorPlan:
    """What a door must know of the configuration."""

    listen: tuple[str, int]
    key_files: tuple[str, ...]
    """Paths that can be opened, as the next."""
    web_config: str | None
    points: Mapping[str, int]
    """Whose agents may come: by hotspot, the generation of the token."""
    limits: Mapping[str, int]
    allow_get: bool
    late_seconds: float
    state_file: str | None = None
    """Where it is kept what was last heard; nowhere if None."""
    public_url: str | None = None
    """Where we knock ourselves, as agents do; nowhere if None."""
    ca_file: str | None = None
    """By which agents know us there."""


class BeatSource(Protocol):
    """Where heartbeats come from: the door of this machine, or something that stands in for it."""

    @property
    def open(self) -> bool:
        """Whether anybody could come."""

    @property
    def counts(self) -> Mapping[str, int]:
        """Requests, by what became of them."""

    @property
    def heard(self) -> Mapping[str, HeardAgent]:
        """What was last heard, by hotspot."""

    def remember(self, known_ns: Mapping[str, int]) -> None:
        """When the agents of these hotspots were last heard as the journal knows, wall time."""

    def last_heard_ns(self, hotspot: str) -> int | None:
        """When the hotspot's agent was last heard before we began, as far as is known: wall time."""

    def take(self) -> Sequence[Beat]:
        """Those that have come since the last call."""

    def take_late(self) -> Sequence[Beat]:
        """Those of them with late minutes, since the last call of this."""

    def configure(self, plan: DoorPlan | None) -> None:
        """Let these in from now on; nobody, and no door, for None."""

    async def run(self) -> None:
        """Keep the door open, until cancelled."""


class NoBeats:
    """A `BeatSource` that nobody comes to."""

    open = False
    counts: Mapping[str, int] = MappingProxyType({})
    heard: Mapping[str, HeardAgent] = MappingProxyType({})

    def remember(self, known_ns: Mapping[str, int]) -> None:
        """See `BeatSource`."""

    def last_heard_ns(self, hotspot: str) -> int | None:
        """See `BeatSource`."""

    def take(self) -> Sequence[Beat]:
        """See `BeatSource`."""
        return ()

    def take_late(self) -> Sequence[Beat]:
        """See `BeatSource`."""
        return ()

    def configure(self, plan: DoorPlan | None) -> None:
        """See `BeatSource`."""

    async def run(self) -> None:
        """See `BeatSource`."""
