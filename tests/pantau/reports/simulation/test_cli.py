"""`pantau report simulate` as its users meet it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lab.samples.journal import Place, change, down, up
from pantau.cli.main import app
from pantau.errors import JournalError, ReportError
from pantau.states import State
from tests.exporter.app.conftest import city  # noqa: F401 - the fixture

DAY = 86_400
ASK = ("report", "simulate", "--month", "2024-04", "--methods", "R1,r2,R3,R2")


def pantau(*arguments: str) -> Result:
    """Run a command in this process; an exception of ours stays one."""
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False)


@pytest.fixture
def config(city: Path) -> Path:  # noqa: F811 - the fixture
    """h1 was down for three of April's thirty days; nothing is known of the others."""
    with Place("sqlite:///data/journal.sqlite", city.parent).store() as store:
        store.append([change("h1", -DAY, State.UNKNOWN, State.UP), down("h1", 2 * DAY), up("h1", 5 * DAY)])
        store.append([], alive_ns=(1_711_900_800 + 31 * DAY) * 10**9)
    return city


def test_points_without_a_contract_are_reckoned_with_fee_and_sla(config: Path, tmp_path: Path) -> None:
    """R1: 8 % of Rp500,000; R2 and R3: a tenth. What nobody saw is held."""
    fee = ("--fee", "500000", "--sla", "0.98", "--config", str(config))
    shown = pantau(*ASK, *fee)
    assert shown.exit_code == 0
    (row,) = (line.split() for line in shown.stdout.splitlines() if "tanpa-kontrak.maesa.telkom" in line)
    assert row == [
        "tanpa-kontrak.maesa.telkom",
        "3",
        "90,0000",
        "%",
        "0/3",
        "Rp1.500.000",
        "Rp1.000.000",
        "Rp40.000",
        "Rp50.000",
        "Rp50.000",
    ]
    assert "Untuk 5 titik tanpa kontrak diandaikan Rp500.000 sebulan dan SLA 98,0000 %." in shown.stdout
    file = tmp_path / "out" / "simulasi.json"
    assert pantau(*ASK, *fee, "--format", "json", "--output", str(file)).stdout == f"{file}\n"
    read = json.loads(file.read_text(encoding="utf-8"))
    assert read["methods"] == ["R1", "R2", "R3"]
    assert read["total"]["costs"][0]["restitution"] == 40_000
    lines = pantau(*ASK, *fee, "--format", "csv").stdout.splitlines()
    assert len(lines) == 1 + 3 * 3


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "no contract holds in 2024-04; give --fee and --sla"),
        (("--fee", "5"), "a fee alone tells of no method; give --sla too"),
        (("--fee", "5", "--sla", "98"), "--sla '98' is not above 0 and at most 1; for 98 % write 0.98"),
        (("--fee", "5", "--sla", "98%"), "is no ratio; for 98 % write 0.98"),
        (("--fee", "5", "--sla", "1/2"), "is no ratio"),
        (("--fee", "5", "--sla", "1e-9"), "is no ratio"),
        (("--fee", "5", "--sla", "nan"), "is no ratio"),
        (("--methods", "R1,R9"), "'R1,R9' names no methods; write some of R1,R1b,R2,R3,R4,R5"),
        (("--methods", ","), "names no methods"),
        (("--steps", "0.98"), "is no table; write BELOW:DEDUCT"),
        (("--format", "xlsx"), "'xlsx' is not one of table, json, csv"),
        (("--lang", "fr"), "'fr' is not one of id, en"),
        (("--contract", "x"), "'x' is not a known contract"),
        (("--fee", "5", "--sla", "1", "--format", "csv", "--output", "/dev/null/x"), "cannot be written"),
    ],
)
def test_what_cannot_be_is_refused(config: Path, arguments: tuple[str, ...], sentence: str) -> None:
    """Invalid input is refused with a message that says what to do; nothing is written."""
    with pytest.raises(ReportError) as caught:
        pantau(*ASK, *arguments, "--config", str(config))
    assert sentence in str(caught.value)


def test_without_a_journal_that_is_said(city: Path) -> None:  # noqa: F811 - the fixture
    """A missing journal is an error with its cure."""
    with pytest.raises(JournalError, match="there is no journal at"):
        pantau(*ASK, "--config", str(city))
