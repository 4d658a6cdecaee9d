"""What two people have signed in place of what an inventory said: lines of a projection, in and out.

A signed record replaces the one that is known by the same. A signed assignment also replaces one of the same point and
contract whose days it shares: its first day, by which it is known, is what was signed otherwise, and no day is paid for
twice.
"""

import json
from collections.abc import Mapping, Sequence

from pantau.inventory.projection import Lines, line_key

_BY_DAYS = "assignments"
_NO_END = "9999-12-31"


def signed_by_kind(records: Mapping[str, str]) -> Mapping[str, Lines]:
    """Signed lines by their kind, in the order in which they came to count; `records` are by `statement_id`."""
    found: dict[str, list[str]] = {}
    for name, line in records.items():
        found.setdefault(name.partition(":")[0], []).append(line)
    return {kind: tuple(lines) for kind, lines in found.items()}


def with_signed(kind: str, lines: Lines, signed: Sequence[str]) -> Lines:
    """The lines of one kind with what two people have signed in place of what stood there; the later one holds."""
    if not signed:
        return lines
    kept: dict[tuple[str, ...], list[str]] = {}
    for line in lines:
        kept.setdefault(_alike(kind, line), []).append(line)
    for line in signed:
        own = kept.setdefault(_alike(kind, line), [])
        own[:] = [*(one for one in own if not _replaced(kind, line, one)), line]
    everything = (line for own in kept.values() for line in own)
    return tuple(sorted(everything, key=lambda line: (line_key(kind, line), line)))


def _alike(kind: str, line: str) -> tuple[str, ...]:
    """Among which a signed record looks for those that it replaces."""
    key = line_key(kind, line)
    return key[:2] if kind == _BY_DAYS else key


def _replaced(kind: str, signed: str, line: str) -> bool:
    """Of one that is alike whether a signed one stands in place of it."""
    (start, end), (first, last) = _days(signed), _days(line)
    return kind != _BY_DAYS or first == start or (first < end and start < last)


def _days(line: str) -> tuple[str, str]:
    """From its first day to the one after its last, as the files have them: they compare as texts."""
    data = json.loads(line)
    return data.get("start", ""), data.get("end", _NO_END)
