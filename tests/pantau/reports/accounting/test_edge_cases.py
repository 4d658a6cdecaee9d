"""Each edge case of the domain's section 6.3 that is about accounting, by name."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from lab.samples.accounting import (
    FEE,
    TERMS,
    WITA,
    accepted,
    april,
    at,
    point,
    segment,
    span,
)
from pantau.reports.accounting import (
    Amounts,
    Condition,
    ExclusionClaim,
    Instability,
    Month,
    Refusal,
    Spans,
    Standing,
    account,
    settle,
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
    (line,) = settle([account(segment(), [], WITA)])
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
    march = account(segment(month=Month(2024, 3)), point(downs), WITA)
    booked = april(downs)
    assert (march.charged, booked.charged) == (4 * HOUR, 5 * HOUR)
    assert booked.shares[0].outage.seconds == 9 * HOUR


def test_the_threshold_is_tested_on_the_whole_outage_not_on_the_pieces() -> None:
    """Three minutes on each side of midnight are six minutes, and charged in both months."""
    downs = [span("03-31 23:57", "04-01 00:03")]
    assert (april(downs).charged, april(downs).tolerated) == (180, 0)
    assert account(segment(month=Month(2024, 3)), point(downs), WITA).charged == 180


@pytest.mark.parametrize(("seconds", "charged"), [(299, 0), (300, 0), (301, 301)])
def test_an_outage_of_exactly_the_threshold_is_not_charged(seconds: int, charged: int) -> None:
    """Above 300 s it is charged whole."""
    start = at("04-10")
    booked = april([(start, start + seconds)])
    assert (booked.charged, booked.tolerated) == (charged, seconds - charged)


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


def test_isolation_that_the_buyer_caused_is_excluded_by_its_code() -> None:
    """A suspension is downtime, until a document says whose fault it was."""
    dark = point([span("04-10", "04-11")], condition=Condition.ISOLATED)
    assert account(segment(), dark, WITA).charged == DAY
    booked = account(segment(), dark, WITA, [accepted("04-10", "04-11", cause="isolir")])
    assert (booked.charged, booked.excluded) == (0, DAY)
    assert booked.rulings[0].exclusion.cause == "isolir"
    ignored = account(segment(replace(TERMS, isolated_counts=False)), dark, WITA)
    assert (ignored.charged, ignored.up) == (0, APRIL_SECONDS)


def test_degraded_time_counts_only_where_the_contract_says_so() -> None:
    """Terganggu is service by default."""
    bad = point([span("04-10", "04-11")], condition=Condition.DEGRADED)
    assert account(segment(), bad, WITA).charged == 0
    assert account(segment(replace(TERMS, degraded_counts=True)), bad, WITA).charged == DAY


def test_an_exclusion_whose_cause_the_contract_does_not_admit() -> None:
    """It is listed, with the reason, and the outage is charged."""
    terms = replace(TERMS, admitted_causes=frozenset({"kahar"}))
    booked = april([span("04-10", "04-11")], terms, [accepted("04-10", "04-11")])
    assert (booked.charged, booked.rulings[0].refusal) == (DAY, Refusal.CAUSE_NOT_ADMITTED)
