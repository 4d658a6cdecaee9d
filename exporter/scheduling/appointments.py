"""Single probes at a given time: the quick re-probes that confirm or refute a loss."""

import numpy as np
from numpy.typing import NDArray

from pantau.clock import NEVER_NS

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]


class Appointments:
    """A set of (time, target, round), handed out once when due."""

    def __init__(self) -> None:
        self._at_ns: Int64 = np.empty(0, np.int64)
        self._targets: Int32 = np.empty(0, np.int32)
        self._rounds: Int64 = np.empty(0, np.int64)

    def __len__(self) -> int:
        return len(self._at_ns)

    @property
    def next_ns(self) -> int:
        """When the earliest is due; `NEVER_NS` where there is none."""
        return int(self._at_ns.min()) if len(self._at_ns) else NEVER_NS

    def add(self, at_ns: Int64, targets: Int32, rounds: Int64) -> None:
        """Make n appointments."""
        self._at_ns = np.concatenate([self._at_ns, at_ns])
        self._targets = np.concatenate([self._targets, targets])
        self._rounds = np.concatenate([self._rounds, rounds])

    def take(self, now_ns: int) -> tuple[Int64, Int32, Int64]:
        """Those due by now: times, targets, rounds."""
        due = self._at_ns <= now_ns
        taken = self._at_ns[due], self._targets[due], self._rounds[due]
        self._keep(~due)
        return taken

    def retarget(self, new_index: Int32) -> None:
        """Rename targets after a reload; the appointments of -1 are cancelled."""
        self._targets = new_index[self._targets]
        self._keep(self._targets >= 0)

    def _keep(self, rows: NDArray[np.bool_]) -> None:
        self._at_ns, self._targets, self._rounds = self._at_ns[rows], self._targets[rows], self._rounds[rows]
