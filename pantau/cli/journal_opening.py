"""The journal that the settings name, opened for the commands that read it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pantau.inventory import Configuration, load
from pantau.journal.reading import Reader
from pantau.journal.sources import parse_source


@contextmanager
def opened(config: Path, url: str | None, source: str | None = None) -> Iterator[tuple[Reader, Configuration]]:
    """A reader of the journal at `url`, or else of that of the settings; and the settings with their inventory.

    `source` chooses whose view of the hotspots is read, where several exporters wrote the journal.
    """
    configuration = load(config)
    seen_by = parse_source(source) if source else None
    with Reader(url or configuration.settings.journal.url, config.parent, seen_by) as reader:
        yield reader, configuration
