"""Contracts, assignments and papers as values, and what is usable and yet asks a question."""

import shutil
from datetime import date, datetime, time
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pantau.inventory import OFFICE_NAMES, Assignment, Contract, ContractTerms, Exclusion, load
from pantau.inventory.assignment_rules import months_between

GOOD = Path(__file__).parent / "good"
CONTRACT = {"id": "k", "kecamatan": "girian", "isp": "telkom", "start": "2024-04-05", "end": "2025-01-01"}
days = st.dates(date(2020, 1, 1), date(2040, 12, 31))


def test_what_a_contract_leaves_open_stays_open() -> None:
    """No default is taken for the contract's word: each term is absent until it is written."""
    contract = Contract.model_validate(CONTRACT)
    assert {name: getattr(contract, name) for name in ContractTerms.model_fields} == dict.fromkeys(
        ContractTerms.model_fields
    )


def test_a_whole_contract() -> None:
    """Each term as people write it, as the value that is reckoned with."""
    contract = Contract.model_validate(
        CONTRACT
        | {
            "value": "2022000000",
            "method": "R5",
            "threshold": "5m",
            "repair_limit": "24h",
            "service_hours": "06:00-22:00",
            "penalty_permille": "1",
            "admitted_causes": ["kahar", "listrik_pln"],
            "steps": [{"below_ratio": "0.98", "deduct_ratio": "0.05"}],
            "instability": {"per_day": "5", "monthly": "1h", "charged": "true"},
            "addenda": [{"number": "AD-1", "start": "2024-06-01", "sla_ratio": "0.99"}],
        }
    )
    assert (contract.value, contract.threshold, contract.repair_limit) == (2_022_000_000, 300, 86_400)
    assert contract.service_hours == (time(6), time(22))
    assert contract.addenda[0].sla_ratio == 0.99
    assert contract.addenda[0].method is None
    assert contract.instability is not None
    assert (contract.instability.per_day, contract.instability.charged) == (5, True)


@pytest.mark.parametrize("text", ["0s", "0m", "0h", "0ms", "0h0m0s", "0.0s"])
def test_a_limit_may_leave_no_time(text: str) -> None:
    """Letter O: a threshold of 0s was refused; it says that every outage is charged, and so for the other limits."""
    limits = {"threshold": text, "maintenance_notice": text, "maintenance_allowance": text}
    contract = Contract.model_validate(CONTRACT | limits | {"instability": {"monthly": text}})
    assert (contract.threshold, contract.maintenance_notice, contract.maintenance_allowance) == (0, 0, 0)
    assert contract.instability is not None
    assert contract.instability.monthly == 0


@pytest.mark.parametrize("text", ["0", "-1s", "", "s", "0 s"])
def test_no_time_is_written_with_its_unit(text: str) -> None:
    """What is no duration stays none."""
    with pytest.raises(ValueError, match="threshold"):
        Contract.model_validate(CONTRACT | {"threshold": text})


def test_a_repair_limit_of_nothing_is_refused() -> None:
    """No repair takes no time."""
    with pytest.raises(ValueError, match="out of range"):
        Contract.model_validate(CONTRACT | {"repair_limit": "0s"})


def test_times_of_papers_are_local() -> None:
    """Date and time as they stand on the paper; which zone that is, the settings say."""
    paper = Exclusion.model_validate(
        {
            "id": "x",
            "scope": "isp",
            "target": "telkom",
            "start": "2024-04-12 03:15",
            "end": "2024-04-12T04:00:30",
            "cause": "kahar",
            "proposed_by": "Telkom",
        }
    )
    assert (paper.start, paper.end) == (datetime(2024, 4, 12, 3, 15), datetime(2024, 4, 12, 4, 0, 30))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2024-04-01", "2024-05-01", Fraction(1)),
        ("2024-04-05", "2024-05-01", Fraction(26, 30)),
        ("2024-04-15", "2024-04-20", Fraction(5, 30)),
        ("2024-04-05", "2029-01-01", Fraction(26, 30) + 56),
        ("2024-02-01", "2024-02-01", Fraction(0)),
    ],
)
def test_months_of_a_fee(start: str, end: str, months: Fraction) -> None:
    """Parts of a month by its calendar days."""
    assert months_between(date.fromisoformat(start), date.fromisoformat(end)) == months


@settings(deadline=None)  # a busy machine is no mistake
@given(days, days, days)
def test_months_add_up_wherever_they_are_cut(one: date, other: date, third: date) -> None:
    """A contract that is cut in two costs what it cost whole."""
    start, middle, end = sorted((one, other, third))
    assert months_between(start, middle) + months_between(middle, end) == months_between(start, end)


def test_each_office_name_names_a_field() -> None:
    """None is without one."""
    fields = {*Contract.model_fields, *Assignment.model_fields}
    assert set(OFFICE_NAMES.values()) <= fields


def _warnings(folder: Path, contracts: str, assignments: str) -> list[str]:
    shutil.copytree(GOOD, folder, dirs_exist_ok=True)
    settings = (folder / "pantau.yml").read_text(encoding="utf-8")
    (folder / "pantau.yml").write_text(settings.replace("hotspots.csv", "hotspots.csv, assignments.csv"))
    (folder / "contracts.yml").write_text(contracts)
    (folder / "assignments.csv").write_text(assignments)
    return [f"{warning.field}: {warning.message}" for warning in load(folder / "pantau.yml").warnings]


def test_warns_of_what_leaves_a_report_without_rupiah_or_points(tmp_path: Path) -> None:
    """A method that is missing, an annex that counts otherwise, a hotspot that no assignment names."""
    contracts = """contracts:
  - {id: madidir-telkom, kecamatan: madidir, isp: telkom, start: 2024-04-05, end: 2025-01-01,
     sla_ratio: 0.98, points: 2}
  - {id: girian-infotek, kecamatan: girian, isp: infotek, start: 2024-04-05, end: 2025-01-01}
"""
    rows = "hotspot,contract,start,monthly_fee\nBTG-1,madidir-telkom,2024-04-05,500000\n"
    assert sorted(_warnings(tmp_path, contracts, rows)) == [
        "contract: no assignment puts it under 'girian-infotek', so no report counts it; "
        "add a line to assignments, or is the contract another?",
        "contracts.0.method: is not given; the report shows availability, and no amounts; add it if agreed",
        "contracts.0.points: the contract's annex lists 2 points, the assignments 1; is one of them not up to date?",
    ]


def test_a_point_may_move_from_one_contract_to_the_next(tmp_path: Path) -> None:
    """Half-open days: where the one ends the other begins, in the same kecamatan, with another ISP."""
    contracts = """contracts:
  - {id: madidir-telkom, kecamatan: madidir, isp: telkom, start: 2024-04-05, end: 2025-01-01,
     sla_ratio: 0.98, method: R3}
  - {id: madidir-infotek, kecamatan: madidir, isp: infotek, start: 2024-04-05, end: 2025-01-01,
     sla_ratio: 0.98, method: R3}
  - {id: girian-infotek, kecamatan: girian, isp: infotek, start: 2024-04-05, end: 2025-01-01}
"""
    rows = (
        "hotspot,contract,start,end,monthly_fee\n"
        "BTG-1,madidir-infotek,2024-04-05,2024-05-15,500000\n"
        "BTG-1,madidir-telkom,2024-05-15,,500000\n"
    )
    assert [warning for warning in _warnings(tmp_path, contracts, rows) if "girian" not in warning] == []
