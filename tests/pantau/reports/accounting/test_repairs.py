"""MTTR, MTBF and late repairs."""

from dataclasses import replace
from fractions import Fraction

import pytest

from lab.samples.accounting import TERMS, WITA, accepted, april, at, point, segment, span
from pantau.reports.accounting import Condition, RepairClock, RepairStart, Stretch, account, repairs_of, together

HOUR = 3600
DOWNS = [span("04-05 00:00", "04-05 02:00"), span("04-10 00:00", "04-10 06:00"), span("04-20 00:00", "04-20 10:00")]


def test_mttr_and_mtbf_of_charged_outages() -> None:
    """Three repairs of 2, 6 and 10 hours; 702 hours of service between them."""
    repairs = repairs_of(april([*DOWNS, span("04-25 00:00", "04-25 00:05")]))
    assert repairs.mttr == 6 * HOUR
    assert repairs.median == 6 * HOUR
    assert repairs.longest is not None
    assert repairs.longest.seconds == 10 * HOUR
    assert repairs.mtbf == Fraction(702 * HOUR, 3)
    assert repairs.unfinished == 0


def test_an_excluded_outage_is_no_repair() -> None:
    """Excluded outages count neither for MTTR nor for MTBF."""
    repairs = repairs_of(april(DOWNS, exclusions=[accepted("04-20", "04-21")]))
    assert [repair.seconds for repair in repairs.repairs] == [2 * HOUR, 6 * HOUR]


def test_without_outages_there_is_no_mean() -> None:
    """MTTR and MTBF are None, not 0."""
    repairs = repairs_of(april())
    assert (repairs.mttr, repairs.mtbf, repairs.median, repairs.longest) == (None, None, None, None)


def test_an_outage_that_goes_on_is_not_repaired_yet() -> None:
    """It counts as an outage of April and as a repair of May."""
    repairs = repairs_of(april([span("04-29", "05-01 12:00")]))
    assert (repairs.repairs, repairs.outages, repairs.unfinished) == ((), 1, 1)


@pytest.mark.parametrize(
    ("starts", "seconds"),
    [(RepairStart.OUTAGE, 7200), (RepairStart.DETECTION, 7196), (RepairStart.TICKET, 6000)],
)
def test_the_contract_says_when_the_clock_of_a_repair_begins(starts: RepairStart, seconds: int) -> None:
    """At the back-dated start, at the detection, or at the ticket."""
    start, end = at("04-10"), at("04-10 02:00")
    stretches = [
        Stretch(at("04-01"), start, Condition.UP),
        Stretch(start, end, Condition.DOWN, detected=start + 4),
        Stretch(end, at("05-01"), Condition.UP),
    ]
    booked = account(segment(replace(TERMS, repair_starts=starts)), stretches, WITA)
    (repair,) = repairs_of(booked, RepairClock(tickets={f"p@{start}": start + 1200})).repairs
    assert repair.seconds == seconds


def test_repairs_beyond_the_limit_are_listed() -> None:
    """Six hours are agreed: the third took four more."""
    repairs = repairs_of(april(DOWNS, replace(TERMS, repair_limit_seconds=6 * HOUR)))
    assert [repair.over_limit for repair in repairs.late] == [4 * HOUR]


def test_many_segments_together() -> None:
    """Sums first, then one division."""
    one, other = repairs_of(april(DOWNS[:1])), repairs_of(account(segment(), point(DOWNS[1:]), WITA))
    both = together([one, other])
    assert both.mttr == 6 * HOUR
    assert both.mtbf == Fraction((718 + 704) * HOUR, 3)
