"""Commands that are imported when somebody calls them, and not before.

Help lists them from a table, so that it costs none of what they need. Typer carries click within itself, or beside it
in older versions: its types are not named here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group


@dataclass(frozen=True, slots=True)
class Listed:
    """A command, or a group of them, that has not been imported."""

    module: str
    name: str
    """Of the function, or of the `typer.Typer` that is a group, in `module`."""
    help: str
    """Its line in the list of commands: the first of its own help, as a test sees to."""

    def load(self, name: str) -> Any:
        """The command itself, imported now, under `name`."""
        found = getattr(import_module(self.module), self.name)
        if isinstance(found, typer.Typer):
            command: Any = get_group(found)
        else:
            alone = typer.Typer(add_completion=False)
            alone.command()(found)
            command = get_command(alone)
        command.name = name
        return command


class LazyGroup(TyperGroup):
    """A group whose commands stand in `listed`, beside those that were added to it as usual."""

    listed: ClassVar[Mapping[str, Listed]] = {}

    def list_commands(self, ctx: Any) -> list[str]:
        """Those that were added first, then the listed ones in the table's order."""
        return [*super().list_commands(ctx), *self.listed]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """What help and completion show of a command; a listed one is not imported for that."""
        listed = self.listed.get(cmd_name)
        return super().get_command(ctx, cmd_name) if listed is None else TyperCommand(cmd_name, help=listed.help)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is to run; a listed one is imported now."""
        name, command, rest = super().resolve_command(ctx, args)
        listed = self.listed.get(name or "")
        return name, command if listed is None else listed.load(name or ""), rest
