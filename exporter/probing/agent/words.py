"""What agents said last of the known page and of names, by ISP: whether those of other ISPs get what one says it lacks.

A page that hardly any agent of any ISP gets is ill itself, or the way to it is, whatever it looks like from here. Each
ISP has one vote, however many agents it has. No I/O.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from exporter.probing.outcome import Bool, Int32, Int64

_NEVER_NS = -1
_GREATER_PART = 0.5


class Others(NamedTuple):
    """What the agents of other ISPs have said."""

    agents: int
    """How many have said anything."""
    share: float
    """The mean, over their ISPs, of the share of agents that get it: 0 to 1; 1 where nobody says anything."""

    @property
    def most(self) -> bool:
        """Whether the greater part gets it."""
        return self.share >= _GREATER_PART


class LastWords:
    """Of one check, by row: what each agent has said last, of what it gets and what it does not."""

    def __init__(self, isps: Sequence[str]) -> None:
        self._names = tuple(dict.fromkeys(isps))
        place = {isp: number for number, isp in enumerate(self._names)}
        self._isp: Int32 = np.array([place[isp] for isp in isps], np.int32)
        self._at_ns: Int64 = np.full(len(isps), _NEVER_NS, np.int64)
        self._good: Bool = np.zeros(len(isps), np.bool_)

    def note(self, row: int, at_ns: int, *, good: bool | None) -> None:
        """An agent has spoken; None where its word tells nothing of the page."""
        if at_ns >= self._at_ns[row]:
            self._at_ns[row] = _NEVER_NS if good is None else at_ns
            self._good[row] = bool(good)

    def others(self, row: int, since_ns: int) -> Others:
        """What those of other ISPs than this row's have said since then."""
        told = (self._at_ns >= since_ns) & (self._isp != self._isp[row])
        share = self._shares(told)
        return Others(int(told.sum()), float(share.mean()) if len(share) else 1.0)

    def failing(self, since_ns: int) -> bool:
        """Whether agents of several ISPs have said since then that they lack it, and hardly any that it gets it."""
        share = self._shares(self._at_ns >= since_ns)
        return len(share) > 1 and float(share.mean()) < _GREATER_PART

    def take_over(self, before: "LastWords", source: Int32) -> None:
        """After a reload: row i was row ``source[i]`` of `before`; -1 if it is new."""
        known = source >= 0
        self._at_ns[known] = before._at_ns[source[known]]  # noqa: SLF001 - the same class
        self._good[known] = before._good[source[known]]  # noqa: SLF001

    def _shares(self, told: Bool) -> NDArray[np.float64]:
        """Of each ISP whose agents have told, the share of those that get it."""
        count = len(self._names)
        agents = np.bincount(self._isp[told], minlength=count)
        good = np.bincount(self._isp[told & self._good], minlength=count)
        heard = agents > 0
        shares: NDArray[np.float64] = good[heard] / agents[heard]
        return shares
