"""Between a row of the table `entries` and an `Entry`."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pantau.journal.entries import Entry, Event, Kind
from pantau.journal.names import Names
from pantau.journal.source_refs import SourceRefs

_COLUMNS = (
    "number",
    "kind",
    "subject",
    "at_ns",
    "recorded_ns",
    "before",
    "after",
    "up",
    "reason",
    "requests",
    "unanswered",
    "first_ns",
    "detail",
    "digest",
    "format",
    "source",
    "run",
    "previous",
    "until_ns",
    "received_ns",
    "answered_ns",
    "uptime_seconds",
    "evidence",
    "address",
)
_KINDS = {kind.value: kind for kind in Kind}


def entry_columns(entries: sa.FromClause) -> list[sa.ColumnElement[Any]]:
    """The columns in the order in which `read_entry` expects them."""
    return [entries.c[name] for name in _COLUMNS]


def read_entry(row: sa.Row[Any] | Sequence[Any], names: Names, sources: SourceRefs, connection: Connection) -> Entry:
    """The entry of a row of `entry_columns`."""
    number, kind, subject, at_ns, recorded_ns, before, after, up, reason = row[:9]
    requests, unanswered, first_ns, detail, digest, form, source, run, previous = row[9:18]
    until_ns, received_ns, answered_ns, uptime_seconds, evidence, address = row[18:]
    event = Event(
        _KINDS.get(kind, Kind.UNREADABLE),
        at_ns,
        recorded_ns,
        names.name(connection, subject) or "",
        before,
        after,
        up,
        names.name(connection, reason),
        requests,
        unanswered,
        first_ns,
        detail or "",
        until_ns,
        received_ns,
        answered_ns,
        uptime_seconds,
        names.name(connection, evidence),
        names.name(connection, address),
    )
    if previous is None:  # that is the rule, and takes no room
        previous = number - 1
    return Entry(number, event, bytes(digest), sources.source(connection, source), run, previous, form)


def write_entry(entry: Entry, source: int, names: Names, connection: Connection) -> dict[str, object]:
    """The row of an entry of the source with that number; new names get their numbers."""
    event = entry.event
    return {
        "number": entry.number,
        "kind": int(event.kind),
        "subject": names.ref(connection, event.subject) if event.subject else None,
        "at_ns": event.at_ns,
        "recorded_ns": event.recorded_ns,
        "before": event.before,
        "after": event.after,
        "up": event.up,
        "reason": names.ref(connection, event.reason) if event.reason else None,
        "requests": event.requests,
        "unanswered": event.unanswered,
        "first_ns": event.first_ns,
        "detail": event.detail or None,
        "digest": entry.digest,
        "format": entry.format,
        "source": source,
        "run": entry.run,
        "previous": None if entry.previous == entry.number - 1 else entry.previous,
        "until_ns": event.until_ns,
        "received_ns": event.received_ns,
        "answered_ns": event.answered_ns,
        "uptime_seconds": event.uptime_seconds,
        "evidence": names.ref(connection, event.evidence) if event.evidence else None,
        "address": names.ref(connection, event.address) if event.address else None,
    }
