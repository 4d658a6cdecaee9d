"""What the probing loop works from: a configuration boiled down to labels and nanoseconds, replaced as a whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from exporter.facts import make_facts
from exporter.metrics.facts import FactTable
from exporter.metrics.groups import Grouping
from exporter.metrics.snapshot import HotspotLabels, UplinkLabels
from exporter.verdicts.machine import Policy
from exporter.verdicts.maintenance import PlannedWindow
from exporter.verdicts.quality import QualityPolicy
from exporter.verdicts.rounds import RoundPolicy
from pantau.clock import NANOSECONDS
from pantau.inventory import PACKET_SPACING_SECONDS, Configuration, Hotspot, Settings, Uplink
from pantau.inventory.carrying import covered

CANARY_INTERVAL_SHARE, CANARY_TIMEOUT_SHARE = 0.2, 0.4
"""Of the hotspots' timeout: two canary probes in a row are lost before the timeout of a hotspot's probe of the same
moment is over, for 0.2 + 0.2 + 0.4 < 1."""

_ENOUGH_PROBES, _LEAST_GRAINS = 120, 8
_STEP_NS, _LEAST_GRAIN_NS, _GREATEST_GRAIN_NS = 10_000_000, 50_000_000, 500_000_000
"""A grain gathers so many probes, no burst for a link, in whole steps and within these bounds, so that a hotspot more
rarely moves the grid; an interval has so many grains at least."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Rows are what is probed: the active hotspots in the order of the inventory, then the uplinks with an address.

    Times in nanoseconds.
    """

    ids: tuple[str, ...]
    addresses: tuple[str, ...]
    labels: tuple[HotspotLabels, ...]
    """Of the hotspots."""
    policy: Policy
    interval_ns: int
    timeout_ns: int
    packet_spacing_ns: int
    canary_names: tuple[str, ...]
    canary_addresses: tuple[str, ...]
    canary_isps: tuple[str, ...]
    """The ISP whose path each proves; empty for the general ones."""
    quorum: int
    """Of the general ones."""
    uplinks: tuple[UplinkLabels, ...] = ()
    """The rows after the hotspots'."""
    windows: tuple[PlannedWindow, ...] = ()
    """Maintenance, open or not."""
    facts: tuple[FactTable, ...] = ()
    """What a scrape shows of the inventory beside the hotspots."""
    grouping: Grouping = field(init=False)
    """Over which hotspots counters are added up."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "grouping", Grouping.of(self.labels))

    @property
    def hotspots(self) -> int:
        """How many rows are hotspots."""
        return len(self.labels)

    @property
    def isps(self) -> tuple[str, ...]:
        """The ISP of each row; empty for an uplink that has none."""
        return tuple(row.isp for part in (self.labels, self.uplinks) for row in part)

    def grain_ns(self, room: int) -> int:
        """The grid of the slots: time enough to gather a few probes. `room` is the engine's.

        To send costs the same few hundred numpy calls for one probe as for many.
        """
        wanted = min(_ENOUGH_PROBES, room // 2)
        gathering_ns = wanted * self.interval_ns // max(len(self.ids), 1)
        grain_ns = min(gathering_ns, _GREATEST_GRAIN_NS, self.interval_ns // _LEAST_GRAINS)
        return max(grain_ns // _STEP_NS * _STEP_NS, _LEAST_GRAIN_NS)

    @property
    def canary_interval_ns(self) -> int:
        """Between two probes of one canary."""
        return round(self.timeout_ns * CANARY_INTERVAL_SHARE)

    @property
    def canary_timeout_ns(self) -> int:
        """How long a canary's reply is waited for."""
        return round(self.timeout_ns * CANARY_TIMEOUT_SHARE)


def make_plan(configuration: Configuration) -> Plan:
    """The plan of a configuration that is valid as a whole."""
    settings, hotspots = configuration.settings, configuration.inventory.active_hotspots
    canaries, uplinks = settings.vantage.canaries, configuration.inventory.probed_uplinks
    probed: tuple[Hotspot | Uplink, ...] = (*hotspots, *uplinks)
    return Plan(
        ids=tuple(it.id for it in probed),
        addresses=tuple(it.address for it in probed if it.address is not None),
        labels=tuple(map(_labels, hotspots)),
        policy=_policy(settings),
        interval_ns=_ns(settings.probing.interval_seconds),
        timeout_ns=_ns(settings.probing.timeout_seconds),
        packet_spacing_ns=_ns(PACKET_SPACING_SECONDS),
        canary_names=tuple(canary.name for canary in canaries),
        canary_addresses=tuple(canary.address for canary in canaries),
        canary_isps=tuple(canary.isp or "" for canary in canaries),
        quorum=settings.vantage.quorum,
        uplinks=tuple(map(_uplink_labels, uplinks)),
        windows=tuple(_windows(configuration, [it.id for it in probed])),
        facts=make_facts(configuration),
    )


def _policy(settings: Settings) -> Policy:
    probing = settings.probing
    lost_after_seconds = (probing.packets - 1) * PACKET_SPACING_SECONDS + probing.timeout_seconds
    return Policy(
        round=RoundPolicy(
            probing.packets, probing.confirm.attempts, _ns(probing.confirm.spacing_seconds), _ns(lost_after_seconds)
        ),
        quality=QualityPolicy(probing.degraded.loss_ratio, _ns(probing.degraded.rtt_seconds), probing.degraded.window),
        recover_after=probing.recover_after,
    )


def _labels(hotspot: Hotspot) -> HotspotLabels:
    return HotspotLabels(
        hotspot=hotspot.id,
        kecamatan=hotspot.kecamatan,
        isp=hotspot.isp,
        name=hotspot.name,
        kelurahan=hotspot.kelurahan or "",
        category=hotspot.category or "",
        access=hotspot.access or "",
        contract=hotspot.contract or "",
        address=hotspot.address,
        latitude="" if hotspot.latitude is None else str(hotspot.latitude),
        longitude="" if hotspot.longitude is None else str(hotspot.longitude),
    )


def _uplink_labels(uplink: Uplink) -> UplinkLabels:
    return UplinkLabels(uplink.id, uplink.kecamatan or "", uplink.isp or "")


def _windows(configuration: Configuration, ids: Sequence[str]) -> Iterator[PlannedWindow]:
    inventory, zone = configuration.inventory, configuration.settings.zone
    for window in inventory.maintenance:
        members = covered(window, inventory)
        rows = tuple(row for row, name in enumerate(ids) if name in members)
        yield PlannedWindow(window.id, window.scope, window.target, window.calendar(zone), rows)


def _ns(seconds: float) -> int:
    return round(seconds * NANOSECONDS)
