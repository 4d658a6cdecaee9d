"""What is signed is a closed list: each field in it changes the sum, and no other does."""

import copy
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest

from lab.samples.accounting import APRIL, WITA, at, span
from lab.samples.contracts import inventory_of, month_of
from lab.samples.evidence import Correction, Recorded, dark
from pantau.reports import accounting
from pantau.reports.statement import Parties, Statement, as_data, with_corrections
from pantau.reports.statement.decision_table import DecisionRow
from pantau.reports.statement.facts import FACTS, NOT_SIGNED, facts_file, facts_sha256
from pantau.reports.statement.payment_rows import CorrectionRow, Payment, PenaltyRow
from pantau.reports.statement.rows import ChangeRow, EventRow, ExclusionRow, PointRow, UnobservedRow
from pantau.reports.statement.statement import Basis
from pantau.reports.statement.survey import survey
from tests.pantau.reports.statement.test_corrections import FINAL, SETTLED

TABLES: dict[str, type] = {
    "": Statement,
    "parties": Parties,
    "basis": Basis,
    "points": PointRow,
    "events": EventRow,
    "exclusions": ExclusionRow,
    "decisions": DecisionRow,
    "unobserved": UnobservedRow,
    "changes": ChangeRow,
    "penalties": PenaltyRow,
    "corrections": CorrectionRow,
    "payment": Payment,
}


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    """A statement with a row in every table that is signed."""
    storm = accounting.ExclusionClaim("#9", span("04-10 00:00", "04-10 12:00"), "kahar", "BA/3", "Camat")
    evidence = Recorded(
        {"P-1": dark(span("04-10", "04-12"), span("04-29", "05-02"), unseen=[span("04-20", "04-20 05:00")])},
        excluded=[("P-1", storm)],
        settled=[SETTLED],
    )
    terms: dict[str, Any] = {"penalty_permille": 1, "late_repair_penalised": True, "repair_limit": "6h"}
    terms |= {"addenda": [{"number": "AD-1", "start": "2024-04-16"}]}
    made = month_of(evidence, **terms)
    city = survey(inventory_of(**terms), evidence, APRIL, WITA)
    found: dict[str, Any] = as_data(with_corrections(made, city, [FINAL]))
    assert [name for name in TABLES if name and not found[name]] == []
    return found


def test_every_field_of_a_statement_is_either_signed_or_not() -> None:
    """A field that is new is missed here, and somebody decides."""
    for table, kind in TABLES.items():
        signed, unsigned = FACTS[table], NOT_SIGNED[table]
        assert set(signed) & set(unsigned) == set()
        inner = set(TABLES) - {""} if not table else set()
        assert {field.name for field in fields(kind)} == {*signed, *unsigned, *inner}
    assert set(FACTS) == set(NOT_SIGNED) == set(TABLES)


def otherwise(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return f"{value}x"
    if isinstance(value, list):
        return [*value, "x"]
    if isinstance(value, dict):
        return {**value, "numerator": 1, "denominator": 7, "charged": True}
    return "x"


def changed(data: dict[str, Any], names: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """The place of each of these fields, and the sum with that field changed."""
    for table, chosen in names.items():
        for name in chosen:
            other = copy.deepcopy(data)
            rows = other if not table else other[table] if isinstance(other[table], dict) else other[table][0]
            rows[name] = otherwise(rows[name])
            yield f"{table}.{name}", facts_sha256(other)


def test_each_fact_changes_the_sum(data: dict[str, Any]) -> None:
    """Every field of the list, one at a time."""
    before = facts_sha256(data)
    assert [place for place, after in changed(data, dict(FACTS)) if after == before] == []


def test_nothing_else_changes_it(data: dict[str, Any]) -> None:
    """Before, a corrected name or a trend of other months made another FINAL of the same month."""
    before = facts_sha256(data)
    assert [place for place, after in changed(data, dict(NOT_SIGNED)) if after != before] == []


def test_how_a_ratio_is_printed_is_no_fact(data: dict[str, Any]) -> None:
    """Its fraction is."""
    other = copy.deepcopy(data)
    other["points"][0]["objective"]["percent"] = "98"
    assert facts_sha256(other) == facts_sha256(data)


def test_a_row_more_or_fewer_or_elsewhere_changes_it(data: dict[str, Any]) -> None:
    """In any table of more than one row."""
    for table in ("points", "events"):
        rows = data[table]
        for others in (rows[1:], [*rows, rows[0]], rows[::-1]):
            assert facts_sha256({**data, table: others}) != facts_sha256(data)


def test_the_form_is_canonical(data: dict[str, Any]) -> None:
    """The order in which fields are written, and fields that nobody knows, make no difference."""
    turned = dict(reversed(data.items())) | {"something": 1}
    assert facts_file(turned) == facts_file(data)
    assert facts_file(data).endswith(b"}\n")
    assert b": " not in facts_file({"month": "2024-04"})


@pytest.mark.parametrize("approved", [None, False, True])
def test_an_outage_that_ends_in_the_next_month_leaves_the_signed_month_as_it_was(approved: bool | None) -> None:
    """April is signed while it lasts; that it ended on 3 or on 9 May is a fact of May, whoever decided about it."""
    word = Correction(f"P-1@{at('04-29')}", "pemantau", "ani", at("05-02"), "VPN kita", 77, approved=approved or False)
    one, other = (
        as_data(
            month_of(Recorded({"P-1": dark((at("04-29"), at(f"05-0{day}")))}, said=[word] * (approved is not None)))
        )
        for day in (3, 9)
    )
    assert one != other
    assert facts_sha256(one) == facts_sha256(other)
