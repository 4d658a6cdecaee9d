"""Imports point one way, and one third-party library is known by one place.

`FLOORS` ranks every module of the product: a module imports only what stands on a lower floor, or in its own unit.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.sources import OURS, PRODUCT, ROOT, module_of, parsed, sources

FLOORS: tuple[tuple[str, ...], ...] = (
    (
        "pantau",
        "pantau.errors",
        "pantau.clock",
        "pantau.csv_text",
        "pantau.health",
        "pantau.levels",
        "pantau.redaction",
        "pantau.texts",
        "pantau.zones",
    ),
    (
        "pantau.consoles",
        "pantau.logs",
        "pantau.states",
        "pantau.agents",
        "pantau.inventory",
        "pantau.prometheus",
        "exporter",
        "exporter.columns",
        "exporter.background",
        "exporter.clockwatch",
        "exporter.rollback",
        "exporter.timeline",
    ),
    ("pantau.journal", "exporter.listening", "exporter.planning", "exporter.reloading", "exporter.walltime"),
    ("pantau.people", "pantau.agents", "exporter.scheduling"),
    ("exporter.probing",),
    ("exporter.verdicts", "exporter.agents_door"),
    ("exporter.metrics", "exporter.eventlog"),
    ("exporter.web", "exporter.world", "exporter.watching", "exporter.silences"),
    ("exporter.kinds", "exporter.prober_clock"),
    ("exporter.monitor",),
    ("exporter.recording",),
    ("exporter.exporter",),
    ("exporter.assembling",),
    ("exporter.app",),
    ("pantau.alerting", "pantau.reports", "pantau.simulator", "dashboards"),
    ("pantau.stack", "pantau.intake"),
    ("pantau.cli",),
    ("pantau.__main__", "exporter.__main__", "pantau.stack.__main__"),
    ("lab", "lab.city", "lab.samples"),
    ("lab.measuring",),
    ("lab.history", "lab.benchmarks", "lab.scenario_runner"),
    ("lab.month",),
)
"""From the ground up. A unit is a folder with all below it, or a module; two of one floor do not know each other."""

RANK: Mapping[str, int] = {unit: floor for floor, units in enumerate(FLOORS) for unit in units}

OF_REPORTS = (
    ("accounting",),
    ("causes",),
    ("statement",),
    ("edition", "reading", "words"),
    ("annexes", "workbook", "pdf", "witness", "simulation"),
    ("papers",),
    ("publishing", "desk"),
)
"""From the method to what is handed out: each knows those before it, and none beside or after it."""

KNOWN_BY = {
    "yaml": (
        "pantau/inventory/yaml_source.py",
        "pantau/stack/configuration.py",
        "dashboards/contract.py",
        "pantau/alerting/yaml_file.py",
    ),
    "ctypes": ("exporter/probing/icmp/mmsg.py", "exporter/recording/kernel_clock.py"),
    "http": ("pantau/prometheus/connection.py",),
    "aioping": ("exporter/probing/icmp/aioping_engine.py",),
    "dns": ("exporter/probing/names/dns_resolver.py", "exporter/probing/dns/asking.py"),
    "pysnmp": ("exporter/probing/uptime/snmp.py",),
    "babel": ("pantau/texts/",),
    "jinja2": ("pantau/reports/pdf/", "pantau/alerting/rules/rendering.py"),
    "weasyprint": ("pantau/reports/pdf/rendering.py",),
    "watchfiles": ("dashboards/watching.py",),
    "grafanalib": ("dashboards/",),
    "promql_parser": ("dashboards/contract.py", "pantau/alerting/explaining/clauses.py"),
    "prometheus_client": ("exporter/metrics/",),
    "rfc3161_client": ("pantau/journal/anchors/stamping.py",),
    "bcrypt": ("exporter/web/users.py",),
    "cryptography": ("pantau/journal/anchors/stamping.py",),
    "smtplib": ("pantau/journal/anchors/mailing.py",),
    "sqlalchemy": ("pantau/journal/",),
    "alembic": ("pantau/journal/database.py", "pantau/journal/migrations/"),
    "xlsxwriter": ("pantau/reports/workbook/book.py",),
    "typer": ("pantau/cli/",),
    "python_calamine": ("pantau/intake/lists/spreadsheets.py",),
}


@cache
def imports_of(source: str) -> tuple[tuple[str, bool], ...]:
    """The modules that a file imports, and whether inside a function."""
    return tuple(_imports_in(source))


def _imports_in(source: str) -> Iterator[tuple[str, bool]]:
    tree = parsed(source)
    top = set(tree.body)
    for node in ast.walk(tree):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if isinstance(node, ast.ImportFrom):
            # `from pantau import alerting` names a package, `from pantau import __version__` does not.
            names += [name for alias in node.names if (name := f"{node.module}.{alias.name}") in RANK]
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        yield from ((name, node not in top) for name in names)


def unit_of(module: str) -> str | None:
    """The ranked unit that a module belongs to: the longest name of `FLOORS` that leads to it."""
    parts = module.split(".")
    names = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    unit = next((name for name in names if name in RANK), None)
    return None if unit in ("pantau", "exporter", "lab") and module != unit else unit


def violations(path: str, source: str) -> list[str]:
    """What a file imports that does not stand on a lower floor, or is not ranked at all."""
    here = unit_of(module_of(path))
    if here is None:
        return [f"{path} is on no floor"]
    found = []
    for name, _ in imports_of(source):
        if name.partition(".")[0] not in OURS:
            continue
        there = unit_of(name)
        if there is None or (there != here and RANK[there] >= RANK[here]):
            found.append(f"{path} imports {name}")
    return found


def test_every_module_imports_only_from_lower_floors() -> None:
    """Also inside functions: there is no import that points upwards, and no module without a rank."""
    assert [found for path, text in sources(*PRODUCT, "lab") for found in violations(path, text)] == []


def test_every_unit_of_the_floors_exists() -> None:
    """A floor that names nothing would let everything pass."""
    units = [ROOT / unit.replace(".", "/") for unit in RANK]
    assert [str(unit) for unit in units if not unit.is_dir() and not unit.with_suffix(".py").is_file()] == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("exporter/probing/icmp/batch.py", "from exporter.verdicts.machine import Machine"),
        ("exporter/metrics/own.py", "import exporter.web.server"),
        ("pantau/clock.py", "from pantau.inventory import load"),
        ("exporter/monitor.py", "from pantau.simulator.city import City"),
        ("exporter/monitor.py", "from exporter.app import run_exporter"),
        ("exporter/planning/plan.py", "def f():\n    from pantau.cli.main import app"),
        ("exporter/app.py", "from pantau import alerting"),
        ("pantau/inventory/loading.py", "from pantau.journal import Store"),
        ("pantau/reports/reading.py", "import dashboards"),
        ("pantau/cli/main.py", "from lab.history import rules"),
        ("pantau/cli/main.py", "from tests.programs import require_program"),
        ("lab/measuring/city_report.py", "from tests.programs import require_program"),
        ("lab/samples/journal.py", "from lab.history.recorded import Past"),
        ("exporter/loose.py", ""),
    ],
)
def test_an_import_against_the_flow_is_seen(path: str, line: str) -> None:
    """The check itself can fail."""
    assert len(violations(path, line)) == 1


def test_reports_know_the_inventory_and_the_journal_but_nothing_of_probing() -> None:
    """A report can be made where nothing is probed; and what computes money knows only itself."""
    allowed = (
        "pantau.reports",
        "pantau.journal",
        "pantau.people",
        "pantau.inventory",
        "pantau.prometheus",
        "pantau.csv_text",
        "pantau.levels",
        "pantau.errors",
        "pantau.levels",
        "pantau.texts",
        "pantau.states",
    )
    found = []
    for path, text in sources("pantau/reports"):
        core = path.startswith("pantau/reports/accounting/")
        for name, _ in imports_of(text):
            if name.partition(".")[0] in OURS and not name.startswith("pantau.reports.accounting" if core else allowed):
                found.append(f"{path} imports {name}")
    assert found == []


def test_reports_point_from_the_command_to_the_method() -> None:
    """The paper does not know the workbook, and neither knows who writes it where."""
    rank = {name: place for place, names in enumerate(OF_REPORTS) for name in names}
    found, crossed = [], 0
    for path, text in sources("pantau/reports"):
        here = Path(path).with_suffix("").parts[2]
        for name, _ in imports_of(text):
            parts = name.split(".")
            there = parts[2] if parts[:2] == ["pantau", "reports"] and len(parts) > 2 else here
            crossed += there != here
            if there != here and rank[there] >= rank[here]:
                found.append(f"{path} imports {name}")
    assert found == []
    assert crossed > 50


@pytest.mark.parametrize(
    ("folder", "known"),
    [
        ("pantau/texts", set()),
        ("pantau/inventory", {"pantau.csv_text", "pantau.errors", "pantau.levels", "pantau.redaction", "pantau.zones"}),
        ("pantau/journal", {"pantau.csv_text", "pantau.errors", "pantau.redaction", "pantau.states"}),
        ("pantau/prometheus", {"pantau.errors"}),
        (
            "pantau/alerting",
            {"pantau.errors", "pantau.inventory", "pantau.levels", "pantau.prometheus", "pantau.states"}
            | {"pantau.texts", "pantau.zones"},
        ),
    ],
)
def test_the_core_knows_little(folder: str, known: set[str]) -> None:
    """Reports and paging are made on a machine that probes nothing: what they stand on knows nothing of probing."""
    own = folder.replace("/", ".")
    met = {unit_of(name) for _, text in sources(folder) for name, _ in imports_of(text) if name.split(".")[0] in OURS}
    assert met - {own} == known


@pytest.mark.parametrize("library", sorted(KNOWN_BY))
def test_a_library_is_known_by_one_place(library: str) -> None:
    """Whoever wants to replace it finds all of it there, and it is really used there."""
    users = {
        path for path, text in sources(*PRODUCT) for name, _ in imports_of(text) if name.partition(".")[0] == library
    }
    assert users, f"nobody imports {library}"
    assert [path for path in sorted(users) if not path.startswith(KNOWN_BY[library])] == []
