"""The CSV files of hotspots: their rows as they stand, with what is changed in them and what is added."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pantau.csv_text import csv_rows_to
from pantau.intake.cities.rendering import HOTSPOT_COLUMNS
from pantau.intake.errors import IntakeError
from pantau.inventory import Configuration, Hotspot
from pantau.inventory.csv_source import parse_csv
from pantau.inventory.source import Branch, decode
from pantau.inventory.validation import known_keys, required_keys

_OF_HOTSPOTS = re.compile(r"hotspots(?![a-z])")


@dataclass(slots=True)
class HotspotFile:
    """One of them."""

    path: Path
    columns: list[str]
    rows: list[dict[str, str]]
    changed: bool = False

    def text(self) -> str:
        """As it is written: commas, UTF-8, a line a row."""
        used = [name for name in HOTSPOT_COLUMNS if any(row.get(name) for row in self.rows)]
        columns = [*self.columns, *(name for name in used if name not in self.columns)]
        out = io.StringIO()
        write = csv_rows_to(out, "\n")
        write(columns)
        for row in self.rows:
            write([row.get(name, "") for name in columns])
        return out.getvalue()


@dataclass(slots=True)
class HotspotFiles:
    """All of an inventory, in the order of its settings."""

    files: list[HotspotFile]
    where: dict[str, tuple[HotspotFile, dict[str, str]]] = field(default_factory=dict)
    """File and row of each hotspot, by its id."""

    def add(self, row: Mapping[str, str]) -> None:
        """A new row, at the end of the first file."""
        taken = dict(row)
        self.files[0].rows.append(taken)
        self.files[0].changed = True
        self.where[row["id"]] = self.files[0], taken

    def change(self, id_: str, values: Mapping[str, str]) -> None:
        """New values of a row that is there."""
        file, row = self.where[id_]
        row.update(values)
        file.changed = True

    def drop(self, id_: str) -> None:
        """A row that cannot be."""
        file, row = self.where.pop(id_)
        file.rows.remove(row)


def hotspot_files(configuration: Configuration) -> HotspotFiles:
    """Those of a configuration that has been loaded. Raises `IntakeError` where it lists none."""
    found = [
        _read(path)
        for path in configuration.files[1:]
        if path.suffix.lower() == ".csv" and _OF_HOTSPOTS.match(path.stem)
    ]
    if not found:
        cure = "add inventory/hotspots.csv to the list `inventory` in it"
        raise IntakeError(f"{configuration.path}: lists no CSV file of hotspots, and an import writes no YAML; {cure}")
    where = {row["id"]: (file, row) for file in found for row in file.rows if "id" in row}
    return HotspotFiles(found, where)


def _read(path: Path) -> HotspotFile:
    text = decode(path.read_bytes(), path)
    if not isinstance(text, str):
        raise IntakeError(f"{text[0]}")
    listing, problems = parse_csv(text, path, known_keys(Hotspot), required_keys(Hotspot))
    if listing is None or problems:
        raise IntakeError(f"{problems[0]}")
    rows = [{str(key): str(value) for key, value in row.items()} for row in listing if isinstance(row, Branch)]
    first = next(line for line in text.splitlines() if line.strip() and not line.lower().startswith(("sep=", '"sep=')))
    columns = [name for name in _cells(first) if name in known_keys(Hotspot)]
    return HotspotFile(path, columns, rows)


def _cells(line: str) -> list[str]:
    delimiter = max(",;\t", key=line.count)
    return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter))]
