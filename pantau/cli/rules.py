"""The commands `pantau rules`: Prometheus' rule files from thresholds and templates. Exit status 1 is a finding."""

from pathlib import Path
from typing import Annotated

import typer

from pantau.alerting import rules

rules_app = typer.Typer(help="Prometheus' rules, from thresholds and templates.", no_args_is_help=True)

CONFIG = Path("config/pantau.yml")
Config = Annotated[Path, typer.Option("--config", "-c", help="The settings file; thresholds.yml lies beside it.")]
Output = Annotated[Path | None, typer.Option(help="Folder of the rule files; rules/ beside the settings if not given.")]


@rules_app.command("build")
def build_rules(config: Config = CONFIG, output: Output = None) -> None:
    """Write every rule file, each whole. The same thresholds and templates give the same bytes.

    Edit config/thresholds.yml for a number, pantau/alerting/rules/templates/ for a rule.
    """
    for file in rules.build(config, output):
        typer.echo(file)


@rules_app.command("check")
def check_rules(config: Config = CONFIG, output: Output = None) -> None:
    """Say what is wrong in the thresholds, and which rules are not what they and the templates say. Exit status 1."""
    problems = rules.drift(config, output)
    for problem in problems:
        typer.echo(problem)
    if problems:
        raise typer.Exit(1)
    typer.echo("good")
