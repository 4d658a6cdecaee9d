"""What `make coverage` tells: branches as coverage counted them, and the modules that no test knows by name."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.sources import ROOT

SCRIPTS = ROOT / "scripts"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    """The script that looks for untested modules."""
    spec = importlib.util.spec_from_file_location("untested_modules", SCRIPTS / "untested_modules.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tree(folder: Path, **files: str) -> Path:
    """A repository with these files; `/` is written `__`, and each package has an `__init__.py`."""
    for name, text in files.items():
        file = folder / (name.replace("__", "/") + ".py")
        file.parent.mkdir(parents=True, exist_ok=True)
        for parent in file.parents:
            if parent == folder:
                break
            (parent / "__init__.py").touch()
        file.write_text(text, encoding="utf-8")
    return folder


CODE = "def f() -> int:\n    return 1\n"


@pytest.mark.parametrize(
    "test",
    [
        {"tests__pantau__a__test_one": ""},
        {"tests__pantau__a__one__test_it": ""},
        {"tests__city__test_all": "from pantau.a.one import f"},
        {"tests__city__test_all": "import pantau.a.one"},
        {"tests__city__test_all": "from pantau.a import one"},
        {"tests__city__helper": "def g():\n    from pantau.a.one import f"},
    ],
)
def test_a_test_of_its_own_is_by_name_or_by_import(script: ModuleType, tmp_path: Path, test: dict[str, str]) -> None:
    """A mirrored file, a mirrored folder, or an import anywhere in tests/."""
    root = tree(tmp_path, pantau__a__one=CODE, pantau__a__two=CODE, **test)
    assert script.untested(root) == (["pantau.a.two"], 2)


def test_a_name_that_a_package_hands_on_is_of_its_module(script: ModuleType, tmp_path: Path) -> None:
    """Also over two packages; the package itself is no module with code."""
    root = tree(tmp_path, pantau__a__b__one=CODE, pantau__a__b__two=CODE, tests__test_a="from pantau.a import f")
    (root / "pantau/a/b/__init__.py").write_text("from pantau.a.b.one import f\n", encoding="utf-8")
    (root / "pantau/a/__init__.py").write_text("from pantau.a.b import f\n__all__ = ['f']\n", encoding="utf-8")
    assert script.untested(root) == (["pantau.a.b.two"], 2)


def test_a_package_that_takes_a_module_from_itself_leads_nowhere_else(script: ModuleType, tmp_path: Path) -> None:
    """Where such a name comes from was once asked for ever."""
    root = tree(tmp_path, pantau__a__one=CODE, tests__test_a="from pantau.a import one")
    (root / "pantau/a/__init__.py").write_text("from pantau.a import one\n__all__ = ['one']\n", encoding="utf-8")
    assert script.untested(root) == ([], 1)


def test_a_test_of_another_module_is_none(script: ModuleType, tmp_path: Path) -> None:
    """Neither a file of that name elsewhere, nor an import by the product, nor an empty folder."""
    root = tree(
        tmp_path, exporter__one=CODE, exporter__two="from exporter.one import f\nx = f()", tests__pantau__test_one=""
    )
    (root / "tests" / "exporter" / "one").mkdir(parents=True)
    assert script.untested(root) == (["exporter.one", "exporter.two"], 2)


def test_what_has_no_code_is_not_counted(script: ModuleType, tmp_path: Path) -> None:
    """`__main__`, a docstring alone; a package with a function of its own is."""
    root = tree(tmp_path, dashboards__word='"""Only words."""\n')
    for name in ("__init__.py", "__main__.py"):
        (root / "dashboards" / name).write_text(CODE, encoding="utf-8")
    assert script.untested(root) == (["dashboards"], 1)


def test_the_list_of_this_house_names_modules_that_there_are() -> None:
    """The first line has the count of what follows."""
    command = [sys.executable, str(SCRIPTS / "untested_modules.py")]
    head, *names = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert head.split()[0] == str(len(names))
    assert all((ROOT / name.strip().replace(".", "/")).with_suffix(".py").is_file() for name in names)


def summary(branches: int, taken: int) -> dict[str, dict[str, int]]:
    """One file of coverage's report."""
    return {"summary": {"num_branches": branches, "covered_branches": taken}}


def test_branches_are_told_in_all_and_where_most_are_missed() -> None:
    """The worst first; a file without a missed branch is not named."""
    report = {
        "totals": {"num_branches": 8, "covered_branches": 5},
        "files": {"a.py": summary(2, 1), "b.py": summary(4, 2), "c.py": summary(2, 2), "d.py": summary(0, 0)},
    }
    command = [sys.executable, str(SCRIPTS / "branch_coverage.py")]
    done = subprocess.run(command, input=json.dumps(report), capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "branch coverage of the fast tier: 5 of 8 branches (62.5%)",
        "  b.py: 2 of 4 branches (50.0%)",
        "  a.py: 1 of 2 branches (50.0%)",
    ]
