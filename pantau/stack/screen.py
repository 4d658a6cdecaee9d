"""The terminal: what is said stays and scrolls away; the last line tells the present. A pipe gets plain lines."""

from types import TracebackType
from typing import Self

from rich.console import RenderableType
from rich.live import Live
from rich.text import Text

from pantau.consoles import ShownConsole

_WIDE = 10_000  # a pipe has no edge to wrap at


class Screen:
    """Standard output. While its context lasts, `show` keeps one line at the bottom of a terminal."""

    def __init__(self) -> None:
        self._console = ShownConsole(highlight=False)
        if not self._console.is_terminal:
            self._console = ShownConsole(highlight=False, width=_WIDE)
        self._live = Live(console=self._console, auto_refresh=False, transient=True)
        self._shown = Text()

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def say(self, *renderables: RenderableType) -> None:
        """Print for good."""
        for renderable in renderables:
            self._console.print(renderable)

    def show(self, line: Text) -> None:
        """Put `line` at the bottom; where there is no bottom, print it if it has changed."""
        if self._console.is_terminal:
            self._live.update(line, refresh=True)
        elif line.plain != self._shown.plain:
            self._console.print(line)
        self._shown = line
