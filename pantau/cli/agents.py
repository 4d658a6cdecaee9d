"""The commands `pantau agents`: tokens of agents, what is pasted into a device, and which of them are heard."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pantau.cli.options import CONFIG, Config
from pantau.cli.speaking import note, shown_console, tell, tell_secret

if TYPE_CHECKING:
    from pantau.inventory import Configuration, Hotspot
    from pantau.inventory.agents import Agents

app = typer.Typer(help="Agents at the hotspots: their tokens, what to paste, which are heard.", no_args_is_help=True)

HotspotId = Annotated[str, typer.Argument(metavar="HOTSPOT", help="The hotspot's id.")]


@app.command("token")
def token(hotspot: HotspotId, config: Config = CONFIG) -> None:
    """Show the token of a hotspot's agent: whoever has it can speak for the hotspot, and for no other.

    A higher agent_generation in the inventory revokes it; a new first file of agents.key_files makes new ones for all.
    """
    from pantau.inventory import load

    tell_secret(_token(load(config), hotspot))


@app.command("install")
def install(
    hotspot: HotspotId,
    kind: Annotated[str, typer.Option(help="What the device is: sh (Linux), rsc (RouterOS 7) or openwrt.")] = "sh",
    config: Config = CONFIG,
) -> None:
    """Show what to paste into the device at a hotspot, token and certificate included.

    Example: pantau agents install BTG-0001 --kind rsc
    """
    from pantau.agents.pasting import KINDS, AgentSettings, paste
    from pantau.errors import PantauError
    from pantau.inventory import load

    wanted = next((one for one in KINDS if one == kind), None)
    if wanted is None:
        raise typer.BadParameter(f"{kind!r} is not one of {', '.join(KINDS)}", param_hint="--kind")
    configuration = load(config)
    agents, _ = _agent(configuration, hotspot)
    if agents.url is None:
        raise PantauError("agents.url is not set; write the address that agents send to, as in https://HOST:9811")
    ca = _certificate(configuration.path.parent, agents)
    if not ca:
        note("note", "agents.ca_file is not set: the device must know the certificate's authority by itself")
    try:
        settings = AgentSettings(
            *(agents.url, hotspot, _token(configuration, hotspot), ca, agents.portal_url or "", agents.portal_text)
        )
    except ValueError as error:
        raise PantauError(str(error)) from error
    tell_secret(paste(wanted, settings))


@app.command("list")
def list_agents(
    config: Config = CONFIG,
    wanting: Annotated[
        bool, typer.Option("--wanting", help="Only those that are not heard, or do not verify the certificate.")
    ] = False,
) -> None:
    """List the agents: when each was last heard, its version, and whether it can tell that it speaks to us.

    Exit status 1 if some have not been heard of within agents.grace, or do not verify.
    """
    import time

    from pantau.agents.listing import listed_agents
    from pantau.inventory import load

    configuration = load(config)
    rows = listed_agents(configuration, time.time())
    troubled = [row for row in rows if row.troubles]
    shown = troubled if wanting else rows
    if shown:
        from rich.table import Table

        table = Table("hotspot", "isp", "heard", "version", "")
        for row in shown:
            table.add_row(row.hotspot, row.isp, row.heard, row.version, ", ".join(row.troubles))
        shown_console(highlight=False, soft_wrap=True).print(table)
    tell(f"{len(rows)} agents, {len(troubled)} not heard of or not verifying.")
    if troubled:
        raise typer.Exit(1)


def _agent(configuration: "Configuration", hotspot: str) -> "tuple[Agents, Hotspot]":
    """The settings of the door, and a hotspot that has an agent."""
    from pantau.errors import PantauError

    agents, found = configuration.settings.agents, configuration.inventory.hotspot_by_id.get(hotspot)
    if agents is None:
        raise PantauError("there is no door for agents; add agents: with key_files to the settings")
    if found is None:
        raise PantauError(f"{hotspot} is not a hotspot of the inventory; correct the id")
    if not found.agent:
        raise PantauError(f"{hotspot} has no agent in the inventory; add agent: true")
    return agents, found


def _token(configuration: "Configuration", hotspot: str) -> str:
    from pantau.agents.tokens import read_keys, token_of

    agents, found = _agent(configuration, hotspot)
    (key,) = read_keys(agents.key_files[:1], configuration.path.parent)
    return token_of(key, found.id, found.agent_generation)


def _certificate(folder: Path, agents: "Agents") -> str:
    from pantau.errors import PantauError

    if agents.ca is None:
        return ""
    try:
        return (folder / agents.ca).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise PantauError(f"{folder / agents.ca}: cannot be read as PEM; correct agents.ca_file") from error
