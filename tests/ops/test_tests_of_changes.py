"""The tests of what changed are those that mirror it: each place of the source leads to tests that there are."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.sources import ROOT

SCRIPT = ROOT / "scripts" / "tests-of-changes.sh"
SHAPE = {"tests/test_architecture.py", "tests/test_sizes.py"}


def chosen(*files: str) -> set[str]:
    """What is run for changes of these files."""
    done = subprocess.run([SCRIPT, "--list", *files], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines())


def test_of_those_only_the_fast_tier_is_run() -> None:
    """A hook that plays what `make test` is too short for is one that people switch off."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (fast,) = re.findall(r"^FAST := (.+)$", makefile, re.MULTILINE)
    (run,) = re.findall(r'-m "(.+)" \$chosen', SCRIPT.read_text(encoding="utf-8"))
    assert set(fast.split(" and ")) <= set(run.split(" and "))


@pytest.mark.parametrize(
    ("file", "tests"),
    [
        ("exporter/app.py", {"tests/exporter/app"}),
        ("exporter/probing/icmp/batch.py", {"tests/exporter/probing/icmp"}),
        ("pantau/journal/migrations/versions/v0001_first.py", {"tests/pantau/journal"}),
        ("pantau/reports/edition.py", {"tests/pantau/reports"}),
        ("dashboards/style/columns.py", {"tests/dashboards"}),
        ("lab/history/rules.py", {"tests/lab/history"}),
        ("tests/exporter/web/running.py", {"tests/exporter/web"}),
        ("tests/pantau/test_clock.py", {"tests/pantau/test_clock.py"}),
        ("tests/exporter/test_that_was_deleted.py", set()),
        ("lab/nothing.py", set()),
    ],
)
def test_python_leads_to_the_folder_that_mirrors_it(file: str, tests: set[str]) -> None:
    """Or the nearest above; and each Python file to the checks of the house's shape."""
    assert chosen(file) == tests | SHAPE


@pytest.mark.parametrize(
    ("file", "tests"),
    [
        ("config/thresholds.yml", {"tests/rules", "tests/ops", "tests/pantau/alerting/rules"}),
        ("examples/bitung/inventory/hotspots.csv", {"tests/pantau/inventory"}),
        ("examples/bitung/grafana/dashboards/pantau-kota.json", {"tests/dashboards"}),
        ("config/grafana/dashboards/pantau-kota.json", {"tests/dashboards"}),
        ("pantau/reports/pdf/templates/cover.html", {"tests/pantau/reports/pdf"}),
        ("exporter/web/locale/id.po", {"tests/exporter/web", "tests/pantau/texts"}),
        ("docs/runbooks/HotspotDown.md", {"tests/ops", "tests/rules", "tests/pantau/alerting/rules"}),
        ("README.md", {"tests/ops"}),
        (".editorconfig", {"tests/ops"}),
    ],
)
def test_other_files_lead_to_who_reads_them(file: str, tests: set[str]) -> None:
    """Configuration, templates, catalogues, documents."""
    assert chosen(file) == tests


BESIDE = {f"tests/pantau/test_{name}.py" for name in ("clock", "csv_text", "levels", "redaction", "states", "zones")}


def test_what_lies_beside_the_packages_has_the_tests_beside_theirs() -> None:
    """Not the tests of every package below."""
    assert chosen("pantau/errors.py") == BESIDE | SHAPE


def test_each_test_that_is_chosen_is_there() -> None:
    """Whatever file of the repository changes; several at once name nothing twice."""
    folders = ("pantau", "exporter", "dashboards", "lab", "tests", "config", "examples", "docs", "scripts")
    files = [path.relative_to(ROOT) for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    one_a_folder = {path.parent: str(path) for path in files if "__pycache__" not in path.parts}
    found = chosen(*one_a_folder.values())
    assert {test for test in found if not (ROOT / test).exists()} == set()
    assert found > SHAPE | {"tests/rules", "tests/ops", "tests/dashboards"}


def test_nothing_is_run_where_no_test_reads_what_changed() -> None:
    """That is said, and is well."""
    assert chosen("LICENSE") == {"no test belongs to what changed"}


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with the script, one module and its test; its `.venv/bin/pytest` tells how it was called."""
    program = tmp_path / ".venv" / "bin" / "pytest"
    for file, text in {
        program: '#!/bin/sh\necho "called: $*; git: ${GIT_DIR:-none}"\nexit "${ENDS:-0}"\n',
        tmp_path / "pantau" / "journal" / "store.py": "",
        tmp_path / "tests" / "pantau" / "journal" / "test_store.py": "",
        tmp_path / ".gitignore": ".venv\n",
    }.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    program.chmod(0o755)
    (tmp_path / "scripts").mkdir()
    shutil.copy(SCRIPT, tmp_path / "scripts")
    author = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "."], [*author, "commit", "-q", "-m", "All of it", "--no-verify"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    return tmp_path


def run(folder: Path, ends: int = 0, **environment: str) -> "subprocess.CompletedProcess[str]":
    """The script of a clone, whose pytest ends so."""
    script, known = folder / "scripts" / SCRIPT.name, os.environ | {"ENDS": str(ends)} | environment
    return subprocess.run([script], cwd=folder, env=known, capture_output=True, text=True, check=False)


def test_without_files_it_is_what_differs_from_the_last_commit(clone: Path) -> None:
    """Changed and new files; in a clean tree there is nothing to run."""
    assert run(clone).stdout == "no test belongs to what changed\n"
    (clone / "pantau" / "journal" / "store.py").write_text("x = 1\n", encoding="utf-8")
    assert "tests/pantau/journal\n" in run(clone).stdout
    subprocess.run(["git", "checkout", "-q", "."], cwd=clone, check=True)
    (clone / "pantau" / "journal" / "new.py").write_text("", encoding="utf-8")
    assert "tests/pantau/journal\n" in run(clone).stdout


@pytest.mark.parametrize(("ends", "status"), [(0, 0), (1, 1), (5, 0)])
def test_the_status_is_that_of_the_tests(clone: Path, ends: int, status: int) -> None:
    """That all of them are of another tier (pytest's 5) is no failure."""
    (clone / "pantau" / "journal" / "store.py").write_text("x = 1\n", encoding="utf-8")
    done = run(clone, ends)
    assert (
        "called: -q -n 2 -m not city and not stack and not alone and not long and not package and not image "
        in done.stdout
    )
    assert done.returncode == status


def test_the_variables_of_a_hook_do_not_reach_the_tests(clone: Path) -> None:
    """A test that starts git elsewhere would be led to this repository."""
    (clone / "pantau" / "journal" / "store.py").write_text("x = 1\n", encoding="utf-8")
    assert "git: none" in run(clone, GIT_DIR=str(clone / ".git")).stdout


def test_every_hook_is_local_and_runs_what_is_there() -> None:
    """Nothing is fetched before a commit; the tools are those of .venv, which a clone has after `make install`."""
    repos = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert [repo["repo"] for repo in repos] == ["local"]
    hooks = repos[0]["hooks"]
    assert [hook["id"] for hook in hooks] == ["ruff-check", "ruff-format", "mypy", "tests-of-changes"]
    assert {hook["language"] for hook in hooks} == {"system"}
    programs = [ROOT / hook["entry"].split()[0] for hook in hooks]
    assert all(os.access(program, os.X_OK) for program in programs if ".venv" not in program.parts)
    assert {program.parent for program in programs} == {ROOT / ".venv" / "bin", ROOT / "scripts"}
