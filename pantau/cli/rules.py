"""The commands `pantau rules`: Prometheus' rule files from thresholds and templates. Exit status 1 is a finding."""

from pathlib import Path
from typing import Annotated

import typer

from pantau.cli.options import CONFIG
from pantau.cli.speaking import tell

app = typer.Typer(help="Prometheus' rules, from thresholds and templates.", no_args_is_help=True)

Config = Annotated[Path, typer.Option("--config", "-c", help="The settings file; thresholds.yml lies beside it.")]
Output = Annotated[
    Path | None, typer.Option(help="Folder of rule files, without runbooks; else rules/ beside the settings.")
]


@app.command("build")
def build_rules(config: Config = CONFIG, output: Output = None) -> None:
    """Write every rule file, and each threshold into the runbooks that name it. The same input gives the same bytes.

    Edit config/thresholds.yml for a number, pantau/alerting/rules/templates/ for a rule. Exit status 1 where a runbook
    no longer has the sentence that names a threshold.
    """
    from pantau.alerting import rules

    for file in rules.build(config, output):
        tell(file)
    _tell(rules.drift(config, output))


@app.command("check")
def check_rules(config: Config = CONFIG, output: Output = None) -> None:
    """Say what is wrong in the thresholds, and which rules are not what they and the templates say. Exit status 1."""
    from pantau.alerting import rules

    _tell(rules.drift(config, output))
    tell("good")


def _tell(problems: list[str]) -> None:
    for problem in problems:
        tell(problem, err=True)
    if problems:
        raise typer.Exit(1)
