"""The journal as the register of FINALs: each that is issued becomes an entry, which later ones are held against."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pantau.journal import OFFICE, Store
from pantau.journal.editions import IssuedEdition
from pantau.reports.publishing.manifest import NAME, digest
from pantau.reports.publishing.shelf import EDITION
from pantau.reports.publishing.shelf_check import ShelfFinding


@dataclass(frozen=True, slots=True)
class JournalRegister:
    """The register of one contract's month. Raises `JournalError` where the journal does not take an entry."""

    url: str
    folder: Path
    contract: str
    month: str
    month_ns: int
    """When it began."""
    findings: Sequence[ShelfFinding]
    """What is wrong with its FINALs on the shelf."""
    now_ns: Callable[[], int] = time.time_ns
    """When it is recorded: that is no time of the report's."""

    @property
    def problem(self) -> str:
        """See `Register`."""
        for finding in self.findings:
            cure = "move it away, or bring the journal back from a backup"
            if not finding.unrecorded:
                cure = "bring the shelf back from a backup, or give the --output that has it"
            return f"not final: {finding}; {cure}; `pantau journal verify` tells all"
        return ""

    def is_unrecorded(self, version: int) -> bool:
        """See `Register`."""
        return {(one.version, one.unrecorded) for one in self.findings} == {(version, True)}

    def record(self, version: int, language: str, place: Path) -> None:
        """See `Register`."""
        edition_sha256 = "" if language else digest((place / EDITION).read_bytes())
        sums_sha256 = digest((place / NAME).read_bytes())
        issued = IssuedEdition(self.contract, self.month, version, language, edition_sha256, sums_sha256)
        with Store(self.url, self.folder, OFFICE, create=False) as store:
            store.append([issued.event(self.month_ns, self.now_ns())])
