"""Opens and closes maintenance windows in time: calendars in wall time above, rows in monotonic time below.

Nothing happens between two boundaries, so a tick costs two comparisons, whatever the number of windows and hotspots.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from exporter.planning.plan import PlannedWindow
from exporter.probing.outcome import Int32
from exporter.verdicts.combined import CombinedStates
from exporter.verdicts.overlay import NO_WINDOW, OverlayChange
from pantau.clock import NANOSECONDS
from pantau.inventory.calendar import Occurrence

_NEVER = 1 << 62


@dataclass(frozen=True, slots=True)
class WindowFigures:
    """What is told of one maintenance window."""

    window: str
    scope: str
    target: str
    is_open: bool
    end_seconds: float
    """Unix time at which the present, or else the next, or else the last occurrence ends."""


class MaintenanceClock:
    """The windows of one plan over the hotspots' states."""

    def __init__(self, windows: Sequence[PlannedWindow], states: CombinedStates) -> None:
        self._windows = windows
        self._states = states
        self._numbers = [states.overlay.number(window.id) for window in windows]
        self._rows = [np.array(window.rows, np.int64) for window in windows]
        self._seen_ns, self._boundary_ns = _NEVER, -1
        self.checked_ns = -1
        """Up to here (monotonic) windows have been opened and closed, and time may be booked."""
        self.figures: tuple[WindowFigures, ...] = ()
        """What a scrape shows of each window."""

    def advance(self, now_ns: int, offset_ns: int) -> list[OverlayChange]:
        """Open and close what is due up to `now_ns`; wall time is `offset_ns` more than monotonic time.

        After a step of the wall clock the windows are those of the new time, from the last look on.
        """
        wall_ns = now_ns + offset_ns
        since_ns, self.checked_ns = self.checked_ns, now_ns
        if self._seen_ns <= wall_ns < self._boundary_ns:
            return []
        changes = []
        here_ns: int | None = (since_ns if since_ns >= 0 else now_ns) + offset_ns
        while here_ns is not None and here_ns <= wall_ns:
            change = self._look(here_ns, here_ns - offset_ns)
            changes += [change] if change else []
            here_ns = self._next_after(here_ns)
        self._seen_ns = wall_ns
        self._boundary_ns = _NEVER if here_ns is None else here_ns
        self.figures = tuple(_figures(window, wall_ns) for window in self._windows)
        return changes

    def _look(self, wall_ns: int, at_ns: int) -> OverlayChange | None:
        """Cover the rows of the windows that are open at `wall_ns`; of several the one that ends last."""
        windows: Int32 = np.full(self._states.rows, NO_WINDOW, np.int32)
        is_open = []
        for index, window in enumerate(self._windows):
            occurrence = window.calendar.occurrence(wall_ns)
            if occurrence is not None and occurrence.start_ns <= wall_ns:
                is_open.append((occurrence.end_ns, -index))
        for _, negative in sorted(is_open):
            windows[self._rows[-negative]] = self._numbers[-negative]
        return self._states.hide(windows, at_ns)

    def _next_after(self, wall_ns: int) -> int | None:
        changes = (window.calendar.next_change_ns(wall_ns) for window in self._windows)
        return min((change_ns for change_ns in changes if change_ns is not None), default=None)


def _figures(window: PlannedWindow, wall_ns: int) -> WindowFigures:
    occurrence = window.calendar.occurrence(wall_ns)
    shown = occurrence or window.calendar.last() or Occurrence(0, 0)
    is_open = occurrence is not None and occurrence.start_ns <= wall_ns
    return WindowFigures(window.id, window.scope, window.target, is_open, shown.end_ns / NANOSECONDS)
