"""Edge cases of the domain's section 6.3: objective, methods, caps, rounding and evidence of what is charged."""

from dataclasses import replace
from fractions import Fraction

import pytest

from lab.samples.accounting import (
    APRIL,
    FEE,
    TERMS,
    WITA,
    accepted,
    april,
    at,
    contract,
    point,
    segment,
    span,
)
from pantau.reports.accounting import (
    Amounts,
    AssignmentSpan,
    Condition,
    Method,
    RestitutionStep,
    Standing,
    Stretch,
    account,
    segments_of,
    settle,
    total,
)

HOUR, DAY = 3600, 86_400


@pytest.mark.parametrize(("minutes", "standing", "deducted"), [(864, Standing.MET, 0), (865, Standing.MISSED, 10_012)])
def test_exactly_at_the_objective_is_met(minutes: int, standing: Standing, deducted: int) -> None:
    """42336/43200 is exactly 98 % and is met; one minute more is missed."""
    start = at("04-10")
    (line,) = settle([april([(start, start + minutes * 60)])])
    assert line.standing is standing
    assert line.amounts == Amounts(gross=FEE, restitution=deducted)


def test_a_month_that_is_excluded_whole_cannot_be_assessed() -> None:
    """Everything was observed and everything excluded: the payment is held."""
    (line,) = settle([april([APRIL.span(WITA)], exclusions=[accepted("04-01", "05-01")])])
    assert (line.standing, line.judged) == (Standing.NOT_ASSESSABLE, None)
    assert line.amounts == Amounts(gross=FEE, held=FEE)


def test_a_contract_without_objective_or_method_has_availability_and_no_rupiah() -> None:
    """Without either of the two no amounts are computed."""
    for terms in (replace(TERMS, objective=None), replace(TERMS, method=None), replace(TERMS, method=Method.R5)):
        lines = settle([april([span("04-10", "04-13")], terms)])
        assert lines[0].account.availability == Fraction(9, 10)
        assert (lines[0].amounts, total(lines).amounts) == (None, None)
    assert settle([april((), replace(TERMS, objective=None))])[0].standing is Standing.NO_OBJECTIVE


STEPS = (RestitutionStep(Fraction(98, 100), Fraction(5, 100)), RestitutionStep(Fraction(95, 100), Fraction(25, 100)))


@pytest.mark.parametrize(("minutes", "deducted"), [(864, 0), (865, 25_000), (2160, 25_000), (2161, 125_000)])
def test_steps_of_a_contract(minutes: int, deducted: int) -> None:
    """R5: the lowest step above the availability, whatever the order of the table."""
    start = at("04-03")
    for steps in (STEPS, STEPS[::-1]):
        terms = replace(TERMS, method=Method.R5, steps=steps)
        (line,) = settle([april([(start, start + minutes * 60)], terms)])
        assert line.amounts == Amounts(gross=FEE, restitution=deducted)


def test_the_deduction_never_exceeds_the_cap() -> None:
    """R4 over a dead month would be 510,204; the fee is the limit, or the share of it that the contract says."""
    for cap, deducted in ((Fraction(1), FEE), (Fraction(1, 2), 250_000)):
        (line,) = settle([april([APRIL.span(WITA)], replace(TERMS, method=Method.R4, cap=cap))])
        assert line.amounts == Amounts(gross=FEE, restitution=deducted)


def test_each_line_is_rounded_once_so_that_totals_add_up() -> None:
    """Three thirds of a month: the total is the sum of the rounded lines."""
    assignments = [
        AssignmentSpan(f"p{day}", "k", at(f"04-{day}"), at(f"04-{day + 10}") if day < 21 else at("05-01"), 100_001)
        for day in (11, 21)
    ] + [AssignmentSpan("p01", "k", at("04-01"), at("04-11"), 100_001)]
    lines = settle(
        [account(one, point(), WITA) for one in segments_of(APRIL.span(WITA), contract(), assignments, WITA)]
    )
    assert [line.amounts.gross for line in lines if line.amounts] == [33_334, 33_334, 33_334]
    assert total(lines).amounts == Amounts(gross=100_002)


def test_each_charged_second_names_the_journal_s_entries() -> None:
    """A charged outage carries the entries that began and ended it."""
    stretches = [
        Stretch(at("04-01"), at("04-10"), Condition.UP, (7,)),
        Stretch(at("04-10"), at("04-10 05:00"), Condition.DOWN, (8,), detected=at("04-10 00:00:04")),
        Stretch(at("04-10 05:00"), at("05-01"), Condition.UP, (9,)),
    ]
    (share,) = account(segment(), stretches, WITA).shares
    assert (share.charged.seconds, share.outage.entries, share.outage.id) == (5 * HOUR, (8, 9), f"p@{at('04-10')}")
