"""Edge cases of the domain's section 6.3: moves between contracts, partial months, addenda and service hours."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from lab.samples.accounting import (
    APRIL,
    FEE,
    TERMS,
    WITA,
    april,
    at,
    contract,
    point,
    span,
)
from pantau.reports.accounting import (
    Amounts,
    AssignmentSpan,
    ContractDates,
    Denominator,
    Method,
    Month,
    Standing,
    TermsVersion,
    account,
    midnight,
    segments_of,
    settle,
)

HOUR, DAY = 3600, 86_400


def _move(start: str, end: str) -> list[tuple[str, int, int, Amounts | None]]:
    """A point that moves from contract a to b: per segment contract, minutes, charged minutes, amounts."""
    assignments = [
        AssignmentSpan("p", "a", at("01-01"), at(start), FEE),
        AssignmentSpan("p", "b", at(end), at("12-31"), FEE),
    ]
    found = []
    for name in ("a", "b"):
        segments = segments_of(APRIL.span(WITA), contract(name=name), assignments, WITA)
        accounts = [account(one, point([span("04-14 12:00", "04-15 06:00")]), WITA) for one in segments]
        found += [
            (name, line.account.seconds // 60, line.account.charged // 60, line.amounts) for line in settle(accounts)
        ]
    return found


def test_an_outage_over_a_change_of_isp_gives_each_its_part() -> None:
    """20160 and 23040 minutes, fees pro rata, 12 h charged to the one and 6 h to the other."""
    assert _move("04-15", "04-15") == [
        ("a", 20160, 720, Amounts(gross=233_333, restitution=8_333)),
        ("b", 23040, 360, Amounts(gross=266_667, restitution=0)),
    ]


def test_a_gap_between_two_contracts_is_billed_to_nobody() -> None:
    """A day without a contract lies in no segment."""
    assert [(name, minutes) for name, minutes, _, _ in _move("04-15", "04-16")] == [("a", 20160), ("b", 21600)]


def test_a_point_added_mid_month_is_counted_from_its_acceptance() -> None:
    """Down before acceptance is not down: it is not yet active; the fee is pro rata."""
    assignment = AssignmentSpan("p", "k", at("04-01"), at("12-31"), FEE, accepted=at("04-11"))
    (only,) = segments_of(APRIL.span(WITA), contract(), [assignment], WITA)
    (line,) = settle([account(only, point([span("04-01", "04-11")]), WITA)])
    assert (line.account.seconds, line.account.charged) == (20 * DAY, 0)
    assert line.amounts == Amounts(gross=333_333)


def test_a_point_stopped_mid_month_is_counted_until_then() -> None:
    """Downtime after the signed end of service on the 21st is not charged."""
    assignment = AssignmentSpan("p", "k", at("01-01"), at("12-31"), FEE, stopped=at("04-21"))
    (only,) = segments_of(APRIL.span(WITA), contract(), [assignment], WITA)
    (line,) = settle([account(only, point([span("04-21", "05-01")]), WITA)])
    assert (line.account.seconds, line.account.charged) == (20 * DAY, 0)
    assert line.amounts == Amounts(gross=333_333)


def test_an_addendum_mid_month_makes_a_segment_of_each_version() -> None:
    """Until the 10th 98 %, then 99 %: the same outage misses the second only."""
    whole = span("01-01", "12-31")
    versions = (TermsVersion(whole[0], TERMS), TermsVersion(at("04-11"), replace(TERMS, objective=Fraction(99, 100))))
    segments = segments_of(
        APRIL.span(WITA), ContractDates("k", whole, versions), [AssignmentSpan("p", "k", *whole, FEE)], WITA
    )
    downs = [span("04-05 00:00", "04-05 04:00"), span("04-20 00:00", "04-20 06:00")]
    lines = settle([account(one, point(downs), WITA) for one in segments])
    assert [(line.account.seconds // DAY, line.standing) for line in lines] == [
        (10, Standing.MET),
        (20, Standing.MISSED),
    ]
    assert [line.account.segment.version for line in lines] == [0, 1]


@pytest.mark.parametrize(("denominator", "gross"), [(Denominator.CALENDAR, 483_333), (Denominator.CONTRACT, 500_000)])
def test_a_contract_that_starts_on_the_second(denominator: Denominator, gross: int) -> None:
    """29 of April's 30 days by the calendar; a whole month's fee only if the contract says so."""
    terms = replace(TERMS, denominator=denominator)
    (only,) = segments_of(
        APRIL.span(WITA),
        contract(terms, start="04-02"),
        [AssignmentSpan("p", "k", at("04-02"), at("12-31"), FEE)],
        WITA,
    )
    (line,) = settle([account(only, point(), WITA)])
    assert line.amounts == Amounts(gross=gross)


def test_months_are_cut_at_midnight_wita() -> None:
    """April 2024 is [2024-03-31T16:00Z, 2024-04-30T16:00Z)."""
    assert APRIL.span(WITA) == (1_711_900_800, 1_714_492_800)
    assert midnight(date(2024, 4, 1), WITA) == 1_711_900_800


def test_february_of_a_leap_year() -> None:
    """41760 minutes, and 40320 in other years."""
    lengths = [end - start for start, end in (Month(2024, 2).span(WITA), Month(2023, 2).span(WITA))]
    assert lengths == [41_760 * 60, 40_320 * 60]


def test_service_hours_bound_what_is_owed() -> None:
    """With service hours 06:00 to 18:00 nothing is owed at night, and an hour down by day weighs twice."""
    from datetime import time

    terms = replace(TERMS, service_hours=(time(6), time(18)), method=Method.R2)
    (line,) = settle([april([span("04-10 04:00", "04-10 07:00")], terms)])
    assert (line.account.off_hours, line.account.charged, line.account.assessed) == (360 * HOUR, HOUR, 360 * HOUR)
    assert line.amounts == Amounts(gross=FEE, restitution=1_389)
