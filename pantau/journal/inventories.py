"""Inventories as they were chained: what of them decided money, and from when on."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pantau.errors import JournalError
from pantau.journal.entries import Entry, facts_of


class ChainedInventory(NamedTuple):
    """One `Kind.INVENTORY` entry."""

    entry: int
    at_ns: int
    """From when on it held: since it was recorded, for nobody may say afterwards that it held before. It never lies
    before the one before it: a clock that is set back reorders nothing."""
    files: Mapping[str, str]
    """The SHA-256 of each content of the projection, by its name; see `EntryReader.blob`."""

    @property
    def digest(self) -> str:
        """SHA-256 of the whole: over ``NAME SHA-256`` of each content, a line each, sorted."""
        names = "".join(f"{name} {digest}\n" for name, digest in sorted(self.files.items()))
        return hashlib.sha256(names.encode()).hexdigest()


def inventories_of(entries: Iterable[Entry]) -> list[ChainedInventory]:
    """Entries in the order of their numbers as values; `JournalError` where one is not what was written."""
    found: list[ChainedInventory] = []
    for entry in entries:
        files = facts_of(entry).get("files")
        if not isinstance(files, dict) or not all(isinstance(digest, str) for digest in files.values()):
            raise JournalError(f"the inventory of entry {entry.number} cannot be read; see `pantau journal verify`")
        at_ns = max(entry.event.recorded_ns, found[-1].at_ns if found else 0)
        found.append(ChainedInventory(entry.number, at_ns, files))
    return found
