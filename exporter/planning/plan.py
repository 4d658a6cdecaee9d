"""What the probing loop works from: a configuration boiled down to rows and nanoseconds, replaced as a whole.

What is the same for all kinds of probes stands here; what one kind needs beside it is its own `KindPlan`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import Enum

from exporter.planning.checks import PlannedCheck
from exporter.planning.facts import FactTable, make_facts
from exporter.planning.labels import Grouping, HotspotLabels, TargetName, UplinkLabels
from exporter.planning.policy import Policy, QualityLimits
from pantau.inventory import Configuration, Hotspot, Uplink
from pantau.inventory.calendar import Calendar
from pantau.inventory.carrying import covered
from pantau.inventory.projection import project


class Role(Enum):
    """What a kind of probe tells of a hotspot; the two are judged apart and then combined."""

    REACHABILITY = "reachability"
    """Whether it can be reached at all."""
    SERVICE = "service"
    """Whether what it is there for works. What a vantage asks does not cross the client's path."""


@dataclass(frozen=True, slots=True)
class References:
    """Hosts that vouch for a kind's own sight: while they fail, what the kind sees is unknown."""

    names: tuple[str, ...] = ()
    isps: tuple[str, ...] = ()
    """The ISP whose path each proves; empty for those that prove our own."""
    quorum: int = 1
    """Of those that prove our own path."""
    silent_after_ns: int | None = None
    """Where nobody is asked, but those who speak of themselves witness that others could be heard: `names` are ISPs, of
    which so many besides a target's own must have been heard since. After so long without that, nothing is believed."""

    @property
    def asked(self) -> bool:
        """Whether they, and the targets, are asked; else it is waited for what they say of themselves."""
        return self.silent_after_ns is None


@dataclass(frozen=True, slots=True)
class KindPlan:
    """What every kind of probe has: how it is judged, and whom it watches."""

    kind: str
    role: Role
    interval_ns: int
    """Between two probes of one target; after a longer pause of ours nothing that the kind saw is vouched for."""
    watched: tuple[bool, ...]
    """For each row of the plan, whether this kind probes it."""
    policy: Policy = field(default_factory=Policy)
    references: References = field(default_factory=References)
    own_limits: Mapping[int, QualityLimits] = field(default_factory=dict)
    """By row of the plan: limits of the quality that hold there and not those of the policy."""
    hearsay: tuple[bool, ...] = ()
    """For each row, whether what this kind says of it proves nothing of its being reached, for it is the word of him
    who is judged; nowhere, if left out."""
    checks: tuple[PlannedCheck, ...] = ()
    """What its prober says of the service. A `ServiceResults` numbers them by their place here."""

    def proves_like(self, other: "KindPlan") -> bool:
        """Whether the references of both prove the same: what the one's have shown, the other's have."""
        return self.references == other.references


@dataclass(frozen=True, slots=True)
class PlannedWindow:
    """A maintenance window, and the rows of the plan that it covers."""

    id: str
    scope: str
    target: str
    calendar: Calendar
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Rows are what is watched: the active hotspots in the order of the inventory, then the uplinks with an address."""

    labels: tuple[HotspotLabels, ...]
    """Of the hotspots."""
    kinds: tuple[KindPlan, ...]
    """The kinds of probes, the pings first: their counters and quality are the hotspots' own."""
    uplinks: tuple[UplinkLabels, ...] = ()
    """The rows after the hotspots'."""
    windows: tuple[PlannedWindow, ...] = ()
    """Maintenance, open or not."""
    facts: tuple[FactTable, ...] = ()
    """What a scrape shows of the inventory beside the hotspots."""
    digest: str = ""
    """Of the configuration's files; empty where nobody keeps it."""
    inventory: Mapping[str, bytes] = field(default_factory=dict)
    """What of the configuration decides money (see `pantau.inventory.projection`): evidence for the journal."""
    subjects: tuple[TargetName, ...] = field(init=False)
    """What each row is known by."""
    ids: tuple[str, ...] = field(init=False, compare=False)
    """The id of each row."""
    isps: tuple[str, ...] = field(init=False, compare=False)
    """The ISP of each row; empty for an uplink that has none."""
    grouping: Grouping = field(init=False, compare=False)
    """Over which hotspots counters are added up."""

    def __post_init__(self) -> None:
        hotspots = (TargetName(row.hotspot) for row in self.labels)
        uplinks = (TargetName(row.uplink, is_uplink=True) for row in self.uplinks)
        object.__setattr__(self, "subjects", (*hotspots, *uplinks))
        object.__setattr__(self, "ids", tuple(subject.name for subject in self.subjects))
        object.__setattr__(self, "isps", tuple(row.isp for part in (self.labels, self.uplinks) for row in part))
        object.__setattr__(self, "grouping", Grouping.of(self.labels))
        wrong = [kind.kind for kind in self.kinds if len(kind.watched) != len(self.subjects)]
        wrong += [check.name for check in self.checks if len(check.watched) != len(self.subjects)]
        if wrong:
            rows = len(self.subjects)
            raise ValueError(
                f"a kind's plan, and each of its checks, must have a row for each of {rows} targets: {wrong}"
            )

    @property
    def hotspots(self) -> int:
        """How many rows are hotspots."""
        return len(self.labels)

    @property
    def checks(self) -> tuple[PlannedCheck, ...]:
        """Those of all kinds, in their order."""
        return tuple(check for kind in self.kinds for check in kind.checks)


Watched = Sequence[Hotspot | Uplink]
"""What the rows of a plan are, in their order."""
KindPlanner = Callable[[Configuration, Watched], KindPlan]
"""Makes the plan of one kind; of one that watches nobody where there is nothing to do, for a reload may change that."""


def make_plan(configuration: Configuration, planners: Sequence[KindPlanner], digest: str = "") -> Plan:
    """The plan of a configuration that is valid as a whole."""
    hotspots, uplinks = configuration.inventory.active_hotspots, configuration.inventory.probed_uplinks
    watched: Watched = (*hotspots, *uplinks)
    return Plan(
        labels=tuple(map(_hotspot_labels, hotspots)),
        kinds=tuple(planner(configuration, watched) for planner in planners),
        uplinks=tuple(UplinkLabels(uplink.id, uplink.kecamatan or "", uplink.isp or "") for uplink in uplinks),
        windows=tuple(_windows(configuration, [it.id for it in watched])),
        facts=make_facts(configuration),
        digest=digest,
        inventory=project(configuration.settings, configuration.inventory),
    )


def _hotspot_labels(hotspot: Hotspot) -> HotspotLabels:
    """Each label is the inventory's field of that name, but for the id."""
    given = {label.name: getattr(hotspot, label.name) for label in fields(HotspotLabels) if label.name != "hotspot"}
    said = {name: "" if value is None else str(value) for name, value in given.items()}
    return HotspotLabels(hotspot.id, **said | {"priority": said["priority"].lower()})


def _windows(configuration: Configuration, ids: Sequence[str]) -> Iterator[PlannedWindow]:
    inventory, zone = configuration.inventory, configuration.settings.zone
    for window in inventory.maintenance:
        members = covered(window, inventory)
        rows = tuple(row for row, name in enumerate(ids) if name in members)
        yield PlannedWindow(window.id, window.scope, window.target, window.calendar(zone), rows)
