"""Money of what two people have yet to decide is held, and said to be held; what is certain is deducted or paid."""

from dataclasses import replace
from typing import Any

import pytest

from lab.samples.accounting import APRIL, WITA, at, span
from lab.samples.contracts import inventory_of, month_of
from lab.samples.evidence import BIZNET, CITY, TELKOM, Correction, Recorded, dark
from pantau.reports import accounting
from pantau.reports.accounting import Month
from pantau.reports.statement import Statement, make_statement, survey

HOUR, DAY = 3600, 86_400
OVER = {"P-1": dark(span("04-10", "04-11"), span("04-29", "05-02"))}
"""A day in April, and two days of it in an outage that ends in May."""
OPEN = f"P-1@{at('04-29')}"


def said(cause: str, *, approved: bool) -> Correction:
    """What people said about the outage over the month's end."""
    return Correction(OPEN, cause, "Budi", at("05-03"), "kabel dipotong", 77, approved=approved)


def amounts(made: Statement) -> tuple[int | None, int | None, int | None]:
    """Restitution, held and payable."""
    return made.payment.restitution, made.payment.held, made.payment.payable


def test_an_outage_over_the_month_s_end_is_held_until_it_is_decided() -> None:
    """Rp50,000 of three days was deducted for good; now Rp16,667 of one day is, and Rp33,333 is held."""
    made = month_of(Recorded(OVER))
    assert amounts(made) == (16_667, 33_333, 450_000)
    assert [(row.charged_seconds, row.undecided_seconds, row.waits_for) for row in made.events] == [
        (DAY, 0, ""),
        (2 * DAY, 2 * DAY, "decision"),
    ]
    (row,) = made.points
    assert (row.charged_seconds, row.undecided_seconds, row.standing) == (3 * DAY, 2 * DAY, "missed")


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        ([said("fo_putus", approved=True)], (50_000, 0, 450_000)),
        ([said("fo_putus", approved=False)], (16_667, 33_333, 450_000)),
        # Our own fault: what it hid is unseen, so the fee is of a month with two days unobserved.
        ([said("pemantau", approved=False)], (16_667, 33_333, 450_000)),
    ],
)
def test_a_decision_by_two_ends_it_and_one_by_one_does_not(
    decisions: list[Correction], expected: tuple[int, int, int]
) -> None:
    """Charged by two it is deducted; one person's word changes nothing but what the paper says it waits for."""
    made = month_of(Recorded(OVER, said=decisions))
    assert amounts(made) == expected
    if not decisions[0].approved:
        assert made.events[-1].waits_for == "signature"


def test_our_own_fault_by_one_person_s_word_is_charged_and_held() -> None:
    """An outage within the month: "pemantau" by one paid Rp500,000 in full; now Rp16,667 of it waits."""
    outage = f"P-1@{at('04-10')}"
    alone = Correction(outage, "pemantau", "Teknisi", at("05-02"), "VPN kita", 77, approved=False)
    evidence = Recorded({"P-1": dark(span("04-10", "04-11"))}, said=[alone])
    made = month_of(evidence)
    assert amounts(made) == (0, 16_667, 483_333)
    assert [(row.cause, row.undecided_seconds) for row in made.events] == [("pemantau", DAY)]
    both = month_of(replace(evidence, said=[replace(alone, approved=True)]), minimum_coverage_ratio="0.9")
    assert amounts(both) == (0, 0, 500_000)


def test_an_exclusion_that_waits_for_its_second_signature_is_held() -> None:
    """Proposed, it would excuse twelve hours of a day: Rp8,333 is certain, and Rp8,334 waits."""
    storm = accounting.ExclusionClaim("#9", span("04-10 00:00", "04-10 12:00"), "kahar", "BA/3", "Camat", proposed=True)
    evidence = Recorded({"P-1": dark(span("04-10", "04-11"))}, excluded=[("P-1", storm)])
    made = month_of(evidence)
    assert amounts(made) == (8_333, 8_334, 483_333)
    assert [row.refusals for row in made.exclusions] == [("proposed",)]
    assert [row.waits_for for row in made.events] == ["signature"]


def test_an_outage_that_goes_on_within_the_threshold_is_held_too() -> None:
    """Nobody can say yet whether four minutes become ten: Rp0 was deducted for good; now Rp46 waits."""
    evidence = Recorded({"P-1": down_at_the_month_s_end()})
    assert amounts(month_of(evidence)) == (0, 46, 499_954)


def down_at_the_month_s_end() -> list[accounting.Stretch]:
    """Up, and down in April's last four minutes; of May nothing is known."""
    start, end = APRIL.span(WITA)
    return [
        accounting.Stretch(start, end - 240, accounting.Condition.UP, (1,)),
        accounting.Stretch(end - 240, end, accounting.Condition.DOWN, (2,)),
    ]


def test_a_point_that_is_dead_all_month_waits_for_a_decision() -> None:
    """Its fee was deducted; now it is held, and nothing is payable either way."""
    dead = Recorded({"P-1": dark((at("03-01"), at("06-01")))})
    assert amounts(month_of(dead)) == (0, 500_000, 0)
    word = Correction(f"P-1@{at('03-01')}", "fo_putus", "Budi", at("05-03"), "x", 77, approved=True)
    decided = replace(dead, said=[word])
    assert amounts(month_of(decided)) == (500_000, 0, 0)


@pytest.mark.parametrize("method", ["R1", "R1b", "R2", "R3", "R4", "R5"])
def test_the_worse_of_both_cases_is_what_is_payable(method: str) -> None:
    """Payable is what the method leaves with all of it charged; the restitution what it takes with none."""
    steps = [{"below_ratio": "0.98", "deduct_ratio": "0.05"}, {"below_ratio": "0.95", "deduct_ratio": "0.25"}]
    terms: dict[str, Any] = {"method": method, "steps": steps}
    made = month_of(Recorded(OVER), **terms)
    charged = month_of(Recorded(OVER, said=[said("fo_putus", approved=True)]), **terms)
    storm = accounting.ExclusionClaim("#9", span("04-29", "05-01"), "kahar", "BA/3", "Camat")
    excused = month_of(Recorded(OVER, excluded=[("P-1", storm)]), **terms)
    assert made.payment.payable == charged.payment.payable
    assert made.payment.restitution == excused.payment.restitution
    assert made.payment.held == (charged.payment.restitution or 0) - (excused.payment.restitution or 0)


def test_under_an_aggregate_sla_what_is_undecided_of_one_point_is_held_of_all() -> None:
    """Biznet's contract as a whole is under its SLA only if P-4's outage is charged: P-5's own hours wait as well."""
    (biznet,) = [one for one in CITY.contracts if one.id == BIZNET]
    whole = biznet.model_copy(update={"level": "aggregate", "addenda": ()})
    city = replace(CITY, contracts=(CITY.contracts[0], whole))
    evidence = Recorded({"P-4": dark(span("04-27", "05-02")), "P-5": dark(span("04-10 00:00", "04-10 12:00"))})
    made = make_statement(BIZNET, survey(city, evidence, APRIL, WITA))
    found = {row.point: (row.undecided_seconds, row.restitution, row.held) for row in made.points}
    assert found == {"P-3": (0, 0, 0), "P-4": (4 * DAY, 0, 66_667), "P-5": (0, 0, 8_333)}


def test_a_month_without_anything_over_its_end_holds_nothing() -> None:
    """The small city's own month, to its last line."""
    made = make_statement(TELKOM, survey(CITY, Recorded({"P-1": dark(span("04-10", "04-11"))}), APRIL, WITA))
    assert {row.undecided_seconds for row in made.points} == {0}
    assert made.payment.held == 0


def test_the_next_month_holds_its_own_part() -> None:
    """May's part of the outage ended within May: it is charged, and waits for nobody."""
    made = make_statement("k", survey(inventory_of(), Recorded(OVER), Month(2024, 5), WITA))
    assert [(row.charged_seconds, row.undecided_seconds) for row in made.events] == [(DAY, 0)]
