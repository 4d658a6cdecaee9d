"""One consistent picture of all hotspots, copied between two ticks of the probing loop: what scrape and page show.

Rows are hotspots in the order of the inventory. A snapshot is never changed after it was made, so that a thread may
render it while probing goes on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from exporter.planning.facts import FactTable
from exporter.planning.labels import GroupLabels, HotspotLabels, UplinkLabels
from exporter.verdicts.counters import RTT_BUCKETS_SECONDS
from pantau.states import State


@dataclass(frozen=True, slots=True)
class UplinkFigures:
    """What is shown of n probed uplinks, as of hotspots."""

    labels: Sequence[UplinkLabels]
    """Kept from scrape to scrape as the hotspots' are."""
    up: NDArray[np.int8]
    state: NDArray[np.int8]
    state_since_seconds: NDArray[np.float64]


NO_UPLINKS = UplinkFigures((), np.empty(0, np.int8), np.empty(0, np.int8), np.empty(0, np.float64))


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """What is shown of g groups: the hotspots' figures, added up."""

    labels: Sequence[GroupLabels]
    """Kept from scrape to scrape as the hotspots' are."""
    hotspots: NDArray[np.int64]
    """g x states: hotspots in each `State` now."""
    state_seconds: NDArray[np.float64]
    """g x states."""
    requests: NDArray[np.int64]
    replies: NDArray[np.int64]
    rtt_buckets: NDArray[np.int64]
    """g x 12, not cumulative."""
    rtt_sum_seconds: NDArray[np.float64]


def no_groups() -> GroupFigures:
    """Nothing."""
    none, states = np.empty(0, np.int64), np.empty((0, len(State)), np.int64)
    buckets = np.empty((0, len(RTT_BUCKETS_SECONDS) + 1), np.int64)
    return GroupFigures((), states, states.astype(np.float64), none, none, buckets, none.astype(np.float64))


@dataclass(frozen=True, slots=True)
class CheckFigures:
    """What one further kind of probe says of the hotspots, in rows as those of the snapshot."""

    check: str
    """The kind's name."""
    service: bool
    """Whether it tells of a service, and not of reachability."""
    up: NDArray[np.int8]
    """1 yes, 0 no, -1 unknown or not watched by this kind (no series)."""
    requests: NDArray[np.int64]
    replies: NDArray[np.int64]
    duration_seconds: NDArray[np.float64]
    """Of late, smoothed; nan where not known (no series)."""
    expiry_seconds: NDArray[np.float64] | None = None
    """Unix time at which the certificate expires that it was shown; nan where it saw none (no series)."""


@dataclass(frozen=True, slots=True)
class SightFigures:
    """Which of the hotspots we cannot see, and which have ever answered, in rows as those of the snapshot."""

    unseen_since_seconds: NDArray[np.float64]
    """Unix time; 0 while it can be seen, or our own path is what failed."""
    reasons: Sequence[tuple[int, str]]
    """Rows that cannot be seen, with the reason."""
    answered: NDArray[np.int8]
    """1 if it has ever answered."""


@dataclass(frozen=True, slots=True)
class HeartbeatFigures:
    """What agents say, in rows as those of the snapshot; nan where one does not say it, or there is none."""

    heard_seconds: NDArray[np.float64]
    """Unix time of the last heartbeat; 0 when there never was one."""
    boot_seconds: NDArray[np.float64]
    """Unix time."""
    clients: NDArray[np.float64]
    received_bytes: NDArray[np.float64]
    transmitted_bytes: NDArray[np.float64]
    internet_rtt_seconds: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The figures of n hotspots at one instant."""

    labels: Sequence[HotspotLabels]
    """n rows. The same object from scrape to scrape until the inventory changes: what is rendered of it can be kept."""
    up: NDArray[np.int8]
    """1 serves, 0 does not, -1 no verdict yet (no series)."""
    state: NDArray[np.int8]
    """A `State`."""
    state_seconds: NDArray[np.float64]
    """n x states: seconds spent in each `State`."""
    state_changes: NDArray[np.int64]
    relapses: NDArray[np.int64]
    """Answers within an outage that did not end it."""
    state_since_seconds: NDArray[np.float64]
    """Unix time."""
    requests: NDArray[np.int64]
    """Probes that came to a conclusive end: a reply, silence or an ICMP error."""
    replies: NDArray[np.int64]
    failures: NDArray[np.int64]
    """n x reasons, by `REASONS`."""
    rtt_buckets: NDArray[np.int64]
    """n x 12, replies in each bucket of `RTT_BUCKETS_SECONDS` and beyond; not cumulative."""
    rtt_sum_seconds: NDArray[np.float64]
    last_reply_seconds: NDArray[np.float64]
    """Unix time; 0 when there never was one."""
    down_since_seconds: NDArray[np.float64]
    """Unix time at which it was last found unreachable; of those whose `reachable` is 0."""
    availability_day: NDArray[np.float64]
    """Service of the last day, of what can be judged, 0 to 1. nan, here and below: not known (no series)."""
    loss: NDArray[np.float64]
    """Lost probes among the last ones, 0 to 1."""
    smoothed_rtt_seconds: NDArray[np.float64]
    reachable: NDArray[np.int8] | None = None
    """1 reachable, 0 not, -1 not known yet (no series). None, here and below: as `up` has it, for nobody checks."""
    unserved_since_seconds: NDArray[np.float64] | None = None
    """Unix time since when it is reachable and without service; 0 where it is not so."""
    overruns: Sequence[tuple[int, str]] = ()
    """Rows that have overrun a maintenance window, with the window's id."""
    uplinks: UplinkFigures = NO_UPLINKS
    groups: GroupFigures = field(default_factory=no_groups)
    sight: SightFigures | None = None
    checks: Sequence[CheckFigures] = ()
    """The kinds of probes beside the pings."""
    facts: Sequence[FactTable] = ()
    """What the inventory says; the same object until it changes."""
    heartbeats: HeartbeatFigures | None = None
    """Of the agents, where there are any."""
