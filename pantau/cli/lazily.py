"""Groups of commands that are imported when somebody asks for them, and not before.

Typer carries click within itself, or beside it in older versions: its types are not named here.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import typer
from typer.core import TyperGroup
from typer.main import get_group


class LazyGroup(TyperGroup):
    """A group some of whose commands are made by a function each, at their first use or when help lists them."""

    lazy: ClassVar[Mapping[str, Callable[[], typer.Typer]]] = {}

    def list_commands(self, ctx: Any) -> list[str]:
        """Own commands first, then the lazy ones."""
        return [*super().list_commands(ctx), *self.lazy]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, imported now if it is a lazy one."""
        make = self.lazy.get(cmd_name)
        if make is None:
            return super().get_command(ctx, cmd_name)
        command = get_group(make())
        command.name = cmd_name
        return command
