"""Time accounting: every nanosecond of a hotspot's life is booked to exactly one state, and never moved again.

Verdicts are back-dated, so time is booked only up to where no open round, recovery or doubt can still change it. The
rest is booked as soon as that is settled; it is late by seconds, never wrong.
"""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from exporter.columns import Column, Columns
from exporter.probing.outcome import Int8, Int32, Int64
from exporter.verdicts.overlay import MaintenanceOverlay
from pantau.states import State

_MAINTENANCE = int(State.MAINTENANCE)


class TimeLedger(Columns):
    """The booked time of n hotspots."""

    COLUMNS: ClassVar = {
        "spent_ns": Column(np.int64, 0, width=len(State)),
        "booked_until_ns": Column(np.int64, -1),
    }
    spent_ns: NDArray[np.int64]
    """n x states: nanoseconds spent in each `State`."""
    booked_until_ns: Int64
    """Monotonic time."""

    def open(self, targets: NDArray[np.int32], now_ns: int) -> None:
        """Begin the lives of new hotspots."""
        self.booked_until_ns[targets] = now_ns

    def book(self, targets: Int32, state: Int8, until_ns: Int64, overlay: MaintenanceOverlay) -> None:
        """Book the time up to `until_ns` to each target's `state`, and to maintenance what `overlay` hid of it.

        What is booked already stays.
        """
        from_ns = self.booked_until_ns[targets]
        length_ns = np.maximum(until_ns - from_ns, 0)
        if overlay.anything_hidden:
            hidden_ns = overlay.hidden_ns(targets, from_ns, from_ns + length_ns)
            self.spent_ns[targets, _MAINTENANCE] += hidden_ns
            self.spent_ns[targets, state] += length_ns - hidden_ns
        else:
            self.spent_ns[targets, state] += length_ns
        self.booked_until_ns[targets] += length_ns
