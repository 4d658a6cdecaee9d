"""Whether we can see at all: the canaries' answers, and the time up to which they vouch for our own path.

A handful of canaries, each probed several times as often as a hotspot, so that a cut of our uplink is known before the
first hotspot's timeout can be believed. Failures of hotspots are believed only up to `vouched_until_ns`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from exporter.verdicts.rounds import FAR_FUTURE

LOSSES_TO_FAIL = 2
"""Unanswered probes in a row that make a canary down; a single packet is lost on any path."""


@dataclass(slots=True)
class Canary:
    """One canary's probes. Times in monotonic nanoseconds."""

    name: str
    up: bool = True
    """Innocent until proven silent: a start does not begin with a fault."""
    losses: int = 0
    first_lost_ns: int = FAR_FUTURE
    answered_ns: int = -1
    """When the latest answered probe left: up to then this canary vouches for us."""
    extra: set[int] = field(default_factory=set)
    """When each probe beside the regular ones left: its answer vouches, but its loss is no news, for many in a row are
    lost by a moment's silence."""
    waiting: set[int] = field(default_factory=set)
    """When each probe in flight left; the time is also the probe's name."""

    @property
    def doubt_ns(self) -> int:
        """Since when this canary has not answered."""
        return min(self.first_lost_ns, min(self.waiting, default=FAR_FUTURE))

    def leave(self, now_ns: int) -> None:
        """A probe leaves."""
        self.waiting.add(now_ns)

    def end(self, sent_ns: int, *, answered: bool) -> None:
        """The probe that left at `sent_ns` has ended; one that is not in flight is no news.

        An answer settles all that left before it: their losses, noticed later, are not in a row with later ones.
        """
        if sent_ns in self.extra:
            self.extra.remove(sent_ns)
            if answered:
                self.answered_ns = max(self.answered_ns, sent_ns)
            return
        if sent_ns not in self.waiting:
            return
        if answered:
            self.up, self.losses, self.first_lost_ns, self.answered_ns = True, 0, FAR_FUTURE, sent_ns
            self.waiting = {other_ns for other_ns in self.waiting if other_ns > sent_ns}
            return
        self.waiting.remove(sent_ns)
        self.losses += 1
        self.first_lost_ns = min(self.first_lost_ns, sent_ns)
        self.up = self.up and self.losses < LOSSES_TO_FAIL


class Vantage:
    """The canaries and their quorum. Without canaries we take ourselves to be well, for nothing tells otherwise."""

    def __init__(self, names: Sequence[str], quorum: int) -> None:
        self.canaries = tuple(Canary(name) for name in names)
        self.quorum = min(quorum, len(names))
        self.fault_since_ns: int | None = None
        self.fault_ended_ns = -1
        """When the last fault ended; -1 if there was none."""

    @property
    def up(self) -> bool:
        """Whether enough canaries answer."""
        return self.fault_since_ns is None

    def vouched_until_ns(self, now_ns: int) -> int:
        """Up to when a quorum of canaries has proved our path by answers to probes that left then or later.

        The time since is open: a router of ours that answers for all the world says so before a canary is lost.
        """
        if not self.canaries:
            return now_ns
        return sorted(canary.answered_ns for canary in self.canaries)[len(self.canaries) - self.quorum]

    def decided_until_ns(self, now_ns: int) -> int:
        """Up to when it is certain whether we could see: in a fault all the time, else while the quorum vouches."""
        return now_ns if self.fault_since_ns is not None else self.vouched_until_ns(now_ns)

    def update(self, now_ns: int, seen_until_ns: int = FAR_FUTURE) -> bool:
        """Look at the canaries again; true when a fault has begun or ended by it.

        Up to `seen_until_ns` others prove that their silence is not ours: a fault that begins later is not one yet.
        """
        enough = sum(canary.up for canary in self.canaries) >= self.quorum
        if enough == self.up or (not enough and self._breaks_at_ns() > seen_until_ns):
            return False
        if enough:
            self.fault_since_ns, self.fault_ended_ns = None, now_ns
        else:
            self.fault_since_ns = self._breaks_at_ns()
        return True

    def forget_losses(self) -> None:
        """What was lost just now tells nothing, for we could not see; a fault that was there already stays."""
        for canary in self.canaries if self.up else ():
            canary.up, canary.losses, canary.first_lost_ns = True, 0, FAR_FUTURE
            canary.waiting.clear()

    def _breaks_at_ns(self) -> int:
        """When the quorum is lost if every canary now in doubt stays silent."""
        return sorted(canary.doubt_ns for canary in self.canaries)[len(self.canaries) - self.quorum]
