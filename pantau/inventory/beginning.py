"""A city's first hour: whether there is an inventory at all, and how one begins."""

import re
from pathlib import Path

from pantau.inventory.reading import FileReader
from pantau.inventory.settings import DEFAULT_INVENTORY, MAY_BE_MISSING

HOW_TO_BEGIN = (
    "there is no inventory yet; begin with `pantau init` and `pantau import`, or look at the example city with "
    "--config examples/bitung/pantau.yml"
)


def usual_files(folder: Path, reader: FileReader) -> tuple[str, ...]:
    """The files that are read where the settings list none; no file at all where no city has begun yet."""
    there = {name for name in (*DEFAULT_INVENTORY, *MAY_BE_MISSING) if reader.exists(folder / name)}
    if not there & set(DEFAULT_INVENTORY):
        return ()
    required = [name for name in DEFAULT_INVENTORY if name not in MAY_BE_MISSING]
    return (*required, *(name for name in MAY_BE_MISSING if name in there))


def has_begun(settings: Path) -> bool:
    """Whether these settings are those of a city: they list its inventory, or it lies in its usual place."""
    if not settings.exists():
        return False
    if any((settings.parent / name).exists() for name in DEFAULT_INVENTORY):
        return True
    return re.search(r"^inventory *:", settings.read_text(encoding="utf-8", errors="replace"), re.MULTILINE) is not None
