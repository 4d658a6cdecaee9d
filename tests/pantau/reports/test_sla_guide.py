"""Each worked example of docs/sla.md is what the core computes, and its lists are those of the code."""

import re
from dataclasses import replace
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from lab.samples.accounting import (
    APRIL,
    FEE,
    TERMS,
    WITA,
    accepted,
    april,
    at,
    contract,
    point,
    segment,
    span,
)
from lab.samples.contracts import month_of, window
from lab.samples.evidence import Correction, Recorded, dark
from pantau.inventory import OFFICE_NAMES, ContractTerms
from pantau.reports.accounting import (
    Amounts,
    AssignmentSpan,
    Condition,
    Lateness,
    Method,
    Penalty,
    RestitutionStep,
    SettlementLine,
    Stretch,
    Terms,
    account,
    repairs_of,
    segments_of,
    settle,
)
from pantau.reports.accounting.exclusions import Refusal
from pantau.reports.causes import Cause, Charge
from pantau.reports.statement.exclusion_register import UNLISTED
from pantau.reports.statement.rows import Ratio
from pantau.reports.words.terms import LABELS

GUIDE = (Path(__file__).parents[3] / "docs" / "sla.md").read_text(encoding="utf-8")
DEFAULTS = Terms()
STEPS = (RestitutionStep(Fraction(98, 100), Fraction(10, 100)), RestitutionStep(Fraction(90, 100), Fraction(25, 100)))


def line(method: Method, minutes: int) -> SettlementLine:
    """A point that was down so long in April."""
    start = at("04-01")
    terms = replace(TERMS, method=method, steps=STEPS)
    (only,) = settle([account(segment(terms), point([(start, start + minutes * 60)]), WITA)])
    return only


def deducted(method: Method, minutes: int) -> int:
    """Its restitution."""
    amounts = line(method, minutes).amounts
    assert amounts is not None
    return amounts.restitution


@pytest.mark.parametrize("method", Method)
def test_the_table_of_methods(method: Method) -> None:
    """Both columns of each row."""
    (row,) = re.findall(rf"^\| `{method.value}` \|.*\| ([0-9,]+) \| ([0-9,]+) \|$", GUIDE, re.MULTILINE)
    assert [int(cell.replace(",", "")) for cell in row] == [deducted(method, 2160), deducted(method, 43200)]


def test_the_sentences_about_methods() -> None:
    """R1's dead point, what R2 and R4 deduct though the SLA is met, R3's cliff."""
    assert FEE - deducted(Method.R1, 43200) == 10_000
    assert "`R1` pays Rp10,000 for a dead point" in GUIDE
    assert [deducted(method, 864) for method in (Method.R2, Method.R4)] == [10_000, 10_204]
    assert "864 minutes are exactly 98 %, and cost 10,000 and 10,204" in GUIDE
    assert [deducted(Method.R3, minutes) for minutes in (864, 865)] == [0, 10_012]
    assert "864 minutes cost 0, 865 cost 10,012" in GUIDE
    assert {deducted(method, 865) for method in (Method.R1, Method.R1B)} == {12}


def test_the_examples_of_time() -> None:
    """Availability with an exclusion, coverage, the move on the 15th, a part of a month's fee."""
    start = at("04-10")
    booked = april([(start, start + 2160 * 60)], exclusions=[accepted("04-10", "04-10 10:00")])
    assert booked.excluded == 600 * 60
    assert Ratio.of(booked.availability) == Ratio(342, 355, "96.3380")
    assert "1 − 1560/42600 = 96.3380 %" in GUIDE
    assert april(unseen=[span("04-10", "04-12")]).coverage == Fraction(28, 30)
    assert "two days of 30 unobserved: 93.3333 %" in GUIDE
    parts = [
        AssignmentSpan("p", "k", at("04-01"), at("04-15"), FEE),
        AssignmentSpan("p", "k", at("04-15"), at("05-01"), FEE),
    ]
    assert [one.seconds // 60 for one in segments_of(APRIL.span(WITA), contract(), parts, WITA)] == [20160, 23040]
    (late,) = segments_of(APRIL.span(WITA), contract(), [AssignmentSpan("p", "k", at("04-11"), at("05-01"), FEE)], WITA)
    (paid,) = settle([account(late, point(), WITA)])
    assert paid.amounts == Amounts(gross=333_333)
    assert "Rp500,000 for 20 of 30 days: Rp333,333" in GUIDE


def test_the_examples_of_states_and_late_words() -> None:
    """One outage of three kinds; one in which an hour that nobody saw was served, as its agent told late."""
    start = at("04-10")
    kinds = ((300, Condition.ISOLATED), (100, Condition.DOWN), (200, Condition.NO_INTERNET))
    stretches, since = [Stretch(at("04-01"), start, Condition.UP)], start
    for number, (seconds, condition) in enumerate(kinds, start=1):
        stretches.append(Stretch(since, since + seconds, condition, (number,)))
        since += seconds
    stretches.append(Stretch(since, at("05-01"), Condition.UP))
    row, (event,) = (made := month_of(Recorded({"P-1": stretches}))).points[0], made.events
    assert (event.kind, event.seconds, row.charged_seconds) == ("isolated", 600, 600)
    assert sum(row.state_seconds.values()) == row.contract_seconds
    tolerated = month_of(Recorded({"P-1": stretches}), isolated_counts=False).points[0]
    assert (tolerated.charged_seconds, tolerated.tolerated_seconds) == (0, 300)
    late = [
        Stretch(at("04-01"), start, Condition.UP),
        Stretch(start, start + 200, Condition.DOWN, (1,)),
        Stretch(start + 200, start + 3800, Condition.UP, (4,), amended=True, evidence="agent"),
        Stretch(start + 3800, start + 4000, Condition.DOWN, (2,)),
        Stretch(start + 4000, at("05-01"), Condition.UP),
    ]
    row, (event,) = (made := month_of(Recorded({"P-1": late}))).points[0], made.events
    assert (event.number, row.charged_seconds, row.up_seconds, row.unobserved_seconds) == (1, 400, 30 * 86_400 - 400, 0)
    assert row.amended_seconds == {"agent": 3600}


def test_the_examples_of_penalty_and_repair() -> None:
    """Ten days of a permille; three repairs in thirty days."""
    assert Penalty(Lateness.ACTIVATION, "p", 10, Fraction(1), FEE).amount == 5_000
    assert "1 permille of Rp500,000 a day: Rp5,000" in GUIDE
    downs = [span(f"04-{day} 00:00", f"04-{day} {hours:02}:00") for day, hours in (("05", 2), ("10", 6), ("20", 10))]
    repairs = repairs_of(april(downs))
    assert (repairs.mttr, repairs.mtbf) == (Fraction(6 * 3600), Fraction(234 * 3600))
    assert "MTTR 6 h, MTBF 234 h" in GUIDE


def test_the_table_of_causes() -> None:
    """Each code once, with who is charged by default."""
    table = GUIDE.partition("## Causes")[2].partition("The facts")[0]
    cells = dict(re.findall(r"\| `(\w+)` \| ([^|]+?) (?=\|)", table))
    words = {Charge.ISP: "ISP", Charge.NOT_ISP: "no", Charge.CONTRACT: "the contract says", Charge.NEVER: "never"}
    assert set(cells) == {cause.value for cause in Cause}
    assert {name: re.split("[,(]", cell)[0].strip() for name, cell in cells.items()} == {
        cause.value: words[cause.charge] for cause in Cause
    }


def test_each_term_of_a_contract_is_there_with_its_office_s_name() -> None:
    """What is a parameter, what the offices call it, and what holds without it."""
    table = GUIDE.partition("## What a contract may say")[2]
    assert {name for name in ContractTerms.model_fields if f"`{name}`" not in table} == set()
    known = {"mulai", "selesai", "id_titik", "id_kontrak"}
    documents = {"no_surat_pesanan", "no_surat_perjanjian", "id_paket_ekatalog", "tgl_ttd"}
    assert {name for name in OFFICE_NAMES if name not in table} - known == documents
    assert {reason.value for reason in Refusal if f"`{reason.value}`" not in GUIDE} == set()
    assert f"`{UNLISTED}`" in GUIDE


def table_of_terms() -> dict[str, str]:
    """Of each field of a contract its default, as the page has it."""
    table = GUIDE.partition("## What a contract may say")[2]
    found: dict[str, str] = {}
    for names, default in re.findall(r"^\| (`[^|]+) \| [^|]*\| ([^|]+) \|$", table, re.MULTILINE):
        fields, cells = re.findall(r"`(\w+)`", names), [cell.strip() for cell in default.split(", ")]
        # Two fields of one row have a default each, or share what is said.
        found |= dict(zip(fields, cells if len(cells) == len(fields) > 1 else [default] * len(fields), strict=True))
    return found


def said(default: str) -> object:
    """A default in words as the value that it means."""
    words = {"true": True, "false": False, "all": None, "no limit": None, "no penalty": None, "24x7": None}
    if default in words:
        return words[default]
    if default.startswith("none"):
        return None
    if number := re.fullmatch(r"([0-9.]+)([mh]?)", default):
        return Fraction(number[1]) * {"": 1, "m": 60, "h": 3600}[number[2]]
    return default.strip("`")


@pytest.mark.parametrize("name", [name for name in ContractTerms.model_fields if name not in ("steps", "instability")])
def test_each_default_on_the_page_is_the_code_s(name: str) -> None:
    """Read out of the table of terms, term by term; what is not a term there is missed."""
    core = LABELS[name][0]
    value = getattr(DEFAULTS, core)
    assert said(table_of_terms()[name]) == (value.value if isinstance(value, Enum) else value)


def test_instability_on_the_page_is_the_code_s() -> None:
    """10 a day, 1 h a month, not charged; and no steps."""
    limits = DEFAULTS.instability
    told = (
        f"{limits.per_day} a day, {limits.seconds // 3600}h a month, {'charged' if limits.charged else 'not charged'}"
    )
    assert table_of_terms()["instability"] == told
    assert DEFAULTS.steps == ()


@pytest.mark.parametrize("cause", Cause)
def test_what_is_charged_by_default_is_what_the_page_says(cause: Cause) -> None:
    """Decided by two: a day down is charged whatever its cause, but our own fault is excluded.

    The page had "no" for PLN, theft and others as "charged by default", and the code charged them: Rp16,667 of a day.
    """
    assert "each second down beyond the threshold is charged, whatever its cause; but `pemantau`" in GUIDE
    outage = Correction(f"P-1@{at('04-10')}", cause.value, "Budi", at("05-02"), "surat", 77, approved=True)
    made = month_of(Recorded({"P-1": dark(span("04-10", "04-11"))}, said=[outage]))
    ours = cause is Cause.PEMANTAU
    assert (made.summary.charged_seconds, made.summary.excluded_seconds) == ((0, 86_400) if ours else (86_400, 0))
    assert made.payment.restitution == (0 if ours else 16_667)


@pytest.mark.parametrize(
    ("condition", "term", "charged"),
    [
        (Condition.DOWN, "", True),
        (Condition.ISOLATED, "isolated_counts", True),
        (Condition.NO_INTERNET, "no_internet_counts", True),
        (Condition.DEGRADED, "degraded_counts", False),
    ],
)
def test_what_is_down_by_default_is_what_the_page_says(condition: Condition, term: str, charged: bool) -> None:
    """And the term says otherwise where a contract does."""
    sentence = re.sub(
        r"\s+", " ", GUIDE.partition("**Down** is what the terms count:")[2].partition("- An **outage**")[0]
    )
    by_default, _, only_if_said = sentence.partition(";")
    assert f"`{term}`" in (by_default if charged else only_if_said) or not term
    evidence = Recorded({"P-1": dark(span("04-10", "04-11"), condition=condition)})
    assert month_of(evidence).summary.charged_seconds == (86_400 if charged else 0)
    if term:
        other: dict[str, Any] = {term: not charged}
        assert month_of(evidence, **other).summary.charged_seconds == (0 if charged else 86_400)


def test_the_examples_of_held_money_and_of_months() -> None:
    """An outage over the month's end, a second window, an addendum, hours that nobody saw: by the statement itself."""
    made = month_of(Recorded({"P-1": dark(span("04-10", "04-11"), span("04-29", "05-02"))}))
    assert (made.payment.restitution, made.payment.held, made.payment.payable) == (16_667, 33_333, 450_000)
    told = re.sub(r"\s+", " ", GUIDE)
    assert "Rp16,667 deducted, Rp33,333 held, Rp450,000 payable by `R2`" in told
    windows = [window(f"04-{day} 00:00", f"04-{day} 02:00", day) for day in ("05", "20")]
    downs = dark(*(span(f"04-{day} 00:00", f"04-{day} 02:00") for day in ("05", "20")))
    addenda = [{"number": "AD-1", "start": "2024-04-16"}]
    allowed = month_of(Recorded({"P-1": downs}), windows=windows, maintenance_allowance="2h", addenda=addenda)
    assert allowed.payment.restitution == 1_389
    assert "the second window is charged, Rp1,389 by `R2`" in told
    strict: dict[str, Any] = {"penalty_permille": 1, "late_repair_penalised": True, "repair_limit": "6h"}
    blind = dark(span("04-10 00:00", "04-12 02:00"), unseen=[span("04-10 10:00", "04-11 16:00")])
    late = month_of(Recorded({"P-1": blind}), **strict)
    assert [(row.over_limit_seconds, late.penalties[0].days) for row in late.events] == [(14 * 3600, 1)]
    assert "50 hours down, 30 of them unseen, 6 agreed: 14 hours, one day" in told


def test_the_defaults_are_the_code_s() -> None:
    """The figures of the table of terms."""
    assert DEFAULTS.threshold_seconds == 300
    assert (DEFAULTS.minimum_coverage, DEFAULTS.cap) == (Fraction(95, 100), Fraction(1))
    assert (DEFAULTS.notice_seconds, DEFAULTS.allowance_seconds, DEFAULTS.admitted_causes) == (48 * 3600, None, None)
    assert (DEFAULTS.degraded_counts, DEFAULTS.isolated_counts, DEFAULTS.late_repair_penalised) == (False, True, False)
    assert (DEFAULTS.instability.per_day, DEFAULTS.instability.seconds) == (10, 3600)
    assert not DEFAULTS.instability.charged
    assert (DEFAULTS.objective, DEFAULTS.method, DEFAULTS.penalty_permille) == (None, None, None)
    assert (DEFAULTS.level.value, DEFAULTS.denominator.value) == ("per_point", "calendar_days")
    assert (DEFAULTS.repair_starts.value, DEFAULTS.penalty_base.value) == ("detection", "monthly_fee")
