"""Whether our door is open, where nobody can be asked: those who speak of themselves witness that others could.

The agents of one ISP witness for those of the others. A silence is believed once agents of two other ISPs have been
heard since: then our door is open, and it is the hotspot, or its ISP, that is silent. Where they are silent too, it may
be us. Which of them is meant hangs on whose silence it is, so that each ISP has a path of its own, and what is told as
our own fault is that hardly anybody is heard at all.
"""

from collections.abc import Sequence

from exporter.verdicts.paths import OWN, PathChange, Paths
from exporter.verdicts.references import Reference, ReferenceQuorum
from exporter.verdicts.rounds import FAR_FUTURE


class WitnessQuorum(ReferenceQuorum):
    """So many of these witnesses, which others share; a fault while fewer have been heard of late."""

    def __init__(self, witnesses: Sequence[Reference], quorum: int, silent_after_ns: int) -> None:
        super().__init__((), quorum)
        self.references = tuple(witnesses)
        self.quorum = quorum
        self._silent_after_ns = silent_after_ns
        self._begun_ns: int | None = None
        self.provable = False
        """Whether there has ever been a time for which enough of them vouched."""

    def vouched_until_ns(self, now_ns: int) -> int:  # noqa: ARG002 - as its base has it
        """Up to when so many of them vouch; the beginning of time where there are not so many."""
        heard = sorted((one.answered_ns for one in self.references), reverse=True)
        return heard[self.quorum - 1] if len(heard) >= self.quorum else -1

    def update(self, now_ns: int, seen_until_ns: int = FAR_FUTURE) -> bool:
        """Look again; true when a fault has begun or ended, but for one before enough of them were ever heard."""
        now_ns = min(now_ns, seen_until_ns)
        if self._begun_ns is None:
            self._begun_ns = now_ns
        vouched_ns = self.vouched_until_ns(now_ns)
        known = self.provable
        self.provable = known or vouched_ns >= 0
        enough = now_ns - max(vouched_ns, self._begun_ns) <= self._silent_after_ns
        if enough == self.up:
            return False
        if enough:
            self.fault_since_ns, self.fault_ended_ns = None, now_ns
        else:
            self.fault_since_ns = max(vouched_ns, self._begun_ns)
        return known


class WitnessPaths(Paths):
    """The ISPs that have agents: each is a witness, and each has the path over which its own hotspots are heard."""

    asked = False

    def __init__(self, isps: Sequence[str], quorum: int, silent_after_ns: int) -> None:
        super().__init__((), (), quorum)
        self.isps = tuple(isps)
        self.references = tuple(Reference(isp) for isp in isps)
        self.isp_of_reference = self.isps
        self.vantage = self._door = WitnessQuorum(self.references, min(quorum, max(len(isps), 1)), silent_after_ns)
        self.peerings = tuple(
            WitnessQuorum([one for one in self.references if one.name != isp], quorum, silent_after_ns) for isp in isps
        )

    @property
    def door_up(self) -> bool:
        """Whether those who were ever heard still are, or some of them."""
        return self.vantage.up or not self._door.provable

    def update(self, now_ns: int) -> list[PathChange]:
        """Look at the witnesses again: whether our door has closed or opened. One ISP's path alone is no news of it."""
        changed = self.vantage.update(now_ns) if self.isps else False
        for path in self.peerings:
            path.update(now_ns)
        if not changed:
            return []
        since_ns = self.vantage.fault_since_ns
        at_ns = self.vantage.fault_ended_ns if since_ns is None else since_ns
        return [PathChange(OWN, "", self.vantage.up, at_ns)]

    def take_over(self, other: Paths, now_ns: int) -> list[PathChange]:
        """After a reload to other ISPs: who was heard was heard."""
        before = {one.name: one.answered_ns for one in other.references}
        for one in self.references:
            one.answered_ns = before.get(one.name, -1)
        changes = super().take_over(other, now_ns)
        return [change for change in changes if change.path == OWN]
