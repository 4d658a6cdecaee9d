"""The log as a listener: what happens to hotspots, windows and paths, a structured line each."""

from collections.abc import Callable

import numpy as np
import structlog
from numpy.typing import NDArray

from exporter.probing.outcome import Int64, Outcome
from exporter.verdicts.events import Event, MaintenanceChanged, PathChanged, StatesChanged, TimeLost
from pantau.clock import NANOSECONDS
from pantau.states import State

log = structlog.get_logger(__name__)


class EventLog:
    """Logs events; `wall_seconds` is the Unix time of monotonic times. A reload is logged by who asked for it."""

    def __init__(self, wall_seconds: Callable[[Int64], NDArray[np.float64]]) -> None:
        self._wall_seconds = wall_seconds

    def hear(self, event: Event) -> None:
        """See `Listener.hear`."""
        if isinstance(event, StatesChanged):
            self._states_changed(event)
        elif isinstance(event, MaintenanceChanged):
            self._maintenance_changed(event)
        elif isinstance(event, PathChanged):
            self._path_changed(event)
        elif isinstance(event, TimeLost):
            self._time_lost(event)

    def _states_changed(self, event: StatesChanged) -> None:
        since = self._wall_seconds(event.at_ns).tolist()
        for row, subject in enumerate(event.subjects):
            log.info(
                "state changed",
                **{"uplink" if subject.is_uplink else "hotspot": subject.name},
                before=State(event.before[row]).label,
                after=State(event.after[row]).label,
                since_timestamp_seconds=since[row],
                reason=f"{event.check} {event.said[row].label}" if event.said else Outcome(event.outcome[row]).label,
                maintenance=bool(event.hidden[row]),
            )

    def _maintenance_changed(self, event: MaintenanceChanged) -> None:
        """A line a window, not a hotspot: a window may hide a whole city."""
        at = float(self._wall_seconds(np.array([event.at_ns]))[0])
        windows = np.array(event.windows)
        for window, hidden in sorted(set(zip(event.windows, event.hidden.tolist(), strict=True))):
            of_window = (windows == window) & (event.hidden == hidden)
            log.info(
                "maintenance begins" if hidden else "maintenance ends",
                window=window,
                covered=int(of_window.sum()),
                down=int((event.state[of_window] == State.DOWN).sum()),
                since_timestamp_seconds=at,
            )

    def _path_changed(self, event: PathChanged) -> None:
        words = {"isp": event.isp} if event.isp else {}
        at = float(self._wall_seconds(np.array([event.at_ns]))[0])
        if event.up:
            log.info("path works again", kind=event.kind, since_timestamp_seconds=at, **words)
        else:
            log.warning(
                "path has failed: what is seen over it is unknown",
                kind=event.kind,
                since_timestamp_seconds=at,
                **words,
            )

    def _time_lost(self, event: TimeLost) -> None:
        log.warning(
            "the machine stood still: nothing was seen meanwhile",
            lost_seconds=round((event.until_ns - event.since_ns) / NANOSECONDS, 3),
            since_timestamp_seconds=float(self._wall_seconds(np.array([event.since_ns]))[0]),
        )
