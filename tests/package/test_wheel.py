"""From a wheel in an empty folder: every command works, or says in one line which extra or which file is missing."""

import contextlib
import filecmp
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.package.installing import (
    PYTHONS,
    Place,
    built_wheel,
    clean_environment,
    files_in,
    install,
    require_python,
)
from tests.rules.checking import ROOT
from tests.sources import EXAMPLE

pytestmark = [pytest.mark.package, pytest.mark.alone, pytest.mark.timeout(900)]

HERE = ".".join(map(str, sys.version_info[:2]))
NO_SETTINGS = "config/pantau.yml: does not exist; correct its name, or create it\n1 problem.\n"
ALL = ("dashboards", "postgresql", "reports")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree."""
    return built_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module", params=PYTHONS)
def bare(request: pytest.FixtureRequest, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Without any extra, on each Python."""
    return install(require_python(request.param), wheel, (), tmp_path_factory.mktemp("bare"))


@pytest.fixture(scope="module", params=[(HERE, (extra,)) for extra in ALL] + [(p, ALL) for p in PYTHONS if p != HERE])
def extended(request: pytest.FixtureRequest, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """With each extra alone on the Python of the tests, with all of them on the others."""
    version, extras = request.param
    place = install(require_python(version), wheel, extras, tmp_path_factory.mktemp("extended"))
    (place.folder / "extras").write_text(" ".join(extras))
    return place


def give_settings(place: Place) -> None:
    """Lay the example city into the folder as its `config/`: what an operator has, and no code."""
    shutil.copytree(EXAMPLE.parent, place.folder / "config", dirs_exist_ok=True)


def needs(place: Place, extra: str) -> None:
    """Skip where the environment was made to lack `extra`; the folder is without settings again."""
    shutil.rmtree(place.folder / "config", ignore_errors=True)
    if extra not in (place.folder / "extras").read_text().split():
        pytest.skip(f"this environment is without {extra}")


@contextlib.contextmanager
def simulated(place: Place, *arguments: str) -> Iterator[str]:
    """`pantau run --simulate calm` until all its hotspots are up; yields its metrics."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--simulate", "calm", "--web.listen-address", f"127.0.0.1:{port}", *arguments]
    command: list[str | Path] = [place.programs / "pantau", "run", *options]
    with (place.folder / "run.log").open("w") as log:
        process = subprocess.Popen(command, cwd=place.folder, env=clean_environment(), stderr=log)
        try:
            yield _metrics_of(port, process, place.folder / "run.log")
        finally:
            process.terminate()
            assert process.wait(20) == 0


def _metrics_of(port: int, process: "subprocess.Popen[bytes]", log: Path) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()[-3000:]
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
                text: str = answer.read().decode()
            if text.count("\nhotspot_up{") == 1000:
                return text
        time.sleep(0.5)
    raise AssertionError("no 1000 verdicts within 60 s")


def test_the_wheel_holds_every_file_of_its_packages(wheel: Path) -> None:
    """Catalogues, templates, styles, scenarios, the example; and nothing of config/, tests/ or lab/."""
    packaged = [
        path.relative_to(ROOT)
        for folder in ("pantau", "exporter", "dashboards")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    held = files_in(wheel)
    assert {str(path) for path in packaged} == {name for name in held if ".dist-info/" not in name}
    assert "exporter/metrics/catalogue.yml" in held


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("run",),
        ("up",),
        ("alertmanager", "build"),
        ("alertmanager", "check"),
        ("journal", "verify"),
        ("outage", "list"),
        ("report", "simulate", "--month", "2024-04"),
        ("report", "witness", "--month", "2024-04", "--prometheus", "http://127.0.0.1:1"),
    ],
    ids=" ".join,
)
def test_without_settings_the_missing_file_is_named(bare: Place, arguments: tuple[str, ...]) -> None:
    """One sentence, status 1."""
    done = bare.pantau(*arguments)
    assert (done.returncode, done.stderr) == (1, NO_SETTINGS)


@pytest.mark.parametrize(
    ("arguments", "module", "extra"),
    [
        (("dashboards", "build"), "grafanalib", "dashboards"),
        (("dashboards", "check"), "grafanalib", "dashboards"),
        (("alerts", "explain", "telkom"), "promql_parser", "dashboards"),
        (("report", "--month", "2024-04", "--city"), "xlsxwriter", "reports"),
        (("report", "desk", "--month", "2024-04", "--city"), "xlsxwriter", "reports"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_without_its_extra_a_command_names_it(bare: Place, arguments: tuple[str, ...], module: str, extra: str) -> None:
    """One line with the command that mends it, status 2, no traceback."""
    done = bare.pantau(*arguments)
    assert done.returncode == 2
    assert done.stderr.endswith(f'is not installed; it comes with: pip install "pantau[{extra}]"\n')
    assert done.stderr.count("\n") == 1


def test_help_and_version_are_there(bare: Place) -> None:
    """Also for groups whose extra is missing."""
    assert bare.pantau("--version").stdout == "0.1.0\n"
    assert "Grafana dashboards, generated from code." in bare.pantau("--help").stdout


def test_a_simulated_city_runs_in_an_empty_folder(bare: Place) -> None:
    """The packaged example: 1000 hotspots; nothing is left in the folder but our own log."""
    with simulated(bare) as metrics:
        assert 'vantage="' not in metrics
    assert [path.name for path in bare.folder.iterdir() if path.name != "config"] == ["run.log"]


def test_with_settings_the_exporters_commands_work(bare: Place) -> None:
    """`check`, `alertmanager build` (the committed bytes) and `check`; a journal that is not there is named."""
    give_settings(bare)
    assert bare.pantau("check").stdout.startswith("config/pantau.yml: good. 1000 active hotspots of 1000, 8 kecamatan")
    (bare.folder / "config/alertmanager.yml").unlink()
    assert bare.pantau("alertmanager", "build").stdout == "config/alertmanager.yml\n"
    assert filecmp.cmp(bare.folder / "config/alertmanager.yml", EXAMPLE.parent / "alertmanager.yml", shallow=False)
    assert bare.pantau("alertmanager", "check").stdout == "good\n"
    done = bare.pantau("journal", "verify")
    assert done.returncode == 2
    assert done.stderr.startswith("pantau: there is no journal at config/data/journal.sqlite")
    shutil.rmtree(bare.folder / "config")


def test_the_journal_is_written_and_proved(bare: Place) -> None:
    """SQLite needs no extra; the journal's migrations are in the wheel."""
    give_settings(bare)
    with simulated(bare, "--journal", "sqlite:///data/simulated.sqlite"):
        pass
    done = bare.pantau("journal", "verify", "--journal", "sqlite:///data/simulated.sqlite")
    assert done.returncode == 0, done.stderr
    assert "entries, none changed" in done.stdout
    assert bare.pantau("outage", "list", "--journal", "sqlite:///data/simulated.sqlite").returncode == 0
    shutil.rmtree(bare.folder / "config")


def test_dashboards_are_built_and_checked(extended: Place) -> None:
    """The committed bytes, in the folder beside the settings."""
    needs(extended, "dashboards")
    assert extended.pantau("dashboards", "check").stderr == NO_SETTINGS
    give_settings(extended)
    folder = extended.folder / "config/grafana/dashboards"
    names = sorted(path.name for path in folder.iterdir())
    shutil.rmtree(folder)
    assert len(extended.pantau("dashboards", "build").stdout.splitlines()) == len(names)
    committed = EXAMPLE.parent / "grafana/dashboards"
    assert filecmp.cmpfiles(folder, committed, names, shallow=False) == (names, [], [])
    assert extended.pantau("dashboards", "check").stdout == "good\n"
    done = extended.pantau("alerts", "explain", "telkom", "--prometheus", "http://127.0.0.1:1")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_reports_are_made(extended: Place) -> None:
    """Paper, workbook and CSV of a month that has seconds only: templates, style and catalogues are in the wheel."""
    needs(extended, "reports")
    assert extended.pantau("report", "--month", "2024-04", "--city").stderr == NO_SETTINGS
    give_settings(extended)
    done = extended.pantau("report", "--month", "2024-04", "--city")
    assert done.returncode == 2
    assert done.stderr.startswith("pantau: there is no journal at config/data/journal.sqlite")
    with simulated(extended, "--journal", "sqlite:///data/journal.sqlite"):
        pass
    month = time.strftime("%Y-%m", time.gmtime(time.time() + 8 * 3600))
    done = extended.pantau("report", "desk", "--month", month, "--kecamatan", "maesa")
    assert done.returncode == 0, done.stderr
    made = sorted(path.name for path in (extended.folder / "desk" / month).iterdir())
    assert made == ["desk-maesa.csv", "desk-maesa.pdf", "desk-maesa.xlsx"]


def test_a_journal_in_postgresql_has_its_driver(extended: Place) -> None:
    """Nobody listens there, and that is what is said."""
    needs(extended, "postgresql")
    give_settings(extended)
    done = extended.pantau("journal", "verify", "--journal", "postgresql://127.0.0.1:1/pantau")
    assert done.returncode == 2
    assert done.stderr.startswith("pantau: the journal postgresql")
    assert "refused" in done.stderr
