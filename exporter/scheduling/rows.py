"""Probes on their way to leaving, as columns."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
Bool = NDArray[np.bool_]


class ProbeRows(NamedTuple):
    """Probes, one row each: when each should leave, its target, and its round."""

    at_ns: Int64
    targets: Int32
    rounds: Int64

    def take(self, rows: Bool | Int64 | slice) -> "ProbeRows":
        """Some of them."""
        return ProbeRows(self.at_ns[rows], self.targets[rows], self.rounds[rows])

    def retargeted(self, new_index: Int32) -> "ProbeRows":
        """The same after a reload, without those of -1; targets beyond `new_index` keep their name."""
        targets = self.targets.copy()
        inside = targets < len(new_index)
        targets[inside] = new_index[targets[inside]]
        return ProbeRows(self.at_ns, targets, self.rounds).take(targets >= 0)

    @classmethod
    def joined(cls, parts: Sequence["ProbeRows"]) -> "ProbeRows":
        """All rows of `parts`, of which there is at least one."""
        if len(parts) == 1:
            return parts[0]
        return cls(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


NO_ROWS = ProbeRows(np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.int64))


class ProbeGroup(NamedTuple):
    """Planned probes that leave together: `size` of `planned`, from `first` on."""

    at_ns: int
    size: int
    planned: ProbeRows
    first: int
    number: int | None = None
    """Of the first, where whoever sends them has prepared them; the others have the next."""

    @property
    def rows(self) -> ProbeRows:
        """The probes themselves. Who sends what was prepared need not look at them."""
        return self.planned.take(slice(self.first, self.first + self.size))
