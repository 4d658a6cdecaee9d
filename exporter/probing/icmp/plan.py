"""What the ICMP prober works from: addresses, intervals, canaries; from the settings ``probing`` and ``vantage``."""

from dataclasses import dataclass, field

import numpy as np

from exporter.planning.plan import KindPlan, References, Role, Watched
from exporter.planning.policy import Policy, QualityLimits, QualityPolicy, RoundPolicy
from exporter.probing.names.written import WrittenAddresses
from exporter.scheduling.pacing import WINDOW_NS, Pace
from exporter.scheduling.slots import Slots
from pantau.clock import NANOSECONDS
from pantau.inventory import PACKET_SPACING_SECONDS, Configuration, Degraded, Hotspot, Settings, Uplink
from pantau.inventory.bursts import default_burst

KIND = "icmp"
CANARY_INTERVAL_SHARE, CANARY_TIMEOUT_SHARE = 0.2, 0.4
"""Of the hotspots' timeout: two canary probes in a row are lost before the timeout of a hotspot's probe of the same
moment is over, for 0.2 + 0.2 + 0.4 < 1."""

_ENOUGH_PROBES, _LEAST_GRAINS = 240, 5
_STEP_NS, _LEAST_GRAIN_NS, _GREATEST_GRAIN_NS = 10_000_000, 50_000_000, 500_000_000
"""A grain gathers so many probes, in whole steps and within these bounds; an interval has so many grains at least."""
_SPAN_NS = 200_000_000
"""A probe may leave so much before its slot, to leave together with others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IcmpPlan(KindPlan):
    """The pings of all targets that have an address. Times in nanoseconds."""

    ids: tuple[str, ...]
    """Of each row: what its slot in the interval hangs on."""
    addresses: tuple[str | None, ...]
    """Of each row: a number or a host name; None where there is nothing to ping."""
    timeout_ns: int
    packet_spacing_ns: int
    canary_addresses: tuple[str, ...]
    """Of each of the `references`."""
    burst: int | None = None
    """Packets that may leave within 10 ms; None for what fits the rate."""
    written: WrittenAddresses = field(init=False, compare=False, repr=False)
    """The `addresses`, read."""
    slots: Slots = field(init=False, compare=False, repr=False)
    """Of the targets that are watched."""

    def __post_init__(self) -> None:
        """What follows from the rest, and takes long for a large city: plans are made in a thread."""
        rows = np.flatnonzero(np.array(self.watched, np.bool_)).astype(np.int32)
        ids = [self.ids[row] for row in rows.tolist()]
        object.__setattr__(self, "written", WrittenAddresses.of(self.addresses))
        object.__setattr__(self, "slots", Slots.of(ids, self.interval_ns, rows))

    def proves_like(self, other: KindPlan) -> bool:
        """Canaries at other addresses have seen nothing yet, whatever their names."""
        same_addresses = isinstance(other, IcmpPlan) and self.canary_addresses == other.canary_addresses
        return same_addresses and self.references == other.references

    def grain_ns(self, room: int) -> int:
        """How far ahead probes are planned: time enough to gather a few. `room` is the engine's.

        To plan costs the same few hundred numpy calls for one probe as for many. The further packets of a round are
        planned by when the first leaves.
        """
        wanted = min(_ENOUGH_PROBES, room // 2)
        gathering_ns = wanted * self.interval_ns // max(sum(self.watched), 1)
        grain_ns = min(gathering_ns, _GREATEST_GRAIN_NS, self.interval_ns // _LEAST_GRAINS)
        if self.policy.round.packets > 1:
            grain_ns = min(grain_ns, self.packet_spacing_ns)
        return max(grain_ns // _STEP_NS * _STEP_NS, _LEAST_GRAIN_NS)

    def pace(self, window_ns: int = WINDOW_NS) -> Pace:
        """How fast its probes leave; who looks but each `window_ns` sends as much at once as falls due in between."""
        base = sum(self.watched) * self.policy.round.packets * NANOSECONDS / self.interval_ns
        canaries = len(self.canary_addresses) * NANOSECONDS / self.canary_interval_ns
        burst = default_burst(base) if self.burst is None else self.burst
        if window_ns > WINDOW_NS:
            burst += default_burst(2 * (base + canaries), window_ns / NANOSECONDS)
        span_ns = min(_SPAN_NS, self.canary_interval_ns // 2) if self.canary_addresses else _SPAN_NS
        return Pace(base, base + canaries, burst, span_ns, elastic=self.burst is None)

    @property
    def canary_interval_ns(self) -> int:
        """Between two probes of one canary."""
        return round(self.timeout_ns * CANARY_INTERVAL_SHARE)

    @property
    def canary_timeout_ns(self) -> int:
        """How long a canary's reply is waited for."""
        return round(self.timeout_ns * CANARY_TIMEOUT_SHARE)


def plan_icmp(configuration: Configuration, watched: Watched) -> IcmpPlan:
    """The pings of a configuration that is valid as a whole; there may be nobody to ping."""
    settings, canaries = configuration.settings, configuration.settings.vantage.canaries
    addresses = tuple(_pinged(it) for it in watched)
    return IcmpPlan(
        kind=KIND,
        role=Role.REACHABILITY,
        ids=tuple(it.id for it in watched),
        interval_ns=_ns(settings.probing.interval_seconds),
        watched=tuple(address is not None for address in addresses),
        policy=_policy(settings),
        own_limits=_own_limits(settings.probing.degraded, watched),
        references=References(
            names=tuple(canary.name for canary in canaries),
            isps=tuple(canary.isp or "" for canary in canaries),
            quorum=settings.vantage.quorum,
        ),
        addresses=addresses,
        timeout_ns=_ns(settings.probing.timeout_seconds),
        packet_spacing_ns=_ns(PACKET_SPACING_SECONDS),
        canary_addresses=tuple(canary.address for canary in canaries),
        burst=settings.probing.burst,
    )


def _pinged(it: Hotspot | Uplink) -> str | None:
    """What is pinged; None where nobody can reach it from outside."""
    return None if isinstance(it, Hotspot) and not it.pinged else it.address


def _policy(settings: Settings) -> Policy:
    probing, confirm, degraded = settings.probing, settings.probing.confirm, settings.probing.degraded
    lost_after_seconds = (probing.packets - 1) * PACKET_SPACING_SECONDS + probing.timeout_seconds
    return Policy(
        round=RoundPolicy(probing.packets, confirm.attempts, _ns(confirm.spacing_seconds), _ns(lost_after_seconds)),
        quality=QualityPolicy(degraded.loss_ratio, _ns(degraded.rtt_seconds), degraded.window),
        recover_after=probing.recover_after,
    )


def _own_limits(degraded: Degraded, watched: Watched) -> dict[int, QualityLimits]:
    """Of the hotspots whose access has limits of its own; an uplink has no access."""
    by_access = {it.access for it in watched if isinstance(it, Hotspot)}
    limits = {access: degraded.limits_of(access) for access in by_access}
    own = {access for access, found in limits.items() if found != degraded.limits_of(None)}
    return {
        row: QualityLimits(limits[it.access].loss_ratio, _ns(limits[it.access].rtt_seconds))
        for row, it in enumerate(watched)
        if isinstance(it, Hotspot) and it.access in own
    }


def _ns(seconds: float) -> int:
    return round(seconds * NANOSECONDS)
