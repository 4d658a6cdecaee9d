"""Held money has a way out, and what a new version changes is paid once: "koreksi bulan lalu"."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.samples.accounting import APRIL, WITA, at, span
from lab.samples.contracts import inventory_of
from lab.samples.evidence import Recorded, dark
from pantau.reports.accounting import FinalVersion, HeldSettlement, Month, SettlementRefusal, corrections_in
from pantau.reports.statement import Statement, make_statement, survey, with_corrections

MARCH, MAY = Month(2024, 3), Month(2024, 5)
FINAL = FinalVersion("k", "2024-03", 1, at("04-03"), 450_000, (("P-1", 33_333),))
"""March's, as it was issued in April."""
SETTLED = HeldSettlement(812, "k", "2024-03", 1, "P-1", 33_333, 20_000, at("04-20"), "BA/7/2024", ("ani", "budi"))


def april(settlements: list[HeldSettlement], finals: list[FinalVersion], **terms: Any) -> Statement:
    """April of a contract whose point was down for a day of it."""
    evidence = Recorded({"P-1": dark(span("04-10", "04-11"))}, settled=settlements)
    found = survey(inventory_of(**terms), evidence, APRIL, WITA)
    return with_corrections(make_statement("k", found), found, finals)


def test_held_money_that_two_settle_is_paid_in_the_month_in_which_they_did() -> None:
    """Of Rp33,333 that March held Rp20,000 are paid with April: before, there was no way to pay them."""
    made = april([SETTLED], [FINAL])
    (row,) = made.corrections
    assert (row.kind, row.month, row.edition, row.point, row.amount) == (
        "settlement",
        "2024-03",
        "k/2024-03/1",
        "P-1",
        20_000,
    )
    assert (row.entry, row.document, row.approved_by, row.refusal) == (812, "BA/7/2024", ("ani", "budi"), "")
    assert made.payment.payable == 483_333
    assert (made.payment.correction, made.payment.payable_in_all) == (20_000, 503_333)


@pytest.mark.parametrize(
    ("settlement", "finals", "refusal"),
    [
        (SETTLED, [], SettlementRefusal.UNKNOWN_EDITION),
        (replace(SETTLED, version=2), [FINAL], SettlementRefusal.UNKNOWN_EDITION),
        (replace(SETTLED, approved_by=("ani",)), [FINAL], SettlementRefusal.NOT_TWO_PEOPLE),
        (replace(SETTLED, approved_by=("ani", "ani")), [FINAL], SettlementRefusal.NOT_TWO_PEOPLE),
        (replace(SETTLED, paid=33_334), [FINAL], SettlementRefusal.OTHER_SUM),
        (replace(SETTLED, paid=-1), [FINAL], SettlementRefusal.OTHER_SUM),
        (replace(SETTLED, held=500_000), [FINAL], SettlementRefusal.OTHER_SUM),
        (replace(SETTLED, point="P-2"), [FINAL], SettlementRefusal.OTHER_SUM),
        (
            SETTLED,
            [FINAL, FinalVersion("k", "2024-03", 2, at("04-19"), 450_000)],
            SettlementRefusal.SUPERSEDED,
        ),
    ],
)
def test_what_settles_nothing_is_listed_with_its_reason(
    settlement: HeldSettlement, finals: list[FinalVersion], refusal: SettlementRefusal
) -> None:
    """No rupiah moves, and the paper says why."""
    made = april([settlement], finals)
    assert [(row.amount, row.refusal) for row in made.corrections] == [(0, refusal.value)]
    assert made.payment.payable_in_all == made.payment.payable


def test_the_same_money_is_settled_once() -> None:
    """A second settlement of it is refused, also one of the whole edition."""
    again, whole = replace(SETTLED, entry=813, decided_at=at("04-21")), replace(SETTLED, entry=814, point="")
    whole = replace(whole, decided_at=at("04-22"))
    made = april([SETTLED, again, whole], [FINAL])
    assert [(row.entry, row.amount, row.refusal) for row in made.corrections] == [
        (812, 20_000, ""),
        (813, 0, "other_sum"),
        (814, 0, "other_sum"),
    ]


def test_a_new_version_of_an_earlier_final_is_settled_with_the_month_in_which_it_was_made() -> None:
    """March paid Rp450,000 and is worth Rp500,000: Rp50,000 with April, less what was settled of it before."""
    second = FinalVersion("k", "2024-03", 2, at("04-25"), 500_000)
    (row,) = april([], [FINAL, second]).corrections
    assert (row.kind, row.edition, row.amount) == ("version", "k/2024-03/2", 50_000)
    assert [one.amount for one in april([SETTLED], [FINAL, second]).corrections] == [20_000, 30_000]


def test_no_month_pays_less_than_nothing() -> None:
    """March was worth nothing: of Rp600,000 that come back April's Rp483,333 are kept, and the rest is said."""
    finals = [replace(FINAL, payable=600_000, held_of=()), FinalVersion("k", "2024-03", 2, at("04-25"), 0)]
    payment = april([], finals).payment
    assert (payment.correction, payment.payable_in_all, payment.to_recover) == (-600_000, 0, 116_667)


def test_a_contract_that_has_ended_books_what_comes_later_in_its_last_month() -> None:
    """April is the last: what is decided in June belongs to it; while the contract goes on it belongs to June."""
    late = replace(SETTLED, decided_at=at("06-20"))
    assert [row.amount for row in april([late], [FINAL], end="2024-05-01").corrections] == [20_000]
    assert april([late], [FINAL]).corrections == ()


finals_of_march = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=4).map(
    lambda rows: [
        FinalVersion("k", "2024-03", number, at("04-01") + 10_000 * number, paid, (("P-1", held),) if held else ())
        for number, (paid, held) in enumerate(rows, 1)
    ]
)
settlements_of_march = st.lists(
    st.builds(
        lambda entry, version, held, paid, second: HeldSettlement(
            entry, "k", "2024-03", version, "P-1", held, paid, at("04-01") + second, "BA", ("ani", "budi")
        ),
        st.integers(1, 99),
        st.integers(1, 4),
        st.integers(0, 9),
        st.integers(0, 9),
        st.integers(0, 60_000),
    ),
    max_size=4,
)


@settings(max_examples=100, deadline=None)
@given(finals_of_march, settlements_of_march)
def test_all_months_together_pay_what_the_last_version_and_its_settlements_say(
    finals: list[FinalVersion], settled: list[HeldSettlement]
) -> None:
    """The first payment and all corrections are the last version's payable, and what was settled of that one."""
    found = corrections_in("2024-05", (0, 2**62), settled, finals)
    of_last = sum(one.amount for one in found if one.kind == "settlement" and one.version == len(finals))
    assert finals[0].payable + sum(one.amount for one in found) == finals[-1].payable + of_last
    assert of_last <= sum(held for _, held in finals[-1].held_of)
