"""How commands speak: results on standard output, all else on standard error, a mistake as one sentence."""

from collections.abc import Sequence

import typer

from pantau.errors import ConfigurationError


def complain(sentence: str, program: str = "pantau") -> None:
    """Say why it cannot be done."""
    _say(program, "bold red", sentence)


def note(kind: str, sentence: str) -> None:
    """Say what the operator should know though it was done; `kind` is one word, such as `warning`."""
    _say(kind, "yellow", sentence)


def tell_problems(error: ConfigurationError) -> None:
    """Say every problem of the configuration, and how many they are."""
    for problem in error.problems:
        typer.echo(str(problem), err=True)
    count = len(error.problems)
    typer.secho(f"{count} problem{'' if count == 1 else 's'}.", bold=True, fg="red", err=True)


def report_findings(findings: Sequence[str], good: str) -> None:
    """Say each finding and end with status 1; `good` where there is none."""
    for finding in findings:
        typer.echo(finding)
    if findings:
        raise typer.Exit(1)
    typer.echo(good)


def _say(head: str, style: str, sentence: str) -> None:
    # Only whoever complains needs Rich; a command that is content starts without it.
    from rich.console import Console
    from rich.markup import escape

    Console(stderr=True, highlight=False).print(f"[{style}]{head}:[/] {escape(sentence)}", soft_wrap=True)
