"""What decisions change, and what they do not: nothing vanishes, two must agree, and until then the money is held."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.samples.accounting import APRIL, WITA, at, span
from lab.samples.evidence import CITY, TELKOM, Recorded, dark
from pantau.reports.accounting import Condition, Month, Stretch
from pantau.reports.causes import DecisionKind, OutageDecision
from pantau.reports.statement import Statement, make_statement, survey
from pantau.reports.statement.decision_table import DecisionRow
from pantau.reports.witness.comparing import seconds_of

HOUR, DAY = 3600, 86_400
LONG = span("04-10 00:00", "04-11 11:00")
"""35 hours of P-1, whose fee is Rp500,000 and whose SLA is 98 %: a deduction of Rp24,306."""
NUMBER = 2
"""The entry that began it: `dark` numbers a point's stretches from 1."""
BY_POINT = {"P-1": dark(LONG)}


def decision(kind: str, code: str, entry: int = 50, **more: Any) -> OutageDecision:
    """One person's word about the long outage of P-1."""
    about = "P-1", NUMBER, None, code
    return OutageDecision(DecisionKind(kind), *about, "ani", at("05-02"), "alasan", entry=entry, **more)


def approved(one: OutageDecision, entry: int = 60) -> OutageDecision:
    """The same, as two have approved it on a list."""
    signed: dict[str, Any] = {"list_sha256": "ab" * 32, "approved_by": ("ani", "budi"), "approved_at": at("05-03")}
    return replace(one, **signed, approved_entry=entry, binding="two_keys")


def statement(
    *decided: OutageDecision, by_point: dict[str, list[Stretch]] | None = None, month: Month = APRIL, **more: Any
) -> Statement:
    """Telkom's month with these decisions."""
    evidence = Recorded(by_point or BY_POINT, decided=decided)
    return make_statement(TELKOM, survey(CITY, evidence, month, WITA), **more)


def money(made: Statement) -> tuple[int | None, int | None, int | None]:
    """Deducted, held and payable of P-1."""
    (row,) = [row for row in made.points if row.point == "P-1"]
    assert row.gross == (row.restitution or 0) + (row.held or 0) + (row.payable or 0)
    return row.restitution, row.held, row.payable


def about(made: Statement) -> Sequence[DecisionRow]:
    """The part Keputusan, of P-1."""
    return [row for row in made.decisions if row.point == "P-1"]


def test_one_person_s_word_removes_no_outage_and_pays_nothing() -> None:
    """Letter A: before, `pemantau` by one person turned Rp24,306 into 0 and took the outage out of table B.

    Now the outage stands in table B with all its seconds, and Rp24,306 is held: neither deducted nor paid.
    """
    assert money(statement()) == (24_306, 0, 475_694)
    made = statement(decision("cause", "pemantau"))
    assert money(made) == (0, 24_306, 475_694)
    (event,) = [row for row in made.events if row.point == "P-1"]
    assert (event.number, event.charged_seconds, event.cause, event.decision) == (
        NUMBER,
        35 * HOUR,
        "pemantau",
        "proposed",
    )
    (row,) = about(made)
    assert (row.status, row.effect, row.proposed_by, row.number) == ("proposed", 24_306, "ani", NUMBER)
    assert [row.refusals for row in made.exclusions if row.cause == "pemantau"] == [("proposed",)]


@pytest.mark.parametrize(("kind", "code"), [("cause", "pemantau"), ("exclusion", "kahar")])
def test_what_two_have_approved_excuses_and_stays_in_the_tables(kind: str, code: str) -> None:
    """Rp24,306 is paid, and table B, table C and Keputusan say why; the seconds are excluded, not unseen."""
    made = statement(approved(decision(kind, code, document="BA-12")))
    assert money(made) == (0, 0, 500_000)
    (event,) = [row for row in made.events if row.point == "P-1"]
    assert (event.excluded_seconds, event.charged_seconds) == (35 * HOUR, 0)
    (row,) = about(made)
    assert (row.status, row.effect, row.approved_by, row.document) == ("approved", 24_306, ("ani", "budi"), "BA-12")
    (claim,) = [row for row in made.exclusions if row.document == "BA-12"]
    assert (claim.excluded_seconds, claim.accepted_by, claim.document) == (35 * HOUR, "ani, budi", "BA-12")
    assert made.summary.unobserved_seconds == statement().summary.unobserved_seconds


def test_no_contract_can_refuse_that_it_was_our_own_fault() -> None:
    """A list of admitted causes concerns the ISP's excuses, not our errors."""
    narrow = CITY.contracts[0].model_copy(update={"admitted_causes": ("kahar",)})
    inventory = replace(CITY, contracts=(narrow, CITY.contracts[1]))
    evidence = Recorded(BY_POINT, decided=[approved(decision("cause", "pemantau"))])
    assert money(make_statement(TELKOM, survey(inventory, evidence, APRIL, WITA))) == (0, 0, 500_000)


def test_a_cause_that_changes_no_money_is_noted_by_one() -> None:
    """A cable that was cut is charged all the same: its effect is 0, and nothing is held."""
    made = statement(decision("cause", "fo_putus"))
    assert money(made) == (24_306, 0, 475_694)
    (row,) = about(made)
    assert (row.status, row.effect, row.code) == ("noted", 0, "fo_putus")
    (event,) = [row for row in made.events if row.point == "P-1"]
    assert (event.cause, event.decision) == ("fo_putus", "noted")


def test_a_later_list_supersedes_and_both_are_shown() -> None:
    """First excused by two, then taken back by two: Rp24,306 is deducted again, and both lists stand there."""
    first = approved(decision("exclusion", "kahar", 50, document="BA-1"), 60)
    back = decision("exclusion", "", 70)
    waiting = statement(first, back)
    assert money(waiting) == (0, 24_306, 475_694)
    assert [(row.status, row.effect) for row in about(waiting)] == [("approved", 24_306), ("proposed", -24_306)]
    made = statement(first, approved(back, 80))
    assert money(made) == (24_306, 0, 475_694)
    assert [(row.status, row.code) for row in about(made)] == [("superseded", "kahar"), ("approved", "")]


def test_a_list_takes_up_one_person_s_word_and_stands_for_it() -> None:
    """The word and the list that repeats it are one row, and another word beside it is superseded."""
    words = [decision("exclusion", "vandalisme", 48), decision("exclusion", "kahar", 50)]
    listed = approved(replace(words[1], entry=55, span=LONG), 60)
    assert [(row.status, row.code, row.entry) for row in about(statement(*words, listed))] == [
        ("superseded", "vandalisme", 48),
        ("approved", "kahar", 55),
    ]


def test_a_decision_about_a_part_excuses_that_part() -> None:
    """Ten of 35 hours excused: 25 hours are 3.5 % of what is assessed, Rp17,361."""
    part = span("04-10 00:00", "04-10 10:00")
    made = statement(approved(replace(decision("cause", "pemantau"), span=part)))
    assert money(made) == (17_361, 0, 482_639)
    (event,) = [row for row in made.events if row.point == "P-1"]
    assert (event.excluded_seconds, event.charged_seconds) == (10 * HOUR, 25 * HOUR)
    assert event.cause == "belum_terverifikasi", "the part is no cause of the whole"


def test_a_decision_excuses_no_other_outage() -> None:
    """Whatever time its list says: a month beside outage 2 excuses its 35 hours, and not the next outage's 20."""
    by_point = {"P-1": dark(LONG, span("04-20 00:00", "04-20 20:00"))}
    wide = approved(replace(decision("exclusion", "kahar"), span=span("04-01", "05-01")))
    (first, second) = [row for row in statement(wide, by_point=by_point).events if row.point == "P-1"]
    assert (first.excluded_seconds, first.charged_seconds) == (35 * HOUR, 0)
    assert (second.excluded_seconds, second.charged_seconds) == (0, 20 * HOUR)


def test_a_decision_holds_as_long_as_its_outage() -> None:
    """Letter C: dead since 2 January, decided then; 92 days later the decision was gone: Rp498,611 deducted."""
    dead = (at("01-02"), at("06-01"))
    silent = [Stretch(*dead, Condition.DOWN, (NUMBER,)), Stretch(dead[1], dead[1], Condition.UP, (3,))]
    by_point = {"P-1": silent}
    assert money(statement(by_point=by_point)) == (0, 500_000, 0), "it runs over the month's end, and nobody decided"
    charged = statement(approved(decision("cause", "fo_putus")), by_point=by_point)
    assert money(charged) == (498_611, 0, 1_389), "two hours are excused by the letter of PLN"
    made = statement(approved(decision("exclusion", "kahar")), by_point=by_point)
    assert money(made) == (0, 500_000, 0), "wholly excused: nothing is left to assess, and the fee is held"
    (row,) = about(made)
    assert (row.status, row.start) == ("approved", dead[0])


@pytest.mark.parametrize("degraded_first", [True, False])
def test_a_decision_meets_its_outage_however_the_terms_count_it(degraded_first: bool) -> None:
    """Letter H: where degraded time counts, the outage begins before the entry that people spoke of.

    Before, the decision about entry 2 did not find it: Rp25,000 was deducted though two had excused 35 hours.
    """
    before = Condition.DEGRADED if degraded_first else Condition.UP
    stretches = [
        Stretch(at("03-01"), LONG[0] - HOUR, Condition.UP, (1,)),
        Stretch(LONG[0] - HOUR, LONG[0], before, (9,)),
        Stretch(*LONG, Condition.DOWN, (NUMBER,)),
        Stretch(LONG[1], at("06-01"), Condition.UP, (3,)),
    ]
    counting = CITY.contracts[0].model_copy(update={"degraded_counts": True})
    inventory = replace(CITY, contracts=(counting, CITY.contracts[1]))
    for kind, code in (("exclusion", "kahar"), ("cause", "pemantau")):
        evidence = Recorded({"P-1": stretches}, decided=[approved(decision(kind, code))])
        made = make_statement(TELKOM, survey(inventory, evidence, APRIL, WITA))
        (event,) = [row for row in made.events if row.point == "P-1"]
        assert (event.excluded_seconds, event.charged_seconds) == (35 * HOUR, HOUR * degraded_first)
        assert money(made) == (0, 0, 500_000)


def test_of_two_outages_that_terms_join_a_decision_means_its_own() -> None:
    """Degraded between them, they are one outage by the contract, and two in the journal."""
    first, second = span("04-10 00:00", "04-10 20:00"), span("04-10 21:00", "04-11 12:00")
    stretches = [
        Stretch(at("03-01"), first[0], Condition.UP, (1,)),
        Stretch(*first, Condition.DOWN, (NUMBER,)),
        Stretch(first[1], second[0], Condition.DEGRADED, (3,)),
        Stretch(*second, Condition.DOWN, (4,)),
        Stretch(second[1], at("06-01"), Condition.UP, (5,)),
    ]
    counting = CITY.contracts[0].model_copy(update={"degraded_counts": True})
    inventory = replace(CITY, contracts=(counting, CITY.contracts[1]))
    evidence = Recorded({"P-1": stretches}, decided=[approved(replace(decision("exclusion", "kahar"), outage=4))])
    made = make_statement(TELKOM, survey(inventory, evidence, APRIL, WITA))
    (event,) = [row for row in made.events if row.point == "P-1"]
    assert (event.excluded_seconds, event.charged_seconds) == (15 * HOUR, 21 * HOUR)


def test_what_one_person_decided_before_there_were_lists_holds_where_a_final_had_counted_it() -> None:
    """For a month without a FINAL it is one person's proposal; with one that had read it, it stays as it was made."""
    old = replace(decision("exclusion", "kahar", 50), before_lists=True)
    assert money(statement(old)) == (0, 24_306, 475_694)
    assert money(statement(old, final_entry=49)) == (0, 24_306, 475_694)
    made = statement(old, final_entry=50)
    assert money(made) == (0, 0, 500_000)
    (row,) = about(made)
    assert (row.status, row.binding, row.approved_by) == ("approved", "before_lists", ("ani",))
    new = decision("exclusion", "kahar", 50)
    assert money(statement(new, final_entry=50)) == (0, 24_306, 475_694)


def test_the_second_witness_is_shown_what_was_measured() -> None:
    """Whatever two have excused: 35 hours down are compared with Prometheus' 35 hours."""
    for decided in ((), (approved(decision("exclusion", "kahar")),), (approved(decision("cause", "pemantau")),)):
        month = survey(CITY, Recorded(BY_POINT, decided=decided), APRIL, WITA)
        assert seconds_of(month.stretches["P-1"], APRIL.span(WITA)) == (35 * HOUR, 30 * DAY)


codes = st.sampled_from(["kahar", "pemantau", "fo_putus", ""])
decisions = st.builds(
    lambda kind, code, entry, signed, part: replace(
        approved(decision(kind, code, entry), entry + 100) if signed else decision(kind, code, entry),
        span=(LONG[0] + part * HOUR, LONG[1]) if part else None,
    ),
    st.sampled_from(["cause", "exclusion"]),
    codes,
    st.integers(10, 99),
    st.booleans(),
    st.integers(0, 34),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(decisions, max_size=5, unique_by=lambda one: one.entry))
def test_whatever_is_decided_the_outage_stays_and_only_approved_decisions_move_seconds(
    decided: list[OutageDecision],
) -> None:
    """Each second of it stands in table B; what waits moves none, and what is certain never exceeds what may be."""
    made, alone = statement(*decided), statement(*(one for one in decided if one.is_approved))
    (event,) = [row for row in made.events if row.point == "P-1"]
    assert event.excluded_seconds + event.charged_seconds == event.down_seconds == 35 * HOUR
    assert made.summary.charged_seconds == alone.summary.charged_seconds
    assert made.summary.unobserved_seconds == alone.summary.unobserved_seconds
    (deducted, held, payable), (sure, none_held, paid) = money(made), money(alone)
    assert (deducted or 0) <= (sure or 0)
    assert (payable or 0) <= (paid or 0)
    assert (held or 0) >= (none_held or 0)
    assert {row.outage for row in about(made)} <= {event.outage}
