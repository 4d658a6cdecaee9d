"""Maintenance windows among the other records: they end after they begin, are about something, and were announced.

A window that has passed stays in the inventory: reports of its month explain by it what was hidden. One that was over
before it was announced has a wrong day somewhere, or came too late; that is no reason to stop a running exporter, so it
is told apart from the other problems, and `pantau check` alone refuses it.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo

from pantau.errors import Problem
from pantau.inventory.carrying import above
from pantau.inventory.maintenance import format_local
from pantau.inventory.rows import Row, Rows
from pantau.inventory.wording import did_you_mean, quote

_KINDS = {
    "hotspot": ("hotspots", "hotspot"),
    "uplink": ("uplinks", "uplink"),
    "isp": ("isps", "ISP"),
    "kecamatan": ("kecamatan", "kecamatan"),
}
"""The kind of record that a scope means, and the word for one."""
_EMPTY = {"hotspot": "is not active", "uplink": "carries no active hotspot and is not probed"}
_TIMES = ("start", "end", "weekly", "weekly.days", "weekly.from", "weekly.to")
_NANOSECONDS = 1_000_000_000


def check_windows(rows: Rows, zone: tzinfo, now_ns: int) -> Iterator[Problem]:
    """What makes windows unusable; of those that have passed, only what was wrong from the beginning."""
    for row in rows["maintenance"]:
        timely = list(_check_times(row, zone))
        yield from timely
        if row.checked.usable("scope", "target") and not timely and not _is_past(row, zone, now_ns):
            yield from _check_target(rows, row)


def unannounced_windows(rows: Rows, zone: tzinfo) -> Iterator[Problem]:
    """The windows that had ended for ever before they were announced."""
    for row in rows["maintenance"]:
        if not row.checked.usable("filed_at", *_TIMES) or list(_check_times(row, zone)):
            continue
        last, filed_at = row.value.calendar(zone).last(), row.value.filed_at
        if last is not None and last.end_ns <= int(filed_at.replace(tzinfo=zone).timestamp()) * _NANOSECONDS:
            ended = format_local(datetime.fromtimestamp(last.end_ns // _NANOSECONDS, zone))
            message = f"the window ended at {ended}, before it was announced at {format_local(filed_at)}"
            yield row.problem("end", f"{message}; correct one of the two, or delete it")


def _check_times(row: Row, zone: tzinfo) -> Iterator[Problem]:
    if not row.checked.usable("start", "end"):
        return
    window = row.value
    if window.end <= window.start:
        message = f"the window ends at {format_local(window.end)}, not after its start at {format_local(window.start)}"
        yield row.problem("end", f"{message}; correct one of the two")
    elif row.checked.usable(*_TIMES) and window.weekly and window.calendar(zone).last() is None:
        days = ", ".join(window.weekly.days)
        yield row.problem(
            "weekly", f"none of these hours ({days}) lies between start and end; widen the two or correct the days"
        )


def _is_past(row: Row, zone: tzinfo, now_ns: int) -> bool:
    return bool(row.checked.usable(*_TIMES) and row.value.calendar(zone).occurrence(now_ns) is None)


def _check_target(rows: Rows, row: Row) -> Iterator[Problem]:
    """The target exists, and an active hotspot or a probed uplink is in it."""
    window = row.value
    kind, word = _KINDS[window.scope]
    if kind in rows.incomplete:
        return
    known = {other.written("id") for other in rows[kind]}
    if window.target not in known:
        message = f"{quote(window.target)} is not a known {word}; {did_you_mean(window.target, sorted(known))}"
        yield row.problem("target", message)
    elif rows.incomplete.isdisjoint(("hotspots", "uplinks")) and not _holds_any(rows, window.scope, window.target):
        empty = _EMPTY.get(window.scope, "has no active hotspot")
        message = f"{word} {quote(window.target)} {empty}, so the window overlaps nothing"
        yield row.problem("target", f"{message}; correct the target or delete the window")


def _holds_any(rows: Rows, scope: str, target: str) -> bool:
    if scope in {"isp", "kecamatan"}:
        return any(probed.written(scope) == target for probed in _probed(rows))
    upstream_of: Mapping[str, str | None] = {
        row.written("id"): row.written("upstream") or None for kind in ("uplinks", "hotspots") for row in rows[kind]
    }
    return any(
        target == probed.written("id") or target in above(probed.written("id"), upstream_of) for probed in _probed(rows)
    )


def _probed(rows: Rows) -> Iterator[Row]:
    yield from (row for row in rows["hotspots"] if row.written("status") in {"", "active"})
    yield from (row for row in rows["uplinks"] if row.written("address"))
