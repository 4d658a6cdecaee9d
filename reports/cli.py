"""The command `pantau report`: parses and calls. Its subcommands come from the packages that own them."""

from typing import Annotated

import typer

from exporter.errors import PantauError

report_app = typer.Typer(
    help="The monthly report: what was delivered, what is payable, and the evidence.",
    invoke_without_command=True,
)


@report_app.callback(invoke_without_command=True)
def report(
    context: typer.Context,
    month: Annotated[str, typer.Option(help="The month, YYYY-MM.")] = "",
) -> None:
    """Make a month's reports.

    Example: pantau report --month 2024-04 --contract madidir-telkom
    """
    if context.invoked_subcommand is not None:
        return
    raise PantauError(f"no report of {month or 'no month'} can be made yet")
