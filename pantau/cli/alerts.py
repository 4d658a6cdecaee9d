"""The command `pantau alerts explain`: parses and calls."""

import asyncio
from typing import Annotated

import typer

from pantau.cli.options import CONFIG, Config
from pantau.cli.speaking import shown_console

app = typer.Typer(help="What pages, and why.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """What pages, and why."""


@app.command("explain")
def explain(
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
    from pantau.alerting.explaining import explain as explained

    console = shown_console(highlight=False, soft_wrap=True)
    raise typer.Exit(asyncio.run(explained(subject, config, prometheus, alertmanager, console)))
