"""The journal's transitions beneath a statement: what each second of it rests on."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from pantau.journal import Entry, Reader
from pantau.reports.accounting import Span
from pantau.reports.annexes.csv_text import Value, csv_bytes
from pantau.states import State

_NS = 1_000_000_000
_COLUMNS: Mapping[str, Callable[[Entry], Value]] = {
    "entry": lambda entry: entry.number,
    "hotspot": lambda entry: entry.event.subject,
    "at_ns": lambda entry: entry.event.at_ns,
    "recorded_ns": lambda entry: entry.event.recorded_ns,
    "before": lambda entry: _state(entry.event.before),
    "after": lambda entry: _state(entry.event.after),
    "up": lambda entry: entry.event.up,
    "reason": lambda entry: entry.event.reason,
    "requests": lambda entry: entry.event.requests,
    "unanswered": lambda entry: entry.event.unanswered,
    "first_ns": lambda entry: entry.event.first_ns,
    "answered_ns": lambda entry: entry.event.answered_ns,
    "digest": lambda entry: entry.digest.hex(),
}
HEADS = tuple(_COLUMNS)


def transitions_file(reader: Reader, points: Sequence[str], span: Span, further: Iterable[int] = ()) -> bytes:
    """All transitions of `points` within `span`, and the entries `further` that the statement rests on beside them.

    Such are the states that held when the month began, and the ends of outages that go beyond it.
    """
    found = {entry.number: entry for entry in reader.transitions(span[0] * _NS, span[1] * _NS, points)}
    for number in sorted(set(further) - set(found)):
        entry = reader.entry(number)
        if entry is not None and entry.event.after is not None:
            found[number] = entry
    rows = (found[number] for number in sorted(found))
    return csv_bytes(HEADS, ([value(entry) for value in _COLUMNS.values()] for entry in rows))


def _state(number: int | None) -> str | None:
    return None if number is None else State(number).label
