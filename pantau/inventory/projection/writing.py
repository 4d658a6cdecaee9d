"""From an inventory to its projection: what decides money, as bytes that depend on nothing else.

One content a kind of record, one record a line, sorted; so neither the order of records nor how they are spread over
files nor how a value is spelled changes a byte, and a change of one record is a change of one line.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, time
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from pantau.inventory.models import RECORDS, Inventory
from pantau.inventory.projection.fields import DECIDES, SETS, UNSAID
from pantau.inventory.settings import Settings

FORMAT = 1
"""Of the projection; raised when an older Pantau would misread it."""
SETTINGS = "settings.json"
KINDS = tuple(kind for kind, model in RECORDS.items() if model in DECIDES)
"""The kinds of record that decide money, in the order of the inventory."""
KEYS: Mapping[str, tuple[str, ...]] = {
    "assignments": ("hotspot", "contract", "start"),
    "site_visits": ("hotspot", "date", "by"),
}
"""What a record is known by, where that is not its id."""


def project(settings: Settings, inventory: Inventory) -> dict[str, bytes]:
    """The projection, content by name; kinds without a record are left out."""
    of_settings = _text({"format": FORMAT, **plain(settings)}) + "\n"
    lines = {kind: lines_of(kind, getattr(inventory, kind)) for kind in KINDS}
    contents = {file_of(kind): "".join(f"{line}\n" for line in own).encode() for kind, own in lines.items() if own}
    return {SETTINGS: of_settings.encode(), **contents}


def file_of(kind: str) -> str:
    """The name of the content that has the records of a kind."""
    return f"{kind}.jsonl"


def lines_of(kind: str, records: Iterable[BaseModel]) -> tuple[str, ...]:
    """Records as the lines of their content."""
    keyed = sorted((key_of(kind, data), _text(data)) for data in map(plain, records))
    return tuple(line for _, line in keyed)


def line_of_record(record: BaseModel) -> str:
    """One record as its line."""
    return _text(plain(record))


def statement_id(kind: str, line: str) -> str:
    """By what a decision names one record as it stands: another spelling has another one."""
    return f"{kind}:{hashlib.sha256(line.encode()).hexdigest()}"


def key_of(kind: str, data: Mapping[str, Any]) -> tuple[str, ...]:
    """What a record is known by, from its projection."""
    return tuple(str(data[name]) for name in KEYS.get(kind, ("id",)))


def line_key(kind: str, line: str) -> tuple[str, ...]:
    """What the record of a line is known by."""
    return key_of(kind, json.loads(line))


def plain(record: BaseModel) -> dict[str, Any]:
    """What decides money of one record, as JSON holds it, under the names of the files; what is not given is absent."""
    found = {}
    unsaid = UNSAID.get(type(record), ())
    for name, written in _names(type(record)):
        value = _plain(name, getattr(record, name))
        if name in unsaid and value == type(record).model_fields[name].default:
            continue
        if value is not None and value != "":
            found[written] = value
    return found


@lru_cache(maxsize=64)
def _names(model: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    """Each field that decides, and its name in the files."""
    return tuple((name, model.model_fields[name].alias or name) for name in DECIDES[model])


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, BaseModel):
        return plain(value)
    if isinstance(value, tuple):
        items = [_plain("", item) for item in value]
        return sorted(items, key=_text) if name in SETS else items
    return value.isoformat() if isinstance(value, (date, time)) else value


def _text(value: Any) -> str:
    """Canonical JSON: keys sorted, no blanks, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
