"""What two have excused and one asks to take back is held as well; and what decides an outage over the month's end."""

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.samples.accounting import APRIL, WITA, at, span
from lab.samples.contracts import inventory_of, month_of, window
from lab.samples.evidence import Recorded, dark
from pantau.journal import Reader
from pantau.reports.accounting import Condition, Span, Stretch
from pantau.reports.causes import DecisionKind, DecisionLedger, OutageDecision
from pantau.reports.papers import gather
from pantau.reports.statement import Statement, survey

HOUR, DAY = 3600, 86_400
DAY_OFF = span("04-10", "04-11")
NUMBER = 2
"""The entry that began it."""
ADDENDA = [{"number": "AD-1", "start": "2024-04-11"}]


def decision(code: str, entry: int, over: Span | None = None, **more: Any) -> OutageDecision:
    """What is said about an outage of P-1, as one person's word."""
    told: dict[str, Any] = {"kind": DecisionKind.EXCLUSION, "outage": NUMBER, **more}
    return OutageDecision(
        point="P-1", span=over, code=code, person="ani", at=at("05-02"), reason="surat", entry=entry, **told
    )


def signed(code: str, entry: int, over: Span | None = None, **more: Any) -> OutageDecision:
    """The same, as two have approved it."""
    return decision(
        code, entry, over, approved_by=("ani", "budi"), approved_entry=entry + 1, binding="two_keys", **more
    )


def made(*decided: OutageDecision, downs: Sequence[Span] = (DAY_OFF,), **terms: Any) -> Statement:
    """April of one point under R2: a day costs Rp16,667."""
    return month_of(Recorded({"P-1": dark(*downs)}, decided=decided), **terms)


def money(found: Statement) -> tuple[int | None, int | None, int | None]:
    """Restitution, held and payable."""
    return found.payment.restitution, found.payment.held, found.payment.payable


def test_what_one_person_asks_to_take_back_stays_excused_and_is_held() -> None:
    """The seconds stay excluded, for two have signed that; of its money nothing is paid until two say so again."""
    excused = signed("kahar", 50)
    assert money(made(excused)) == (0, 0, 500_000)
    waiting = made(excused, decision("", 60))
    assert money(waiting) == (0, 16_667, 483_333)
    (row,) = waiting.points
    assert (row.excluded_seconds, row.contested_seconds, row.charged_seconds) == (DAY, DAY, 0)
    (event,) = waiting.events
    assert (event.contested_seconds, event.undecided_seconds, event.waits_for) == (DAY, 0, "signature")
    assert money(made(excused, signed("", 60))) == (16_667, 0, 483_333)


@pytest.mark.parametrize(
    ("waits", "hours"),
    [
        (decision("kahar", 60, span("04-10 00:00", "04-10 12:00")), 12),
        (decision("kahar", 60, span("04-10 06:00", "04-10 12:00")), 18),
        # Another cause may be one that the contract does not admit; our own fault is admitted by all.
        (decision("vandalisme", 60), 24),
        (decision("pemantau", 60), 0),
    ],
)
def test_only_what_would_be_taken_back_is_held(waits: OutageDecision, hours: int) -> None:
    """A later list that excuses twelve hours of 24 takes the other twelve back."""
    (row,) = made(signed("kahar", 50), waits).points
    assert (row.excluded_seconds, row.contested_seconds) == (DAY, hours * HOUR)
    assert row.held == round(500_000 * hours / 720)


def test_what_a_window_excuses_as_well_is_not_contested() -> None:
    """Maintenance in order covers four of the hours: taken back, twenty are charged."""
    found = made(signed("kahar", 50), decision("", 60), windows=[window("04-10 00:00", "04-10 04:00")])
    (row,) = found.points
    assert (row.excluded_seconds, row.contested_seconds, row.held) == (DAY, 20 * HOUR, 13_889)


def test_an_addendum_makes_no_further_allowance_of_what_is_taken_back() -> None:
    """Two hours of maintenance a month: taken back, the first window uses them up, and the second excuses nothing."""
    downs = span("04-10 00:00", "04-10 02:00"), span("04-20 00:00", "04-20 02:00")
    windows = [window("04-10 00:00", "04-10 02:00", "one"), window("04-20 00:00", "04-20 02:00", "two")]
    for addenda in ([], ADDENDA):
        found = made(
            signed("kahar", 50),
            decision("", 60),
            downs=downs,
            windows=windows,
            maintenance_allowance="2h",
            addenda=addenda,
        )
        assert found.summary.excluded_seconds == 4 * HOUR
        assert sum(row.contested_seconds for row in found.points) == 2 * HOUR
        assert money(found) == (0, 1_389, 498_611)


OVER = span("04-29", "05-02")


@pytest.mark.parametrize(
    ("decided", "expected"),
    [
        ([decision("fo_putus", 50, kind=DecisionKind.CAUSE)], (0, 33_333, 466_667)),
        ([signed("fo_putus", 50, kind=DecisionKind.CAUSE)], (33_333, 0, 466_667)),
        # That an hour of it was our own fault says nothing about the other 47.
        ([signed("pemantau", 50, (OVER[0], OVER[0] + HOUR), kind=DecisionKind.CAUSE)], (0, 32_639, 467_361)),
        # The rest is charged once two have signed that it is not excluded; the hour stays excused.
        (
            [signed("pemantau", 50, (OVER[0], OVER[0] + HOUR), kind=DecisionKind.CAUSE), signed("", 60)],
            (32_639, 0, 467_361),
        ),
        ([signed("kahar", 50)], (0, 0, 500_000)),
        ([signed("kahar", 50), signed("", 60)], (33_333, 0, 466_667)),
        # All of April's part is enough: May has its own.
        ([signed("fo_putus", 50, (OVER[0], at("05-01")), kind=DecisionKind.CAUSE)], (33_333, 0, 466_667)),
    ],
)
def test_an_outage_over_the_month_s_end_needs_a_decision_about_all_of_its_part(
    decided: list[OutageDecision], expected: tuple[int, int, int]
) -> None:
    """By two; until then Rp33,333 of two days are held, and one person's cause is proposed and not noted."""
    found = made(*decided, downs=[OVER])
    deducted, held, payable = money(found)
    assert (deducted, held, payable) == expected
    (*_, row) = found.decisions
    assert row.status == ("approved" if decided[-1].is_approved else "proposed")


@pytest.mark.parametrize(
    ("decided", "listed"),
    [
        ([], [("cause", "belum_terverifikasi")]),
        ([decision("fo_putus", 50, kind=DecisionKind.CAUSE)], [("cause", "fo_putus")]),
        ([signed("fo_putus", 50, kind=DecisionKind.CAUSE)], []),
        ([signed("pemantau", 50, (OVER[0], OVER[0] + HOUR), kind=DecisionKind.CAUSE)], [("exclusion", "")]),
        ([signed("kahar", 50, (OVER[0], OVER[0] + HOUR))], [("cause", "belum_terverifikasi")]),
    ],
)
def test_the_list_of_the_month_has_what_nobody_has_said(
    decided: list[OutageDecision], listed: list[tuple[str, str]]
) -> None:
    """What is said of the rest never takes the place of what two have signed of a part."""
    city = survey(inventory_of(), Recorded({"P-1": dark(OVER)}, decided=decided), APRIL, WITA)
    nobody = cast("Reader", SimpleNamespace(reasons=lambda _: [], approvals=list, proposals=lambda *_: []))
    found = gather(city, nobody).items
    assert [(item.kind.value, item.code) for item in found] == listed
    assert all((item.target, item.effect, item.start) == ("2", 0, OVER[0]) for item in found)


@pytest.mark.parametrize(("number", "held"), [(2, True), (4, False)])
def test_who_decides_a_part_that_was_over_has_not_decided_what_lasts(number: int, held: bool) -> None:
    """Slow between them, two outages of the journal are one by the contract: the one that lasts has to be decided."""
    stretches = [
        Stretch(at("03-01"), at("04-20"), Condition.UP, (1,)),
        Stretch(at("04-20"), at("04-21"), Condition.DOWN, (2,)),
        Stretch(at("04-21"), at("04-29"), Condition.DEGRADED, (3,)),
        Stretch(at("04-29"), at("05-02"), Condition.DOWN, (4,)),
        Stretch(at("05-02"), at("06-01"), Condition.UP, (5,)),
    ]
    word = signed("fo_putus", 50, kind=DecisionKind.CAUSE, outage=number)
    found = month_of(Recorded({"P-1": stretches}, decided=[word]), degraded_counts=True)
    assert found.summary.charged_seconds == 11 * DAY
    assert bool(found.payment.held) == held


words = st.builds(
    lambda kind, code, entry, approved, part: (signed if approved else decision)(
        code, entry, (DAY_OFF[0] + part * HOUR, DAY_OFF[1]) if part else None, kind=kind
    ),
    st.sampled_from(DecisionKind),
    st.sampled_from(["kahar", "vandalisme", "pemantau", "fo_putus", ""]),
    st.integers(10, 99),
    st.booleans(),
    st.integers(0, 23),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(words, max_size=5, unique_by=lambda one: one.entry), st.sets(st.sampled_from(DecisionKind)), st.data())
def test_what_is_certain_stays_so_whatever_of_the_waiting_is_signed(
    decided: list[OutageDecision], kinds: set[DecisionKind], data: st.DataObject
) -> None:
    """Neither what is deducted nor what is payable ever falls; once nothing waits, nothing is held."""
    terms: dict[str, Any] = {"admitted_causes": ["kahar"]} if data.draw(st.booleans()) else {}
    terms |= {"method": data.draw(st.sampled_from(["R1", "R2", "R3"])), "sla_ratio": "0.98", "threshold": "5m"}
    ledger = DecisionLedger(decided)
    waiting = {
        record.pending.entry: replace(
            record.pending, approved_by=("ani", "budi"), approved_entry=200, binding="two_keys"
        )
        for kind in kinds
        for _, record in ledger.about("P-1", [NUMBER], kind)
        if record.pending is not None
    }
    before = money(made(*decided, **terms))
    after = money(made(*(waiting.get(one.entry, one) for one in decided), **terms))
    assert (after[0] or 0) >= (before[0] or 0)
    assert (after[2] or 0) >= (before[2] or 0)
    if kinds == set(DecisionKind):
        assert not after[1]
