"""One contract's edition: which number it gets, whether it may be FINAL, and its files."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pantau.reports.edition import Comparison, Difference, Edition, EditionAnchor, EditionHead, WitnessDecision
from pantau.reports.publishing.differences import differences
from pantau.reports.publishing.edition_files import FORMATS, common_files, data_file, edition_of, rendered_files
from pantau.reports.publishing.edition_store import DATA, EditionStore
from pantau.reports.publishing.manifest import NAME, digest, manifest, sums_of
from pantau.reports.publishing.request import ReportRequest
from pantau.reports.publishing.undecided import told_undecided
from pantau.reports.statement import Statement
from pantau.reports.statement.facts import facts_sha256
from pantau.reports.statement.payment_rows import Payment
from pantau.reports.statement.rows import StatementSummary
from pantau.texts.money import Money


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the figures of a run come from: software, journal and comparison."""

    software: str
    journal_entry: int
    journal_hash: str
    comparison: Comparison | None
    heads: tuple[EditionHead, ...] = ()
    anchor: EditionAnchor | None = None
    not_asked: WitnessDecision | None = None
    """Why Prometheus was not asked, as people said it."""


class Register(Protocol):
    """Where FINALs are known beside the shelf: the journal."""

    @property
    def problem(self) -> str:
        """Why no FINAL may follow those on the shelf; empty where one may."""

    def is_unrecorded(self, version: int) -> bool:
        """Whether this one lies on the shelf without an entry, as after a run that was killed."""

    def record(self, version: int, language: str, place: Path) -> None:
        """A FINAL, or a language of one, was written there."""


@dataclass(frozen=True, slots=True)
class ContractResult:
    """The result of one contract's report."""

    contract: str
    kecamatan: str
    isp: str
    summary: StatementSummary
    payment: Payment
    edition: Edition | None
    """`None` where it was refused."""
    place: Path | None
    note: str
    """``already final, version 2``; or why it was refused."""
    money: Money
    """What its amounts are in."""


def issue(
    statement: Statement,
    provenance: Provenance,
    request: ReportRequest,
    store: EditionStore,
    annexes: Callable[[], Mapping[str, bytes]],
    register: Register | None = None,
) -> ContractResult:
    """Write a draft or a FINAL as `request` says; `annexes` makes the files that come from journal and inventory.

    A FINAL is known to `register` from then on.

    What may not be FINAL gives a result without an edition; `ReportError` where nothing can be written.
    """
    data = data_file(statement)
    with store.held():
        last = store.last_final
        before = store.read(last, DATA) if last else b""
        if request.final and last and facts_sha256(json.loads(data)) == facts_sha256(json.loads(before)):
            return _said_again(statement, request, store, last, data == before, annexes, register)
        refusal = _refusal(statement, provenance, request, register)
        if refusal:
            return outcome_of(statement, None, None, refusal)
        changed = differences(json.loads(before), json.loads(data)) if last else ()
        edition = _edition(statement, provenance, request, data, last, changed)
        formats = FORMATS if request.final else request.formats
        files = common_files(statement, data, edition, annexes() if "csv" in formats else {}, formats)
        for name, content in rendered_files(statement, edition, request.language, formats).items():
            files[f"{request.language}/{name}"] = content
        place = store.put_final(edition.version, files) if request.final else store.replace(files)
        if request.final and register:
            register.record(edition.version, "", place)
        return outcome_of(statement, edition, place, f"corrects version {last}" if last else "")


def _said_again(
    statement: Statement,
    request: ReportRequest,
    store: EditionStore,
    version: int,
    same_data: bool,
    annexes: Callable[[], Mapping[str, bytes]],
    register: Register | None,
) -> ContractResult:
    """The same facts again: at most a language is added, and what a kill kept from being recorded is."""
    edition, note = edition_of(store.read(version, "edition.json")), f"already final, version {version}"
    if not same_data:
        note += "; names, the trend or today's files read otherwise now, which is no new version"
    place = store.final(version)
    if register and register.is_unrecorded(version):
        if not _made_again(statement, edition, place, annexes):
            return outcome_of(statement, None, None, f"not final: {place} was not made from this journal; move it away")
        register.record(version, "", place)
        note += "; recorded now"
    elif register and register.problem:
        return outcome_of(statement, None, None, register.problem)
    if not (place / request.language).is_dir():
        files = rendered_files(statement, edition, request.language, FORMATS)
        added = store.add(version, request.language, files)
        if register:
            register.record(version, request.language, added)
        note += f"; {request.language} added"
    return outcome_of(statement, edition, place, note)


def _made_again(
    statement: Statement, edition: Edition, place: Path, annexes: Callable[[], Mapping[str, bytes]]
) -> bool:
    """Whether a FINAL without an entry is, byte by byte, what its own edition gives today."""
    sums = (place / NAME).read_bytes()
    files = common_files(statement, data_file(statement), edition, annexes(), FORMATS)
    for language in sorted({name.partition("/")[0] for name in sums_of(sums) if name.endswith(".pdf")}):
        for name, content in rendered_files(statement, edition, language, FORMATS).items():
            files[f"{language}/{name}"] = content
    return manifest(files) == sums


def _refusal(statement: Statement, provenance: Provenance, request: ReportRequest, register: Register | None) -> str:
    """Why it may not be FINAL; empty where it may."""
    if not request.final:
        return ""
    if request.made_at < statement.end:
        return f"not final: {statement.month} is not over"
    undecided = told_undecided(statement)
    if undecided:
        return f"not final: {undecided}"
    if provenance.comparison is None and not request.without_second_witness.strip():
        return "not final: no second witness; give --prometheus URL, or --without-second-witness REASON"
    if provenance.comparison is None and not (provenance.not_asked and provenance.not_asked.opens):
        return (
            "not final: that no second witness was asked takes a reason, a document and two people; "
            "record it with `pantau report reason --not-asked`, then `pantau outage propose` and `approve`"
        )
    if provenance.comparison is not None and provenance.comparison.open:
        points = [row.point for row in provenance.comparison.open]
        shown = ", ".join(points[:3]) + (f" and {len(points) - 3} more" if len(points) > 3 else "")
        return (
            f"not final: journal and Prometheus differ at {shown}; record why with `pantau report reason`, "
            "and have it approved by two (`pantau outage propose`)"
        )
    return register.problem if register else ""


def _edition(
    statement: Statement,
    provenance: Provenance,
    request: ReportRequest,
    data: bytes,
    last: int,
    changed: tuple[Difference, ...],
) -> Edition:
    version, alone = last + 1, provenance.comparison is None
    not_asked = provenance.not_asked if alone else None
    return Edition(
        number=f"{statement.parties.contract}/{statement.month}/{version}",
        status="final" if request.final else "draft",
        version=version,
        made_at=request.made_at,
        software=provenance.software,
        journal_entry=provenance.journal_entry,
        journal_hash=provenance.journal_hash,
        data_sha256=digest(data),
        facts_sha256=facts_sha256(json.loads(data)),
        supersedes=last or None,
        differences=changed,
        comparison=provenance.comparison,
        without_second_witness=not_asked.text if not_asked else request.without_second_witness.strip() * alone,
        not_asked=not_asked,
        heads=provenance.heads,
        anchor=provenance.anchor,
    )


def outcome_of(statement: Statement, edition: Edition | None, place: Path | None, note: str) -> ContractResult:
    """What became of one contract's report."""
    parties = statement.parties
    return ContractResult(
        parties.contract,
        parties.kecamatan,
        parties.isp,
        statement.summary,
        statement.payment,
        edition,
        place,
        note,
        statement.money,
    )
