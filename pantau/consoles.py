"""Rich's console that prints no character of a text that a terminal would obey: only Rich's own."""

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from pantau.redaction import printable


class ShownConsole(Console):
    """Cells of tables are rendered on their own, before their width is taken: what is written out has its room."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """See `Console.render`."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=printable(segment.text))
