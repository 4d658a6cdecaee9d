"""What a contract allows in a month is allowed once, however many segments an addendum makes of the month."""

from lab.samples.accounting import at, span
from lab.samples.contracts import month_of, window
from lab.samples.evidence import Recorded, dark
from pantau.reports.statement import Statement

HOUR = 3600
ADDENDUM = [{"number": "AD-1", "start": "2024-04-16", "sla_ratio": "0.98"}]
"""It changes nothing that is measured or paid."""
DOWN = span("04-05 00:00", "04-05 02:00"), span("04-20 00:00", "04-20 02:00")
WINDOWS = window("04-05 00:00", "04-05 02:00", "one"), window("04-20 00:00", "04-20 02:00", "two")


def paid(made: Statement) -> tuple[int | None, int, int]:
    """Restitution, and seconds excluded and charged."""
    return made.payment.restitution, made.summary.excluded_seconds, made.summary.charged_seconds


def test_an_addendum_does_not_double_the_maintenance_allowance() -> None:
    """Two hours a month, two windows of two hours: with an addendum between them Rp0 was deducted, now Rp1,389."""
    evidence = Recorded({"P-1": dark(*DOWN)})
    with_one, with_two = (
        month_of(evidence, windows=WINDOWS, maintenance_allowance="2h", addenda=addenda) for addenda in ([], ADDENDUM)
    )
    assert paid(with_one) == paid(with_two) == (1_389, 2 * HOUR, 2 * HOUR)
    assert [row.refusals for row in with_two.exclusions] == [(), ("over_allowance",)]


def test_the_allowance_is_used_up_in_the_order_of_time_by_each_version_s_own_limit() -> None:
    """One hour until the addendum allows four: of the second window what four hours less the hour used leave."""
    evidence = Recorded({"P-1": dark(span("04-05 00:00", "04-05 02:00"), span("04-20 00:00", "04-20 05:00"))})
    windows = WINDOWS[0], window("04-20 00:00", "04-20 05:00", "two")
    addenda = [{**ADDENDUM[0], "maintenance_allowance": "4h"}]
    made = month_of(evidence, windows=windows, maintenance_allowance="1h", addenda=addenda)
    assert [(row.exclusion, row.excluded_seconds) for row in made.exclusions] == [("one", HOUR), ("two", 3 * HOUR)]


def test_an_addendum_does_not_halve_instability() -> None:
    """Twenty outages of four minutes are 80 minutes, beyond the hour: in two halves of 40 Rp0, now Rp926."""
    downs = [
        (start, start + 240)
        for day in ("03", "07", "18", "25")
        for start in range(at(f"04-{day}"), at(f"04-{day}") + 5 * HOUR, HOUR)
    ]
    limits = {"per_day": 1000, "monthly": "1h", "charged": True}
    evidence = Recorded({"P-1": dark(*downs)})
    for addenda in ([], ADDENDUM):
        made = month_of(evidence, instability=limits, addenda=addenda)
        assert paid(made) == (926, 0, 4800)
        assert made.summary.unstable == 1
        assert sum(row.short_outages for row in made.points) == 20


def test_a_day_over_which_the_terms_change_is_one_day() -> None:
    """Eight short outages within a day of which three begin after the addendum's midnight count on two days."""
    starts = [at("04-15 20:00") + number * HOUR for number in range(8)]
    limits = {"per_day": 3, "charged": True}
    made = month_of(Recorded({"P-1": dark(*((one, one + 60) for one in starts))}), instability=limits, addenda=ADDENDUM)
    assert [(row.short_outages, row.charged_seconds, row.worst_day) for row in made.points] == [
        (4, 240, "2024-04-15"),
        (4, 240, "2024-04-15"),
    ]


def test_a_short_outage_over_the_addendum_s_midnight_counts_once() -> None:
    """Two minutes on either side: one outage, on the day on which it began, and both parts are charged."""
    evidence = Recorded({"P-1": dark((at("04-16") - 120, at("04-16") + 120))})
    made = month_of(evidence, instability={"per_day": 0, "charged": True}, addenda=ADDENDUM)
    assert [(row.short_outages, row.charged_seconds) for row in made.points] == [(1, 120), (0, 120)]
