"""Our own path, which the general references prove, and beyond it the path to each ISP that has references of its own.

That an ISP's references are silent tells of its path only while the general ones answer; else it is our own fault, and
the ISP's path stays what it was. A target is seen over our path and, where its ISP has references, over that one too.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from exporter.probing.outcome import Bool, Int64
from exporter.verdicts.references import Reference, ReferenceQuorum

OWN = 0
"""The number of the path of those targets whose ISP has no references."""


class PathChange(NamedTuple):
    """We cannot see over a path any more, or see over it again."""

    path: int
    """`OWN`, or the place of an ISP in `Paths.isps` plus one."""
    isp: str
    """Empty for our own path."""
    up: bool
    at_ns: int
    """When, in monotonic nanoseconds; a fault begins with the first lost probe that broke the quorum."""


class Paths:
    """The references in their given order, by what they prove."""

    asked = True
    """Whether the references are asked, so that their word comes soon and their silence is a fault from its first lost
    probe on; else they speak when they do."""

    def __init__(self, names: Sequence[str], isps: Sequence[str], quorum: int) -> None:
        self.isps = tuple(dict.fromkeys(isp for isp in isps if isp))
        """Those that have references of their own."""
        of_path = {isp: [name for name, own in zip(names, isps, strict=True) if own == isp] for isp in ("", *self.isps)}
        self.vantage = ReferenceQuorum(of_path[""], quorum)
        self.peerings = tuple(ReferenceQuorum(of_path[isp], 1) for isp in self.isps)
        queues = {isp: iter(path.references) for isp, path in zip(("", *self.isps), self._all, strict=True)}
        self.references: tuple[Reference, ...] = tuple(next(queues[isp]) for isp in isps)
        self.isp_of_reference = tuple(isps)

    @property
    def _all(self) -> tuple[ReferenceQuorum, ...]:
        return self.vantage, *self.peerings

    def number(self, isp: str) -> int:
        """The path over which targets of an ISP are seen."""
        return self.isps.index(isp) + 1 if isp in self.isps else OWN

    def update(self, now_ns: int) -> list[PathChange]:
        """Look at the references again: the faults that have begun or ended."""
        changes = []
        if self.vantage.update(now_ns):
            changes.append(_change(OWN, "", self.vantage))
            for peering in self.peerings:
                peering.forget_losses()
        if self.vantage.up:
            vouched_ns = self.vantage.vouched_until_ns(now_ns)
            for path, (isp, peering) in enumerate(zip(self.isps, self.peerings, strict=True), 1):
                if peering.update(now_ns, vouched_ns):
                    changes.append(_change(path, isp, peering))
        return changes

    def take_over(self, other: "Paths", now_ns: int) -> list[PathChange]:
        """After a reload to other references: the faults under way that are thereby no more.

        New references have seen nothing of them; what left in a fault says nothing all the same.
        """
        before = dict(zip(("", *other.isps), other._all, strict=True))  # noqa: SLF001 - the same class
        for isp, vantage in zip(("", *self.isps), self._all, strict=True):
            old = before.get(isp)
            if old is not None:
                vantage.fault_ended_ns = old.fault_ended_ns if old.up else now_ns
        return [
            PathChange(path, isp, up=True, at_ns=now_ns) for path, (isp, old) in enumerate(before.items()) if not old.up
        ]

    def up(self) -> Bool:
        """By path: whether targets can be seen over it."""
        return np.array([self.vantage.up and path.up for path in self._all], np.bool_)

    def fault_ended_ns(self) -> Int64:
        """By path: when the last fault on the way ended."""
        return np.array([max(self.vantage.fault_ended_ns, path.fault_ended_ns) for path in self._all], np.int64)

    def vouched_until_ns(self, now_ns: int) -> Int64:
        """By path: up to when all references on the way vouch."""
        own_ns = self.vantage.vouched_until_ns(now_ns)
        return np.array([min(own_ns, path.vouched_until_ns(now_ns)) for path in self._all], np.int64)

    def decided_until_ns(self, now_ns: int) -> Int64:
        """By path: up to when it is certain whether we could see; in a fault all the time."""
        return np.where(self.up(), self.vouched_until_ns(now_ns), now_ns)


def _change(path: int, isp: str, vantage: ReferenceQuorum) -> PathChange:
    begun_ns = vantage.fault_since_ns
    return PathChange(path, isp, vantage.up, vantage.fault_ended_ns if begun_ns is None else begun_ns)
