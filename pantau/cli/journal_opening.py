"""The journal that the settings name, opened for the commands that read it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pantau.inventory import Configuration, load
from pantau.journal.reading import Reader


@contextmanager
def opened(config: Path, url: str | None) -> Iterator[tuple[Reader, Configuration]]:
    """A reader of the journal at `url`, or else of that of the settings; and the settings with their inventory."""
    configuration = load(config)
    with Reader(url or configuration.settings.journal.url, config.parent) as reader:
        yield reader, configuration
