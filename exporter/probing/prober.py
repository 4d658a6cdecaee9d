"""What every kind of probe offers, and what it may ask of whoever judges it.

A prober owns its schedule, sockets and time-outs, and knows nothing of states. Its observations go to the judge; from
the judge it learns, through a `RoundKeeper`, which rounds are under way, what is to be confirmed, and when failures
wait for the word of its references. All but `run` is synchronous and never waits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from exporter.planning.plan import KindPlan
from exporter.probing.addresses import ProbedAddress
from exporter.probing.lateness import DepartureLateness
from exporter.probing.outcome import Bool, Int32, Int64, Observations
from exporter.probing.service import ServiceResults


@dataclass(frozen=True, slots=True)
class Confirmations:
    """Probes that are to refute or confirm a loss: not before `at_ns`."""

    at_ns: Int64
    targets: Int32
    rounds: Int64

    @classmethod
    def concatenate(cls, parts: Sequence["Confirmations"]) -> "Confirmations":
        """All rows of `parts`, of which there is at least one."""
        if len(parts) == 1:
            return parts[0]
        return cls(
            np.concatenate([part.at_ns for part in parts]),
            np.concatenate([part.targets for part in parts]),
            np.concatenate([part.rounds for part in parts]),
        )


NO_CONFIRMATIONS = Confirmations(np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.int64))


class RoundKeeper(Protocol):
    """The rounds of one kind, and the probes of its references, as the judge keeps them."""

    def begin(self, targets: Int32, at_ns: int | Int64) -> Bool:
        """Start a round for each of these (different) targets that has none under way; which ones, as a mask.

        `at_ns` is when the first probe leaves, of all or of each; it may lie ahead.
        """

    def numbers(self, targets: Int32) -> Int64:
        """The number of each target's present or last round: an observation carries it."""

    def wants(self, targets: Int32, rounds: Int64) -> Bool:
        """Which of these further probes belong to a round that is still under way."""

    def hasten(self, targets: Int32, rounds: Int64, now_ns: int) -> None:
        """ICMP errors have come about probes in flight: if nothing else is waited for, they are confirmed at once."""

    def take_confirmations(self) -> Confirmations:
        """What is to be probed once more, since the last call."""

    @property
    def references_wanted(self) -> bool:
        """Whether failures are held until the references have answered: the sooner they are asked, the better."""

    def references_leave(self, rows: Int32, at_ns: int | Int64, *, extra: bool = False) -> None:
        """Probes of these references leave, not before `at_ns`, which names them; it may lie ahead.

        `extra` ones vouch by their answer, but their loss is no news.
        """


class Prober(Protocol):
    """Makes the probes of one kind. `kind` is the name of its `KindPlan`."""

    kind: str
    lateness: DepartureLateness

    @property
    def next_due_ns(self) -> int:
        """When there is something to send or to give up, monotonic; it may be early. `NEVER_NS` where there is not."""

    def send_due(self, now_ns: int, keeper: RoundKeeper) -> None:
        """Begin the rounds that are due, and send what is due of those under way and of the references."""

    def collect(self, now_ns: int, *, urgent: bool) -> Observations | None:
        """The probes that have ended since the last call.

        Unless it is `urgent`, a prober may leave for later what it can read more cheaply in bulk: then None.
        """

    def service(self) -> ServiceResults | None:
        """What checks of the service have said since the last call; None of a kind that makes none."""

    def reload(self, plan: KindPlan, moved: Int32) -> Int32:
        """Take a new plan in which old row i is ``moved[i]``, -1 if it is gone.

        Returns `moved` with -1 also for those whose probes in flight tell nothing of the new row: its address changed.
        """

    def address_of(self, row: int) -> ProbedAddress:
        """Where a row of the plan is probed now."""

    async def resolve_names(self) -> None:
        """Look up every host name that is due now, and return when all have been tried."""

    async def run(self) -> None:
        """What the kind needs beside the synchronous calls: look-ups, connections. Ends at once or when cancelled."""
