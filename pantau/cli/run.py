"""`pantau run`, and `pantau health`, which asks a running exporter whether it lives. They parse and call."""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer

from pantau.cli.options import CONFIG, Config
from pantau.cli.speaking import note, tell
from pantau.health import ADDRESS_VARIABLE, USUAL, ask
from pantau.inventory.listening import Listen, parse_listen
from pantau.logs import FORMATS, LEVELS, configure_logs

_ADDRESS, _ALIAS, _URL = "--web.listen-address", "--listen", "--web.external-url"

Listening = Annotated[
    list[str] | None,
    typer.Option(
        _ADDRESS,
        metavar="HOST:PORT",
        help="Where to serve, in place of web.listen; :PORT for every address. Repeatable.",
    ),
]
WebConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--web.config.file",
        help="TLS, users and headers in exporter-toolkit's format, in place of web.web_config_file.",
    ),
]


def run(
    config: Config = CONFIG,
    addresses: Listening = None,
    listen: Annotated[
        str | None, typer.Option(_ALIAS, help=f"The old name of {_ADDRESS}, until the next release.")
    ] = None,
    web_config: WebConfigFile = None,
    lifecycle: Annotated[
        bool, typer.Option("--web.enable-lifecycle", help="Take POST /-/reload; SIGHUP reloads in any case.")
    ] = False,
    external_urls: Annotated[
        list[str] | None,
        typer.Option(_URL, metavar="URL", help="By which people and Prometheus come here, if by a name. Repeatable."),
    ] = None,
    simulate: Annotated[
        str | None,
        typer.Option(help="Probe a simulated city: demo, day, calm, another shipped one, or a file's path."),
    ] = None,
    journal: Annotated[
        str | None,
        typer.Option(help="URL of the journal, in place of journal.url. A simulated city has none but this."),
    ] = None,
    alertmanager: Annotated[
        str | None, typer.Option(help="Alertmanager's address: it is asked who has acknowledged which alert.")
    ] = None,
    level: Annotated[str, typer.Option("--log.level", help=f"Tell of this and worse: {', '.join(LEVELS)}.")] = "info",
    form: Annotated[
        str | None,
        typer.Option("--log.format", help=f"{' or '.join(FORMATS)}; json if left out, coloured at a terminal."),
    ] = None,
) -> None:
    """Run the exporter: probe every active hotspot of the inventory, serve /metrics.

    Reload after an edit: nothing to do, files are watched; or SIGHUP. SIGTERM or Ctrl-C stops it.
    A simulation without a settings file takes the example inventory that Pantau brings.

    Example: pantau run --simulate demo --web.listen-address 127.0.0.1:9810
    """
    _log_as(level, form)
    from exporter.app import RunOptions, run_exporter
    from exporter.web.server import WebOptions

    places = _places(addresses, listen)
    web = WebOptions(web_config, lifecycle=lifecycle, external_urls=_urls(external_urls))
    if simulate is None:
        asyncio.run(run_exporter(RunOptions(config, places, journal or "", alertmanager, web)))
        return
    # Only here, and only then, does the exporter know the simulator.
    from pantau.simulator.example import example_if_missing
    from pantau.simulator.scenario import find_scenario
    from pantau.simulator.world import SimulatedWorld

    scenario = find_scenario(simulate)
    with example_if_missing(config, CONFIG) as settings:
        if settings != config:
            note("note", f"{config} does not exist: the city is the example inventory that Pantau brings")
        # What is made up must never stand among the evidence: a simulation has no journal unless it is given one.
        options = RunOptions(settings, places, journal, alertmanager, web)
        asyncio.run(run_exporter(options, lambda read, clock: SimulatedWorld(read, clock, scenario)))


def health(
    address: Annotated[
        str | None, typer.Argument(metavar="HOST:PORT", help=f"Where it listens; {USUAL} if nothing says otherwise.")
    ] = None,
) -> None:
    """Ask the exporter of this machine whether it lives: exit status 0 where it answers, 1 where it does not.

    Proxies of the environment are passed over, and TLS is spoken where the exporter speaks it.
    `python -m pantau.health` is the same, and starts in a tenth of the time.

    Example: pantau health 127.0.0.1:9810
    """
    given = address or os.environ.get(ADDRESS_VARIABLE, "")
    problem = ask((given.split() or [USUAL])[0])
    if problem is not None:
        tell(problem, err=True)
        raise typer.Exit(1)
    tell("sehat / healthy")


def _places(addresses: list[str] | None, alias: str | None) -> tuple[Listen, ...]:
    """Where to listen; nowhere for what the settings say."""
    if alias is not None:
        note("warning", f"{_ALIAS} is now called {_ADDRESS}, and goes with the next release")
    given = [(_ADDRESS, one) for one in addresses or ()] + ([(_ALIAS, alias)] if alias is not None else [])
    places = []
    for name, text in given:
        try:
            places.append(parse_listen(text))
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint=name) from error
    return tuple(places)


def _urls(given: list[str] | None) -> tuple[str, ...]:
    for url in given or ():
        if not url.startswith(("http://", "https://")) or not url.partition("://")[2].strip("/"):
            raise typer.BadParameter("write http://HOST:PORT or https://HOST", param_hint=_URL)
    return tuple(given or ())


def _log_as(level: str, form: str | None) -> None:
    for name, value, known in (("--log.level", level, LEVELS), ("--log.format", form, FORMATS)):
        if value is not None and value not in known:
            raise typer.BadParameter(f"{value!r} is not one of {', '.join(known)}", param_hint=name)
    configure_logs(level, form)
