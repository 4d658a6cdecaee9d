"""The penalty for late repair: only what was seen and not excused is late, the unrepaired too, and there is a cap."""

from typing import Any

import pytest

from lab.samples.accounting import APRIL, at, span
from lab.samples.contracts import month_of
from lab.samples.evidence import Recorded, dark
from pantau.reports import accounting
from pantau.reports.accounting import Month, Span
from pantau.reports.statement import Statement

HOUR, DAY = 3600, 86_400
STRICT: dict[str, Any] = {"penalty_permille": 1, "late_repair_penalised": True, "repair_limit": "6h"}
MAY = Month(2024, 5)


def made(evidence: Recorded, month: Month = APRIL, **terms: Any) -> Statement:
    """The month under a contract that penalises late repairs."""
    return month_of(evidence, month, **{**STRICT, **terms})


def late(found: Statement) -> list[tuple[int, int]]:
    """Days and rupiah of each penalty."""
    return [(row.days, row.amount) for row in found.penalties]


def test_hours_that_nobody_saw_are_not_late() -> None:
    """50 hours, 30 of them unseen: two days, Rp1,000, were late; 20 seen hours less six are one, Rp500."""
    down = span("04-10 00:00", "04-12 02:00")
    blind = span("04-10 10:00", "04-11 16:00")
    found = made(Recorded({"P-1": dark(down, unseen=[blind])}))
    assert late(found) == [(1, 500)]
    assert [(row.repair_seconds, row.over_limit_seconds) for row in found.events] == [(50 * HOUR, 14 * HOUR)]


def test_excused_hours_are_not_late() -> None:
    """50 hours, 40 of them by an accepted storm: Rp1,000 were taken; ten hours less six are begun one day, Rp500."""
    storm = accounting.ExclusionClaim("#9", span("04-10 00:00", "04-11 16:00"), "kahar", "BA/3", "Camat")
    evidence = Recorded({"P-1": dark(span("04-10 00:00", "04-12 02:00"))}, excluded=[("P-1", storm)])
    assert late(made(evidence)) == [(1, 500)]


def test_hours_that_were_excused_in_the_month_before_are_not_late_either() -> None:
    """Excused until noon of the 1st, up at 17:00: of two days five hours count. Rp1,000 before, nothing now."""
    storm = accounting.ExclusionClaim("#9", span("04-29 12:00", "05-01 12:00"), "kahar", "BA/3", "Camat")
    evidence = Recorded({"P-1": dark(span("04-29 12:00", "05-01 17:00"))}, excluded=[("P-1", storm)])
    assert late(made(evidence, MAY)) == []


def test_a_point_that_is_never_repaired_is_late_as_well() -> None:
    """Dead all of April: Rp0 of penalty; now 714 hours beyond the limit, 30 begun days, Rp15,000."""
    found = made(Recorded({"P-1": dark((at("04-01"), at("05-01") + 7 * DAY))}), sla_ratio="0.5", method="R1")
    assert late(found) == [(30, 15_000)]
    assert found.penalties[0].undecided


def test_days_fall_into_the_months_in_which_they_begin_to_be_late() -> None:
    """96 hours over the month's end, less six: two days are late in April and two in May, four as in one month."""
    evidence = Recorded({"P-1": dark((at("04-29"), at("05-03")))})
    april, may = made(evidence), made(evidence, MAY)
    assert (late(april), late(may)) == ([(2, 1_000)], [(2, 1_000)])


def test_an_addendum_makes_no_further_day_late() -> None:
    """Two days over the 16th: the days of both lines are those of one."""
    evidence = Recorded({"P-1": dark((at("04-15"), at("04-17")))})
    addenda = [{"number": "AD-1", "start": "2024-04-16"}]
    assert (
        sum(days for days, _ in late(made(evidence)))
        == sum(days for days, _ in late(made(evidence, addenda=addenda)))
        == 2
    )


def test_another_contract_s_days_are_not_late() -> None:
    """The contract begins on the 10th and the point is down since the 1st: only the time from then on counts."""
    evidence = Recorded({"P-1": dark(span("04-01", "04-10 12:00"))})
    assert late(made(evidence, start="2024-04-10")) == [(1, 500)]


DEAD: Span = at("04-02"), at("04-29")


@pytest.mark.parametrize(
    ("terms", "penalty", "beyond", "after"),
    [
        ({}, 50_000, 32_350_000, 0),
        ({"penalty_cap_ratio": "0.05"}, 25_000, 32_375_000, 25_000),
    ],
)
def test_what_is_payable_never_falls_below_nothing(
    terms: dict[str, Any], penalty: int, beyond: int, after: int
) -> None:
    """27 days of a permille of Rp1.2 billion: Rp-32,350,000 was payable of a fee of Rp500,000; now it ends at 0."""
    found = made(
        Recorded({"P-1": dark(DEAD)}), penalty_base="contract_value", value=1_200_000_000, method="R2", **terms
    )
    assert sum(row.amount for row in found.penalties) == 27 * 1_200_000
    assert found.payment.payable == 50_000
    assert (found.payment.penalty, found.payment.penalty_beyond_cap) == (penalty, beyond)
    assert found.payment.payable_after_penalty == after
