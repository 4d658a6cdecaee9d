"""What crosses between probers, who live by CLOCK_MONOTONIC, and the judge, who reckons on the timeline."""

import dataclasses

import numpy as np

from exporter.probing.outcome import CONCLUSIVE, REFERENCE_BASE, Bool, Int32, Int64, Observations, Outcome
from exporter.probing.prober import Confirmations, RoundKeeper
from exporter.probing.service import Result, ServiceResults
from exporter.timeline import Timeline

_REPLY, _INCONCLUSIVE = int(Outcome.REPLY), int(Outcome.INCONCLUSIVE)
_YES, _UNKNOWN = int(Result.YES), int(Result.UNKNOWN)


def on_timeline(results: Observations, timeline: Timeline) -> Observations:
    """Results of a prober with their times on the timeline; a reference's probe is named by its time.

    What went into a loss of time and did not come back tells nothing of its target.
    """
    if not timeline.lost_ns:
        return results
    of_references = results.target >= REFERENCE_BASE
    rounds = np.where(of_references, timeline.of(results.round), results.round)
    swallowed = timeline.before_loss(results.sent_ns) & CONCLUSIVE[results.outcome] & (results.outcome != _REPLY)
    outcome = np.where(swallowed & ~of_references, _INCONCLUSIVE, results.outcome).astype(np.int8)
    return dataclasses.replace(results, round=rounds, outcome=outcome, sent_ns=timeline.of(results.sent_ns))


def service_on_timeline(results: ServiceResults, timeline: Timeline) -> ServiceResults:
    """The same of what checks have said; what failed over a loss of time tells nothing."""
    if not timeline.lost_ns:
        return results
    swallowed = timeline.before_loss(results.at_ns) & (results.result != _YES)
    result = np.where(swallowed, _UNKNOWN, results.result).astype(np.int8)
    held = results.waiting
    waiting = None if held is None else held._replace(at_ns=timeline.of(held.at_ns))
    return dataclasses.replace(results, result=result, at_ns=timeline.of(results.at_ns), waiting=waiting)


class MonotonicKeeper:
    """A `RoundKeeper` for a prober: tells the judge's one the timeline's time of what happens now."""

    def __init__(self, keeper: RoundKeeper, timeline: Timeline) -> None:
        self._keeper, self._timeline = keeper, timeline

    def begin(self, targets: Int32, at_ns: int | Int64) -> Bool:
        """See `RoundKeeper.begin`."""
        return self._keeper.begin(targets, at_ns + self._timeline.lost_ns)

    def numbers(self, targets: Int32) -> Int64:
        """See `RoundKeeper.numbers`."""
        return self._keeper.numbers(targets)

    def wants(self, targets: Int32, rounds: Int64) -> Bool:
        """See `RoundKeeper.wants`."""
        return self._keeper.wants(targets, rounds)

    def hasten(self, targets: Int32, rounds: Int64, now_ns: int) -> None:
        """See `RoundKeeper.hasten`."""
        self._keeper.hasten(targets, rounds, now_ns + self._timeline.lost_ns)

    def take_confirmations(self) -> Confirmations:
        """See `RoundKeeper.take_confirmations`."""
        waiting = self._keeper.take_confirmations()
        return Confirmations(waiting.at_ns - self._timeline.lost_ns, waiting.targets, waiting.rounds)

    @property
    def references_wanted(self) -> bool:
        """See `RoundKeeper.references_wanted`."""
        return self._keeper.references_wanted

    def references_leave(self, rows: Int32, at_ns: int | Int64, *, extra: bool = False) -> None:
        """See `RoundKeeper.references_leave`."""
        self._keeper.references_leave(rows, at_ns + self._timeline.lost_ns, extra=extra)
