"""Drafts, finals, versions: what is asked twice, what has changed, and what may not be."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lab.samples.accounting import APRIL, WITA, span
from lab.samples.evidence import CITY, TELKOM, Recorded, dark
from pantau.errors import ReportError
from pantau.reports.edition import Comparison, Edition, WitnessDecision, WitnessRow
from pantau.reports.publishing.edition_files import data_file, edition_file, edition_of
from pantau.reports.publishing.edition_store import EditionStore
from pantau.reports.publishing.issuing import ContractResult, Provenance, issue
from pantau.reports.statement import Statement, make_statement, survey
from pantau.reports.statement.rows import Ratio, TrendRow
from tests.pantau.reports.publishing.test_edition_store import content_of
from tests.pantau.reports.publishing.town import MADE_AT, Town
from tests.pantau.reports.workbook.cases import EDITION

REASON = "Prometheus belum dipasang pada April"
SIGNED = WitnessDecision(REASON, "ani", "BA-7", 40, ("ani", "budi"), "two_keys", "ab" * 32)
"""A reason with its document, as two have approved it."""


def statement(until: str = "04-05") -> Statement:
    """P-1 was dark from the 3rd on."""
    return make_statement(TELKOM, survey(CITY, Recorded({"P-1": dark(span("04-03", until))}), APRIL, WITA))


def compared(*, agrees: bool, decision: WitnessDecision | None = None) -> Comparison:
    """One point's two witnesses."""
    reason = decision.text if decision else ""
    row = WitnessRow("P-1", 172_800, 2_592_000, 170_000, 2_592_000, Ratio(7, 6480, "0.1080"), agrees, reason, decision)
    return Comparison("http://localhost:9090", MADE_AT, Ratio(1, 1000, "0.1000"), (row,))


@pytest.fixture
def store(tmp_path: Path) -> EditionStore:
    """An empty one."""
    return EditionStore(tmp_path / "laporan" / "2024-04" / TELKOM)


def issued(
    town: Town,
    store: EditionStore,
    made: Statement,
    comparison: Comparison | None = None,
    not_asked: WitnessDecision | None = SIGNED,
    **more: Any,
) -> ContractResult:
    """Issue it without PDF, whatever the status."""
    provenance = Provenance("pantau test", 42, "ab" * 32, comparison, not_asked=not_asked)
    return issue(made, provenance, town.request(**more), store, lambda: {"transitions.csv": b"x"})


@pytest.fixture(autouse=True)
def without_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """The PDF has tests of its own, and takes seconds."""
    monkeypatch.setattr(
        "pantau.reports.pdf.pdf", lambda made, edition, language: f"{edition.number} {language}".encode()
    )


def edition(place: Path | None) -> Edition:
    """What an edition's folder says of itself."""
    assert place is not None
    return edition_of((place / "edition.json").read_bytes())


def test_a_draft_says_that_it_is_one_and_the_next_takes_its_place(town: Town, store: EditionStore) -> None:
    """Drafts keep version 1 as long as there is no FINAL."""
    first = issued(town, store, statement())
    assert first.place == store.kept
    assert edition(first.place) == first.edition
    assert first.edition is not None
    assert (first.edition.status, first.edition.version, first.edition.supersedes) == ("draft", 1, None)
    assert first.edition.number == f"{TELKOM}/2024-04/1"
    second = issued(town, store, statement("04-06"))
    assert second.edition is not None
    assert second.edition.version == 1
    assert content_of(store.kept)["data.json"] == data_file(statement("04-06"))


def test_only_the_formats_asked_for_are_in_a_draft(town: Town, store: EditionStore) -> None:
    """Data, signed facts and edition are always there."""
    place = issued(town, store, statement(), formats=frozenset({"json"})).place
    assert place is not None
    assert set(content_of(place)) == {"data.json", "facts.json", "edition.json"}


def test_a_final_has_everything_whatever_was_asked(town: Town, store: EditionStore) -> None:
    """A FINAL has data, annexes, workbook and PDF."""
    made = issued(town, store, statement(), final=True, without_second_witness=REASON, formats=frozenset({"json"}))
    assert made.place == store.final(1)
    files = content_of(store.final(1))
    name = f"id/laporan-{TELKOM}-2024-04"
    assert {"data.json", "edition.json", "annexes/points.csv", "annexes/transitions.csv"} <= set(files)
    assert {f"{name}.pdf", f"{name}.xlsx"} <= set(files)
    assert made.edition is not None
    assert made.edition.without_second_witness == REASON
    assert made.edition.not_asked == SIGNED
    assert edition(made.place) == made.edition


def test_the_same_once_more_is_the_same_version(town: Town, store: EditionStore) -> None:
    """Equal data are the same version, whatever software, time or comparison."""
    issued(town, store, statement(), final=True, without_second_witness=REASON)
    before = content_of(store.final(1))
    again = issued(town, store, statement(), compared(agrees=True), final=True, made_at=MADE_AT + 999)
    assert again.note == "already final, version 1"
    assert again.place == store.final(1)
    assert content_of(store.final(1)) == before
    assert not store.final(2).exists()


def test_a_corrected_name_or_a_longer_trend_is_no_new_version(town: Town, store: EditionStore) -> None:
    """Before, either made FINAL 2 of a month of which no fact had changed; now the facts that are signed decide."""
    first = issued(town, store, statement(), final=True, without_second_witness=REASON)
    points = tuple(replace(row, name=f"{row.name} (baru)") for row in statement().points)
    other = replace(statement(), points=points, trend=(*statement().trend, TrendRow("2024-03", 2, None, None)))
    second = issued(town, store, other, final=True, without_second_witness=REASON)
    assert second.note == (
        "already final, version 1; names, the trend or today's files read otherwise now, which is no new version"
    )
    assert second.edition == first.edition
    assert not store.final(2).exists()


def test_the_sum_that_is_signed_is_that_of_a_file(town: Town, store: EditionStore) -> None:
    """`sha256sum facts.json` gives what the record of the inspection names."""
    made = issued(town, store, statement(), final=True, without_second_witness=REASON)
    assert made.edition is not None
    facts = (store.final(1) / "facts.json").read_bytes()
    assert hashlib.sha256(facts).hexdigest() == made.edition.facts_sha256 != made.edition.data_sha256
    assert json.loads(facts)["payment"]["payable"] == statement().payment.payable


def test_another_language_is_an_addition_and_no_version(town: Town, store: EditionStore) -> None:
    """Another language is added once, rendered with the existing edition."""
    first = issued(town, store, statement(), final=True, without_second_witness=REASON)
    before = (store.final(1) / "SHA256SUMS").read_bytes()
    second = issued(town, store, statement(), final=True, language="en", made_at=MADE_AT + 5)
    assert second.note == "already final, version 1; en added"
    assert second.edition == first.edition
    assert set(content_of(store.final(1) / "en")) == {f"laporan-{TELKOM}-2024-04.{kind}" for kind in ("pdf", "xlsx")}
    assert (store.final(1) / "SHA256SUMS").read_bytes() == before
    third = issued(town, store, statement(), final=True, language="en")
    assert third.note == "already final, version 1"


def test_other_data_are_the_next_version_with_its_differences(town: Town, store: EditionStore) -> None:
    """The version before stays as it was, and the new one says what it corrects."""
    issued(town, store, statement(), final=True, without_second_witness=REASON)
    before = content_of(store.final(1))
    second = issued(town, store, statement("04-06"), final=True, without_second_witness=REASON)
    assert second.edition is not None
    assert (second.edition.version, second.edition.supersedes) == (2, 1)
    changed = {one.field: (one.before, one.after) for one in second.edition.differences}
    assert changed["points[P-1].charged_seconds"] == ("172800", "259200")
    assert changed["payment.restitution"][0] is not None
    assert content_of(store.final(1)) == before
    third = issued(town, store, statement("04-06"), final=True, without_second_witness=REASON)
    assert third.note == "already final, version 2"


def test_a_draft_after_a_final_shows_what_would_change(town: Town, store: EditionStore) -> None:
    """Its number is the next one's."""
    issued(town, store, statement(), final=True, without_second_witness=REASON)
    draft = issued(town, store, statement("04-06"))
    assert draft.edition is not None
    assert (draft.edition.status, draft.edition.version, draft.edition.supersedes) == ("draft", 2, 1)
    assert draft.edition.differences


@pytest.mark.parametrize(
    ("comparison", "more", "told"),
    [
        (None, {}, "not final: no second witness; give --prometheus URL, or --without-second-witness REASON"),
        (None, {"without_second_witness": "  "}, "not final: no second witness"),
        (compared(agrees=False), {}, "not final: journal and Prometheus differ at P-1; record why with"),
        (compared(agrees=False), {"without_second_witness": REASON}, "not final: journal and Prometheus differ at P-1"),
        (compared(agrees=True), {"made_at": APRIL.span(WITA)[1] - 1}, "not final: 2024-04 is not over"),
    ],
)
def test_what_may_not_be_final_is_refused_and_nothing_is_written(
    town: Town, store: EditionStore, comparison: Comparison | None, more: dict[str, Any], told: str
) -> None:
    """The reason stands in the result."""
    refused = issued(town, store, statement(), comparison, final=True, **more)
    assert refused.edition is None
    assert refused.place is None
    assert refused.note.startswith(told)
    assert {path.name for path in store.folder.iterdir()} == {".lock"}


@pytest.mark.parametrize(
    "not_asked",
    [None, replace(SIGNED, approved_by=()), replace(SIGNED, document="")],
    ids=["nobody said why", "one person's word", "no document"],
)
def test_one_sentence_opens_no_final(town: Town, store: EditionStore, not_asked: WitnessDecision | None) -> None:
    """Before, any text after --without-second-witness did; a reason, a document and two people do."""
    made = issued(town, store, statement(), not_asked=not_asked, final=True, without_second_witness=REASON)
    assert made.edition is None
    assert made.note.startswith("not final: that no second witness was asked takes a reason, a document and two people")
    assert not store.final(1).exists()


@pytest.mark.parametrize("approved_by", [(), ("ani", "budi")])
def test_a_difference_takes_two_as_well(town: Town, store: EditionStore, approved_by: tuple[str, ...]) -> None:
    """A point's reason that nobody has approved leaves it open."""
    said = replace(SIGNED, approved_by=approved_by)
    made = issued(town, store, statement(), compared(agrees=False, decision=said), final=True)
    assert (made.edition is not None) is bool(approved_by)


@pytest.mark.parametrize("comparison", [compared(agrees=True), compared(agrees=False, decision=SIGNED)])
def test_witnesses_that_agree_or_differ_for_a_reason_make_it_final(
    town: Town, store: EditionStore, comparison: Comparison
) -> None:
    """And the comparison stands in the edition."""
    made = issued(town, store, statement(), comparison, final=True)
    assert made.edition is not None
    assert edition(store.final(1)).comparison == comparison


def test_a_final_that_was_changed_by_hand_stops_the_next(town: Town, store: EditionStore) -> None:
    """No correction is made of a FINAL that no longer matches its manifest."""
    issued(town, store, statement(), final=True, without_second_witness=REASON)
    data = store.final(1) / "data.json"
    data.chmod(0o644)
    data.write_bytes(data.read_bytes().replace(b"172800", b"172700"))
    with pytest.raises(ReportError, match="somebody changed a FINAL"):
        issued(town, store, statement("04-06"), final=True, without_second_witness=REASON)


def test_an_edition_comes_back_from_its_file() -> None:
    """edition.json is read back equal, with or without differences and comparison."""
    for one in (EDITION, replace(EDITION, comparison=None, differences=(), supersedes=None)):
        assert edition_of(edition_file(one)) == one


def test_the_data_are_readable_json_of_the_statement() -> None:
    """data.json has neither time of making nor software version."""
    data = json.loads(data_file(statement()))
    assert data["parties"]["contract"] == TELKOM
    assert data["summary"]["charged_seconds"] == 172_800
    assert data_file(statement()) == data_file(statement())
