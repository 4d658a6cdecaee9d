"""Takes the picture: copies out of the judge all that a scrape and the page show, rounded as they show it."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from exporter.planning.plan import Role
from exporter.probing.outcome import Int64
from exporter.verdicts.checks import CheckMachine
from exporter.verdicts.judge import Judge
from exporter.verdicts.kind import JudgedKind
from exporter.verdicts.machine import KindMachine
from exporter.verdicts.picture import CheckFigures, SightFigures, Snapshot, UplinkFigures
from exporter.verdicts.sight import UnseenReason
from pantau.clock import NANOSECONDS
from pantau.states import State

WallSeconds = Callable[[Int64], NDArray[np.float64]]
"""Unix time of monotonic nanoseconds."""


def take_snapshot(judge: Judge, now_ns: int, wall_seconds: WallSeconds) -> Snapshot:
    """A consistent copy of everything that is shown, with time booked as far as it is settled."""
    judge.book(now_ns)
    plan, states, machine = judge.plan, judge.states, judge.primary.machine
    counters = machine.counters
    hotspots, uplinks = slice(plan.hotspots), slice(plan.hotspots, None)
    state, since_seconds = states.shown(), wall_seconds(states.shown_since_ns())
    last_ns = _last_reply_ns(judge)[hotspots]
    return Snapshot(
        labels=plan.labels,
        up=states.verdict[hotspots].copy(),
        state=state[hotspots],
        state_seconds=states.ledger.spent_ns[hotspots] / NANOSECONDS,
        state_changes=states.changes[hotspots].copy(),
        relapses=states.relapses[hotspots].copy(),
        state_since_seconds=since_seconds[hotspots],
        requests=counters.requests[hotspots].copy(),
        replies=counters.replies[hotspots].copy(),
        failures=counters.failures[hotspots].copy(),
        rtt_buckets=counters.rtt_buckets[hotspots].copy(),
        rtt_sum_seconds=counters.rtt_sum_ns[hotspots] / NANOSECONDS,
        last_reply_seconds=np.where(last_ns < 0, 0.0, wall_seconds(last_ns)),
        down_since_seconds=wall_seconds(states.overlay.shown_since_ns(states.fell_ns)[hotspots]),
        availability_day=judge.recent.ratio(states.ledger.spent_ns)[hotspots],
        loss=_loss_ratio(machine)[hotspots],
        smoothed_rtt_seconds=_smoothed_rtt_seconds(machine)[hotspots],
        overruns=[(row, window) for row, window in states.overlay.overruns() if row < plan.hotspots],
        uplinks=UplinkFigures(plan.uplinks, states.verdict[uplinks].copy(), state[uplinks], since_seconds[uplinks]),
        groups=judge.groups.figures(judge.group_counts(), state[hotspots]),
        sight=_sight(judge, now_ns, wall_seconds),
        checks=[*(_kind(kind, hotspots) for kind in _further(judge)), *_checks(judge, hotspots)],
        reachable=states.reached[hotspots].copy(),
        unserved_since_seconds=_unserved_since_seconds(judge, wall_seconds)[hotspots],
        facts=plan.facts,
    )


def _last_reply_ns(judge: Judge) -> Int64:
    """When each target last answered, a ping or by a heartbeat that proves that it is reached; -1 if never."""
    machines = [kind.machine for kind in judge.kinds.values()]
    last_ns: Int64 = np.maximum.reduce([np.where(it.proves, it.counters.last_reply_ns, -1) for it in machines])
    return last_ns


def _sight(judge: Judge, now_ns: int, wall_seconds: WallSeconds) -> SightFigures:
    hotspots = judge.plan.hotspots
    unseen = judge.unseen(now_ns)
    since_seconds = np.zeros(len(judge.plan.subjects))
    since_seconds[unseen.rows] = wall_seconds(unseen.since_ns)
    rows = zip(unseen.rows.tolist(), unseen.reason.tolist(), strict=True)
    return SightFigures(
        unseen_since_seconds=since_seconds[:hotspots],
        reasons=[(row, UnseenReason(reason).label) for row, reason in rows if row < hotspots],
        answered=judge.answered()[:hotspots].astype(np.int8),
    )


def _further(judge: Judge) -> Iterator[JudgedKind]:
    """The kinds beside the primary one that watch anybody."""
    for kind in judge.kinds.values():
        if kind is not judge.primary and kind.machine.watched.any():
            yield kind


def _unserved_since_seconds(judge: Judge, wall_seconds: WallSeconds) -> NDArray[np.float64]:
    states = judge.states
    since_seconds = wall_seconds(states.overlay.shown_since_ns(states.unserved_ns))
    return np.where(states.unserved & ~states.overlay.hidden, since_seconds, 0.0)


def _checks(judge: Judge, hotspots: slice) -> Iterator[CheckFigures]:
    for kind in judge.kinds.values():
        for machine in kind.checks.machines:
            if machine.watched.any():
                yield CheckFigures(
                    check=machine.plan.name,
                    service=True,
                    up=_WORKS[machine.said][hotspots],
                    requests=machine.requests[hotspots].copy(),
                    replies=machine.replies[hotspots].copy(),
                    duration_seconds=np.round(machine.smoothed_ns / NANOSECONDS, 6)[hotspots],
                    expiry_seconds=_expiry_seconds(machine, hotspots),
                )


def _expiry_seconds(machine: CheckMachine, hotspots: slice) -> NDArray[np.float64] | None:
    seen = machine.expiry_s[hotspots] > 0
    return np.where(seen, machine.expiry_s[hotspots], np.nan) if seen.any() else None


_WORKS = np.array([-1, 1, 0, 0, 1], np.int8)
"""By the number of a `Result`: what works beyond its limits works."""


def _kind(kind: JudgedKind, hotspots: slice) -> CheckFigures:
    machine = kind.machine
    said = machine.watched & (machine.state != State.UNKNOWN)
    up = np.where(said, machine.state != State.DOWN, -1).astype(np.int8)
    return CheckFigures(
        check=kind.plan.kind,
        service=kind.plan.role is Role.SERVICE,
        up=up[hotspots],
        requests=machine.counters.requests[hotspots].copy(),
        replies=machine.counters.replies[hotspots].copy(),
        duration_seconds=_smoothed_rtt_seconds(machine)[hotspots],
    )


def _loss_ratio(machine: KindMachine) -> NDArray[np.float64]:
    """Lost probes among each target's last ones, 0 to 1; nan where they are too few, or nobody can see it now."""
    loss = machine.quality.loss_ratio(np.arange(machine.rows, dtype=np.int32), machine.limits.window)
    return np.where(machine.state == State.UNKNOWN, np.nan, loss)


def _smoothed_rtt_seconds(machine: KindMachine) -> NDArray[np.float64]:
    """Smoothed RTT of each target that answers now, nan of the others; to the microsecond: more would only change."""
    answers = (machine.state == State.UP) | (machine.state == State.DEGRADED)
    return np.round(np.where(answers, machine.quality.smoothed_rtt_ns, np.nan) / NANOSECONDS, 6)
