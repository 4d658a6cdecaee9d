"""The exporter's own commands: `pantau run`, `pantau check`, `pantau probe`. They parse and call."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from pantau.cli.options import CONFIG, Config
from pantau.cli.speaking import note, shown_console, tell
from pantau.errors import cut
from pantau.inventory import inventory_json_schema, json_schema, load
from pantau.inventory.listening import Listen, parse_listen


def run(
    config: Config = CONFIG,
    listen: Annotated[str | None, typer.Option(help="HOST:PORT to serve on, in place of web.listen.")] = None,
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
) -> None:
    """Run the exporter: probe every active hotspot of the inventory, serve /metrics.

    Reload after an edit: nothing to do, files are watched; or SIGHUP, or POST /-/reload. SIGTERM or Ctrl-C stops it.
    A simulation without a settings file takes the example inventory that Pantau brings.

    Example: pantau run --simulate demo --listen 127.0.0.1:9810
    """
    from exporter.app import run_exporter

    place = _listen(listen)
    if simulate is None:
        asyncio.run(run_exporter(config, place, journal=journal or "", alertmanager=alertmanager))
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
        asyncio.run(
            run_exporter(
                settings, place, lambda read, clock: SimulatedWorld(read, clock, scenario), journal, alertmanager
            )
        )


def check(
    config: Config = CONFIG,
    schema: Annotated[
        Path | None, typer.Option(help="Write the JSON Schemas for editors into this folder and leave.")
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Then look every name up and send one probe to each point, as paced as ever.")
    ] = False,
) -> None:
    """Validate settings and inventory: each problem as file:line: field: what is wrong, what to do. Exit status 1.

    With --live also list the points that cannot be probed from here (their name has no address, there is no way to
    send) and those that did not answer; no verdict is changed. Exit status 2 where some cannot be probed.
    """
    if schema is not None:
        _write_schemas(schema)
        return
    from exporter.probing.names.reach import MachineReach
    from pantau.agents.checking import door_doubts

    configuration = load(config, strict=True, without_hotspots=True, objection=MachineReach().objection)
    for warning in (*cut(configuration.warnings), *door_doubts(configuration)):
        note("warning", warning)
    inventory = configuration.inventory
    tell(
        f"{config}: good. {len(inventory.active_hotspots)} active hotspots of {len(inventory.hotspots)}, "
        f"{len(inventory.kecamatan)} kecamatan, {len(inventory.isps)} ISPs, {len(inventory.contracts)} contracts."
    )
    if live:
        from pantau.cli.live_check import check_live

        console, stderr = shown_console(highlight=False, soft_wrap=True), shown_console(stderr=True)
        raise typer.Exit(check_live(configuration, console, stderr))


def probe(
    target: Annotated[str, typer.Argument(metavar="HOTSPOT-OR-ADDRESS", help="A hotspot's id, an address or a name.")],
    count: Annotated[int, typer.Option(min=1, max=1000, help="Echo requests to send.")] = 3,
    config: Config = CONFIG,
) -> None:
    """Probe one hotspot now, and explain each step: resolve, send, reply or ICMP error, RTT, verdict.

    Exit status: 0 it answered, 1 it did not, 2 it could not be probed from here.
    """

    from pantau.cli.probe_steps import probe as explain

    raise typer.Exit(asyncio.run(explain(target, count, config, shown_console(highlight=False, soft_wrap=True))))


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
        tell(file)
