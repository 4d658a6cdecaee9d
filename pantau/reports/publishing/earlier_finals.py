"""The FINALs of a contract's earlier months on the shelf: what was paid, and what is still held."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pantau.reports.accounting import FinalVersion, Month
from pantau.reports.publishing.edition_files import edition_of
from pantau.reports.publishing.edition_store import DATA, EditionStore, folder_of


def finals_before(output: Path, contract: str, month: Month) -> Iterator[FinalVersion]:
    """Every version of every FINAL, in order; `ReportError` where one is not what its manifest says."""
    for folder in sorted(output.iterdir()) if output.is_dir() else ():
        named = _month(folder.name)
        if named is None or named >= month:
            continue
        store = EditionStore(folder / folder_of(contract))
        for version in range(1, store.last_final + 1):
            edition = edition_of(store.read(version, "edition.json"))
            found = _final(contract, str(named), version, edition.made_at, json.loads(store.read(version, DATA)))
            if found is not None:
                yield found


def _final(contract: str, month: str, version: int, made_at: int, data: dict[str, Any]) -> FinalVersion | None:
    """`None` where the contract names no rupiah: nothing was paid, and nothing is held."""
    payable = data["payment"]["payable_after_penalty"]
    if payable is None:
        return None
    held: dict[str, int] = {}
    for row in data["points"]:
        if row["held"]:
            held[row["point"]] = held.get(row["point"], 0) + row["held"]
    return FinalVersion(contract, month, version, made_at, payable, tuple(held.items()))


def _month(name: str) -> Month | None:
    try:
        return Month.parse(name)
    except ValueError:
        return None
