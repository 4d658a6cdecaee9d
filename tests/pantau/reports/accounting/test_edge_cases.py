"""Each edge case of the domain's section 6.3 that is about accounting, by name."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from pantau.reports.accounting import (
    Amounts,
    AssignmentSpan,
    Condition,
    ContractDates,
    DeductionStep,
    Denominator,
    ExclusionClaim,
    Instability,
    Method,
    Month,
    Refusal,
    Spans,
    Standing,
    Stretch,
    TermsVersion,
    account,
    midnight,
    segments_of,
    settle,
    total,
)
from tests.pantau.reports.accounting.building import (
    APRIL,
    FEE,
    TERMS,
    accepted,
    april,
    at,
    contract,
    point,
    segment,
    span,
)

HOUR, DAY = 3600, 86_400
APRIL_SECONDS = 43_200 * 60


def test_monitor_outage_is_not_charged() -> None:
    """What we could not see leaves numerator and denominator, and shows as coverage."""
    booked = april([span("04-10", "04-11")], unseen=[span("04-10 06:00", "04-10 12:00")])
    assert booked.unseen.seconds == 6 * HOUR
    assert booked.charged == 18 * HOUR
    assert booked.assessed == APRIL_SECONDS - 6 * HOUR
    assert booked.coverage == Fraction(APRIL_SECONDS - 6 * HOUR, APRIL_SECONDS)


def test_monitor_fault_that_is_declared_later_is_not_charged() -> None:
    """An interval that a person marks as our fault counts as unseen, whatever was noted in it."""
    fault = Spans.of([span("04-10 00:00", "04-10 12:00")])
    booked = april([span("04-10", "04-11")], faults=fault)
    assert (booked.unseen, booked.charged) == (fault, 12 * HOUR)


def test_an_outage_around_a_monitor_fault_is_one_outage() -> None:
    """Down before and after unobserved time is one outage; only its observed seconds count."""
    booked = april([span("04-10 00:00", "04-10 03:00")], unseen=[span("04-10 01:00", "04-10 02:00")])
    (share,) = booked.shares
    assert (share.outage.start, share.outage.end, share.outage.seconds) == (*span("04-10", "04-10 03:00"), 2 * HOUR)


def test_an_outage_that_ends_unseen_is_charged_only_as_far_as_it_was_seen() -> None:
    """Down, then unknown, then up: the unknown part is not charged."""
    booked = april([span("04-10 00:00", "04-10 02:00")], unseen=[span("04-10 01:00", "04-10 02:00")])
    assert (booked.charged, booked.unseen.seconds) == (HOUR, HOUR)
    assert booked.shares[0].outage.ended


def test_two_short_glimpses_of_an_outage_are_tested_by_what_was_seen() -> None:
    """Two minutes down on each side of an unobserved hour are four minutes: within the threshold."""
    booked = april([span("04-10 00:58", "04-10 02:02")], unseen=[span("04-10 01:00", "04-10 02:00")])
    assert (booked.charged, booked.tolerated) == (0, 240)


def test_no_data_at_all_is_inconclusive_and_payment_is_held() -> None:
    """Coverage 0: never 100 %, never 0 %."""
    (line,) = settle([account(segment(), [])])
    assert line.account.availability is None
    assert line.account.coverage == 0
    assert line.standing is Standing.INCONCLUSIVE
    assert line.amounts == Amounts(gross=FEE, held=FEE)
    assert line.amounts.payable == 0


@pytest.mark.parametrize(("blind", "standing"), [(36 * HOUR, Standing.MET), (36 * HOUR + 1, Standing.INCONCLUSIVE)])
def test_coverage_exactly_at_its_minimum_is_enough(blind: int, standing: Standing) -> None:
    """95 % of April are 684 hours."""
    start = at("04-03")
    (line,) = settle([april(unseen=[(start, start + blind)])])
    assert line.standing is standing


def test_maintenance_filed_in_time_is_excluded_and_its_overrun_is_charged() -> None:
    """02:00 to 04:00 was announced; the point came back at 05:30."""
    window = ExclusionClaim("w", span("04-10 02:00", "04-10 04:00"), "pemeliharaan", "", "Camat", filed=at("04-07"))
    booked = april([span("04-10 02:30", "04-10 05:30")], exclusions=[window])
    assert (booked.excluded, booked.charged) == (90 * 60, 90 * 60)


def test_up_time_inside_a_maintenance_window_counts_as_up() -> None:
    """A window in which the service ran changes nothing."""
    window = ExclusionClaim("w", span("04-10 02:00", "04-10 04:00"), "pemeliharaan", "", "Camat", filed=at("04-07"))
    booked = april(exclusions=[window])
    assert (booked.up, booked.excluded, booked.assessed) == (APRIL_SECONDS, 0, APRIL_SECONDS)


@pytest.mark.parametrize(
    ("filed", "by", "refusal"),
    [
        ("04-08 02:00", "Camat", None),
        ("04-08 02:00:01", "Camat", Refusal.FILED_LATE),
        ("04-01", "", Refusal.NOT_ACCEPTED),
    ],
)
def test_maintenance_counts_only_when_filed_and_accepted(filed: str, by: str, refusal: Refusal | None) -> None:
    """48 hours before its start, to the second."""
    window = ExclusionClaim("w", span("04-10 02:00", "04-10 04:00"), "pemeliharaan", "", by, filed=at(filed))
    booked = april([window.span], exclusions=[window])
    assert booked.rulings[0].refusal is refusal
    assert (booked.excluded, booked.charged) == ((2 * HOUR, 0) if refusal is None else (0, 2 * HOUR))


def test_maintenance_beyond_the_monthly_allowance_is_charged() -> None:
    """Three hours a month are agreed; of two windows of two hours the fourth hour is charged."""
    windows = [
        ExclusionClaim(day, span(f"{day} 02:00", f"{day} 04:00"), "pemeliharaan", "", "Camat", filed=at("04-01"))
        for day in ("04-10", "04-20")
    ]
    terms = replace(TERMS, allowance_seconds=3 * HOUR)
    booked = april([window.span for window in windows], terms, windows)
    assert (booked.excluded, booked.charged) == (3 * HOUR, HOUR)
    assert [ruling.refusal for ruling in booked.rulings] == [None, Refusal.OVER_ALLOWANCE]


def test_exclusions_that_overlap_are_subtracted_once() -> None:
    """The union counts, and each second is put down to one document."""
    claims = [accepted("04-10 00:00", "04-10 03:00", "a"), accepted("04-10 02:00", "04-10 05:00", "b")]
    booked = april([span("04-10 00:00", "04-10 08:00")], exclusions=claims)
    assert (booked.excluded, booked.charged) == (5 * HOUR, 3 * HOUR)
    assert [ruling.excluded.seconds for ruling in booked.rulings] == [3 * HOUR, 2 * HOUR]


def test_an_exclusion_longer_than_its_outage_is_trimmed() -> None:
    """Only downtime can be excluded."""
    booked = april([span("04-10 01:00", "04-10 02:00")], exclusions=[accepted("04-09", "04-12")])
    assert (booked.excluded, booked.charged, booked.up) == (HOUR, 0, APRIL_SECONDS - HOUR)


def test_an_outage_over_the_month_boundary_is_split_at_midnight_wita() -> None:
    """Four hours in March, five in April; the outage in the table is the whole one."""
    downs = [span("03-31 20:00", "04-01 05:00")]
    march = account(segment(month=Month(2024, 3)), point(downs))
    booked = april(downs)
    assert (march.charged, booked.charged) == (4 * HOUR, 5 * HOUR)
    assert booked.shares[0].outage.seconds == 9 * HOUR


def test_the_threshold_is_tested_on_the_whole_outage_not_on_the_pieces() -> None:
    """Three minutes on each side of midnight are six minutes, and charged in both months."""
    downs = [span("03-31 23:57", "04-01 00:03")]
    assert (april(downs).charged, april(downs).tolerated) == (180, 0)
    assert account(segment(month=Month(2024, 3)), point(downs)).charged == 180


@pytest.mark.parametrize(("seconds", "charged"), [(299, 0), (300, 0), (301, 301)])
def test_an_outage_of_exactly_the_threshold_is_not_charged(seconds: int, charged: int) -> None:
    """Above 300 s it is charged whole."""
    start = at("04-10")
    booked = april([(start, start + seconds)])
    assert (booked.charged, booked.tolerated) == (charged, seconds - charged)


def _move(start: str, end: str) -> list[tuple[str, int, int, Amounts | None]]:
    """A point that moves from contract a to b: per segment contract, minutes, charged minutes, amounts."""
    assignments = [
        AssignmentSpan("p", "a", at("01-01"), at(start), FEE),
        AssignmentSpan("p", "b", at(end), at("12-31"), FEE),
    ]
    found = []
    for name in ("a", "b"):
        segments = segments_of(APRIL.span(), contract(name=name), assignments)
        accounts = [account(one, point([span("04-14 12:00", "04-15 06:00")])) for one in segments]
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
    (only,) = segments_of(APRIL.span(), contract(), [assignment])
    (line,) = settle([account(only, point([span("04-01", "04-11")]))])
    assert (line.account.seconds, line.account.charged) == (20 * DAY, 0)
    assert line.amounts == Amounts(gross=333_333)


def test_a_point_stopped_mid_month_is_counted_until_then() -> None:
    """Downtime after the signed end of service on the 21st is not charged."""
    assignment = AssignmentSpan("p", "k", at("01-01"), at("12-31"), FEE, stopped=at("04-21"))
    (only,) = segments_of(APRIL.span(), contract(), [assignment])
    (line,) = settle([account(only, point([span("04-21", "05-01")]))])
    assert (line.account.seconds, line.account.charged) == (20 * DAY, 0)
    assert line.amounts == Amounts(gross=333_333)


def test_an_addendum_mid_month_makes_a_segment_of_each_version() -> None:
    """Until the 10th 98 %, then 99 %: the same outage misses the second only."""
    whole = span("01-01", "12-31")
    versions = (TermsVersion(whole[0], TERMS), TermsVersion(at("04-11"), replace(TERMS, objective=Fraction(99, 100))))
    segments = segments_of(APRIL.span(), ContractDates("k", whole, versions), [AssignmentSpan("p", "k", *whole, FEE)])
    downs = [span("04-05 00:00", "04-05 04:00"), span("04-20 00:00", "04-20 06:00")]
    lines = settle([account(one, point(downs)) for one in segments])
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
        APRIL.span(), contract(terms, start="04-02"), [AssignmentSpan("p", "k", at("04-02"), at("12-31"), FEE)]
    )
    (line,) = settle([account(only, point())])
    assert line.amounts == Amounts(gross=gross)


def test_months_are_cut_at_midnight_wita() -> None:
    """April 2024 is [2024-03-31T16:00Z, 2024-04-30T16:00Z)."""
    assert APRIL.span() == (1_711_900_800, 1_714_492_800)
    assert midnight(date(2024, 4, 1)) == 1_711_900_800


def test_february_of_a_leap_year() -> None:
    """41760 minutes, and 40320 in other years."""
    lengths = [end - start for start, end in (Month(2024, 2).span(), Month(2023, 2).span())]
    assert lengths == [41_760 * 60, 40_320 * 60]


def _flaps(count: int, seconds: int) -> list[tuple[int, int]]:
    return [(start, start + seconds) for start in range(at("04-10"), at("04-10") + count * 1800, 1800)]


@pytest.mark.parametrize(("count", "unstable"), [(10, False), (11, True)])
def test_flapping_is_a_line_of_its_own(count: int, unstable: bool) -> None:
    """Each outage is within the threshold and not charged; more than ten on a day are called instability."""
    booked = april(_flaps(count, 240))
    assert (booked.charged, booked.flapping.episodes, booked.flapping.seconds) == (0, count, 240 * count)
    assert (booked.flapping.worst_day, booked.flapping.worst_day_episodes) == (date(2024, 4, 10), count)
    assert booked.flapping.unstable is unstable


def test_flapping_by_the_month_s_sum() -> None:
    """Few a day, and yet more than an hour in the month."""
    downs = [span(f"04-{day:02} 01:00", f"04-{day:02} 01:05") for day in range(1, 14)]
    assert (april(downs[:12]).flapping.unstable, april(downs).flapping.unstable) == (False, True)


def test_flapping_is_charged_where_the_contract_says_so() -> None:
    """The unstable day's seconds, as far as nothing excludes them."""
    terms = replace(TERMS, instability=Instability(charged=True))
    downs = [*_flaps(11, 240), span("04-20 00:00", "04-20 00:04")]
    assert april(downs, terms).charged == 11 * 240
    booked = april(downs, terms, [accepted("04-10 00:00", "04-10 01:00")])
    assert (booked.charged, booked.excluded, booked.tolerated) == (9 * 240, 2 * 240, 240)


@pytest.mark.parametrize(("minutes", "standing", "deducted"), [(864, Standing.MET, 0), (865, Standing.MISSED, 10_012)])
def test_exactly_at_the_objective_is_met(minutes: int, standing: Standing, deducted: int) -> None:
    """42336/43200 is exactly 98 % and is met; one minute more is missed."""
    start = at("04-10")
    (line,) = settle([april([(start, start + minutes * 60)])])
    assert line.standing is standing
    assert line.amounts == Amounts(gross=FEE, restitution=deducted)


def test_isolation_that_the_buyer_caused_is_excluded_by_its_code() -> None:
    """A suspension is downtime, until a document says whose fault it was."""
    dark = point([span("04-10", "04-11")], condition=Condition.ISOLATED)
    assert account(segment(), dark).charged == DAY
    booked = account(segment(), dark, [accepted("04-10", "04-11", cause="isolir")])
    assert (booked.charged, booked.excluded) == (0, DAY)
    assert booked.rulings[0].exclusion.cause == "isolir"
    ignored = account(segment(replace(TERMS, isolated_counts=False)), dark)
    assert (ignored.charged, ignored.up) == (0, APRIL_SECONDS)


def test_degraded_time_counts_only_where_the_contract_says_so() -> None:
    """Terganggu is service by default."""
    bad = point([span("04-10", "04-11")], condition=Condition.DEGRADED)
    assert account(segment(), bad).charged == 0
    assert account(segment(replace(TERMS, degraded_counts=True)), bad).charged == DAY


def test_an_exclusion_whose_cause_the_contract_does_not_admit() -> None:
    """It is listed, with the reason, and the outage is charged."""
    terms = replace(TERMS, admitted_causes=frozenset({"kahar"}))
    booked = april([span("04-10", "04-11")], terms, [accepted("04-10", "04-11")])
    assert (booked.charged, booked.rulings[0].refusal) == (DAY, Refusal.CAUSE_NOT_ADMITTED)


def test_a_month_that_is_excluded_whole_cannot_be_assessed() -> None:
    """Everything was observed and everything excluded: the payment is held."""
    (line,) = settle([april([APRIL.span()], exclusions=[accepted("04-01", "05-01")])])
    assert (line.standing, line.judged) == (Standing.NOT_ASSESSABLE, None)
    assert line.amounts == Amounts(gross=FEE, held=FEE)


def test_a_contract_without_objective_or_method_has_availability_and_no_rupiah() -> None:
    """Without either of the two no amounts are computed."""
    for terms in (replace(TERMS, objective=None), replace(TERMS, method=None), replace(TERMS, method=Method.R5)):
        lines = settle([april([span("04-10", "04-13")], terms)])
        assert lines[0].account.availability == Fraction(9, 10)
        assert (lines[0].amounts, total(lines).amounts) == (None, None)
    assert settle([april((), replace(TERMS, objective=None))])[0].standing is Standing.NO_OBJECTIVE


STEPS = (DeductionStep(Fraction(98, 100), Fraction(5, 100)), DeductionStep(Fraction(95, 100), Fraction(25, 100)))


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
        (line,) = settle([april([APRIL.span()], replace(TERMS, method=Method.R4, cap=cap))])
        assert line.amounts == Amounts(gross=FEE, restitution=deducted)


def test_each_line_is_rounded_once_so_that_totals_add_up() -> None:
    """Three thirds of a month: the total is the sum of the rounded lines."""
    assignments = [
        AssignmentSpan(f"p{day}", "k", at(f"04-{day}"), at(f"04-{day + 10}") if day < 21 else at("05-01"), 100_001)
        for day in (11, 21)
    ] + [AssignmentSpan("p01", "k", at("04-01"), at("04-11"), 100_001)]
    lines = settle([account(one, point()) for one in segments_of(APRIL.span(), contract(), assignments)])
    assert [line.amounts.gross for line in lines if line.amounts] == [33_334, 33_334, 33_334]
    assert total(lines).amounts == Amounts(gross=100_002)


def test_service_hours_bound_what_is_owed() -> None:
    """With service hours 06:00 to 18:00 nothing is owed at night, and an hour down by day weighs twice."""
    from datetime import time

    terms = replace(TERMS, service_hours=(time(6), time(18)), method=Method.R2)
    (line,) = settle([april([span("04-10 04:00", "04-10 07:00")], terms)])
    assert (line.account.off_hours, line.account.charged, line.account.assessed) == (360 * HOUR, HOUR, 360 * HOUR)
    assert line.amounts == Amounts(gross=FEE, restitution=1_389)


def test_each_charged_second_names_the_journal_s_entries() -> None:
    """A charged outage carries the entries that began and ended it."""
    stretches = [
        Stretch(at("04-01"), at("04-10"), Condition.UP, (7,)),
        Stretch(at("04-10"), at("04-10 05:00"), Condition.DOWN, (8,), detected=at("04-10 00:00:04")),
        Stretch(at("04-10 05:00"), at("05-01"), Condition.UP, (9,)),
    ]
    (share,) = account(segment(), stretches).shares
    assert (share.charged.seconds, share.outage.entries, share.outage.id) == (5 * HOUR, (8, 9), f"p@{at('04-10')}")
