"""Level, and what stands beside the vectors: partial months, aggregates, sums weighted by time."""

from dataclasses import replace
from fractions import Fraction

from lab.samples.accounting import APRIL, FEE, TERMS, WITA, april, at, contract, point, segment, span
from pantau.reports.accounting import (
    Amounts,
    AssignmentSpan,
    Level,
    Method,
    Standing,
    account,
    segments_of,
    settle,
    total,
)

AGGREGATE = replace(TERMS, level=Level.AGGREGATE)
HOUR = 3600


def test_an_aggregate_objective_is_tested_on_the_sum() -> None:
    """One point is down three days of thirty: 90 % alone, 99 % with nine good ones; then nobody is charged."""
    accounts = [april([span("04-10", "04-13")], AGGREGATE), *(april((), AGGREGATE) for _ in range(9))]
    lines = settle(accounts)
    assert {line.judged for line in lines} == {Fraction(99, 100)}
    assert {line.standing for line in lines} == {Standing.MET}
    assert total(lines).amounts == Amounts(gross=10 * FEE)
    missed = settle(accounts[:4])
    assert {line.standing for line in missed} == {Standing.MISSED}
    assert total(missed).amounts == Amounts(gross=4 * FEE, restitution=50_000)


def test_a_total_is_weighted_by_time() -> None:
    """A point of one day weighs a thirtieth of one of thirty days."""
    assignments = [
        AssignmentSpan("p", "k", at("04-01"), at("05-01"), FEE),
        AssignmentSpan("q", "k", at("04-30"), at("05-01"), FEE),
    ]
    parts = list(segments_of(APRIL.span(WITA), contract(), assignments, WITA))
    lines = settle([account(parts[0], point(), WITA), account(parts[1], point([span("04-30", "05-01")]), WITA)])
    assert total(lines).availability == Fraction(30, 31)
    assert total([]).availability is None


def test_r1_of_a_partial_month_is_of_its_own_fee() -> None:
    """Half a month at 95 % against 98 %: three percent of half a fee."""
    terms = replace(TERMS, method=Method.R1)
    (part,) = segments_of(
        APRIL.span(WITA), contract(terms), [AssignmentSpan("p", "k", at("04-16"), at("12-31"), FEE)], WITA
    )
    start = at("04-20")
    (line,) = settle([account(part, point([(start, start + 18 * HOUR)]), WITA)])
    assert line.judged == Fraction(95, 100)
    assert line.amounts == Amounts(gross=250_000, restitution=7_500)


def test_r2_of_a_partial_month_is_of_the_month_s_time() -> None:
    """18 hours are 2.5 % of April, whatever part of April was served."""
    terms = replace(TERMS, method=Method.R2)
    (part,) = segments_of(
        APRIL.span(WITA), contract(terms), [AssignmentSpan("p", "k", at("04-16"), at("12-31"), FEE)], WITA
    )
    start = at("04-20")
    (line,) = settle([account(part, point([(start, start + 18 * HOUR)]), WITA)])
    assert line.amounts == Amounts(gross=250_000, restitution=12_500)


def test_an_assignment_s_own_objective_takes_the_contract_s_place() -> None:
    """An override of 90 %: three days of downtime are met."""
    assignment = AssignmentSpan("p", "k", at("04-01"), at("05-01"), FEE, objective=Fraction(90, 100))
    (part,) = segments_of(APRIL.span(WITA), contract(), [assignment], WITA)
    (line,) = settle([account(part, point([span("04-10", "04-13")]), WITA)])
    assert (line.standing, line.amounts) == (Standing.MET, Amounts(gross=FEE))


def test_the_worked_figures_of_a_dead_point() -> None:
    """R1 pays ten thousand rupiah for a point that was dead all month; the others pay nothing."""
    paid = {}
    for method in (Method.R1, Method.R1B, Method.R2, Method.R3, Method.R4):
        (line,) = settle([account(segment(replace(TERMS, method=method)), point([APRIL.span(WITA)]), WITA)])
        assert line.amounts is not None
        paid[method.value] = line.amounts.payable
    assert paid == {"R1": 10_000, "R1b": 0, "R2": 0, "R3": 0, "R4": 0}
