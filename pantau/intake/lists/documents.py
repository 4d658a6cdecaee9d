"""Lists that are no tables: GeoJSON, and Prometheus' file_sd in JSON or YAML; each record becomes a row."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pantau.intake.errors import IntakeError
from pantau.intake.lists.sheets import Cell, ListSheet, OpenedList, SheetRow
from pantau.intake.lists.texts import cleaned, decoded
from pantau.inventory.source import Branch, Listing
from pantau.inventory.yaml_source import parse_yaml_list

Record = Mapping[str, Cell]


def read_json(data: bytes, file: Path, encoding: str | None) -> OpenedList:
    """GeoJSON, file_sd, or a list of objects. Raises `IntakeError`."""
    text, _ = decoded(data, file, encoding)
    try:
        content = json.loads(text.lstrip("\ufeff"), parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise IntakeError(f"{file}: is not JSON ({error}); mend it, or save the list as CSV") from error
    if isinstance(content, dict) and isinstance(content.get("features"), list):
        return _opened("GeoJSON", map(_feature, content["features"]))
    if isinstance(content, dict):
        lists = [value for value in content.values() if isinstance(value, list)]
        content = lists[0] if len(lists) == 1 else content
    if not isinstance(content, list) or not all(isinstance(one, dict) for one in content):
        raise IntakeError(f"{file}: is neither GeoJSON nor file_sd nor a list of objects; save the list as CSV")
    if any("targets" in one for one in content):
        return _opened("file_sd", (record for one in content for record in _targets(one)))
    return _opened("JSON", ({key: _value(value) for key, value in one.items()} for one in content))


def read_yaml(data: bytes, file: Path, encoding: str | None) -> OpenedList:
    """Prometheus' file_sd in YAML. Raises `IntakeError`."""
    text, _ = decoded(data, file, encoding)
    root, problems = parse_yaml_list(cleaned(text)[0], file)
    if root is None or problems or not all(isinstance(one, Branch) for one in root):
        said = f"{problems[0]}" if problems else f"{file}: is no list of targets; begin each with - targets: [...]"
        raise IntakeError(said)
    return _opened("file_sd", (record for one in root if isinstance(one, Branch) for record in _targets(one)))


def _feature(feature: Any) -> Record:
    if not isinstance(feature, dict):
        return {}
    properties = feature.get("properties") or {}
    record: dict[str, Cell] = {str(key): _value(value) for key, value in properties.items()}
    if "id" in feature and "id" not in record:
        record["id"] = _value(feature["id"])
    geometry = feature.get("geometry") or {}
    places = geometry.get("coordinates") if geometry.get("type") in ("Point", "MultiPoint") else None
    if geometry.get("type") == "MultiPoint" and places and len(places) == 1:
        places = places[0]
    if isinstance(places, list) and len(places) >= 2 and all(isinstance(one, int | float) for one in places[:2]):
        for name in [name for name in record if name.casefold() in ("latitude", "longitude", "lat", "lon", "lng")]:
            del record[name]  # the geometry is what GeoJSON promises (RFC 7946, 3.1.1)
        record["longitude"], record["latitude"] = places[0], places[1]
    elif geometry:
        record["geometry"] = f"{geometry.get('type')}"
    return record


def _targets(group: Mapping[str, Any]) -> Iterator[Record]:
    labels = group.get("labels")
    said = labels if isinstance(labels, Mapping) else {}
    kept = {str(key): _value(value) for key, value in said.items() if not str(key).startswith("__")}
    targets = group.get("targets")
    for target in targets if isinstance(targets, list | Listing) else ():
        yield {"target": _value(target)} | kept


def _value(value: Any) -> Cell:
    if value is None or isinstance(value, bool | int | float):
        return value
    return cleaned(value)[0] if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _opened(kind: str, records: Iterable[Record]) -> OpenedList:
    """The records under one head of all their keys, in the order in which they come."""
    found = list(records)
    keys = list(dict.fromkeys(key for record in found for key in record))
    head: list[Cell] = list(keys)
    rows = [SheetRow(number, [record.get(key) for key in keys]) for number, record in enumerate(found, 1)]
    return OpenedList(kind, (ListSheet("", [SheetRow(0, head), *rows]),))
