"""Writes a journal as the version before there were sources did: its tables, its digests, computed here anew."""

import hashlib
import json
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from lab.samples.journal import Place
from pantau.journal import Event, Kind
from pantau.journal.database import _engine, migrate, resolve_url, writing
from pantau.journal.entries import detail_of
from pantau.journal.sums import first_sums_text

FirstRow = tuple[str, int, int, tuple[int, ...]]
"""Hotspot, requests, replies and the time of seven states."""
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
)
_STATES = ("down", "up", "degraded", "isolated", "maintenance", "unknown", "inactive")


def first_hour(since_ns: int, at_ns: int, rows: Sequence[FirstRow]) -> Event:
    """The sums of an hour, with the digest of then."""
    digest = hashlib.sha256(first_sums_text(rows)).hexdigest()
    facts = {"since_ns": since_ns, "rows": len(rows), "sha256": digest}
    return Event(Kind.HOUR, at_ns, at_ns, detail=detail_of(facts))


def write_first(
    place: Place,
    events: Sequence[Event],
    *,
    alive_ns: int = 0,
    rows: Sequence[FirstRow] = (),
    taken: tuple[int, int] = (0, 0),
) -> None:
    """Make a journal of revision 0001 with these events; `rows` are those of each hour among them."""
    url = resolve_url(place.url, place.folder)
    place.file.parent.mkdir(parents=True, exist_ok=True)
    engine = _engine(url)
    digest, refs = bytes(32), dict[str, int]()
    with writing(engine) as connection:
        migrate(connection, "0001")
        for number, event in enumerate(events, 1):
            told = [number, event.kind.label, event.subject, *event[1:3], *event[4:11], event.detail]
            digest = hashlib.sha256(digest + json.dumps(told, separators=(",", ":")).encode()).digest()
            for name in filter(None, (event.subject, event.reason)):
                refs.setdefault(name, len(refs) + 1)
            values = (
                number,
                int(event.kind),
                refs.get(event.subject),
                *event[1:3],
                *event[4:7],
                refs.get(event.reason or ""),
                *event[8:11],
                event.detail or None,
                digest,
            )
            _insert(connection, "entries", dict(zip(_COLUMNS, values, strict=True)))
            for hotspot, requests, replies, times in rows if event.kind is Kind.HOUR else ():
                row = {"entry": number, "hotspot": refs.setdefault(hotspot, len(refs) + 1)}
                row |= {"requests": requests, "replies": replies}
                row |= {f"{state}_ms": ms for state, ms in zip(_STATES, times, strict=True)}
                _insert(connection, "hours", row)
        for name, ref in refs.items():
            _insert(connection, "names", {"ref": ref, "name": name})
        moved = {"number": len(events), "digest": digest, "alive_ns": alive_ns, "run": taken[0], "taken": taken[1]}
        texts = ", ".join(f"{name} = :{name}" for name in moved)
        connection.execute(sa.text(f"UPDATE head SET {texts}"), moved)  # noqa: S608 - names of ours
    engine.dispose()


def _insert(connection: sa.engine.Connection, table: str, values: Mapping[str, object]) -> None:
    names = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({places})"), values)  # noqa: S608 - names of ours
