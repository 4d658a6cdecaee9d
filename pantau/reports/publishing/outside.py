"""What is known outside the journal, held against it before a report is made: all anchors, and the FINALs of the shelf.

A journal that proves itself may be another one than that of last month: then this knows.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from pantau.errors import ReportError
from pantau.inventory import Configuration
from pantau.inventory.tsa import DEFAULT_FOLDER
from pantau.journal import Reader
from pantau.journal.anchors.checking import AnchorCheck, check_anchors
from pantau.journal.anchors.recorded import recorded_anchors
from pantau.reports.edition import EditionAnchor
from pantau.reports.publishing.request import ReportRequest
from pantau.reports.publishing.shelf_check import ShelfCheck, check_shelf

_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Outside:
    """What vouches for the journal, and what is to be told."""

    anchor: EditionAnchor | None
    """The latest; `None` where there is none."""
    shelf: ShelfCheck
    notes: Sequence[str]
    """Sentences for whoever makes the report: what is wrong elsewhere on the shelf, what could not be proved."""


def held_outside(
    reader: Reader, request: ReportRequest, configuration: Configuration, contracts: Collection[str]
) -> Outside:
    """Raise `ReportError`, naming the first entry, where the journal is not the one that is known outside."""
    anchors = anchors_of(reader, configuration)
    month = str(request.month)
    shelf = check_shelf(reader, request.output, lambda one: one.month == month and one.contract in contracts)
    found = sorted({*anchors.findings, *shelf.journal})
    if found:
        raise ReportError(
            f"the journal is not the one that is known outside ({found[0]}): no report is made of it; "
            "see `pantau journal verify`, and bring the journal back from a backup"
        )
    elsewhere = [str(one) for one in shelf.finals]
    return Outside(_latest(reader, proved=not anchors.notes), shelf, (*anchors.notes, *shelf.notes, *elsewhere))


def anchors_of(
    reader: Reader, configuration: Configuration, copies: Path | None = None, roots: Path | None = None
) -> AnchorCheck:
    """All anchors that the settings lead to, and a party's `copies`, held against the journal.

    `roots` are certificates of one's own choice in place of those of the settings.
    """
    authority, folder = configuration.settings.tsa, configuration.path.parent
    kept = folder / (authority.folder if authority else DEFAULT_FOLDER)
    pinned = roots or (folder / authority.roots if authority else None)
    return check_anchors(reader, kept, pinned, copies)


def _latest(reader: Reader, *, proved: bool) -> EditionAnchor | None:
    latest = max(recorded_anchors(reader), key=lambda one: (one.number, one.entry), default=None)
    if latest is None:
        return None
    return EditionAnchor(latest.number, latest.stamped_ns // _NS, latest.authority, latest.token, proved)
