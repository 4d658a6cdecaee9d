"""The list of commands: cheap to show, true to what it lists, each command in a file that knows no other's."""

import ast
import inspect
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from pantau.cli import main, report
from pantau.cli.groups import LazyGroup
from pantau.cli.main import app
from tests.rules.checking import ROOT

HEAVY = {
    *("numpy", "pydantic", "aiohttp", "sqlalchemy", "alembic", "yaml", "structlog", "prometheus_client", "asyncio"),
    *("grafanalib", "promql_parser", "babel", "jinja2", "weasyprint", "xlsxwriter"),
}
OURS = {"errors", "cli", "cli.main", "cli.extras", "cli.groups", "cli.speaking", "cli.arguments", "redaction"}
"""What `pantau` is made of before a command is called."""
SHARED = {"arguments", "extras", "groups", "journal_opening", "journal_outside", "live_check", "options"} | {
    *("outage_lists", "outage_people", "probe_names", "probe_words", "speaking")
}
"""Modules of the command line that hold no command."""


def imported_by(*arguments: str) -> set[str]:
    """The modules that `pantau ARGUMENTS` has imported when it ends."""
    script = (
        "import sys; from pantau.cli.main import main\n"
        f"sys.argv = ['pantau', *{list(arguments)!r}]\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize("arguments", [("--help",), ()], ids=["help", "nothing"])
def test_help_imports_nothing_that_a_command_needs(arguments: tuple[str, ...]) -> None:
    """So it is there at once, also where an extra is missing."""
    modules = imported_by(*arguments)
    assert modules & HEAVY == set()
    ours = {name for name in modules if name.startswith(("pantau.", "exporter", "dashboards"))}
    assert ours == {f"pantau.{name}" for name in OURS}


def test_a_command_imports_only_its_own_group() -> None:
    """`pantau journal --help` has the journal and nothing of reports or dashboards."""
    modules = imported_by("journal", "--help")
    assert "pantau.cli.journal" in modules
    others = {"pantau.cli.report", "pantau.cli.dashboards", "pantau.cli.outage", "grafanalib", "jinja2"}
    assert modules & others == set()


@pytest.mark.parametrize("group", [main.Commands, report.ReportCommands], ids=["pantau", "report"])
def test_the_list_says_what_each_command_says_of_itself(group: type[LazyGroup]) -> None:
    """The lines of the table are the first sentences of the commands' own help."""
    for name, listed in group.listed.items():
        command = listed.load(name)
        paragraph = " ".join(inspect.cleandoc(command.help).split("\n\n")[0].split())
        assert paragraph.removesuffix(" Exit status 1.") == listed.help, name


def test_every_command_is_listed_in_help() -> None:
    """Those of the main list, in its order."""
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"}).output
    places = [shown.index(f"│ {name} ") for name in main.Commands.listed]
    assert places == sorted(places)


def test_an_unknown_command_is_refused() -> None:
    """Status 2, as for any wrong use."""
    result = CliRunner().invoke(app, ["raport"])
    assert result.exit_code == 2
    assert "No such command 'raport'" in result.output


def test_commands_do_not_know_one_another() -> None:
    """A module with commands imports of the command line only what holds none; the list imports them by name alone."""
    found = []
    for file in sorted((ROOT / "pantau/cli").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pantau.cli."):
                known = (node.module or "").removeprefix("pantau.cli.")
                if known not in SHARED and (file.stem, known) != ("exporter", "probe_steps"):
                    found.append(f"{file.name} imports {known}")
    assert found == []
