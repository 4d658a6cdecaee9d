"""What `pantau journal verify` holds against the journal beside its own chains: anchors, and the shelf."""

from dataclasses import dataclass
from pathlib import Path

from pantau.inventory import Configuration
from pantau.journal.reading import Reader

SHELF = Path("laporan")
"""Where `pantau report` writes to if nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class OutsideFindings:
    """What was found, what is to be known, and a line for each kind of thing that was held against the journal."""

    findings: tuple[object, ...]
    notes: tuple[str, ...]
    held: tuple[str, ...]


def held_outside(
    reader: Reader, configuration: Configuration, shelf: Path, copies: Path | None, roots: Path | None
) -> OutsideFindings:
    """Hold all anchors and all FINALs against the journal; a shelf that is not there is a note."""
    # Reports know the journal: who verifies loads them, and nobody else.
    from pantau.reports.publishing.outside import anchors_of
    from pantau.reports.publishing.shelf_check import check_shelf

    anchors = anchors_of(reader, configuration, copies, roots)
    findings: list[object] = [*anchors.findings]
    notes = [*anchors.notes]
    held = []
    if anchors.anchors:
        proved = "none proved" if any("not proved" in one for one in anchors.notes) else "all proved"
        held.append(f"anchors: {anchors.anchors}, {proved}, and the journal is as they know it")
    else:
        notes.append("no outside anchor: who can write the whole journal anew is not seen; see tsa in pantau.yml")
    if shelf.is_dir():
        check = check_shelf(reader, shelf)
        findings += [*sorted(set(check.journal) - set(anchors.findings)), *check.finals]
        notes += check.notes
        held += [f"FINALs: {check.count}, all as they were issued"] if check.count else []
    elif issued := check_shelf(reader, shelf).issued:
        notes.append(f"{len(issued)} FINALs were issued, and {shelf} is not there: name the shelf with --reports")
    return OutsideFindings(tuple(findings), tuple(notes), tuple(held))
