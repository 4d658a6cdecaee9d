"""No FINAL while an outage runs over the month's end undecided; and one list, signed by two, always opens it."""

from dataclasses import replace
from typing import Any, cast

import pytest

from lab.samples.accounting import APRIL, WITA, at, span
from lab.samples.contracts import inventory_of, month_of
from lab.samples.evidence import Correction, Recorded, dark
from lab.samples.journal import change
from pantau.journal import ItemKind, ListItem, Reader
from pantau.reports.accounting import Condition, ExclusionClaim, Month, Stretch
from pantau.reports.causes import DecisionKind, OutageDecision
from pantau.reports.papers import gather
from pantau.reports.publishing import ContractResult
from pantau.reports.publishing.undecided import told_undecided
from pantau.reports.reading import surveyed
from pantau.reports.statement import survey
from pantau.states import State
from tests.pantau.reports.publishing.town import MADE_AT, Town, seconds

TELKOM = "maesa-telkom"
MAY = Month(2024, 5)


@pytest.fixture(autouse=True)
def without_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """PDF and workbook have tests of their own."""
    monkeypatch.setattr("pantau.reports.pdf.pdf", lambda made, edition, language: b"")
    monkeypatch.setattr("pantau.reports.workbook.workbook", lambda made, edition, language: b"")


@pytest.fixture
def town(town: Town) -> Town:
    """P-1 falls silent on 29 April and stays so; two have said why Prometheus was not asked."""
    town.open_office()
    town.begin_journal([change("P-1", seconds(at("04-29")), State.UP, State.DOWN)])
    town.allow_one_witness()
    return town


def final(town: Town, **more: Any) -> ContractResult:
    """What becomes of Telkom's FINAL."""
    request = {"contract": TELKOM, "final": True, "without_second_witness": "x", "trend_months": 1}
    (made,) = town.make(**{**request, **more}).outcomes
    return made


def proposed(town: Town, month: str = "2024-04") -> tuple[ListItem, ...]:
    """The items of the list that `pantau outage propose` writes."""
    with surveyed(town.config, town.url, month) as (reader, found):
        return gather(found, reader).items


def test_no_final_until_two_have_decided_what_runs_over_the_end(town: Town) -> None:
    """It was FINAL with Rp33,334 held for good; now it is none, and by two's list one that deducts them."""
    refused = final(town)
    number = town.outage("P-1").number
    assert refused.note == (
        "not final: 1 outage runs over the end of 2024-04, and no two people have decided whose: "
        f"#{number} P-1 since 2024-04-29 00:00; `pantau outage propose --month 2024-04` writes one list of them, "
        "charged as they stand, unless `pantau outage classify` or `exclude` has said otherwise, and two approve it "
        "with `pantau outage approve`"
    )
    assert (refused.edition, refused.place, refused.payment.restitution, refused.payment.held) == (
        None,
        None,
        50_000,
        33_334,
    )
    assert not (town.contract(TELKOM) / "final-1").exists()
    items = proposed(town)
    assert [(item.kind, item.target, item.end) for item in items] == [(ItemKind.CAUSE, str(number), None)]
    town.decide(items, ["ani"])
    assert final(town).edition is None
    town.decide(items)
    made = final(town)
    assert made.edition is not None, made.note
    assert (made.payment.restitution, made.payment.held, made.payment.payable) == (83_334, 0, 916_666)


def test_a_point_that_stays_dead_is_decided_once(town: Town) -> None:
    """April is signed; May has the same outage over its end, and is FINAL without another list."""
    town.decide(proposed(town))
    assert final(town).edition is not None
    town.note([change("P-3", seconds(at("06-02")), State.UP, State.DOWN)])
    town.allow_one_witness(month=MAY)
    made = final(town, month=MAY, made_at=at("06-03"))
    assert made.edition is not None, made.note
    assert (made.payment.restitution, made.payment.held) == (500_000, 0)


def test_what_waits_within_the_month_keeps_nobody_from_a_final(town: Town) -> None:
    """One person's word about an outage that ended is no lock: its money is held, and the FINAL says so."""
    town.decide(proposed(town))
    town.exclude(town.outage("P-1", 1))
    made = final(town)
    assert made.edition is not None, made.note
    assert made.payment.held == 33_334


def test_a_final_that_there_is_stays_one(town: Town) -> None:
    """One of before this rule, which held the money, is the same version when it is asked for again."""
    town.decide(proposed(town))
    first = final(town)
    again = final(town, made_at=MADE_AT + 5)
    assert (again.edition, again.note) == (first.edition, "already final, version 1")


END = APRIL.span(WITA)[1]
_UP, _DOWN = Condition.UP, Condition.DOWN
FOUR_MINUTES = [Stretch(at("03-01"), END - 240, _UP, (1,)), Stretch(END - 240, END, _DOWN, (2,))]
WE_WENT_AWAY = [Stretch(at("03-01"), END - 9000, _UP, (1,)), Stretch(END - 9000, END - 1000, _DOWN, (2,))]
OPEN = f"P-1@{at('04-29')}"
STORM = ExclusionClaim("#9", span("04-29 00:00", "04-29 12:00"), "kahar", "BA/3", "Camat")
WORDS = [Correction(OPEN, "fo_putus", "Budi", at("05-01"), "kabel", 77)]


@pytest.mark.parametrize(
    ("evidence", "terms"),
    [
        (Recorded({"P-1": dark(span("04-29", "05-02"))}), {}),
        (Recorded({"P-1": dark((at("03-01"), at("06-01")))}), {}),
        (Recorded({"P-1": FOUR_MINUTES}), {}),
        (Recorded({"P-1": WE_WENT_AWAY}), {}),
        (Recorded({"P-1": dark(span("04-29", "05-02"), condition=Condition.ISOLATED)}), {}),
        (Recorded({"P-1": dark(span("04-29", "05-02"), condition=Condition.DEGRADED)}), {"degraded_counts": True}),
        (Recorded({"P-1": dark(span("04-29", "05-02"))}, said=WORDS), {}),
        (Recorded({"P-1": dark(span("04-29", "05-02"))}, said=[replace(WORDS[0], cause="pemantau")]), {}),
        (Recorded({"P-1": dark(span("04-29", "05-02"))}, excluded=[("P-1", STORM)]), {}),
        (Recorded({"P-1": dark(span("04-29", "05-02"))}, excluded=[("P-1", replace(STORM, proposed=True))]), {}),
        (Recorded({"P-1": dark(span("04-29", "05-02"))}), {"sla_ratio": None, "method": None}),
    ],
    ids=[
        "two days",
        "dead for months",
        "four minutes",
        "we went away",
        "isolated",
        "slow",
        "a word",
        "our fault by one",
        "twelve hours excused by two",
        "twelve hours excused by one",
        "a contract without rupiah",
    ],
)
def test_the_month_s_list_always_opens_it(
    evidence: Recorded, terms: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever runs over the end: undecided there is no FINAL, and all that is proposed, signed by two, leaves none."""
    assert told_undecided(month_of(evidence, **terms)).startswith("1 outage runs over the end of 2024-04")
    monkeypatch.setattr("pantau.reports.papers.gathering.SOURCES", ())
    items = gather(survey(inventory_of(**terms), evidence, APRIL, WITA), cast("Reader", None)).items
    signed = replace(evidence, decided=[_approved(item) for item in items])
    assert told_undecided(month_of(signed, **terms)) == ""


def _approved(item: ListItem) -> OutageDecision:
    """As two have signed it."""
    kind = DecisionKind.CAUSE if item.kind is ItemKind.CAUSE else DecisionKind.EXCLUSION
    time = None if item.start is None or item.end is None else (item.start, item.end)
    told = item.code, "ani", at("05-03"), item.reason
    signed: dict[str, Any] = {"approved_by": ("ani", "budi"), "approved_entry": 92, "binding": "two_keys"}
    return OutageDecision(kind, item.subject, item.outage, time, *told, entry=90, **signed)
