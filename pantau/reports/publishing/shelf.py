"""The shelf: all FINALs below an output folder, as they lie there."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pantau.errors import ReportError
from pantau.journal.anchors.holding import KnownDigest
from pantau.journal.sources import Source
from pantau.reports.accounting import Month
from pantau.reports.publishing.edition_store import finals_in, name_of
from pantau.reports.publishing.manifest import NAME, digest, sums_of

EDITION = "edition.json"
_TRANSITIONS = "annexes/transitions.csv"


@dataclass(frozen=True, slots=True)
class ShelvedFinal:
    """A FINAL, or the folder of a language that was added to one."""

    contract: str
    month: str
    version: int
    language: str
    """Of an addition, its language; empty for the FINAL itself."""
    folder: Path

    @property
    def key(self) -> tuple[str, str, int, str]:
        """As `IssuedEdition.key`."""
        return self.contract, self.month, self.version, self.language

    @property
    def name(self) -> str:
        """For whoever reads about it."""
        return named(self.key)

    def read(self, name: str) -> bytes:
        """A file of it; `ReportError` where it cannot be read."""
        try:
            return (self.folder / name).read_bytes()
        except OSError as error:
            raise ReportError(f"{name} cannot be read: {error.strerror or error}") from error

    def edition(self) -> Mapping[str, Any]:
        """``edition.json``; `ReportError` where it is none."""
        try:
            facts = json.loads(self.read(EDITION))
        except ValueError as error:
            raise ReportError(f"{EDITION} is no JSON: {error}") from error
        if not isinstance(facts, dict):
            raise ReportError(f"{EDITION} is no edition")
        return facts

    def strange_files(self) -> Iterator[str]:
        """A sentence for each file that is not what ``SHA256SUMS`` says, is missing, or is not in it."""
        sums = sums_of(self.read(NAME))
        present = {path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if not path.is_dir()}
        present = {name for name in present if not self._added(name)} - {NAME}
        for name in sorted(sums.keys() | present):
            if name not in sums:
                yield f"{name} is not in {NAME}"
            elif name not in present:
                yield f"{name} is missing"
            elif digest(self.read(name)) != sums[name]:
                yield f"{name} was changed"

    def ends(self) -> Iterator[KnownDigest]:
        """The ends of all chains that it was made from; of an old one none."""
        for end in self.edition().get("heads", []):
            try:
                source = Source(str(end["source"]), end["shard"])
                yield KnownDigest(source, int(end["number"]), bytes.fromhex(end["digest"]), self.name)
            except (KeyError, TypeError, ValueError) as error:
                raise ReportError(f"{EDITION} has heads that are none") from error

    def entries(self) -> Iterator[KnownDigest]:
        """The transitions that it was made from, entry by entry."""
        rows = csv.DictReader(self.read(_TRANSITIONS).decode("utf-8-sig").splitlines())
        for row in rows:
            try:
                yield KnownDigest(None, int(row["entry"]), bytes.fromhex(row["digest"]), self.name)
            except (KeyError, TypeError, ValueError) as error:
                raise ReportError(f"{_TRANSITIONS} is not as it was written") from error

    def _added(self, name: str) -> bool:
        """Whether a file is of a language that was added later, which has sums of its own."""
        folder, slash, _ = name.partition("/")
        return bool(slash) and not self.language and (self.folder / folder / NAME).is_file()


def named(key: tuple[str, str, int, str]) -> str:
    """How a FINAL is called: ``FINAL madidir-telkom/2024-04/1``."""
    contract, month, version, language = key
    return f"FINAL {contract}/{month}/{version}" + (f" ({language})" if language else "")


def finals_on(output: Path) -> Iterator[ShelvedFinal]:
    """All FINALs below an output folder, each followed by its additions; `ReportError` where it cannot be read."""
    try:
        for month in sorted(output.iterdir()) if output.is_dir() else []:
            if not _is_month(month.name):
                continue
            for folder in sorted(path for path in month.iterdir() if path.is_dir()):
                for version, place in finals_in(folder):
                    final = ShelvedFinal(name_of(folder.name), month.name, version, "", place)
                    yield final
                    for added in sorted(path.parent for path in place.glob(f"*/{NAME}")):
                        yield ShelvedFinal(final.contract, final.month, version, added.name, added)
    except OSError as error:
        raise ReportError(f"{output} cannot be read: {error.strerror or error}") from error


def _is_month(name: str) -> bool:
    try:
        return str(Month.parse(name)) == name
    except ValueError:
        return False
