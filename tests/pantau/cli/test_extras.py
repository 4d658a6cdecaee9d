"""What is said where an extra of the installation is missing."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from pantau.cli.extras import EXTRAS, missing_extra
from tests.rules.checking import ROOT

MODULES = {"attrs": "attr", "psycopg[binary]": "psycopg"}
"""Distributions whose modules have another name."""


def test_the_extras_are_those_of_the_package() -> None:
    """Each module of a project's extra is known, under the name that is imported."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for extra, modules in EXTRAS.items():
        names = [re.split(r"[>=]", line)[0] for line in project["optional-dependencies"][extra]]
        assert sorted(MODULES.get(name, name.replace("-", "_")) for name in names) == sorted(modules)


def run_without(module: str, *arguments: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """`pantau ARGUMENTS` where `module` is not installed."""
    script = (
        f"import sys; sys.modules[{module!r}] = None\n"
        "from pantau.cli.main import main\n"
        f"sys.argv = ['pantau', *{list(arguments)!r}]; main()"
    )
    return subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("module", "arguments", "extra"),
    [
        ("grafanalib", ("dashboards", "build"), "dashboards"),
        ("promql_parser", ("dashboards", "check"), "dashboards"),
        ("xlsxwriter", ("report", "--month", "2024-04", "--city"), "reports"),
    ],
)
def test_a_missing_extra_is_one_line(module: str, arguments: tuple[str, ...], extra: str, tmp_path: Path) -> None:
    """The module, the command that mends it, status 2, and no traceback."""
    done = run_without(module, *arguments, folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr == f'pantau: {module} is not installed; it comes with: pip install "pantau[{extra}]"\n'


def test_a_journal_in_postgresql_names_its_driver(tmp_path: Path) -> None:
    """Before anything is asked of the network."""
    config = ROOT / "examples/bitung/pantau.yml"
    arguments = ("journal", "verify", "--config", str(config), "--journal", "postgresql://nowhere/x")
    done = run_without("psycopg", *arguments, folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr == 'pantau: psycopg is not installed; it comes with: pip install "pantau[postgresql]"\n'


def test_another_missing_module_is_a_bug() -> None:
    """It is not explained away."""
    assert missing_extra(ModuleNotFoundError("x", name="pantau.nothing"), "run") is None
    assert missing_extra(ModuleNotFoundError("x"), "run") is None
