"""Penalties stand beside restitution, never in it."""

from dataclasses import replace
from fractions import Fraction

from lab.samples.accounting import APRIL, FEE, TERMS, WITA, april, at, contract, span
from pantau.reports.accounting import (
    AssignmentSpan,
    Lateness,
    PenaltyBase,
    late_activations,
    late_repairs,
)

PENAL = replace(TERMS, penalty_permille=Fraction(1))


def test_late_activation_costs_a_permille_a_day() -> None:
    """Due on the 5th, accepted on the 15th: ten days of one permille of the fee."""
    assignment = AssignmentSpan("p", "k", at("04-05"), at("12-31"), FEE, accepted=at("04-15"))
    (penalty,) = late_activations(APRIL.span(WITA), contract(PENAL), [assignment], WITA)
    assert (penalty.kind, penalty.days, penalty.base, penalty.amount) == (Lateness.ACTIVATION, 10, FEE, 5_000)


def test_late_days_fall_into_their_months() -> None:
    """Due on 25 March, accepted on 3 April: two days are April's."""
    assignment = AssignmentSpan("p", "k", at("03-25"), at("12-31"), FEE, accepted=at("04-03"))
    assert [one.days for one in late_activations(APRIL.span(WITA), contract(PENAL), [assignment], WITA)] == [2]


def test_the_base_may_be_the_contract_s_value() -> None:
    """One permille a day of 125 million; a half rupiah is rounded up once."""
    terms = replace(PENAL, penalty_base=PenaltyBase.CONTRACT_VALUE)
    assignment = AssignmentSpan("p", "k", at("04-05"), at("12-31"), FEE, accepted=at("04-06"))
    (penalty,) = late_activations(APRIL.span(WITA), contract(terms, value=125_000_500), [assignment], WITA)
    assert penalty.amount == 125_001
    assert list(late_activations(APRIL.span(WITA), contract(terms), [assignment], WITA)) == []


def test_without_a_clause_there_is_no_penalty() -> None:
    """No penalty without a permille in the contract, nor for an activation in time."""
    late = AssignmentSpan("p", "k", at("04-05"), at("12-31"), FEE, accepted=at("04-15"))
    timely = replace(late, accepted=at("04-05"))
    assert list(late_activations(APRIL.span(WITA), contract(TERMS), [late], WITA)) == []
    assert list(late_activations(APRIL.span(WITA), contract(PENAL), [timely, replace(late, accepted=None)], WITA)) == []


def test_late_repair_is_lateness_only_if_the_contract_says_so() -> None:
    """24 hours are agreed and it took 60: two begun days."""
    terms = replace(PENAL, repair_limit_seconds=86_400)
    down = [span("04-10", "04-12 12:00")]
    assert list(late_repairs(april(down, terms), contract(terms))) == []
    strict = replace(terms, late_repair_penalised=True)
    (penalty,) = late_repairs(april(down, strict), contract(strict))
    assert (penalty.kind, penalty.days, penalty.amount, penalty.outage) == (
        Lateness.REPAIR,
        2,
        1_000,
        f"p@{at('04-10')}",
    )
