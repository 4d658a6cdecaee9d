"""The example city that Pantau brings: settings and an inventory of 1000 made-up hotspots, for who has none yet."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path

from pantau.inventory import has_begun

_OF_CHECKOUT = Path("examples/bitung/pantau.yml")
"""Beside the `config/` of a checkout; it has more than the package's: whom Alertmanager tells, and dashboards."""


@contextmanager
def example_if_missing(config: Path, usual: Path) -> Iterator[Path]:
    """`config`; or, where that is the `usual` place and no city is there, the example's settings while this lasts.

    A file that somebody has named and that does not exist stays what it is: a mistake.
    """
    if config != usual or has_begun(config):
        yield config
        return
    if (example := usual.parent.parent / _OF_CHECKOUT).exists():
        yield example
        return
    with as_file(files("pantau.simulator") / "bitung") as folder:
        yield folder / "pantau.yml"
