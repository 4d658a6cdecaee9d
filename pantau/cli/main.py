"""The command line: the list of commands, and how their errors end.

Exit status 0 well, 1 a finding (bad configuration, no reply), 2 cannot run.
"""

import sys
from typing import Annotated, Any, ClassVar

import typer

from pantau import __version__
from pantau.cli.arguments import hide_credentials
from pantau.cli.extras import missing_extra
from pantau.cli.groups import LazyGroup, Listed
from pantau.cli.speaking import complain, shown_usage_errors, tell, tell_bug, tell_problems
from pantau.errors import ConfigurationError, PantauError


class Commands(LazyGroup):
    """All commands: one line each here, one file a group beside this one."""

    listed: ClassVar = {
        "init": Listed(
            "pantau.cli.init",
            "init",
            "Set a city up: write a whole config/ of its kecamatan and kelurahan, without examples.",
        ),
        "import": Listed(
            "pantau.cli.import_",
            "import_list",
            "Read a list of points (xlsx, csv, GeoJSON, file_sd) into the inventory; a dry run first.",
        ),
        "install": Listed(
            "pantau.cli.install",
            "install_services",
            "Set the stack up as services of systemd: user, folders, units, timers, beside Debian's Prometheus.",
        ),
        "run": Listed(
            "pantau.cli.run",
            "run",
            "Run the exporter: probe every active hotspot of the inventory, serve /metrics.",
        ),
        "health": Listed(
            "pantau.cli.run",
            "health",
            "Ask the exporter of this machine whether it lives: exit status 0 where it answers, 1 where it does not.",
        ),
        "check": Listed(
            "pantau.cli.exporter",
            "check",
            "Validate settings and inventory: each problem as file:line: field: what is wrong, what to do.",
        ),
        "probe": Listed(
            "pantau.cli.exporter",
            "probe",
            "Probe one hotspot now, and explain each step: resolve, send, reply or ICMP error, RTT, verdict.",
        ),
        "dashboards": Listed("pantau.cli.dashboards", "app", "Grafana dashboards, generated from code."),
        "alertmanager": Listed(
            "pantau.cli.alertmanager", "app", "Alertmanager's configuration, from a base and the contacts."
        ),
        "agents": Listed(
            "pantau.cli.agents", "app", "Agents at the hotspots: their tokens, what to paste, which are heard."
        ),
        "alerts": Listed("pantau.cli.alerts", "app", "What pages, and why."),
        "journal": Listed("pantau.cli.journal", "app", "The journal: the evidence behind reports and bills."),
        "outage": Listed("pantau.cli.outage", "app", "Outages: list them, name their cause, exclude them, by two."),
        "report": Listed(
            "pantau.cli.report",
            "app",
            "Make a month's reports from the journal: PDF, XLSX with live formulas, JSON, CSV annexes, SHA256SUMS.",
        ),
        "rules": Listed("pantau.cli.rules", "app", "Prometheus' rules, from thresholds and templates."),
        "demo": Listed(
            "pantau.cli.stack",
            "demo",
            "A simulated city of 1000 hotspots, with outages and notifications within two minutes.",
        ),
        "up": Listed(
            "pantau.cli.stack",
            "up",
            "Monitor the hotspots of the inventory with real packets, on prometheus.yml and config/ as they are.",
        ),
    }

    def make_context(self, *arguments: Any, **options: Any) -> Any:
        """Parse; a mistake in an option of ours is told without what may not be shown."""
        with shown_usage_errors():
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; the same of a mistake in an option of its own."""
        with shown_usage_errors():
            return super().invoke(ctx)


app = typer.Typer(
    name="pantau",
    cls=Commands,
    help="Watches a city's public WiFi hotspots: probes them, tells the truth, and exposes it to Prometheus.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


def main() -> None:
    """The console script: what the person at the keyboard can mend becomes one sentence and exit status 2."""
    hide_credentials()
    sys.excepthook = tell_bug
    if sys.argv[1:] and not sys.argv[1].startswith("-"):
        from pantau.logs import configure_logs  # a command's parts may log; help has none

        configure_logs()
    try:
        app()
    except ConfigurationError as error:
        tell_problems(error)
        sys.exit(1)
    except PantauError as error:
        complain(str(error))
        sys.exit(2)
    except ModuleNotFoundError as error:
        sentence = missing_extra(error, sys.argv[1] if len(sys.argv) > 1 else "")
        if sentence is None:
            raise
        complain(sentence)
        sys.exit(2)


@app.callback(invoke_without_command=True)
def version_option(
    version: Annotated[bool, typer.Option("--version", help="Show the version and leave.", is_eager=True)] = False,
) -> None:
    """Watches a city's public WiFi hotspots: probes them, tells the truth, and exposes it to Prometheus."""
    if version:
        tell(__version__)
        raise typer.Exit
