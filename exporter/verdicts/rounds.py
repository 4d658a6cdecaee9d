"""Rounds: the probes that together give one verdict, and the quick re-probes after a lost one.

A round is answered as soon as one of its probes is. It is lost when all of them, and then all confirmations, are
conclusively unanswered; it is inconclusive when one of them says nothing about the hotspot.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from exporter.columns import Column, Columns
from exporter.probing.outcome import Bool, Int8, Int32, Int64, Outcome, Results

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
class RoundPolicy:
    """The part of the settings that shapes a round. Times in nanoseconds."""

    packets: int = 1
    confirm_attempts: int = 3
    confirm_spacing_ns: int = 1_000_000_000


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


@dataclass(frozen=True, slots=True)
class Reprobes:
    """Confirmations to send: not before `at_ns`."""

    at_ns: Int64
    targets: Int32
    rounds: Int64


class Rounds(Columns):
    """The rounds of n hotspots."""

    COLUMNS: ClassVar = {
        "stage": Column(np.int8, Stage.IDLE),
        "number": Column(np.int64, 0),
        "waiting": Column(np.int16, 0),
        "first_ns": Column(np.int64, FAR_FUTURE),
        "answer_ns": Column(np.int64, FAR_FUTURE),
        "blurred": Column(np.bool_, False),
        "reason": Column(np.int8, Outcome.REPLY),
    }
    stage: Int8
    number: Int64
    """Of the present or last round; results of earlier rounds no longer count."""
    waiting: NDArray[np.int16]
    """Probes of this stage that have not ended."""
    first_ns: Int64
    answer_ns: Int64
    blurred: Bool
    """Whether a probe of this round was inconclusive."""
    reason: Int8

    def begin(self, targets: Int32, now_ns: int, policy: RoundPolicy) -> Int32:
        """Start a round for each target that has none under way, and return those."""
        started: Int32 = targets[self.stage[targets] == Stage.IDLE]
        self.stage[started] = Stage.ROUND
        self.number[started] += 1
        self.waiting[started] = policy.packets
        self.first_ns[started] = now_ns
        self.answer_ns[started] = FAR_FUTURE
        self.blurred[started] = False
        self.reason[started] = Outcome.REPLY
        return started

    def absorb(self, results: Results, confirm: Bool, now_ns: int, policy: RoundPolicy) -> tuple[RoundEnds, Reprobes]:
        """Take results in. `confirm` tells for each hotspot whether a loss needs confirmation before it counts."""
        current = (self.stage[results.target] != Stage.IDLE) & (self.number[results.target] == results.round)
        target, outcome, sent_ns = results.target[current], results.outcome[current], results.sent_ns[current]
        np.subtract.at(self.waiting, target, 1)
        replied = outcome == Outcome.REPLY
        np.minimum.at(self.answer_ns, target[replied], sent_ns[replied])
        self.reason[target[~replied]] = outcome[~replied]
        self.blurred[target[outcome >= Outcome.RESOLVE]] = True

        touched = np.unique(target).astype(np.int32)
        answered = self.answer_ns[touched] != FAR_FUTURE
        silent = ~answered & (self.waiting[touched] <= 0)
        blurred = silent & self.blurred[touched]
        unsure = silent & ~blurred & confirm[touched] & (self.stage[touched] == Stage.ROUND)
        unsure &= policy.confirm_attempts > 0
        reprobes = self._confirm(touched[unsure], now_ns, policy)

        over = answered | (silent & ~unsure)
        ended = touched[over]
        ending = np.select([answered[over], blurred[over]], [Ending.ANSWERED, Ending.INCONCLUSIVE], Ending.LOST)
        self.stage[ended] = Stage.IDLE
        ends = RoundEnds(
            ended, ending.astype(np.int8), self.first_ns[ended], self.answer_ns[ended], self.reason[ended]
        )
        return ends, reprobes

    def abandon(self, targets: Int64) -> None:
        """End rounds without a verdict; what their probes bring no longer counts."""
        self.stage[targets] = Stage.IDLE

    def wants(self, targets: Int32, numbers: Int64) -> Bool:
        """Which of these later probes belong to a round that is still under way."""
        wanted: Bool = (self.stage[targets] != Stage.IDLE) & (self.number[targets] == numbers)
        return wanted

    def open_since_ns(self) -> Int64:
        """When each hotspot's round under way began; `FAR_FUTURE` where there is none."""
        return np.where(self.stage != Stage.IDLE, self.first_ns, FAR_FUTURE)

    def _confirm(self, targets: Int32, now_ns: int, policy: RoundPolicy) -> Reprobes:
        self.stage[targets] = Stage.CONFIRMING
        self.waiting[targets] = policy.confirm_attempts
        steps = np.arange(policy.confirm_attempts, dtype=np.int64) * policy.confirm_spacing_ns
        return Reprobes(
            at_ns=np.repeat(now_ns + steps, len(targets)),
            targets=np.tile(targets, policy.confirm_attempts),
            rounds=np.tile(self.number[targets], policy.confirm_attempts),
        )
