"""Imports point one way, and one third-party library is known by one place."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BASE = ("clock", "columns", "errors")
CHAIN = ("inventory", "scheduling", "probing", "verdicts", "metrics", "web")
ABOVE = (
    "facts",
    "maintenance",
    "plan",
    "sight",
    "monitor",
    "world",
    "hourly",
    "recorder",
    "journaling",
    "exporter",
    "watching",
    "app",
    "logs",
    "explaining",
    "probe_command",
    "lazily",
    "cli",
)
OUTSIDE = ("simulator", "alerting", "dashboards", "stack", "reports", "history", "language")
WRITES_JOURNAL = ("hourly", "recorder", "journaling", "exporter", "app", "cli")
OF_JOURNAL = {"exporter.errors", "exporter.verdicts.states"}
"""What the journal knows of the exporter; its command line also reads the settings."""
KNOWN_BY = {
    "yaml": (
        "exporter/inventory/yaml_source.py",
        "stack/configuration.py",
        "dashboards/contract.py",
        "alerting/yaml_file.py",
        "history/rules.py",
    ),
    "ctypes": ("exporter/probing/mmsg.py",),
    "aioping": ("exporter/probing/aioping_engine.py",),
    "dns": ("exporter/probing/dns_resolver.py",),
    "babel": ("language/",),
    "num2words": ("language/",),
    "jinja2": ("reports/paper/",),
    "weasyprint": ("reports/paper/rendering.py",),
    "watchfiles": ("exporter/watching.py", "dashboards/watching.py"),
    "grafanalib": ("dashboards/",),
    "promql_parser": ("dashboards/contract.py", "alerting/explaining/clauses.py"),
    "prometheus_client": ("exporter/metrics/",),
    "sqlalchemy": ("journal/",),
    "alembic": ("journal/database.py", "journal/migrations/"),
    "xlsxwriter": ("reports/workbook/book.py",),
    "typer": (
        "exporter/cli.py",
        "exporter/lazily.py",
        "stack/cli.py",
        "journal/cli.py",
        "history/__main__.py",
        "reports/cli.py",
        "reports/simulation/cli.py",
        "reports/witness/cli.py",
        "reports/desk/cli.py",
    ),
}


def imports_of(source: str) -> Iterator[tuple[str, bool]]:
    """The modules that a file imports, and whether inside a function."""
    tree = ast.parse(source)
    top = set(tree.body)
    for node in ast.walk(tree):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        yield from ((name, node not in top) for name in names)


def violations(path: str, source: str) -> list[str]:
    """What a file of the exporter imports against the flow."""
    parts = Path(path).with_suffix("").parts
    here = parts[1] if len(parts) > 1 else ""
    rank = dict.fromkeys(BASE, 0) | {name: n for n, name in enumerate(CHAIN, 1)} | dict.fromkeys(ABOVE, 99)
    found = []
    for name, lazy in imports_of(source):
        first, _, rest = name.partition(".")
        there = rest.partition(".")[0]
        if (
            (first in OUTSIDE and not (here == "cli" and lazy))
            or (first == "journal" and here not in WRITES_JOURNAL)
            or (first == "exporter" and there and rank.get(there, 99) > rank.get(here, 99))
        ):
            found.append(f"{path} imports {name}")
    return found


def sources(*folders: str) -> list[tuple[str, str]]:
    """(path, text) of all Python files."""
    files = [file for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]
    return [(str(file.relative_to(ROOT)), file.read_text(encoding="utf-8")) for file in files]


def test_imports_point_along_the_flow_of_the_data() -> None:
    """inventory -> scheduling -> probing -> verdicts -> metrics -> web, and nothing outside the exporter."""
    assert [found for path, text in sources("exporter") for found in violations(path, text)] == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("exporter/probing/batch.py", "from exporter.verdicts.states import State"),
        ("exporter/metrics/own.py", "import exporter.web.server"),
        ("exporter/clock.py", "from exporter.inventory import load"),
        ("exporter/monitor.py", "from simulator.city import City"),
        ("exporter/cli.py", "import dashboards"),
        ("exporter/monitor.py", "from journal import Store"),
    ],
)
def test_an_import_against_the_flow_is_seen(path: str, line: str) -> None:
    """The check itself can fail."""
    assert len(violations(path, line)) == 1


def test_reports_know_the_inventory_and_the_journal_but_nothing_of_probing() -> None:
    """A report can be made where nothing is probed; and what computes money knows only itself."""
    allowed = ("reports", "journal", "exporter.inventory", "exporter.errors")
    ours = ("exporter", "journal", "reports", "dashboards", "simulator", "stack")
    found = []
    for path, text in sources("reports"):
        core = path.startswith("reports/accounting/")
        for name, _ in imports_of(text):
            if name.partition(".")[0] in ours and not name.startswith("reports.accounting" if core else allowed):
                found.append(f"{path} imports {name}")
            if core and name.partition(".")[0] not in {*sys.stdlib_module_names, "reports"}:
                found.append(f"{path} imports {name}")
    assert found == []


def test_language_knows_nothing_of_what_is_said_in_it() -> None:
    """Dashboards and reports use it; it stands alone."""
    ours = ("exporter", "journal", *OUTSIDE)
    known = {name for _, text in sources("language") for name, _ in imports_of(text) if name.partition(".")[0] in ours}
    assert known == {"language.catalogues", "language.formats"}


OF_REPORTS = (
    ("accounting",),
    ("causes",),
    ("statement",),
    ("edition", "reading"),
    ("annexes", "workbook", "paper", "witness", "simulation"),
    ("publishing", "desk"),
    ("cli",),
)
"""From the method to the command: each knows those before it, and none beside or after it."""


def test_reports_point_from_the_command_to_the_method() -> None:
    """The paper does not know the workbook, and neither knows who writes it where."""
    rank = {name: place for place, names in enumerate(OF_REPORTS) for name in names}
    found, crossed = [], 0
    for path, text in sources("reports"):
        here = Path(path).with_suffix("").parts[1]
        for name, _ in imports_of(text):
            parts = name.split(".")
            there = parts[1] if parts[0] == "reports" and len(parts) > 1 else here
            crossed += there != here
            if there != here and rank[there] >= rank[here]:
                found.append(f"{path} imports {name}")
    assert found == []
    assert crossed > 50


def test_alerting_knows_the_inventory_and_nothing_of_probing() -> None:
    """Who is told can be decided, and explained, on a machine that probes nothing."""
    known = {
        name
        for _, text in sources("alerting")
        for name, _ in imports_of(text)
        if name.partition(".")[0] in {"exporter", *OUTSIDE} - {"alerting"}
    }
    assert known == {"exporter.errors", "exporter.inventory"}


def test_the_journal_knows_little_of_the_exporter() -> None:
    """Reports read the journal, and nothing of probing comes with it."""
    known = {
        name
        for path, text in sources("journal")
        for name, _ in imports_of(text)
        if name.partition(".")[0] in ("exporter", *OUTSIDE) and path != "journal/cli.py"
    }
    assert known == OF_JOURNAL


@pytest.mark.parametrize("library", sorted(KNOWN_BY))
def test_a_library_is_known_by_one_place(library: str) -> None:
    """Whoever wants to replace it finds all of it there, and it is really used there."""
    users = {
        path
        for path, text in sources("exporter", "journal", *OUTSIDE)
        for name, _ in imports_of(text)
        if name.partition(".")[0] == library
    }
    assert users, f"nobody imports {library}"
    assert [path for path in sorted(users) if not path.startswith(KNOWN_BY[library])] == []
