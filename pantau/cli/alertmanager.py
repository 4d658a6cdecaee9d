"""The commands `pantau alertmanager`: parse and call."""

from pathlib import Path
from typing import Annotated

import typer

from pantau import alerting
from pantau.cli.options import CONFIG, SPOKEN, Config, known_language
from pantau.cli.speaking import note, report_findings, tell

app = typer.Typer(help="Alertmanager's configuration, from a base and the contacts.", no_args_is_help=True)


@app.command("build")
def build(
    config: Config = CONFIG,
    output: Annotated[
        Path | None, typer.Option(help="The file to write; alertmanager.yml beside the settings if not given.")
    ] = None,
    base: Annotated[
        Path | None, typer.Option(help="The hand-written half; alertmanager/base.yml beside the settings if not given.")
    ] = None,
    lang: Annotated[str | None, typer.Option(help=f"Language of the words, {SPOKEN}, in place of the base's.")] = None,
) -> None:
    """Write Alertmanager's configuration from alertmanager/base.yml and the contacts of ISPs and kecamatan."""
    if lang is not None:
        known_language(lang)
    built = alerting.build(config, output, base, lang)
    for sentence in built.notes:
        note("note", sentence)
    tell(output or config.parent / "alertmanager.yml")


@app.command("check")
def check(config: Config = CONFIG) -> None:
    """Say whether alertmanager.yml is what base and inventory say. Exit status 1 if not."""
    report_findings(alerting.drift(config), "good")
