"""The command line: parses and calls. Exit status 0 well, 1 a finding (bad configuration, no reply), 2 cannot run."""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, ClassVar

import typer
from rich.console import Console
from rich.markup import escape

from pantau import __version__
from pantau.cli.lazily import LazyGroup
from pantau.errors import ConfigurationError, PantauError
from pantau.inventory import inventory_json_schema, json_schema, load
from pantau.inventory.settings import Listen, parse_listen
from pantau.texts import LANGUAGES

CONFIG = Path("config/pantau.yml")
DASHBOARDS = Path("config/grafana/dashboards")
_LANGUAGES = " or ".join(LANGUAGES)


def _journal() -> typer.Typer:
    from pantau.cli.journal import journal_app

    return journal_app


def _outage() -> typer.Typer:
    from pantau.cli.journal import outage_app

    return outage_app


def _rules() -> typer.Typer:
    from pantau.cli.rules import rules_app

    return rules_app


def _report() -> typer.Typer:
    from pantau.cli.report import report_app

    return report_app


class Commands(LazyGroup):
    """Beside the exporter's own commands those over the evidence: the exporter runs without what they need."""

    lazy: ClassVar = {"journal": _journal, "outage": _outage, "report": _report, "rules": _rules}


app = typer.Typer(
    name="pantau",
    cls=Commands,
    help="Watches a city's public WiFi hotspots: probes them, tells the truth, and exposes it to Prometheus.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
dashboards_app = typer.Typer(help="Grafana dashboards, generated from code.", no_args_is_help=True)
app.add_typer(dashboards_app, name="dashboards")
alertmanager_app = typer.Typer(help="Alertmanager's configuration, from a base and the contacts.", no_args_is_help=True)
app.add_typer(alertmanager_app, name="alertmanager")
alerts_app = typer.Typer(help="What pages, and why.", no_args_is_help=True)
app.add_typer(alerts_app, name="alerts")

Config = Annotated[Path, typer.Option("--config", "-c", help="The settings file; inventory paths are relative to it.")]


def main() -> None:
    """The console script: a `PantauError` becomes one sentence and exit status 2."""
    try:
        app()
    except ConfigurationError as error:
        _print_problems(error)
        sys.exit(1)
    except PantauError as error:
        _errors().print(f"[bold red]pantau:[/] {escape(str(error))}", soft_wrap=True)
        sys.exit(2)


@app.callback(invoke_without_command=True)
def version_option(
    version: Annotated[bool, typer.Option("--version", help="Show the version and leave.", is_eager=True)] = False,
) -> None:
    """Watches a city's public WiFi hotspots: probes them, tells the truth, and exposes it to Prometheus."""
    if version:
        typer.echo(__version__)
        raise typer.Exit


@app.command()
def run(
    config: Config = CONFIG,
    listen: Annotated[str | None, typer.Option(help="HOST:PORT to serve on, in place of web.listen.")] = None,
    simulate: Annotated[
        str | None,
        typer.Option(help="Probe a simulated city: demo, day, calm, bitung-2024-03, or a scenario file's path."),
    ] = None,
    journal: Annotated[
        str | None,
        typer.Option(help="URL of the journal, in place of journal.url. A simulated city has none but this."),
    ] = None,
) -> None:
    """Run the exporter: probe every active hotspot of the inventory, serve /metrics.

    Reload after an edit: nothing to do, files are watched; or SIGHUP, or POST /-/reload. SIGTERM or Ctrl-C stops it.

    Example: pantau run --simulate demo --listen 127.0.0.1:9810
    """
    from exporter.app import run_exporter
    from pantau.cli.logs import configure_logs

    configure_logs()
    place = _listen(listen)
    if simulate is None:
        asyncio.run(run_exporter(config, place, journal=journal or ""))
        return
    # Only here, and only then, does the exporter know the simulator.
    from pantau.simulator.scenario import find_scenario
    from pantau.simulator.world import SimulatedWorld

    scenario = find_scenario(simulate)
    # What is made up must never stand among the evidence: a simulation has no journal unless it is given one.
    asyncio.run(run_exporter(config, place, lambda settings, clock: SimulatedWorld(settings, clock, scenario), journal))


@app.command()
def check(
    config: Config = CONFIG,
    schema: Annotated[
        Path | None, typer.Option(help="Write the JSON Schemas for editors into this folder and leave.")
    ] = None,
) -> None:
    """Validate settings and inventory: each problem as file:line: field: what is wrong, what to do. Exit status 1."""
    if schema is not None:
        _write_schemas(schema)
        return
    configuration = load(config, strict=True)
    for warning in configuration.warnings:
        _errors().print(f"[yellow]warning:[/] {escape(str(warning))}", soft_wrap=True)
    inventory = configuration.inventory
    typer.echo(
        f"{config}: good. {len(inventory.active_hotspots)} active hotspots of {len(inventory.hotspots)}, "
        f"{len(inventory.kecamatan)} kecamatan, {len(inventory.isps)} ISPs, {len(inventory.contracts)} contracts."
    )


@app.command()
def probe(
    target: Annotated[str, typer.Argument(metavar="HOTSPOT-OR-ADDRESS", help="A hotspot's id, an address or a name.")],
    count: Annotated[int, typer.Option(min=1, max=1000, help="Echo requests to send.")] = 3,
    config: Config = CONFIG,
) -> None:
    """Probe one hotspot now, and explain each step: resolve, send, reply or ICMP error, RTT, verdict.

    Exit status: 0 it answered, 1 it did not, 2 it could not be probed from here.
    """
    from pantau.cli.probe_command import probe as explain

    raise typer.Exit(asyncio.run(explain(target, count, config, Console(highlight=False, soft_wrap=True))))


Lang = Annotated[str, typer.Option(help=f"Language of titles and texts: {_LANGUAGES}.")]
Grafana = Annotated[str, typer.Option(help="Address of a running Grafana, such as http://localhost:3000.")]
TokenFile = Annotated[Path | None, typer.Option(help="File that holds a service account's token.")]


@dashboards_app.command("build")
def build_dashboards(
    output: Annotated[Path, typer.Option(help="Folder to write the JSON files to.")] = DASHBOARDS,
    lang: Lang = LANGUAGES[0],
    watch: Annotated[bool, typer.Option(help="Go on, and build again after every change of the code.")] = False,
) -> None:
    """Write every dashboard's JSON. The same code gives the same bytes."""
    # The exporter itself does not know grafanalib.
    import dashboards
    from dashboards.watching import watch as build_after_changes

    _known_language(lang)
    if watch:
        for complaint in build_after_changes(output, lang):
            typer.echo(complaint or f"built into {output}")
        return
    for file in dashboards.build(output, lang):
        typer.echo(file)


@dashboards_app.command("check")
def check_dashboards() -> None:
    """Say all that is wrong in the dashboards: layout, texts, queries, links, committed JSON. Exit status 1."""
    from dashboards.checking import check as problems_of

    _tell(problems_of(), "good")


@dashboards_app.command("diff")
def diff_dashboards(grafana: Grafana, token_file: TokenFile = None, lang: Lang = LANGUAGES[0]) -> None:
    """Say what somebody changed by hand in a running Grafana. Exit status 1 if anything."""
    from dashboards.grafana import diff

    _known_language(lang)
    _tell(diff(grafana, token_file, lang), "no difference")


@dashboards_app.command("push")
def push_dashboards(grafana: Grafana, token_file: TokenFile = None, lang: Lang = LANGUAGES[0]) -> None:
    """Put every dashboard into a running Grafana, over what is there."""
    from dashboards.grafana import push

    _known_language(lang)
    for uid in push(grafana, token_file, lang):
        typer.echo(uid)


@alertmanager_app.command("build")
def build_alertmanager(
    config: Config = CONFIG,
    output: Annotated[
        Path | None, typer.Option(help="The file to write; alertmanager.yml beside the settings if not given.")
    ] = None,
    base: Annotated[
        Path | None, typer.Option(help="The hand-written half; alertmanager/base.yml beside the settings if not given.")
    ] = None,
    lang: Annotated[
        str | None, typer.Option(help=f"Language of the words, {_LANGUAGES}, in place of the base's.")
    ] = None,
) -> None:
    """Write Alertmanager's configuration from alertmanager/base.yml and the contacts of ISPs and kecamatan."""
    from pantau import alerting

    if lang is not None:
        _known_language(lang)
    built = alerting.build(config, output, base, lang)
    for note in built.notes:
        _errors().print(f"[yellow]note:[/] {escape(note)}", soft_wrap=True)
    typer.echo(output or config.parent / "alertmanager.yml")


@alertmanager_app.command("check")
def check_alertmanager(config: Config = CONFIG) -> None:
    """Say whether alertmanager.yml and its words are what base, inventory and sentences say. Exit status 1 if not."""
    from pantau.alerting import drift

    _tell(drift(config), "good")


@alerts_app.command("explain")
def explain_alerts(
    subject: Annotated[
        str, typer.Argument(metavar="HOTSPOT|UPLINK|ISP|KECAMATAN", help="Its id; KIND:ID where two kinds share one.")
    ],
    prometheus: Annotated[str, typer.Option(help="Prometheus' address.")] = "http://localhost:9090",
    alertmanager: Annotated[str, typer.Option(help="Alertmanager's address.")] = "http://localhost:9093",
    config: Config = CONFIG,
) -> None:
    """Say why something does or does not page now: facts, rule, wider cause, silence, inhibition, route, receiver.

    Exit status: 0 explained, 2 Prometheus or Alertmanager could not be asked.

    Example: pantau alerts explain telkom
    """
    from pantau.alerting.explaining import explain

    console = Console(highlight=False, soft_wrap=True)
    raise typer.Exit(asyncio.run(explain(subject, config, prometheus, alertmanager, console)))


def _known_language(lang: str) -> None:
    if lang not in LANGUAGES:
        raise typer.BadParameter(f"{lang!r} is not one of {', '.join(LANGUAGES)}", param_hint="--lang")


def _tell(problems: Sequence[str], good: str) -> None:
    for problem in problems:
        typer.echo(problem)
    if problems:
        raise typer.Exit(1)
    typer.echo(good)


def _listen(text: str | None) -> Listen | None:
    if text is None:
        return None
    try:
        return parse_listen(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--listen") from error


def _write_schemas(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (("pantau", json_schema()), ("inventory", inventory_json_schema())):
        file = folder / f"{name}.schema.json"
        file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        typer.echo(file)


def _print_problems(error: ConfigurationError) -> None:
    for problem in error.problems:
        typer.echo(str(problem), err=True)
    count = len(error.problems)
    _errors().print(f"[bold red]{count} problem{'' if count == 1 else 's'}.[/]")


def _errors() -> Console:
    return Console(stderr=True, highlight=False)
