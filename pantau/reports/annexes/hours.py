"""The raw log of probes: of each point and hour how many were sent and answered, and the time in each state."""

from collections.abc import Collection, Iterator, Sequence

from pantau.journal import Reader
from pantau.reports.accounting import Span
from pantau.reports.annexes.csv_text import Value, csv_bytes
from pantau.states import State

_NS = 1_000_000_000
HEADS = ("entry", "hotspot", "from_ns", "until_ns", "requests", "replies", *(f"{state.label}_ms" for state in State))


def hours_file(reader: Reader, points: Collection[str], span: Span) -> bytes:
    """The hours of `points` that were written in `span`, as the exporter counted them; the entry vouches for them."""

    def rows() -> Iterator[Sequence[Value]]:
        for hour in reader.hours(span[0] * _NS, span[1] * _NS, set(points)):
            sums = hour.sums
            spent = (sums.state_ms.get(state, 0) for state in State)
            yield hour.entry, sums.hotspot, hour.start_ns, hour.end_ns, sums.requests, sums.replies, *spent

    return csv_bytes(HEADS, rows())
