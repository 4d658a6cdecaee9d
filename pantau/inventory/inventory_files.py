"""One file of the inventory into `Rows`, by its format; what cannot be read is a problem."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from pantau.errors import Problem
from pantau.inventory.csv_source import parse_csv
from pantau.inventory.models import RECORDS
from pantau.inventory.rows import Rows
from pantau.inventory.source import Branch, Listing, decode
from pantau.inventory.validation import known_keys, required_keys
from pantau.inventory.wording import did_you_mean, listed, quote
from pantau.inventory.yaml_source import parse_yaml

Place = Callable[[str], Problem]
"""Makes a problem at the line of `pantau.yml` that lists a file."""


def read_inventory(rows: Rows, file: Path, place: Place, data: bytes | str) -> Iterator[Problem]:
    """Put the records of one file into `rows`; where some cannot be read, their kinds are marked incomplete."""
    kind = next((kind for kind in RECORDS if re.match(rf"{kind}(?![a-z])", file.stem)), "")
    is_csv = file.suffix.lower() == ".csv"
    may_hold = {kind} if is_csv and kind in RECORDS else set(RECORDS)
    if isinstance(data, str):
        yield place(f"{quote(file)} {data}")
    elif is_csv and kind not in RECORDS:
        yield place(f"{quote(file.name)} does not say what it holds; begin its name with one of {listed(RECORDS)}")
    elif not is_csv and file.suffix.lower() not in {".yml", ".yaml"}:
        yield place(f"{quote(file.name)} is of no known format; its name must end in .yml, .yaml or .csv")
    elif not isinstance(text := decode(data, file), str):
        yield from text
    else:
        rest = _read_csv(rows, file, text, kind) if is_csv else _read_yaml(rows, file, text)
        yield from rest
        return
    rows.incomplete |= may_hold


def _read_csv(rows: Rows, file: Path, text: str, kind: str) -> Iterator[Problem]:
    model = RECORDS[kind]
    listing, problems = parse_csv(text, file, known_keys(model), required_keys(model))
    yield from problems
    if problems:
        rows.incomplete.add(kind)
    for branch in listing or ():
        if isinstance(branch, Branch):
            yield from rows.add(kind, file, branch, "")


def _read_yaml(rows: Rows, file: Path, text: str) -> Iterator[Problem]:
    root, problems = parse_yaml(text, file)
    yield from problems
    if root is None:
        rows.incomplete |= set(RECORDS)
        return
    for key, line in root.lines.items():
        listing = root.get(key, Listing(line))
        if key not in RECORDS:
            yield Problem(file, line, key, f"is not a known key; {did_you_mean(key, RECORDS)}")
            rows.incomplete |= set(RECORDS)
        elif not isinstance(listing, Listing):
            yield Problem(file, line, key, "must be a list; begin each record with '- '")
            rows.incomplete.add(key)
        else:
            yield from _read_listing(rows, file, key, listing)


def _read_listing(rows: Rows, file: Path, kind: str, listing: Listing) -> Iterator[Problem]:
    for index, (branch, line) in enumerate(zip(listing, listing.lines, strict=True)):
        if isinstance(branch, Branch):
            yield from rows.add(kind, file, branch, f"{kind}.{index}.")
        else:
            message = "is not a record; write its fields as keys, each with a colon and its value"
            yield Problem(file, line, f"{kind}.{index}", message)
            rows.incomplete.add(kind)
