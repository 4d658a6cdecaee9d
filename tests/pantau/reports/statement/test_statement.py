"""A contract's month as data: exact figures of a small city, and sums that hold for every statement."""

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.samples.accounting import APRIL, WITA, at, span
from lab.samples.evidence import BIZNET, CITY, TELKOM, Correction, Recorded, dark
from pantau.reports import accounting
from pantau.reports.accounting import Condition, Month
from pantau.reports.statement import Statement, as_data, make_statement, survey
from pantau.reports.statement.rows import Ratio

HOUR, DAY = 3600, 86_400


def statement(contract: str, evidence: Recorded, month: Month = APRIL) -> Statement:
    """The statement of one contract of the small city."""
    return make_statement(contract, survey(CITY, evidence, month, WITA))


OUTAGES = Recorded(
    {
        "P-1": dark(span("04-10", "04-11"), unseen=[span("04-20", "04-21")]),
        "P-2": dark(span("04-12 12:00", "04-12 16:00"), span("04-13 01:00", "04-13 01:05")),
        "P-3": dark(span("04-15 18:00", "04-16 06:00")),
    }
)


def test_table_a_is_exact() -> None:
    """24 h of 29 observed days; 4 h of which PLN's letter excludes two; 6 h until the move to Biznet."""
    rows = {row.point: row for row in statement(TELKOM, OUTAGES).points}
    assert {name: (row.contract_seconds, row.charged_seconds, row.excluded_seconds) for name, row in rows.items()} == {
        "P-1": (30 * DAY, DAY, 0),
        "P-2": (20 * DAY, 2 * HOUR, 2 * HOUR),
        "P-3": (15 * DAY, 6 * HOUR, 0),
    }
    assert {name: (row.standing, row.gross, row.restitution, row.payable) for name, row in rows.items()} == {
        "P-1": ("missed", 500_000, 16_667, 483_333),
        "P-2": ("met", 333_333, 0, 333_333),
        "P-3": ("met", 250_000, 0, 250_000),
    }
    assert rows["P-1"].availability == Ratio(28, 29, "96.5517")
    assert rows["P-1"].coverage == Ratio(29, 30, "96.6667")
    assert rows["P-2"].short_outages == 1


def test_an_outage_over_the_move_is_in_both_statements() -> None:
    """The whole outage in each, and its own part of the seconds."""
    ours, theirs = statement(TELKOM, OUTAGES), statement(BIZNET, OUTAGES)
    (mine,) = [row for row in ours.events if row.point == "P-3"]
    (other,) = [row for row in theirs.events if row.point == "P-3"]
    assert (
        (mine.start, mine.end, mine.seconds)
        == (other.start, other.end, other.seconds)
        == (
            *span("04-15 18:00", "04-16 06:00"),
            12 * HOUR,
        )
    )
    assert (mine.charged_seconds, other.charged_seconds) == (6 * HOUR, 6 * HOUR)
    assert (mine.repair_seconds, other.repair_seconds) == (None, 12 * HOUR)


def test_each_charged_rupiah_names_the_journal_s_entries() -> None:
    """The entries that began and that ended the outage."""
    (event,) = [row for row in statement(TELKOM, OUTAGES).events if row.point == "P-1"]
    assert (event.outage, event.entries) == (f"P-1@{at('04-10')}", (2, 3))


def test_papers_are_listed_with_what_they_did() -> None:
    """Table C: the accepted claim excludes two hours; the other is listed as not accepted."""
    rows = {row.exclusion: row for row in statement(TELKOM, OUTAGES).exclusions}
    assert (rows["pln"].excluded_seconds, rows["pln"].refusals, rows["pln"].document) == (2 * HOUR, (), "PLN/1")
    assert (rows["later"].excluded_seconds, rows["later"].refusals) == (0, ("not_accepted",))


def test_changes_of_points_and_terms() -> None:
    """Acceptance, move and end on the one side; arrival, addendum and stop on the other."""
    ours = [(row.what, row.point, row.detail) for row in statement(TELKOM, OUTAGES).changes]
    assert ours == [
        ("added", "P-1", ""),
        ("added", "P-2", ""),
        ("added", "P-3", ""),
        ("accepted", "P-2", ""),
        ("moved_out", "P-3", BIZNET),
    ]
    theirs = [(row.what, row.point, row.detail) for row in statement(BIZNET, OUTAGES).changes]
    assert theirs == [
        ("added", "P-4", ""),
        ("added", "P-5", ""),
        ("moved_in", "P-3", TELKOM),
        ("addendum", "", "AD-1"),
        ("stopped", "P-5", ""),
    ]


def test_an_addendum_makes_two_bases_and_two_lines() -> None:
    """Until the 20th 98 %, then 99 %; what the contract leaves open is named."""
    made = statement(BIZNET, OUTAGES)
    assert [(basis.start, basis.document, basis.terms["objective"]) for basis in made.basis] == [
        ("2024-04-01", "PKS/biznet", "49/50"),
        ("2024-04-21", "AD-1", "99/100"),
    ]
    assert "threshold" in made.basis[0].defaulted
    assert not {"method", "sla_ratio"} & set(made.basis[0].defaulted)
    assert [(row.point, row.version) for row in made.points if row.point == "P-4"] == [("P-4", 0), ("P-4", 1)]


def test_the_calendar_shows_each_day() -> None:
    """The 10th dark, the 20th unobserved, all others answered."""
    made = statement(TELKOM, OUTAGES)
    (row,) = [row for row in made.calendar if row.point == "P-1"]
    assert made.days[9] == "2024-04-10"
    assert [row.permille[day - 1] for day in (9, 10, 11, 20)] == [1000, 0, 1000, None]
    (moved,) = [row for row in made.calendar if row.point == "P-3"]
    assert moved.permille[14:17] == (750, None, None)


def test_repairs_penalties_and_payment_stand_apart() -> None:
    """A repair of 24 h against six, ten days of late acceptance: penalties beside the restitution, not in it."""
    made = statement(TELKOM, OUTAGES)
    assert (made.repairs.outages, made.repairs.repairs, made.repairs.mttr_seconds) == (3, 2, 14 * HOUR)
    assert made.repairs.late == (f"P-1@{at('04-10')}",)
    assert [(row.kind, row.point, row.days, row.amount) for row in made.penalties] == [
        ("activation", "P-2", 10, 5_000),
        ("repair", "P-1", 1, 500),
    ]
    assert (made.payment.restitution, made.payment.penalty) == (16_667, 5_500)
    assert made.payment.payable == 1_083_333 - 16_667
    assert made.payment.payable_after_penalty == 1_083_333 - 16_667 - 5_500


def test_a_person_s_word_stands_above_the_facts() -> None:
    """A word overrides the proposed cause, which stays visible; our own fault waits for two, and nothing vanishes."""
    outage = f"P-1@{at('04-10')}"
    said = Correction(outage, "vandalisme", "Budi", at("05-02"), "kabel dipotong", 77)
    (event,) = [row for row in statement(TELKOM, Recorded(OUTAGES.by_point, [said])).events if row.point == "P-1"]
    assert (event.cause, event.proposed, event.decided_by) == ("vandalisme", "belum_terverifikasi", "Budi")
    ours = Correction(outage, "pemantau", "Budi", at("05-02"), "VPN kita", 78)
    made = statement(TELKOM, Recorded(OUTAGES.by_point, [said, ours]))
    (event,) = [row for row in made.events if row.point == "P-1"]
    assert (event.cause, event.decision, event.charged_seconds) == ("pemantau", "proposed", DAY)
    assert [(row.reason, row.point_seconds) for row in made.unobserved] == [("no_data", DAY)]


def test_what_people_exclude_in_the_journal_counts_like_a_document() -> None:
    """An exclusion from the journal concerns one outage."""
    entered = accounting.ExclusionClaim("#9", span("04-10", "04-11"), "kahar", "BA/3", "Camat")
    made = statement(TELKOM, Recorded(OUTAGES.by_point, excluded=[("P-1", entered)]))
    assert made.payment.restitution == 0
    assert [row.excluded_seconds for row in made.exclusions if row.exclusion == "#9"] == [DAY]


def test_a_contract_that_is_silent_about_money_has_no_rupiah() -> None:
    """Availability is reported, and each amount is None."""
    silent = CITY.contracts[0].model_copy(update={"method": None})
    city = survey(CITY, OUTAGES, APRIL, WITA)
    inventory = replace(CITY, contracts=(silent, CITY.contracts[1]))
    made = make_statement(TELKOM, survey(inventory, OUTAGES, APRIL, WITA))
    assert {row.gross for row in made.points} == {None}
    assert made.payment.payable is None
    assert made.summary.availability == make_statement(TELKOM, city).summary.availability


def test_the_trend_is_of_earlier_months() -> None:
    """Before the contract there is nothing; of each month the points that it had."""
    surveys = [survey(CITY, OUTAGES, month, WITA) for month in (Month(2024, 3), APRIL, Month(2024, 5))]
    made = make_statement(TELKOM, surveys[2], surveys[:2])
    assert [(row.month, row.points) for row in made.trend] == [("2024-03", 0), ("2024-04", 3), ("2024-05", 2)]
    assert made.trend[0].availability is None
    assert made.trend[1].availability == make_statement(TELKOM, surveys[1]).summary.availability


def test_visits_quality_and_a_sample_that_anybody_can_draw_again() -> None:
    """Three points at least; visits of the month only; loss from requests and replies."""
    made = statement(TELKOM, Recorded(OUTAGES.by_point, counted={"P-1": (1000, 990)}))
    assert [(row.point, row.date, row.result) for row in made.visits] == [("P-1", "2024-04-16", "good")]
    assert made.visit_seed == f"maesa-telkom/2024-04/{'5e' * 32}"
    assert made.visit_sample == ("P-1", "P-2", "P-3")
    assert [(row.point, row.loss and row.loss.percent) for row in made.quality] == [
        ("P-1", "1.0000"),
        ("P-2", None),
        ("P-3", None),
    ]


def test_an_unknown_contract_is_named() -> None:
    """A ValueError with the contract's id."""
    with pytest.raises(ValueError, match="'maesa-indosat' is not a known contract"):
        statement("maesa-indosat", OUTAGES)


@pytest.mark.parametrize(
    ("value", "percent"),
    [
        (Fraction(1), "100.0000"),
        (Fraction(42335, 43200), "97.9977"),
        (Fraction(1, 3), "33.3333"),
        (Fraction(0), "0.0000"),
    ],
)
def test_a_ratio_is_exact_and_readable(value: Fraction, percent: str) -> None:
    """Numerator, denominator, and four decimals half-up."""
    assert Ratio.of(value) == Ratio(value.numerator, value.denominator, percent)
    assert Ratio.of(None) is None


times = st.integers(*APRIL.span(WITA))
downs = st.lists(st.tuples(times, st.integers(1, 300_000)).map(lambda p: (p[0], p[0] + p[1])), max_size=6)
kinds = st.sampled_from([Condition.DOWN, Condition.ISOLATED, Condition.DEGRADED])
histories = st.builds(lambda down, unseen, kind: dark(*down, unseen=unseen, condition=kind), downs, downs, kinds)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from(["P-1", "P-2", "P-3", "P-4", "P-5"]), histories))
def test_every_statement_adds_up(by_point: dict[str, list[accounting.Stretch]]) -> None:
    """Seconds and rupiah line by line, tables among each other, and the whole through JSON and back."""
    city = survey(CITY, Recorded(by_point), APRIL, WITA)
    for contract in (TELKOM, BIZNET):
        made = make_statement(contract, city)
        for row in made.points:
            assert row.contract_seconds == (
                row.off_hours_seconds
                + row.unobserved_seconds
                + row.up_seconds
                + row.tolerated_seconds
                + row.excluded_seconds
                + row.charged_seconds
            )
            assert row.gross == (row.restitution or 0) + (row.held or 0) + (row.payable or 0)
        for field in ("contract", "unobserved", "up", "tolerated", "excluded", "charged", "assessed"):
            name = f"{field}_seconds"
            assert getattr(made.summary, name) == sum(getattr(row, name) for row in made.points)
        assert made.payment.payable == sum(row.payable or 0 for row in made.points)
        for name in ("charged_seconds", "excluded_seconds"):
            assert sum(getattr(row, name) for row in made.events) == getattr(made.summary, name)
        assert sum(row.point_seconds for row in made.unobserved) == made.summary.unobserved_seconds
        assert sum(row.excluded_seconds for row in made.exclusions) == made.summary.excluded_seconds
        assert sum(row.charged_seconds for row in made.by_kelurahan) == made.summary.charged_seconds
        data: Any = as_data(made)
        assert json.loads(json.dumps(data)) == data
