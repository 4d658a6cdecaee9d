"""The worked examples give the lines' own rupiah, whatever the contract says."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from lab.samples.accounting import APRIL, WITA, span
from lab.samples.evidence import BIZNET, CITY, TELKOM, Recorded, dark
from pantau.inventory import Contract
from pantau.reports.pdf.formulae import example
from pantau.reports.statement import Statement, make_statement, survey
from pantau.reports.words import translation
from pantau.texts import Formats
from tests.pantau.reports.statement.test_statement import OUTAGES

FORMATS = Formats("en", ZoneInfo("Asia/Makassar"))
SAY = translation("en").gettext
STEPS = [{"below_ratio": 0.98, "deduct_ratio": 0.1}, {"below_ratio": 0.9, "deduct_ratio": 0.25}]


def under(evidence: Recorded = OUTAGES, contract: str = TELKOM, **written: object) -> Statement:
    """The small city's statement under other terms."""
    contracts = tuple(
        Contract.model_validate({**one.model_dump(exclude_none=True), **written}) if one.id == contract else one
        for one in CITY.contracts
    )
    return make_statement(contract, survey(replace(CITY, contracts=contracts), evidence, APRIL, WITA))


def test_the_example_is_worked_step_by_step() -> None:
    """Point 1: 24 h of 29 observed days down, R3 at 98 %."""
    found = example(under(), SAY, FORMATS)
    assert found is not None
    assert found.row.point == "P-1"
    assert [(step.numbers, step.result) for step in found.steps] == [
        ("0 + 86,400 + 2,419,200 + 0 + 0 + 86,400", "2,592,000 seconds"),
        ("2,592,000 − 0 − 86,400 − 0", "2,505,600 seconds"),
        ("1 − 86,400 ÷ 2,505,600", "96.5517 %"),
        ("2,505,600 ÷ 2,592,000", "96.6667 %"),
        ("Rp500,000 × 2,592,000 ÷ 2,592,000", "Rp500,000"),
        ("A < SLA (96.5517 %; 98.0000 %): Rp500,000 × 86,400 ÷ 2,592,000", "Rp16,667"),
    ]
    assert found.agrees


@settings(max_examples=40, deadline=None)
@given(
    method=st.sampled_from(["R1", "R1b", "R2", "R3", "R4", "R5"]),
    objective=st.sampled_from([0.9, 0.95, 0.98, 0.995, 1]),
    denominator=st.sampled_from(["calendar_days", "contract_days"]),
    level=st.sampled_from(["per_point", "aggregate"]),
    cap=st.sampled_from([1, 0.02]),
    hours=st.sampled_from(["24x7", "06:00-22:00", "20:00-04:00"]),
    contract=st.sampled_from([TELKOM, BIZNET]),
)
def test_the_example_gives_the_line_s_own_amounts(
    method: str, objective: float, denominator: str, level: str, cap: float, hours: str, contract: str
) -> None:
    """Recomputed from the seconds on the line, for every method, cap, denominator and service hours."""
    made = under(
        contract=contract,
        method=method,
        steps=STEPS,
        sla_ratio=objective,
        denominator=denominator,
        level=level,
        deduction_cap_ratio=cap,
        service_hours=hours,
    )
    found = example(made, SAY, FORMATS)
    assert found is not None
    assert found.agrees
    assert found.steps[-1].result == FORMATS.rupiah(found.row.restitution)


def test_an_example_that_is_not_the_line_s_own_is_noticed() -> None:
    """An example that does not give the line's amounts is marked."""
    made = under()
    wrong = replace(made, points=tuple(replace(row, restitution=16_668) for row in made.points))
    found = example(wrong, SAY, FORMATS)
    assert found is not None
    assert not found.agrees


def test_a_silent_contract_has_an_example_of_times_only() -> None:
    """Without a method the example has no rupiah."""
    silent = CITY.contracts[0].model_copy(update={"method": None})
    city = replace(CITY, contracts=(silent, CITY.contracts[1]))
    found = example(make_statement(TELKOM, survey(city, OUTAGES, APRIL, WITA)), SAY, FORMATS)
    assert found is not None
    assert [step.what for step in found.steps] == [
        "Time under contract",
        "Time that is assessed",
        "Availability (A)",
        "Coverage",
    ]


def test_a_held_line_shows_its_fee_and_no_deduction() -> None:
    """An inconclusive line has its fee and no deduction in the example."""
    blind = dark(unseen=[span("04-01", "04-21")])
    found = example(under(Recorded({"P-1": blind, "P-2": blind, "P-3": blind})), SAY, FORMATS)
    assert found is not None
    assert found.row.held
    assert found.steps[-1].what == "Fee of the line"


def test_where_nothing_could_be_assessed_there_is_no_example() -> None:
    """Without an assessed line there is no example."""
    blind = dark(unseen=[APRIL.span(WITA)])
    assert example(under(Recorded({"P-1": blind, "P-2": blind, "P-3": blind})), SAY, FORMATS) is None


def test_a_capped_deduction_says_so() -> None:
    """The example names the cap where the formula alone would give more."""
    found = example(under(deduction_cap_ratio=0.02), SAY, FORMATS)
    assert found is not None
    assert found.steps[-1].numbers.endswith("; at most 2 % of Rp500,000")
    assert found.steps[-1].result == "Rp10,000"


@settings(max_examples=20, deadline=None)
@given(method=st.sampled_from(["R1", "R1b", "R2", "R3", "R4", "R5"]), level=st.sampled_from(["per_point", "aggregate"]))
def test_what_is_held_until_it_is_decided_is_worked_too(method: str, level: str) -> None:
    """An outage over the month's end: the deduction, and what of it waits, are the line's own."""
    over = Recorded({"P-1": dark(span("04-10", "04-11"), span("04-28", "05-02"))})
    found = example(under(over, method=method, level=level, sla_ratio=0.98, steps=STEPS), SAY, FORMATS)
    assert found is not None
    assert found.agrees
    assert found.row.point == "P-1"
    assert found.row.held
    assert found.steps[-1].what == "Of it held until it is decided"
    assert found.steps[-1].result == FORMATS.rupiah(found.row.held)
