"""`pantau report` as its users meet it: words, files and exit statuses."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pantau.cli.main import app
from pantau.errors import ReportError, WitnessError
from tests.exporter.app.running import ROOT
from tests.pantau.reports.publishing.test_edition_store import content_of
from tests.pantau.reports.publishing.town import MADE_AT, Town, found
from tests.patience import PATIENCE_SECONDS

DATA_ONLY = ("--format", "json")


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A town whose reports are made two days after April."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(MADE_AT))
    return found(tmp_path)


def pantau(town: Town, *words: str) -> Result:
    """Run the command in this process; an exception of ours stays one."""
    where = ["--config", str(town.config), "--output", str(town.output), "--jobs", "1"]
    return CliRunner().invoke(
        app, ["report", "--month", "2024-04", *where, *words], catch_exceptions=False, env={"COLUMNS": "200"}
    )


def test_a_draft_of_the_city_ends_with_a_table(town: Town) -> None:
    """Each contract with its points, availability, what is payable, and where its files are."""
    result = pantau(town, "--city", *DATA_ONLY)
    assert result.exit_code == 0, result.output
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert lines[0] == "Kontrak Titik Ketersediaan Dapat dibayar Status Berkas"
    assert lines[1].startswith("maesa-telkom 2 95.0000 % Rp950.000 DRAF 1 ")
    assert lines[3].startswith("girian-telkom 1 100.0000 % — DRAF 1 ")
    assert any(line.startswith("Rekap: ") for line in lines)
    edition = json.loads((town.contract("maesa-telkom") / "draft/edition.json").read_bytes())
    assert edition["made_at"] == MADE_AT
    assert edition["software"].startswith("pantau ")


def test_the_table_speaks_english_too(town: Town) -> None:
    """--lang en translates heads and status."""
    result = pantau(town, "--contract", "girian-telkom", "--lang", "en", *DATA_ONLY)
    assert " ".join(result.stdout.splitlines()[0].split()) == "Contract Points Availability Payable Status Files"
    assert "DRAFT 1" in result.stdout


def test_a_final_without_a_second_witness_is_refused_with_status_1(town: Town) -> None:
    """In the table; with a reason it is made, and the reason stands in it."""
    refused = pantau(town, "--contract", "maesa-telkom", "--final")
    assert refused.exit_code == 1
    assert "DITOLAK: not final: no second witness; give --prometheus URL" in " ".join(refused.stdout.split())
    assert not (town.contract("maesa-telkom") / "final-1").exists()


def test_paper_workbook_and_data_in_one_final(town: Town) -> None:
    """A FINAL has PDF, workbook, data and annexes; repeating it gives the same version."""
    words = ("--contract", "maesa-telkom", "--final", "--without-second-witness", "belum ada Prometheus")
    refused = pantau(town, *words)
    assert (refused.exit_code, "a document and two people" in " ".join(refused.stdout.split())) == (1, True)
    town.open_office()
    town.allow_one_witness("belum ada Prometheus")
    made = pantau(town, *words)
    assert made.exit_code == 0, made.output
    files = content_of(town.contract("maesa-telkom") / "final-1")
    assert files["id/laporan-maesa-telkom-2024-04.pdf"].startswith(b"%PDF")
    assert files["id/laporan-maesa-telkom-2024-04.xlsx"].startswith(b"PK")
    assert json.loads(files["edition.json"])["without_second_witness"] == "belum ada Prometheus"
    again = pantau(town, *words)
    assert again.exit_code == 0
    assert "already final, version 1" in " ".join(again.stdout.split())
    assert content_of(town.contract("maesa-telkom") / "final-1") == files


def test_a_second_witness_that_cannot_be_asked_stops_the_run(town: Town) -> None:
    """An unreachable Prometheus is an error, and no file is written."""
    with pytest.raises(WitnessError):
        pantau(town, "--contract", "maesa-telkom", "--prometheus", "http://127.0.0.1:9")
    assert not town.output.exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "say what to report: one of --contract, --kecamatan, --isp, --city"),
        (["--city", "--isp", "telkom"], "say what to report: one of"),
        (["--city", "--lang", "fr"], "'fr' is no language; choose one of id, en"),
        (["--city", "--format", "docx"], "'docx' is no list of formats; choose some of pdf,xlsx,json,csv"),
        (["--city", "--format", ""], "'' is no list of formats"),
        (["--city", "--month", "April"], "'April' is not a month; write year-month, as in 2024-04"),
        (["--city", "--month", ""], "say which month: --month YYYY-MM"),
        (["--contract", "x"], "'x' is no contract of the inventory"),
    ],
)
def test_what_is_asked_wrongly_is_told_in_one_sentence(town: Town, words: list[str], told: str) -> None:
    """Invalid options are refused with what to give instead, and no file is written."""
    with pytest.raises(ReportError, match=told):
        pantau(town, *words)
    assert not town.output.exists()


def test_a_fixed_moment_must_be_one(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """An invalid SOURCE_DATE_EPOCH is refused."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(ReportError, match="SOURCE_DATE_EPOCH is 'yesterday'; it takes seconds since 1970"):
        pantau(town, "--city")


def test_the_same_moment_gives_the_same_files(town: Town) -> None:
    """With SOURCE_DATE_EPOCH set, all files are the same bytes again."""
    words = ("--contract", "maesa-telkom", "--format", "xlsx,json,csv")
    pantau(town, *words)
    first = content_of(town.contract("maesa-telkom") / "draft")
    pantau(town, *words)
    assert content_of(town.contract("maesa-telkom") / "draft") == first


def test_an_error_is_one_line_and_status_2(town: Town) -> None:
    """An error is printed on one line without a traceback."""
    command = [sys.executable, "-m", "pantau", "report", "--month", "2024-04", "--contract", "x"]
    result = subprocess.run(
        [*command, "--config", str(town.config)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert result.returncode == 2
    assert result.stderr.startswith("pantau: 'x' is no contract of the inventory, which has: maesa-telkom")
    assert len(result.stderr.splitlines()) == 1


def test_help_teaches(town: Town) -> None:
    """The help explains draft and final, with an example of each."""
    words = " ".join(CliRunner().invoke(app, ["report", "--help"], env={"COLUMNS": "200"}).output.split())
    parts = ("which the next draft replaces", "never changed", "pantau report --month 2024-04 --contract", "--final")
    for part in parts:
        assert part in words


def test_who_only_probes_loads_nothing_of_this() -> None:
    """Importing the command line loads neither the reports nor the journal and their libraries."""
    seen = "import sys, pantau.cli.main; print([n for n in sys.argv[1:] if n in sys.modules])"
    libraries = [
        "sqlalchemy",
        "alembic",
        "weasyprint",
        "jinja2",
        "xlsxwriter",
        "pantau.cli.report",
        "pantau.cli.journal",
        "pantau.cli.outage",
    ]
    result = subprocess.run(
        [sys.executable, "-c", seen, *libraries], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
