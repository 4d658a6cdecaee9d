"""Who of several exporters of one source may write: the one that holds the lease. Pure, but for the error.

The lease is the row `head` of the source: the run that wrote last holds it while it beats, every 5 s. Another waits,
probing and serving, until the holder has given it back (a clean stop), its process is known to be gone (a file that it
keeps locked, see `journal_file`), or it has said nothing for `LEASE_SECONDS`.
"""

from typing import NamedTuple

from pantau.errors import JournalError

LEASE_SECONDS = 30.0
"""Without a beat for so long, the lease has lapsed: six beats, and longer than a write may wait for a lock."""
_SEEN_SECONDS = 10.0
"""So long one looks oneself, however old the last beat is said to be: the holder may just have got its disk back, or
its clock may differ from ours."""


class LeaseHeldError(JournalError):
    """Another exporter of the same source writes this journal."""


class Pulse(NamedTuple):
    """What moves in a head while somebody writes."""

    run: int
    number: int
    beat_ns: int
    """Wall time of the holder's last beat; 0 where the lease was given back, or never taken."""


class LeaseWatch:
    """Remembers since when a head has not moved, by a monotonic clock of one's own."""

    def __init__(self) -> None:
        self._pulse: Pulse | None = None
        self._since = 0.0

    def lapsed(self, pulse: Pulse, now: float, wall_ns: int) -> bool:
        """Whether nobody holds the lease any more; `now` in seconds of any clock that never steps."""
        if pulse.beat_ns == 0:
            return True
        if pulse != self._pulse:
            self._pulse, self._since = pulse, now
        seen = now - self._since
        old = wall_ns - pulse.beat_ns >= LEASE_SECONDS * 1e9
        return seen >= (_SEEN_SECONDS if old else LEASE_SECONDS)
