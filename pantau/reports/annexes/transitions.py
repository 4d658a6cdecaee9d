"""The journal's transitions beneath a statement: what each second of it rests on."""

from collections.abc import Iterable, Iterator, Sequence

from pantau.journal import Entry, Reader
from pantau.reports.accounting import Span
from pantau.reports.annexes.csv_text import Value, csv_bytes
from pantau.reports.statement.evidence import STATES

_NS = 1_000_000_000
HEADS = (
    "entry",
    "hotspot",
    "at_ns",
    "recorded_ns",
    "before",
    "after",
    "up",
    "reason",
    "requests",
    "unanswered",
    "first_ns",
    "digest",
)


def transitions_file(reader: Reader, points: Sequence[str], span: Span, further: Iterable[int] = ()) -> bytes:
    """All transitions of `points` within `span`, and the entries `further` that the statement rests on beside them.

    Such are the states that held when the month began, and the ends of outages that go beyond it.
    """
    found = {entry.number: entry for entry in reader.transitions(span[0] * _NS, span[1] * _NS, points)}
    for number in sorted(set(further) - set(found)):
        entry = reader.entry(number)
        if entry is not None and entry.event.after is not None:
            found[number] = entry
    return csv_bytes(HEADS, _rows(found[number] for number in sorted(found)))


def _rows(entries: Iterable[Entry]) -> Iterator[Sequence[Value]]:
    for entry in entries:
        event = entry.event
        yield (
            entry.number,
            event.subject,
            event.at_ns,
            event.recorded_ns,
            _state(event.before),
            _state(event.after),
            event.up,
            event.reason,
            event.requests,
            event.unanswered,
            event.first_ns,
            entry.digest.hex(),
        )


def _state(number: int | None) -> str | None:
    return None if number is None else STATES[number]
