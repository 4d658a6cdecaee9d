"""Rounds: the probes that together give one verdict, and the quick re-probes after a lost one.

A round is answered as soon as one of its probes is. It is lost when all of them, and then all confirmations, are
conclusively unanswered; it is inconclusive when one of them says nothing about the hotspot. An ICMP error about a probe
makes the confirmation begin earlier, and decides nothing.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from exporter.columns import Column, Columns, one_of_each
from exporter.planning.policy import RoundPolicy
from exporter.probing.outcome import CONCLUSIVE, REFUSED, Bool, Int8, Int32, Int64, Observations, Outcome
from exporter.probing.prober import NO_CONFIRMATIONS, Confirmations

FAR_FUTURE = int(np.iinfo(np.int64).max)


class Stage(IntEnum):
    """What a hotspot is waiting for."""

    IDLE = 0
    ROUND = 1
    CONFIRMING = 2


class Ending(IntEnum):
    """How a round ended."""

    ANSWERED = 0
    LOST = 1
    INCONCLUSIVE = 2


@dataclass(frozen=True, slots=True)
class RoundEnds:
    """Rounds that have ended, at most one a hotspot."""

    targets: Int32
    ending: Int8
    """An `Ending`."""
    first_ns: Int64
    """When the round's first probe left: the first unanswered one, if the round is lost."""
    answer_ns: Int64
    """When the first answered probe left; `FAR_FUTURE` if none was."""
    reason: Int8
    """The `Outcome` of the last failed probe; REPLY if none failed."""
    unanswered: NDArray[np.int16]
    """Its probes that ended without a reply."""


# Plain numbers: an enum's member costs a microsecond each time that numpy looks at it.
_IDLE, _ANSWERED, _REPLY = int(Stage.IDLE), int(Ending.ANSWERED), int(Outcome.REPLY)


class Rounds(Columns):
    """The rounds of n hotspots."""

    COLUMNS: ClassVar = {
        "stage": Column(np.int8, Stage.IDLE),
        "number": Column(np.int64, 0),
        "waiting": Column(np.int16, 0),
        "doomed": Column(np.int16, 0),
        "first_ns": Column(np.int64, FAR_FUTURE),
        "sent_ns": Column(np.int64, FAR_FUTURE),
        "answer_ns": Column(np.int64, FAR_FUTURE),
        "blurred": Column(np.bool_, False),
        "reason": Column(np.int8, Outcome.REPLY),
        "unanswered": Column(np.int16, 0),
        "place": Column(np.int32, 0),
    }
    stage: Int8
    number: Int64
    """Of the present or last round; results of earlier rounds no longer count."""
    waiting: NDArray[np.int16]
    """Probes of this round that have been sent, or are to be in this stage, and have not ended."""
    doomed: NDArray[np.int16]
    """Those among them of which an ICMP error says that they cannot arrive."""
    first_ns: Int64
    """When the round was to begin."""
    sent_ns: Int64
    """When the first of its probes that have ended left: later than planned, where the machine was late."""
    answer_ns: Int64
    blurred: Bool
    """Whether a probe of this round was inconclusive."""
    reason: Int8
    unanswered: NDArray[np.int16]
    """Probes of this round that have ended without a reply."""
    place: Int32
    """Scratch space of `one_of_each`."""

    def begin(self, targets: Int32, at_ns: int | Int64, policy: RoundPolicy) -> Bool:
        """Start a round for each of these (different) targets that has none under way; which ones, as a mask."""
        idle: Bool = self.stage[targets] == _IDLE
        started = targets[idle]
        self.stage[started] = Stage.ROUND
        self.number[started] += 1
        self.waiting[started] = policy.packets
        self.doomed[started] = 0
        self.first_ns[started] = at_ns if isinstance(at_ns, int) else at_ns[idle]
        self.sent_ns[started] = self.answer_ns[started] = FAR_FUTURE
        self.blurred[started] = False
        self.reason[started] = _REPLY
        self.unanswered[started] = 0
        return idle

    def absorb(
        self, results: Observations, confirm: Bool, now_ns: int, policy: RoundPolicy
    ) -> tuple[RoundEnds, Confirmations]:
        """Take results in. `confirm` tells for each hotspot whether a loss needs confirmation before it counts.

        A round ends with its first answer, whatever its other probes bring: those come back with the number of a round
        that is over, and count no more. Without an answer it is waited for all probes of the stage; if one of them told
        nothing (our own fault), the round tells nothing. Else the loss is confirmed by probes of a second stage, unless
        the hotspot is down already: a dead one needs no proof in each round.
        """
        # Late replies and those of abandoned rounds carry an older number.
        current = (self.stage[results.target] != _IDLE) & (self.number[results.target] == results.round)
        target, outcome, sent_ns = results.target[current], results.outcome[current], results.sent_ns[current]
        np.subtract.at(self.waiting, target, 1)  # `at`: several results of one hotspot may come together
        np.minimum.at(self.sent_ns, target, sent_ns)
        replied = outcome == _REPLY
        if replied.all():  # nearly always
            np.minimum.at(self.answer_ns, target, sent_ns)
        else:
            np.minimum.at(self.answer_ns, target[replied], sent_ns[replied])
            self.reason[target[~replied]] = outcome[~replied]
            np.subtract.at(self.doomed, target[REFUSED[outcome]], 1)
            np.add.at(self.unanswered, target[~replied], 1)
            self.blurred[target[~CONCLUSIVE[outcome]]] = True

        touched = target[one_of_each(target, self.place)]
        answered = self.answer_ns[touched] != FAR_FUTURE
        if answered.all():
            return self._end(touched, np.full(len(touched), _ANSWERED, np.int8)), NO_CONFIRMATIONS
        silent = ~answered & (self.waiting[touched] <= 0)
        blurred = silent & self.blurred[touched]
        unsure = silent & ~blurred & confirm[touched] & (self.stage[touched] == Stage.ROUND)
        unsure &= policy.confirm_attempts > 0
        confirmations = self._confirm(touched[unsure], now_ns, policy)

        over = answered | (silent & ~unsure)
        ending = np.select([answered[over], blurred[over]], [Ending.ANSWERED, Ending.INCONCLUSIVE], Ending.LOST)
        return self._end(touched[over], ending.astype(np.int8)), confirmations

    def hasten(self, targets: Int32, numbers: Int64, confirm: Bool, now_ns: int, policy: RoundPolicy) -> Confirmations:
        """Errors have come of these probes, which are still in flight: begin at once what their loss would begin.

        Where every probe that the round waits for has an error, it is confirmed now, if `confirm` says so of the
        hotspot. Its probes go on nevertheless, and a reply to any of them, before or after those to the confirmations,
        ends the round as answered: an error may be forged, or be about another path.
        """
        current = (self.stage[targets] == Stage.ROUND) & (self.number[targets] == numbers)
        targets = targets[current]
        np.add.at(self.doomed, targets, 1)
        touched = targets[one_of_each(targets, self.place)]
        hopeless = (self.doomed[touched] >= self.waiting[touched]) & confirm[touched] & ~self.blurred[touched]
        hopeless &= policy.confirm_attempts > 0
        return self._confirm(touched[hopeless], now_ns, policy)

    def abandon(self, targets: Int64) -> None:
        """End rounds without a verdict; what their probes bring no longer counts."""
        self.stage[targets] = _IDLE

    def wants(self, targets: Int32, numbers: Int64) -> Bool:
        """Which of these re-probes belong to a round that is still under way."""
        wanted: Bool = (self.stage[targets] != _IDLE) & (self.number[targets] == numbers)
        return wanted

    def open_since_ns(self) -> Int64:
        """When each hotspot's round under way began; `FAR_FUTURE` where there is none."""
        return np.where(self.stage != _IDLE, self.first_ns, FAR_FUTURE)

    def _end(self, targets: Int32, ending: Int8) -> RoundEnds:
        self.stage[targets] = _IDLE
        left = self.sent_ns[targets] != FAR_FUTURE
        began_ns = np.where(left, np.maximum(self.first_ns[targets], self.sent_ns[targets]), self.first_ns[targets])
        return RoundEnds(
            targets,
            ending,
            began_ns,
            self.answer_ns[targets],
            self.reason[targets],
            self.unanswered[targets],
        )

    def _confirm(self, targets: Int32, now_ns: int, policy: RoundPolicy) -> Confirmations:
        self.stage[targets] = Stage.CONFIRMING
        # Probes of the first stage that an ICMP error was quicker than are in flight still.
        self.waiting[targets] = np.maximum(self.waiting[targets], 0) + policy.confirm_attempts
        steps = np.arange(policy.confirm_attempts, dtype=np.int64) * policy.confirm_spacing_ns
        lost_ns = np.minimum(self.first_ns[targets] + policy.lost_after_ns, now_ns)  # an ICMP error may be quicker
        return Confirmations(
            at_ns=(steps[:, None] + lost_ns).ravel(),
            targets=np.tile(targets, policy.confirm_attempts),
            rounds=np.tile(self.number[targets], policy.confirm_attempts),
        )
