"""What heartbeats are judged by: who has an agent, how often it speaks, whose word it is, who witnesses our door."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from exporter.planning.checks import CheckPolicy, PlannedCheck
from exporter.planning.plan import KindPlan, References, Role, Watched
from exporter.planning.policy import Policy, QualityPolicy, RoundPolicy
from exporter.probing.agent.beats import DoorPlan
from exporter.probing.agent.page import KnownPage, known_page
from pantau.clock import NANOSECONDS
from pantau.inventory import Configuration, Hotspot
from pantau.inventory.agents import Agents

KIND = "agent"
PORTAL, DNS = "portal", "agent_dns"
"""The checks of the service that agents make: what a client gets, and whether names are resolved."""
WITNESSES = 2
"""ISPs beside a hotspot's own whose agents are heard, while its silence is believed."""
_MINUTE_NS = 60 * NANOSECONDS
_NEVER_RATIO, _NEVER_RTT_NS = 2.0, 1 << 60
"""Beats that are missed make no loss of quality, and their way has no RTT: checks tell of the service."""
_WORDS = 3
"""Intervals that what an agent says of the service holds at least."""
_RECOVER_AFTER = 1
"""A heartbeat crosses the line both ways and is signed: none by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPlan(KindPlan):
    """The heartbeats of all hotspots that have an agent. Times in nanoseconds."""

    ids: tuple[str, ...]
    """Of each row."""
    isps: tuple[str, ...]
    """Of each row."""
    grace_ns: int
    """After so long without a heartbeat it is told that there is none, since the last one."""
    door: DoorPlan | None
    """None where there is no door."""
    page: KnownPage | None = None
    """That agents fetch, and that vouches for what they say of it; None where they are told of none."""
    row_of: Mapping[str, int] = field(init=False, compare=False, repr=False)
    """Of those that have an agent, by id."""

    def __post_init__(self) -> None:
        """What follows from the rest, and takes long for a large city: plans are made in a thread."""
        rows = zip(self.ids, self.watched, strict=True)
        row_of = {name: row for row, (name, watched) in enumerate(rows) if watched}
        object.__setattr__(self, "row_of", MappingProxyType(row_of))

    @property
    def missed(self) -> int:
        """Heartbeats that are missed by then."""
        return self.policy.round.packets

    @property
    def slack_ns(self) -> int:
        """How late a heartbeat may be before it is missed: the last is missed when the grace is over."""
        return self.grace_ns - self.missed * self.interval_ns


def plan_agents(configuration: Configuration, watched: Watched) -> AgentPlan:
    """The agents of a configuration that is valid as a whole; there may be none."""
    settings = configuration.settings.agents
    hotspots = [it if isinstance(it, Hotspot) and settings is not None and it.agent else None for it in watched]
    mine = tuple(it is not None for it in hotspots)
    interval_ns = _MINUTE_NS if settings is None else _ns(settings.interval_seconds)
    grace_ns = 3 * _MINUTE_NS if settings is None else _ns(settings.grace_seconds)
    isps = tuple(dict.fromkeys(it.isp for it in hotspots if it is not None))
    # A word may wait for its witnesses longer than an interval, and holds at least until the next has done so.
    policy = CheckPolicy(grace_ns=max(grace_ns, _WORDS * interval_ns))
    return AgentPlan(
        kind=KIND,
        role=Role.REACHABILITY,
        interval_ns=interval_ns,
        watched=mine,
        policy=Policy(
            RoundPolicy(packets=2 if settings is None else settings.missed, confirm_attempts=0),
            QualityPolicy(_NEVER_RATIO, _NEVER_RTT_NS),
            recover_after=_RECOVER_AFTER,
        ),
        references=References(isps, isps, WITNESSES, silent_after_ns=interval_ns * 3 // 2),
        hearsay=tuple(it is not None and it.pinged and it.agent_custody == "isp" for it in hotspots),
        checks=(
            PlannedCheck(PORTAL, mine, client_path=True, needs_references=False, policy=policy),
            PlannedCheck(DNS, mine, client_path=True, needs_references=False, policy=policy),
        ),
        ids=tuple(it.id for it in watched),
        isps=tuple(it.isp or "" for it in watched),
        grace_ns=grace_ns,
        door=None if settings is None else _door(configuration, settings, hotspots),
        page=None if settings is None else known_page(settings),
    )


def _door(configuration: Configuration, settings: Agents, hotspots: list[Hotspot | None]) -> DoorPlan:
    folder = configuration.path.parent
    return DoorPlan(
        listen=(settings.listen.host, settings.listen.port),
        key_files=tuple(str(folder / name) for name in settings.key_files),
        web_config=None if settings.web_config is None else str(folder / settings.web_config),
        points={it.id: it.agent_generation for it in hotspots if it is not None},
        limits=settings.limits.model_dump(),
        allow_get=settings.allow_get,
        late_seconds=settings.late_seconds,
        state_file=str(Path(folder) / settings.state),
        public_url=settings.url if settings.check_url else None,
        ca_file=None if settings.ca is None else str(folder / settings.ca),
    )


def _ns(seconds: float) -> int:
    return round(seconds * NANOSECONDS)
