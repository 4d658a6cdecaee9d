"""Terms and assignments that change within a month: by their own day, or from when they were chained on."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from lab.samples.accounting import APRIL, WITA, at
from lab.samples.evidence import BIZNET, TELKOM, Recorded, dark
from pantau.inventory.projection import line_of_record, statement_id
from pantau.reports.statement import make_statement, survey
from pantau.reports.statement.signed_lines import with_signed
from tests.pantau.reports.statement.chained import (
    CHARGED,
    CONTRACT,
    FEE,
    TOWN,
    journal_of,
    told,
    with_contract,
    with_first,
)


def test_a_fee_that_is_edited_within_the_month_holds_from_then_on(tmp_path: Path) -> None:
    """Rp500,000 to the 16th, Rp200,000 from then on: two lines; the edit alone made it Rp200,000 for all of April."""
    dearer = with_first(TOWN, monthly_fee="200000")
    made = journal_of(tmp_path, {"03-31": TOWN, "04-16": dearer}).april(dearer)
    lines = [(row.start, row.end, row.monthly_fee, row.gross) for row in made.points if row.point == "P-1"]
    begin, end = APRIL.span(WITA)
    assert lines == [(begin, at("04-16"), 500_000, 250_000), (at("04-16"), end, 200_000, 100_000)]
    assert told(made) == [("held", "assignments", FEE, "monthly_fee", "500000", "200000")]


def test_a_term_that_is_edited_within_the_month_holds_from_then_on(tmp_path: Path) -> None:
    """An SLA of 50 % from the 20th on: the line up to then is held to 98 %, and Rp33,333 stay."""
    lower = with_contract(sla_ratio=0.5)
    made = journal_of(tmp_path, {"03-31": TOWN, "04-20": lower}).april(lower)
    found = [(row.start, row.objective.percent if row.objective else None) for row in made.points if row.point == "P-1"]
    assert found == [(APRIL.span(WITA)[0], "98.0000"), (at("04-20"), "50.0000")]
    assert [basis.start for basis in made.basis] == ["2024-04-01", "2024-04-20"]
    assert made.payment.restitution == CHARGED


def test_what_has_a_day_of_its_own_holds_from_that_day(tmp_path: Path) -> None:
    """P-1 is stopped on the 10th, typed on the 11th; an addendum of the 5th, typed on the 6th."""
    stopped = with_first(TOWN, stopped="2024-04-10")
    made = journal_of(tmp_path, {"03-31": TOWN, "04-11": stopped}).april(stopped)
    assert [(row.start, row.end) for row in made.points if row.point == "P-1"] == [(APRIL.span(WITA)[0], at("04-10"))]


def test_an_addendum_within_the_month_holds_from_its_day(tmp_path: Path) -> None:
    """Of the 5th, typed on the 6th: two versions, cut on the 5th."""
    addendum = TOWN.contracts[1].addenda[0].model_copy(update={"start": date(2024, 4, 5), "sla_ratio": 0.5})
    amended = with_contract(addenda=(addendum,))
    made = journal_of(tmp_path, {"03-31": TOWN, "04-06": amended}).april(amended)
    assert [(basis.start, basis.document) for basis in made.basis] == [
        ("2024-04-01", "PKS/telkom"),
        ("2024-04-05", "AD-1"),
    ]


def test_an_assignment_that_is_taken_out_without_a_day_held_up_to_then(tmp_path: Path) -> None:
    """P-1's line is deleted on the 16th: half of its fee is owed, where nothing was."""
    without = replace(TOWN, assignments=TOWN.assignments[1:])
    made = journal_of(tmp_path, {"03-31": TOWN, "04-16": without}).april(without)
    (row,) = [row for row in made.points if row.point == "P-1"]
    assert (row.end, row.gross) == (at("04-16"), 250_000)


def test_a_contract_that_is_taken_out_held_up_to_then(tmp_path: Path) -> None:
    """All of it is deleted on the 16th; its month has the days up to then, with the outage in them."""
    without = replace(TOWN, contracts=TOWN.contracts[1:], assignments=TOWN.assignments[3:])
    made = journal_of(tmp_path, {"03-31": TOWN, "04-16": without}).april(without)
    assert {row.end for row in made.points} == {at("04-16")}
    assert made.payment.restitution == CHARGED


def test_a_move_by_its_own_day_pays_each_day_once(tmp_path: Path) -> None:
    """P-1 goes to Biznet on the 16th, typed on the 20th."""
    moved = with_first(TOWN, end="2024-04-16")
    to_biznet = moved.assignments[0].model_copy(update={"contract": BIZNET, "start": date(2024, 4, 16), "end": None})
    moved = replace(moved, assignments=(*moved.assignments, to_biznet))
    journal = journal_of(tmp_path, {"03-31": TOWN, "04-20": moved})
    mine, theirs = journal.april(moved), journal.april(moved, contract=BIZNET)
    spans = [(row.start, row.end) for made in (mine, theirs) for row in made.points if row.point == "P-1"]
    begin, end = APRIL.span(WITA)
    # Biznet's terms have a second version from the 21st on.
    assert spans == [(begin, at("04-16")), (at("04-16"), at("04-21")), (at("04-21"), end)]


def test_a_first_day_that_was_moved_and_signed_pays_each_day_once(tmp_path: Path) -> None:
    """P-1 from the 10th on: Rp933,333 where Rp1,083,333 were; were Rp1,433,333, the old days paid as well."""
    town = journal_of(tmp_path, {"03-31": TOWN})
    moved = with_first(TOWN, start="2024-04-10")
    signed = town.april(moved, [statement_id("assignments", line_of_record(moved.assignments[0]))])
    assert (town.april(moved).payment.gross, signed.payment.gross) == (1_083_333, 933_333)
    assert told(signed) == [("approved", "assignments", FEE, "start", "2024-04-01", "2024-04-10")]


@pytest.mark.parametrize(
    ("days", "left"),
    [
        ([("2024-04-05", "2024-04-15")], []),
        ([("2024-04-20", None)], ["2024-04-01"]),
        ([("2024-04-05", None), ("2024-04-08", None)], []),
        ([("2024-03-01", "2024-04-01")], ["2024-04-01"]),
    ],
)
def test_a_signed_assignment_stands_in_place_of_those_whose_days_it_shares(
    days: list[tuple[str, str | None]], left: list[str]
) -> None:
    """One that comes after it, or before, is another; of two that were signed of the same days the later one holds."""

    def line(start: str, end: str | None) -> str:
        until = {} if end is None else {"end": end}
        return json.dumps({"hotspot": "P-1", "contract": "c", "start": start, **until})

    own = line("2024-04-01", "2024-04-20")
    signed = [line(*span) for span in days]
    found = with_signed("assignments", (own,), signed)
    assert sorted(json.loads(one)["start"] for one in found) == sorted([*left, days[-1][0]])


def test_a_threshold_of_nothing_charges_every_second() -> None:
    """Four minutes are tolerated by default; with 0s they are charged: Rp46 by R2."""
    blink = at("04-12 06:00"), at("04-12 06:04")
    charged = []
    for terms in ({}, {"threshold": 0.0}):
        contract = CONTRACT.model_copy(update={"method": "R2", **terms})
        today = replace(TOWN, contracts=(contract, TOWN.contracts[1]))
        made = make_statement(TELKOM, survey(today, Recorded({"P-1": dark(blink)}), APRIL, WITA))
        charged.append((made.summary.tolerated_seconds, made.summary.charged_seconds, made.payment.restitution))
    assert charged == [(240, 0, 0), (0, 240, 46)]
