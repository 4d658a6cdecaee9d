"""The command `pantau install`: parses and calls."""

import os
import sys
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from pantau.cli.options import CONFIG, Config
from pantau.cli.speaking import note, tell
from pantau.errors import cut
from pantau.inventory import Listen, load
from pantau.stack.errors import StackError
from pantau.stack.exporter_client import client_of
from pantau.stack.install.advice import advice
from pantau.stack.install.places import Places
from pantau.stack.install.plan import Installation, install
from pantau.stack.ports import EXPORTER

_MARKS = {"there": "  is there ", "made": "✔ done     ", "would": "+ would do "}


def install_services(
    config: Config = CONFIG,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    root: Annotated[
        Path, typer.Option(help="Folder of another system, such as a debootstrap's, in place of this one.")
    ] = Path("/"),
    program: Annotated[
        Path | None, typer.Option(help="The program of the services; this very one if not given.", show_default=False)
    ] = None,
) -> None:
    """Set the stack up as services of systemd: user, folders, units, timers, beside Debian's Prometheus.

    Settings and inventory go to /etc/pantau, once; what is there is never overwritten. The exporter gets CAP_NET_RAW
    and nothing else, nobody's interpreter is changed. Run it again after an update: what is done is not done again.

    Example: sudo /opt/pantau/bin/pantau install --config config/pantau.yml --dry-run
    """
    if not dry_run and os.geteuid() != 0:
        raise StackError("only root can set services up: sudo pantau install; or look first: pantau install --dry-run")
    configuration = load(config)
    for warning in cut(configuration.warnings):
        note("warning", warning)
    settings = configuration.settings
    folder = config.absolute().parent
    wanted = Installation(
        places=Places(root.absolute()),
        program=program or Path(sys.executable).parent / "pantau",
        source=folder,
        prometheus=_prometheus_of(folder),
        anchors=settings.tsa is not None,
        scrape=client_of(settings.web, folder, Listen("127.0.0.1", EXPORTER)).scrape(),
    )
    install(wanted, lambda how, what: tell(f"{_MARKS[how]} {what}"), dry=dry_run)
    door = settings.agents
    for sentence in advice(wanted.places, str(door.listen) if door is not None else None):
        note("note", sentence)


def _prometheus_of(folder: Path) -> str:
    """The operator's, which lies beside config/, or in the one folder of an earlier installation; else the shipped."""
    for file in (folder.parent / "prometheus.yml", folder / "prometheus.yml"):
        if file.is_file():
            text = file.read_text(encoding="utf-8")
            return text.partition("\n")[2] if text.startswith("# Made by `pantau install`") else text
    return files("pantau.intake").joinpath("shipped/prometheus.yml").read_text(encoding="utf-8")
