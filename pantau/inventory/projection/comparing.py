"""What differs between two projections, record by record and field by field: what, then, now."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pantau.inventory.projection.writing import key_of

Data = Mapping[str, Any]
View = Callable[[Data], Data | None]
"""A record as far as it is to be compared; `None` where it is not."""

_ALIKE: Mapping[str, tuple[str, ...]] = {
    "isps": ("legal_name",),
    "contracts": ("kecamatan", "isp", "agreement_number"),
    "uplinks": ("address",),
    "hotspots": ("address",),
    "assignments": ("hotspot", "contract"),
    "exclusions": ("scope", "target", "start", "end"),
    "maintenance": ("scope", "target", "start", "end"),
}
"""By what a record is known again that lost its key: an id that was renamed, a first day that was moved."""


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One record that differs; a side is `None` where it has no such record."""

    kind: str
    then: Data | None
    now: Data | None
    line: str = ""
    """The record of now, as its line; empty where there is none."""
    line_then: str = field(default="", compare=False)
    """The record of then, likewise."""

    @property
    def record(self) -> str:
        """What it is known by; then, where it was there."""
        known = self.then if self.then is not None else self.now
        return " ".join(key_of(self.kind, known or {}))

    def fields(self) -> Iterator[tuple[str, str | None, str | None]]:
        """Each field that differs, as text; a whole record that came or went has no field."""
        if self.then is None or self.now is None:
            yield "", _record_text(self.then), _record_text(self.now)
            return
        for name in sorted(self.then.keys() | self.now.keys()):
            before, after = self.then.get(name), self.now.get(name)
            if before != after:
                yield name, _text(before), _text(after)


def changes_between(
    kind: str, then: Iterable[str], now: Iterable[str], view: View = lambda data: data
) -> Iterator[RecordChange]:
    """The records of one kind that differ between two contents, as far as `view` shows them; by their keys."""
    before, after = frozenset(then), frozenset(now)
    gone, come = _keyed(kind, before - after, view), _keyed(kind, after - before, view)
    _meet(kind, gone, come)
    for key in sorted(gone.keys() | come.keys()):
        old, new = gone.get(key), come.get(key)
        if (old and old.shown) != (new and new.shown):
            lines = (one.line if one else "" for one in (new, old))
            yield RecordChange(kind, old and old.shown, new and new.shown, *lines)


class _Record(NamedTuple):
    """A record as far as it is compared, all of it, and its line."""

    shown: Data
    data: Data
    line: str


_Keyed = dict[tuple[str, ...], _Record]


def _keyed(kind: str, lines: Iterable[str], view: View) -> _Keyed:
    found: _Keyed = {}
    for line in lines:
        data = json.loads(line)
        seen = view(data)
        if seen is not None:
            found[key_of(kind, data)] = _Record(seen, data, line)
    return found


def _meet(kind: str, gone: _Keyed, come: _Keyed) -> None:
    """Give what came under another key the key of what went, where the two are certainly one record."""
    old, new = (_by_likeness(kind, side) for side in (gone, come))
    for likeness in old.keys() & new.keys():
        theirs, ours = (list(side[likeness]) for side in (old, new))
        if len(theirs) == len(ours) == 1 and theirs[0] not in come and ours[0] not in gone:
            come[theirs[0]] = come.pop(ours[0])


def _by_likeness(kind: str, side: _Keyed) -> Mapping[tuple[str, ...], list[tuple[str, ...]]]:
    found: defaultdict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
    for key, one in side.items():
        likeness = tuple(str(one.data.get(name) or "") for name in _ALIKE.get(kind, ()))
        if any(likeness):
            found[likeness].append(key)
    return found


def _record_text(data: Data | None) -> str | None:
    return None if data is None else ", ".join(f"{name} {_text(value)}" for name, value in sorted(data.items()))


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
