"""What each method would have cost: by hand, over contracts, over points without one, and over both."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest

from lab.samples.accounting import WITA, at
from lab.samples.evidence import BIZNET, CITY, TELKOM, Recorded, dark
from pantau.reports.accounting import Method, Month, Stretch
from pantau.reports.simulation import Baseline, Simulation, SimulationRow, simulate
from pantau.reports.simulation.presentation import as_csv, as_json, notes, table
from pantau.reports.statement import make_statement, survey

MINUTE = 60
ALL = list(Method)
LONG = (at("04-10"), at("04-10") + 2160 * MINUTE)
EXACTLY = (at("04-10"), at("04-10") + 864 * MINUTE)
"""98 % of April is met by this, and by no second more."""
BASELINE = Baseline(500_000, Fraction(98, 100))


def april(baseline: Baseline = Baseline(), only: tuple[str, ...] = (), **down: list[Stretch]) -> Simulation:  # noqa: B008
    """The month of the small city."""
    evidence = Recorded({name.replace("_", "-"): found for name, found in down.items()})
    return simulate(survey(CITY, evidence, Month(2024, 4), WITA), ALL, baseline, only)


def restitutions(row: SimulationRow) -> dict[str, int | None]:
    """By method."""
    return {cost.method: cost.restitution for cost in row.costs}


def test_each_method_is_reckoned_as_a_statement_would() -> None:
    """P-1, whose line is a whole month of Rp500,000, was down 2160 minutes under an SLA of 98 %."""
    (telkom,) = april(only=(TELKOM,), P_1=dark(LONG)).rows
    assert restitutions(telkom) == {
        "R1": 15_000,
        "R1b": 15_306,
        "R2": 25_000,
        "R3": 25_000,
        "R4": 25_510,
        "R5": None,
    }
    month = survey(CITY, Recorded({"P-1": dark(LONG)}), Month(2024, 4), WITA)
    statement = make_statement(TELKOM, month)
    r3 = next(cost for cost in telkom.costs if cost.method == "R3")
    assert (telkom.gross, r3.restitution, r3.payable) == (
        statement.payment.gross,
        statement.payment.restitution,
        statement.payment.payable,
    )
    assert (telkom.points, telkom.met, telkom.missed, telkom.own_method) == (3, 2, 1, "R3")


def test_what_is_deducted_though_the_sla_was_met_is_told() -> None:
    """864 minutes are 98 % exactly: R2 and R4 take Rp10,000 and Rp10,204, R3 nothing."""
    simulated = april(only=(TELKOM,), P_1=dark(EXACTLY))
    told = {cost.method: (cost.though_met, cost.lines_though_met) for cost in simulated.rows[0].costs}
    assert told == {
        "R1": (0, 0),
        "R1b": (0, 0),
        "R2": (10_000, 1),
        "R3": (0, 0),
        "R4": (10_204, 1),
        "R5": (None, 0),
    }
    said = list(notes(simulated, "id"))
    assert "R2 memotong Rp10.000 dari 1 baris padahal SLA-nya terpenuhi." in said
    assert "R4 memotong Rp10.204 dari 1 baris padahal SLA-nya terpenuhi." in said


def test_steps_of_the_baseline_serve_a_contract_that_has_none() -> None:
    """Below 98 % a tenth, below 90 % a quarter: availability was 95 %."""
    steps = ((Fraction(98, 100), Fraction(1, 10)), (Fraction(9, 10), Fraction(1, 4)))
    (telkom,) = april(Baseline(steps=steps), (TELKOM,), P_1=dark(LONG)).rows
    assert restitutions(telkom)["R5"] == 50_000


def test_before_there_are_contracts_the_baseline_is_taken_for_all() -> None:
    """In March all five points are computed with the baseline; R1 pays Rp10,000 for a dead one."""
    evidence = Recorded({"P-1": dark((at("02-20"), at("05-01")))})
    simulated = simulate(survey(CITY, evidence, Month(2024, 3), WITA), ALL, BASELINE)
    assert [(row.contract, row.points, row.supposed) for row in simulated.rows] == [
        ("tanpa-kontrak.maesa.telkom", 3, True),
        ("tanpa-kontrak.maesa.biznet", 2, True),
    ]
    assert restitutions(simulated.rows[0]) == {
        "R1": 490_000,
        "R1b": 500_000,
        "R2": 500_000,
        "R3": 500_000,
        "R4": 500_000,
        "R5": None,
    }
    assert (simulated.total.points, simulated.total.gross) == (5, 2_500_000)
    assert restitutions(simulated.total)["R1"] == 490_000


def test_days_without_a_contract_are_the_baseline_s_and_no_day_is_paid_twice() -> None:
    """P-3's assignments are cut so that nobody pays for it from the 10th to the 16th."""
    cut = tuple(
        one.model_copy(update={"end": one.start.replace(day=10)})
        if one.hotspot == "P-3" and one.contract == TELKOM
        else one
        for one in CITY.assignments
    )
    city = replace(CITY, assignments=cut)
    simulated = simulate(survey(city, Recorded(), Month(2024, 4), WITA), [Method.R3], BASELINE)
    assert [row.contract for row in simulated.rows] == [TELKOM, BIZNET, "tanpa-kontrak.maesa.telkom"]
    assert simulated.rows[2].gross == 100_000  # six of thirty days
    assert simulated.total.gross == sum(row.gross or 0 for row in simulated.rows)


def test_without_a_fee_points_without_a_contract_are_left_out() -> None:
    """In March there is nothing at all then."""
    simulated = simulate(survey(CITY, Recorded(), Month(2024, 3), WITA), ALL)
    assert (simulated.rows, simulated.total.gross, simulated.total.availability) == ((), None, None)
    assert list(notes(simulated, "en"))[-1] == (
        "Points without a contract are left out; give --fee and --sla to have them in."
    )


def test_a_contract_without_sla_has_no_rupiah_until_one_is_given() -> None:
    """Then its own figures are reckoned with the baseline's."""
    silent = tuple(one.model_copy(update={"sla_ratio": None}) if one.id == TELKOM else one for one in CITY.contracts)
    month = survey(replace(CITY, contracts=silent), Recorded({"P-1": dark(LONG)}), Month(2024, 4), WITA)
    without = simulate(month, [Method.R2], only=(TELKOM,))
    assert (without.rows[0].gross, restitutions(without.rows[0])) == (None, {"R2": None})
    assert "Without SLA, and so without amounts: maesa-telkom. Give --sla." in list(notes(without, "en"))
    given = simulate(month, [Method.R2], Baseline(objective=Fraction(98, 100)), (TELKOM,))
    assert restitutions(given.rows[0]) == {"R2": 25_000}


def test_what_was_not_seen_is_held_whatever_the_method() -> None:
    """The fee of a point without data is held under every method."""
    simulated = april(only=(TELKOM,), P_1=dark(unseen=[(at("03-01"), at("05-31"))]))
    (telkom,) = simulated.rows
    assert (telkom.held, telkom.inconclusive, restitutions(telkom)["R2"]) == (500_000, 1, 0)
    assert any("biayanya ditahan" in note for note in notes(simulated, "id"))


def test_an_unknown_contract_is_refused() -> None:
    """Before anything is computed."""
    with pytest.raises(ValueError, match="'nobody' is not a known contract"):
        april(only=("nobody",))


def test_it_is_written_as_csv_and_json_with_the_same_figures() -> None:
    """A line for each contract and method, and the sums without a contract."""
    simulated = april(P_1=dark(LONG))
    read = json.loads(as_json(simulated))
    assert read["total"]["gross"] == simulated.total.gross
    assert read["rows"][0]["costs"][0] == {
        "method": "R1",
        "restitution": 15_000,
        "payable": read["rows"][0]["gross"] - 15_000,
        "though_met": 0,
        "lines_though_met": 0,
    }
    lines = as_csv(simulated).splitlines()
    assert len(lines) == 1 + 3 * len(ALL)
    assert lines[1].startswith("2024-04,maesa-telkom,maesa,telkom,0,3,3,2,1,0,")
    assert [line.split(",")[1] for line in lines[-6:]] == [""] * 6


@pytest.mark.parametrize(("language", "word"), [("id", "Ketersediaan"), ("en", "Availability")])
def test_the_table_speaks_both_languages(language: str, word: str) -> None:
    """With a column for each method."""
    made = table(april(), language)
    assert word in [column.header for column in made.columns]
    assert [column.header for column in made.columns][-6:] == ["R1", "R1b", "R2", "R3", "R4", "R5"]
