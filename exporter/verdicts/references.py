"""Whether we can see at all: the references' answers, and the time up to which they vouch for our own path.

A handful of references (the canaries of pings), each probed several times as often as a hotspot, so that a cut of our
uplink is known before the first hotspot's timeout can be believed. Failures of hotspots are believed only up to
`vouched_until_ns`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from exporter.verdicts.rounds import FAR_FUTURE

LOSSES_TO_FAIL = 2
"""Unanswered probes in a row that make a reference down; a single packet is lost on any path."""


@dataclass(slots=True)
class Reference:
    """One reference's probes. Times in monotonic nanoseconds."""

    name: str
    up: bool = True
    """Innocent until proven silent: a start does not begin with a fault."""
    losses: int = 0
    first_lost_ns: int = FAR_FUTURE
    answered_ns: int = -1
    """When the latest answered probe left: up to then this reference vouches for us."""
    extra: set[int] = field(default_factory=set)
    """When each probe beside the regular ones left: its answer vouches, but its loss is no news, for many in a row are
    lost by a moment's silence."""
    waiting: set[int] = field(default_factory=set)
    """When each probe in flight left; the time is also the probe's name."""

    @property
    def doubt_ns(self) -> int:
        """Since when this reference has not answered."""
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


class ReferenceQuorum:
    """The references and their quorum. Without references we take ourselves to be well, for nothing tells otherwise."""

    def __init__(self, names: Sequence[str], quorum: int) -> None:
        self.references = tuple(Reference(name) for name in names)
        self.quorum = min(quorum, len(names))
        self.fault_since_ns: int | None = None
        self.fault_ended_ns = -1
        """When the last fault ended; -1 if there was none."""

    @property
    def up(self) -> bool:
        """Whether enough references answer."""
        return self.fault_since_ns is None

    def vouched_until_ns(self, now_ns: int) -> int:
        """Up to when a quorum of references has proved our path by answers to probes that left then or later.

        The time since is open: a router of ours that answers for all the world says so before a reference is lost.
        """
        if not self.references:
            return now_ns
        return sorted(reference.answered_ns for reference in self.references)[len(self.references) - self.quorum]

    def decided_until_ns(self, now_ns: int) -> int:
        """Up to when it is certain whether we could see: in a fault all the time, else while the quorum vouches."""
        return now_ns if self.fault_since_ns is not None else self.vouched_until_ns(now_ns)

    def update(self, now_ns: int, seen_until_ns: int = FAR_FUTURE) -> bool:
        """Look at the references again; true when a fault has begun or ended by it.

        Up to `seen_until_ns` others prove that their silence is not ours: a fault that begins later is not one yet.
        """
        enough = sum(reference.up for reference in self.references) >= self.quorum
        if enough == self.up or (not enough and self._breaks_at_ns() > seen_until_ns):
            return False
        if enough:
            self.fault_since_ns, self.fault_ended_ns = None, now_ns
        else:
            self.fault_since_ns = self._breaks_at_ns()
        return True

    def forget_losses(self) -> None:
        """What was lost just now tells nothing, for we could not see; a fault that was there already stays."""
        for reference in self.references if self.up else ():
            reference.up, reference.losses, reference.first_lost_ns = True, 0, FAR_FUTURE
            reference.waiting.clear()

    def _breaks_at_ns(self) -> int:
        """When the quorum is lost if every reference now in doubt stays silent."""
        return sorted(reference.doubt_ns for reference in self.references)[len(self.references) - self.quorum]
