"""The commands `pantau alertmanager`: parse and call."""

from pathlib import Path
from typing import Annotated

import typer

from pantau import alerting
from pantau.alerting.testing import send_test as run_test
from pantau.alerting.testing.running import PATIENCE_SECONDS
from pantau.cli.options import CONFIG, SPOKEN, Config, known_language
from pantau.cli.speaking import note, report_findings, tell
from pantau.stack.programs import find_alertmanager

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
    with_secrets: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write FILE instead, mode 0600, with absolute paths, and the tokens and addresses that Alertmanager "
            "0.25 (Debian 12) cannot read from files.",
        ),
    ] = None,
) -> None:
    """Write Alertmanager's configuration from alertmanager/base.yml and the contacts of ISPs and kecamatan."""
    if lang is not None:
        known_language(lang)
    if with_secrets is not None:
        _build_with_secrets(config, with_secrets, base, lang)
        return
    built = alerting.build(config, output, base, lang)
    for sentence in built.notes:
        note("note", sentence)
    tell(output or config.parent / "alertmanager.yml")


@app.command("check")
def check(config: Config = CONFIG) -> None:
    """Say whether alertmanager.yml is what base and inventory say. Exit status 1 if not."""
    report_findings(alerting.drift(config), "good")


@app.command("test")
def send_test(
    receiver: Annotated[str, typer.Argument(help="Its name in alertmanager.yml: page, ticket, second, watchdog, ...")],
    config: Config = CONFIG,
    file: Annotated[
        Path | None,
        typer.Option(help="Alertmanager's configuration; alertmanager.yml beside the settings if not given."),
    ] = None,
    program: Annotated[
        Path | None, typer.Option(help="Alertmanager's program; the one that is installed if not given.")
    ] = None,
    wait: Annotated[float, typer.Option(min=1, max=300, help="Seconds to wait for an answer.")] = PATIENCE_SECONDS,
) -> None:
    """Send a real message through a receiver, by an Alertmanager of its own, and say what came back.

    It says of itself that it is a test, in both languages. The receiver `watchdog` is sent a beat that asks for a page:
    the outside watchdog then pages its own people. Exit status 1 where the other end did not take it.

    Example: pantau alertmanager test page
    """
    configuration = file or config.parent / "alertmanager.yml"
    answers = run_test(program or find_alertmanager(), configuration, receiver, wait)
    for answer in answers:
        tell(f"{receiver}: {answer}")
    if not all(answer.taken for answer in answers):
        raise typer.Exit(1)
    note("note", "taken is not yet read: look whether it has come")


def _build_with_secrets(config: Path, file: Path, base: Path | None, lang: str | None) -> None:
    built = alerting.build_with_secrets(config, file, base, lang)
    for sentence in built.notes:
        note("warning", sentence)
    tell(file)
