"""Between a row of the table `entries` and an `Entry`."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pantau.journal.entries import Entry, Event, Kind
from pantau.journal.names import Names
from pantau.journal.schema import entries

ENTRY = (
    entries.c.number, entries.c.kind, entries.c.subject, entries.c.at_ns, entries.c.recorded_ns, entries.c.before,
    entries.c.after, entries.c.up, entries.c.reason, entries.c.requests, entries.c.unanswered,
    entries.c.first_ns, entries.c.detail, entries.c.digest,
)  # fmt: skip
"""The columns in the order in which `read_entry` expects them."""
_KINDS = {kind.value: kind for kind in Kind}


def read_entry(row: sa.Row[Any] | Sequence[Any], names: Names, connection: Connection) -> Entry:
    """The entry of a row of `ENTRY`."""
    (number, kind, subject, at_ns, recorded_ns, before, after, up, reason, requests, unanswered, first_ns,
     detail, digest) = tuple(row)  # fmt: skip
    event = Event(
        _KINDS.get(kind, Kind.UNREADABLE), at_ns, recorded_ns, names.name(connection, subject) or "",
        before, after, up, names.name(connection, reason), requests, unanswered, first_ns, detail or "",
    )  # fmt: skip
    return Entry(number, event, bytes(digest))


def write_entry(entry: Entry, names: Names, connection: Connection) -> dict[str, object]:
    """The row of an entry; new names get their numbers."""
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
    }
