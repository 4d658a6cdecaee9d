"""The commands `pantau demo` and `pantau up`, also `python -m pantau.stack`: they parse, and call.

Exit status: 0 it was stopped, 1 a part ended by itself or the settings are bad, 2 it cannot run.
"""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from pantau.cli.options import CONFIG
from pantau.cli.speaking import complain, note, tell
from pantau.errors import ConfigurationError, PantauError, cut
from pantau.inventory import Listen, load, parse_duration
from pantau.simulator.example import example_if_missing
from pantau.stack.app import StackPlan, run_stack
from pantau.stack.configuration import Rhythm
from pantau.stack.errors import PartEndedError
from pantau.stack.folder import StackKind, run_directory
from pantau.stack.ports import EXPORTER
from pantau.stack.programs import Missing, Programs, find_programs
from pantau.stack.screen import Screen

_DEMO_BEAT = "5s"
_CANNOT_RUN = 2
_PROGRAM = "stack"

app = typer.Typer(
    name="python -m pantau.stack",
    help="Runs Pantau's whole stack on this machine, without containers and without root: the exporter, Prometheus, "
    "Alertmanager, and a receiver that prints each notification here. Ctrl-C stops everything.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    add_completion=False,
)

Root = Annotated[
    Path, typer.Option(help="Folder with prometheus.yml and config/; the current one if not given.", show_default=False)
]
WithoutPrometheus = Annotated[
    bool, typer.Option("--no-prometheus", help="The exporter alone: no Prometheus, no Alertmanager, no notifications.")
]


def main() -> None:
    """A `PantauError` becomes its sentence and an exit status."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr] # a symbol that a terminal lacks is no reason to stop
    try:
        app()
    except ConfigurationError as error:
        tell(str(error), err=True)
        sys.exit(1)
    except PantauError as error:
        complain(str(error), _PROGRAM)
        sys.exit(_CANNOT_RUN)


@app.command()
def demo(
    scenario: Annotated[
        str,
        typer.Option(help="What happens in the city: demo, day, calm, another shipped one, or a file's path."),
    ] = "demo",
    directory: Annotated[
        Path, typer.Option(help="Where its data and logs go. Emptied at each start, if the demo made it.")
    ] = Path(".demo"),
    root: Root = Path(),
    no_prometheus: WithoutPrometheus = False,
) -> None:
    """A simulated city of 1000 hotspots, with outages and notifications within two minutes.

    Needs no root, no network and no configuration: without a settings file the city is the example that Pantau
    brings, and without prometheus.yml the exporter runs alone. Prometheus scrapes and evaluates every 5 s instead of
    15 s, and no notification waits longer than 75 s for others of its group, so that one need not be patient. What
    happens when: pantau/simulator/scenarios/demo.yml. What you see: docs/demo.md.

    Example: pantau demo --scenario day
    """
    path = Path(scenario)
    name = str(path.resolve()) if path.is_file() else scenario
    usual = root / CONFIG
    listen, rhythm = Listen("127.0.0.1", EXPORTER), Rhythm(parse_duration(_DEMO_BEAT))
    with example_if_missing(usual, usual) as config:
        _start(directory, root, config.resolve(), listen, name, rhythm, no_prometheus)


@app.command()
def up(
    config: Annotated[Path, typer.Option("--config", "-c", help="The exporter's settings.")] = CONFIG,
    directory: Annotated[
        Path, typer.Option(help="Where data and logs go. Kept: 400 days of figures, silences, what was told.")
    ] = Path(".run"),
    every: Annotated[
        str | None,
        typer.Option(
            metavar="DURATION",
            help="For trials: scrape and evaluate so often, and let no notification wait longer than 15 times as long.",
        ),
    ] = None,
    root: Root = Path(),
    no_prometheus: WithoutPrometheus = False,
) -> None:
    """Monitor the hotspots of the inventory with real packets, on prometheus.yml and config/ as they are.

    ICMP needs a permission: if it is lacking, the exporter says which two commands would give it. Prometheus and
    Alertmanager listen on this host only. After an edit: settings and inventory are read again by themselves; for
    rules, `pkill -HUP -x prometheus`. A part that dies is started again, and told.

    Example: pantau up --config /etc/pantau/pantau.yml --directory /var/lib/pantau
    """
    configuration = load(config)
    for warning in cut(configuration.warnings):
        note("warning", warning)
    listen = configuration.settings.web.listen[0]
    _start(directory, root, config.resolve(), listen, None, _rhythm(every), no_prometheus)


def _start(
    directory: Path,
    root: Path,
    config: Path,
    listen: Listen,
    scenario: str | None,
    rhythm: Rhythm | None,
    no_prometheus: bool,
) -> None:
    directory, root = directory.absolute(), root.absolute()
    try:
        with run_directory(directory, StackKind.UP if scenario is None else StackKind.DEMO), Screen() as screen:
            programs = None if no_prometheus else _programs(root, screen)
            asyncio.run(run_stack(StackPlan(directory, root, config, listen, scenario, rhythm, programs), screen))
    except PartEndedError as error:
        complain(str(error), _PROGRAM)
        tell(error.last_words, err=True)
        raise typer.Exit(_CANNOT_RUN if error.status == _CANNOT_RUN else 1) from error


def _programs(root: Path, screen: Screen) -> Programs | None:
    """What is installed, if it is all there and has its configuration; else one line of advice."""
    if not (root / "prometheus.yml").is_file():
        advice = f"{root} has no prometheus.yml; start in Pantau's folder, or name it with --root"
        screen.say(f"[yellow]The exporter runs alone:[/] {escape(advice)}")
        return None
    found = find_programs()
    if isinstance(found, Missing):
        screen.say(f"[yellow]The exporter runs alone:[/] {escape(found.advice)}")
        return None
    return found


def _rhythm(every: str | None) -> Rhythm | None:
    if every is None:
        return None
    try:
        return Rhythm(parse_duration(every))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--every") from error
