"""How commands speak: results on standard output, all else on standard error, a mistake as one sentence.

The one place where the command line prints: nothing that a terminal would obey, and no credential, gets past it.
"""

import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any

import typer

from pantau.errors import ConfigurationError, cut
from pantau.redaction import printable, shown

if TYPE_CHECKING:
    from rich.console import Console


def tell(text: object, *, err: bool = False) -> None:
    """A line of what was asked for; on standard error if `err`."""
    typer.echo(shown(text), err=err)


def tell_secret(text: str) -> None:
    """What was asked for and holds a credential: as it is, but for what a terminal would obey."""
    typer.echo("\n".join(printable(line) for line in text.split("\n")))


def shown_console(**options: Any) -> "Console":
    """A console for tables and colours, as Rich makes it of `options`."""
    # Only whoever complains or draws needs Rich; a command that is content starts without it.
    from pantau.consoles import ShownConsole

    return ShownConsole(**options)


def complain(sentence: str, program: str = "pantau") -> None:
    """Say why it cannot be done."""
    _say(program, "bold red", sentence)


def note(kind: str, sentence: str) -> None:
    """Say what the operator should know though it was done; `kind` is one word, such as `warning`."""
    _say(kind, "yellow", sentence)


def tell_problems(error: ConfigurationError) -> None:
    """Say every problem of the configuration, and how many they are."""
    for line in cut(error.problems):
        tell(line, err=True)
    count = len(error.problems)
    typer.secho(f"{count} problem{'' if count == 1 else 's'}.", bold=True, fg="red", err=True)


def report_findings(findings: Sequence[str], good: str) -> None:
    """Say each finding and end with status 1; `good` where there is none."""
    for finding in findings:
        tell(finding)
    if findings:
        raise typer.Exit(1)
    tell(good)


def tell_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What the interpreter prints of an error that nobody expected: the hook of `sys.excepthook`."""
    sys.stderr.write(shown("".join(traceback.format_exception(kind, error, trace))))


@contextmanager
def shown_usage_errors() -> Iterator[None]:
    """What the library says of a wrong argument repeats it: let it repeat what may be shown."""
    try:
        yield
    except Exception as error:
        said = getattr(error, "message", None)
        if isinstance(said, str) and not isinstance(error, BaseExceptionGroup):  # whose message cannot be set
            error.message = shown(said)  # type: ignore[attr-defined]
        raise


def _say(head: str, style: str, sentence: str) -> None:
    from rich.markup import escape

    shown_console(stderr=True, highlight=False).print(f"[{style}]{head}:[/] {escape(shown(sentence))}", soft_wrap=True)
