"""The figures that differ between the data of two versions."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pantau.reports.edition import Difference

_KEYS = (
    ("kind", "record", "field"),
    ("kind", "record"),
    ("outage",),
    ("exclusion",),
    ("point", "what"),
    ("point",),
    ("group",),
    ("month",),
    ("reason", "start"),
    ("start",),
)
"""What a row is known by: the first of these that it has; a further row of the same name is counted."""
_RATIO = {"numerator", "denominator", "percent"}


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """All differences, ordered by their place in the data."""
    old, new = dict(_figures("", before)), dict(_figures("", after))
    return tuple(
        Difference(place, old.get(place), new.get(place))
        for place in sorted(old.keys() | new.keys())
        if old.get(place) != new.get(place)
    )


def _figures(place: str, value: Any) -> Iterator[tuple[str, str]]:
    """All single figures beneath a value, each with its place and as text."""
    if isinstance(value, Mapping):
        if set(value) == _RATIO:
            yield place, f"{value['numerator']}/{value['denominator']} ({value['percent']} %)"
            return
        for name, item in value.items():
            yield from _figures(f"{place}.{name}" if place else str(name), item)
    elif isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
        for name, item in zip(_names(value), value, strict=True):
            yield from _figures(f"{place}[{name}]", item)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _figures(f"{place}[{number}]", item)
    else:
        yield place, value if isinstance(value, str) else json.dumps(value)


def _names(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A name for each row by its keys, not by its place: a row that is inserted must not rename those after it."""
    seen: dict[str, int] = {}
    for row in rows:
        keys = next((keys for keys in _KEYS if all(row.get(key) not in (None, "") for key in keys)), ())
        name = " ".join(str(row[key]) for key in keys)
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name} #{seen[name]}"
