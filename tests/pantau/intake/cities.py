"""A city as `pantau init` makes it, and a list imported into it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from pantau.intake.cities.finding import find_city
from pantau.intake.cities.indonesia import plan_of
from pantau.intake.cities.plan import NamedEntry
from pantau.intake.cities.rendering import city_files
from pantau.intake.lists.opening import open_list
from pantau.intake.lists.reading import ReadList, Wishes, read_list
from pantau.intake.lists.sheets import Effect
from pantau.intake.lists.updating import Update, compare
from pantau.intake.lists.writing import prepare
from pantau.inventory import Hotspot, load

ISPS = (NamedEntry("telkom", "Telkom"), NamedEntry("icon", "Icon Plus"))


def make_city(folder: Path, code: str) -> Path:
    """The settings file of a new city."""
    return write_files(folder, _files(code))


@cache
def _files(code: str) -> dict[str, str]:
    return city_files(replace(plan_of(find_city(code).certain[0]), isps=ISPS))


def write_files(folder: Path, files: Mapping[str, str]) -> Path:
    """The city's own files, without rules and Alertmanager's."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder / "pantau.yml"


@dataclass(frozen=True)
class Imported:
    """What an import has come to, once written."""

    read: ReadList
    update: Update
    hotspots: dict[str, Hotspot]
    """By name."""

    @property
    def doubts(self) -> list[tuple[int, str, str]]:
        """Row, column and effect of each doubt, in the order of the rows."""
        found = ((one.row, one.column, _EFFECTS[one.effect]) for one in self.read.doubts.found)
        return sorted(found)

    def table(self, *fields: str) -> list[tuple[object, ...]]:
        """These fields of all hotspots, in the order of the list."""
        return [tuple(getattr(one, name) for name in fields) for one in self.hotspots.values()]


_EFFECTS = {Effect.TAKEN: "taken", Effect.WITHOUT: "without", Effect.LEFT_OUT: "left out"}


def import_file(settings: Path, file: Path, wishes: Wishes | None = None, encoding: str | None = None) -> Imported:
    """As `pantau import FILE --write`."""
    configuration = load(settings, without_hotspots=True)
    read = read_list(open_list(file, encoding), configuration.inventory, wishes)
    update = compare(read, configuration.inventory, (wishes or Wishes()).status)
    prepare(read, update, configuration).write()
    inventory = load(settings, strict=True, without_hotspots=True).inventory
    return Imported(read, update, {one.name: one for one in inventory.hotspots})
