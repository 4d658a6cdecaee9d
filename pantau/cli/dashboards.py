"""The commands `pantau dashboards`: parse and call. The exporter itself does not know grafanalib."""

from pathlib import Path
from typing import Annotated

import typer

import dashboards
from dashboards.checking import check as problems_of
from pantau.cli.options import CONFIG, SPOKEN, Config, known_language
from pantau.cli.speaking import report_findings, tell

app = typer.Typer(help="Grafana dashboards, generated from code.", no_args_is_help=True)

Lang = Annotated[str, typer.Option(help=f"Language of titles and texts: {SPOKEN}.")]
Grafana = Annotated[str, typer.Option(help="Address of a running Grafana, such as http://localhost:3000.")]
TokenFile = Annotated[Path | None, typer.Option(help="File that holds a service account's token.")]
Output = Annotated[
    Path | None,
    typer.Option(help="Folder to write the JSON files to; grafana/dashboards beside the settings if not given."),
]


@app.command("build")
def build(
    output: Output = None,
    lang: Lang = "id",
    watch: Annotated[bool, typer.Option(help="Go on, and build again after every change of the code.")] = False,
    config: Config = CONFIG,
) -> None:
    """Write every dashboard's JSON. The same code gives the same bytes."""
    known_language(lang)
    folder = output or dashboards.output_of(config)
    if watch:
        from dashboards.watching import watch as build_after_changes

        for complaint in build_after_changes(folder, lang, settings=config):
            tell(complaint or f"built into {folder}")
        return
    for file in dashboards.build(folder, lang, config):
        tell(file)


@app.command("check")
def check(config: Config = CONFIG) -> None:
    """Say all that is wrong in the dashboards: layout, texts, queries, links, committed JSON. Exit status 1."""
    report_findings(problems_of(config), "good")


@app.command("diff")
def diff(grafana: Grafana, token_file: TokenFile = None, lang: Lang = "id", config: Config = CONFIG) -> None:
    """Say what somebody changed by hand in a running Grafana. Exit status 1 if anything."""
    from dashboards.grafana import diff as differences

    known_language(lang)
    report_findings(differences(grafana, token_file, lang, config), "no difference")


@app.command("push")
def push(grafana: Grafana, token_file: TokenFile = None, lang: Lang = "id", config: Config = CONFIG) -> None:
    """Put every dashboard into a running Grafana, over what is there."""
    from dashboards.grafana import push as put

    known_language(lang)
    for uid in put(grafana, token_file, lang, config):
        tell(uid)
