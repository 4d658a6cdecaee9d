"""What maintenance windows hide: a layer over the verdicts, which go on beneath it as if there were none.

While a window covers a hotspot its state is shown, and its time booked, as maintenance. When the window ends the state
is again what the probes say, since the window's end at the earliest; what is down then has overrun its window.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from exporter.columns import Column, Columns
from exporter.probing.outcome import Bool, Int8, Int32, Int64
from pantau.states import State

FAR_FUTURE = int(np.iinfo(np.int64).max)
NO_WINDOW = -1

_MAINTENANCE = int(State.MAINTENANCE)
_REACHED: Bool = np.array([state.reached is True for state in State], np.bool_)
_UNREACHED: Bool = np.array([state.reached is False for state in State], np.bool_)
"""By the number of a `State`, both: what overruns a window is down, not without service."""


class OverlayChange(NamedTuple):
    """A moment at which windows began or ceased to hide rows. Time in monotonic nanoseconds."""

    at_ns: int
    targets: Int32
    """The rows that windows hide from now on, or did until now."""
    windows: Int32
    """For each, the window that hides it, or that hid it until now; a number of `MaintenanceOverlay.names`."""
    hidden: Bool
    """For each, whether it is hidden from now on."""
    state: Int8
    """For each, the state that its probes show."""


@dataclass(slots=True)
class _Stretch:
    """A time in which the same rows were hidden."""

    start_ns: int
    end_ns: int
    rows: Bool


class MaintenanceOverlay(Columns):
    """Which of n rows are hidden, by which window, and since when."""

    COLUMNS: ClassVar = {
        "window": Column(np.int32, NO_WINDOW),
        "hidden": Column(np.bool_, False),
        "since_ns": Column(np.int64, 0),
        "ended_ns": Column(np.int64, -1),
        "overrun": Column(np.int32, NO_WINDOW),
    }
    window: Int32
    """The window that hides the row, or the last one that did."""
    hidden: Bool
    since_ns: Int64
    """When the present hiding began."""
    ended_ns: Int64
    """When the last one ended."""
    overrun: Int32
    """The window after whose end the row was down and has not come up since."""

    def __init__(self, rows: int) -> None:
        super().__init__(rows)
        self.names: list[str] = []
        """Ids of windows by their number, which no reload changes."""
        self._stretches: list[_Stretch] = []
        """Those in which time may still be booked, ascending."""

    def number(self, window: str) -> int:
        """The number of a window."""
        if window not in self.names:
            self.names.append(window)
        return self.names.index(window)

    def rearrange(self, source: NDArray[np.int32]) -> None:
        """See `Columns.rearrange`; a new row has never been hidden."""
        super().rearrange(source)
        for stretch in self._stretches:
            stretch.rows = np.where(source >= 0, stretch.rows[source], False) if len(stretch.rows) else source >= 0

    def change(self, windows: Int32, at_ns: int, state: Int8, down: Bool) -> OverlayChange | None:
        """From `at_ns` on row i is hidden by the window `windows[i]`, or by none; `down` rows that reappear overrun."""
        hidden = windows != NO_WINDOW
        changed = hidden != self.hidden
        self.window[hidden] = windows[hidden]
        if not changed.any():
            return None
        self._begin_stretch(hidden, at_ns)
        begins, ends = changed & hidden, changed & ~hidden
        self.since_ns[begins], self.ended_ns[ends] = at_ns, at_ns
        self.overrun[begins] = NO_WINDOW
        self.overrun[ends & down] = self.window[ends & down]
        self.hidden = hidden
        targets = np.flatnonzero(changed).astype(np.int32)
        return OverlayChange(at_ns, targets, self.window[targets], hidden[targets], state[targets])

    def follow(self, targets: Int32, state: Int8, at_ns: Int64) -> None:
        """Rows enter states: one that comes up has ended its overrun; a down that began under a window overruns it."""
        self.overrun[targets[_REACHED[state]]] = NO_WINDOW
        late = _UNREACHED[state] & ~self.hidden[targets] & (at_ns < self.ended_ns[targets])
        self.overrun[targets[late]] = self.window[targets[late]]

    def hidden_ns(self, targets: Int32, from_ns: Int64, until_ns: Int64) -> Int64:
        """How much of the time from `from_ns` up to `until_ns` (by row) each target was hidden."""
        total = np.zeros(len(targets), np.int64)
        for stretch in self._stretches:
            within_ns = np.minimum(until_ns, stretch.end_ns) - np.maximum(from_ns, stretch.start_ns)
            total += np.where(stretch.rows[targets], np.maximum(within_ns, 0), 0)
        return total

    @property
    def anything_hidden(self) -> bool:
        """Whether a stretch is left to book."""
        return bool(self._stretches)

    def forget(self, booked_until_ns: int) -> None:
        """All time up to then is booked."""
        self._stretches = [stretch for stretch in self._stretches if stretch.end_ns > booked_until_ns]

    def shown(self, state: Int8) -> Int8:
        """The states as the world sees them."""
        return np.where(self.hidden, np.int8(_MAINTENANCE), state)

    def shown_since_ns(self, since_ns: Int64) -> Int64:
        """When they began."""
        return np.where(self.hidden, self.since_ns, np.maximum(since_ns, self.ended_ns))

    def overruns(self) -> Sequence[tuple[int, str]]:
        """Each row that has overrun its window, with the window's id."""
        rows = np.flatnonzero(self.overrun != NO_WINDOW).tolist()
        return [(row, self.names[self.overrun[row]]) for row in rows]

    def _begin_stretch(self, hidden: Bool, at_ns: int) -> None:
        if self._stretches and self._stretches[-1].end_ns == FAR_FUTURE:
            self._stretches[-1].end_ns = at_ns
        if hidden.any():
            self._stretches.append(_Stretch(at_ns, FAR_FUTURE, hidden.copy()))
