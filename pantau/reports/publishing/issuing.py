"""One contract's edition: which number it gets, whether it may be FINAL, and its files on the shelf."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pantau.reports.edition import Comparison, Difference, Edition
from pantau.reports.publishing.asking import Wish
from pantau.reports.publishing.bundle import FORMATS, common_files, data_file, edition_of, rendered_files
from pantau.reports.publishing.differences import differences
from pantau.reports.publishing.manifest import digest
from pantau.reports.publishing.shelf import DATA, Shelf
from pantau.reports.statement import Statement
from pantau.reports.statement.rows import Payment, Summary


@dataclass(frozen=True, slots=True)
class Vouching:
    """What vouches for the figures of a run."""

    software: str
    journal_entry: int
    journal_hash: str
    comparison: Comparison | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one contract's report."""

    contract: str
    kecamatan: str
    isp: str
    summary: Summary
    payment: Payment
    edition: Edition | None
    """`None` where it was refused."""
    place: Path | None
    note: str
    """``already final, version 2``; or why it was refused."""


def issue(
    statement: Statement, vouching: Vouching, wish: Wish, shelf: Shelf, annexes: Callable[[], Mapping[str, bytes]]
) -> Outcome:
    """Write a draft or a FINAL as `wish` says; `annexes` makes the files that come from journal and inventory.

    What may not be FINAL is an outcome without an edition; `ReportError` where nothing can be written.
    """
    data = data_file(statement)
    with shelf.held():
        last = shelf.last_final
        before = shelf.read(last, DATA) if last else b""
        if wish.final and data == before:
            return _said_again(statement, wish, shelf, last)
        refusal = _refusal(statement, vouching, wish)
        if refusal:
            return _outcome(statement, None, None, refusal)
        changed = differences(json.loads(before), json.loads(data)) if last else ()
        edition = _edition(statement, vouching, wish, digest(data), last, changed)
        formats = FORMATS if wish.final else wish.formats
        files = common_files(statement, data, edition, annexes() if "csv" in formats else {}, formats)
        for name, content in rendered_files(statement, edition, wish.language, formats).items():
            files[f"{wish.language}/{name}"] = content
        place = shelf.put_final(edition.version, files) if wish.final else shelf.replace(files)
        return _outcome(statement, edition, place, f"corrects version {last}" if last else "")


def _said_again(statement: Statement, wish: Wish, shelf: Shelf, version: int) -> Outcome:
    """The same data once more: nothing is new but, perhaps, the language."""
    edition, note = edition_of(shelf.read(version, "edition.json")), f"already final, version {version}"
    place = shelf.final(version)
    if not (place / wish.language).is_dir():
        files = rendered_files(statement, edition, wish.language, FORMATS)
        shelf.add(version, wish.language, files)
        note += f"; {wish.language} added"
    return _outcome(statement, edition, place, note)


def _refusal(statement: Statement, vouching: Vouching, wish: Wish) -> str:
    """Why it may not be FINAL; empty where it may."""
    if not wish.final:
        return ""
    if wish.made_at < statement.end:
        return f"not final: {statement.month} is not over"
    if vouching.comparison is None and not wish.without_second_witness.strip():
        return "not final: no second witness; give --prometheus URL, or --without-second-witness REASON"
    if vouching.comparison is not None and vouching.comparison.open:
        points = [row.point for row in vouching.comparison.open]
        shown = ", ".join(points[:3]) + (f" and {len(points) - 3} more" if len(points) > 3 else "")
        return f"not final: journal and Prometheus differ at {shown}; record why with `pantau report reason`"
    return ""


def _edition(
    statement: Statement, vouching: Vouching, wish: Wish, data_sha256: str, last: int, changed: tuple[Difference, ...]
) -> Edition:
    version = last + 1
    return Edition(
        number=f"{statement.parties.contract}/{statement.month}/{version}",
        status="final" if wish.final else "draft",
        version=version,
        made_at=wish.made_at,
        software=vouching.software,
        journal_entry=vouching.journal_entry,
        journal_hash=vouching.journal_hash,
        data_sha256=data_sha256,
        supersedes=last or None,
        differences=changed,
        comparison=vouching.comparison,
        without_second_witness=wish.without_second_witness.strip() if vouching.comparison is None else "",
    )


def _outcome(statement: Statement, edition: Edition | None, place: Path | None, note: str) -> Outcome:
    parties = statement.parties
    return Outcome(
        parties.contract, parties.kecamatan, parties.isp, statement.summary, statement.payment, edition, place, note
    )
