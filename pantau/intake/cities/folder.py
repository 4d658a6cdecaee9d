"""A city's files on the disk: made whole and checked elsewhere first, then put where nothing is."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pantau import alerting
from pantau.alerting import rules
from pantau.alerting.building import HEAD as ALERTMANAGER_HEAD
from pantau.alerting.rules.rendering import HEAD as RULES_HEAD
from pantau.alerting.rules.writing import write_whole
from pantau.intake.cities.plan import CityPlan
from pantau.intake.cities.rendering import city_files
from pantau.intake.cities.shared import ROOT, shared_files, shipped_files
from pantau.intake.errors import IntakeError
from pantau.inventory import Configuration, load

_MOST_NAMED = 5
_OF_NO_CITY = (".gitignore", "README.md")


@dataclass(frozen=True, slots=True)
class CityFolder:
    """What `pantau init` writes, or would write."""

    made: tuple[Path, ...]
    kept: tuple[Path, ...]
    """Files that were there, and are of no one city: left as they are."""
    configuration: Configuration
    """What the new files say, as it was checked before any of them was in its place."""


def write_city(plan: CityPlan, folder: Path, *, dry_run: bool = False) -> CityFolder:
    """Write the city into `folder`, and `prometheus.yml` beside it.

    Of what is there only files go that nobody has edited: those that Pantau ships, of no city, and those it builds.
    Raises `IntakeError` where a file of a city is there already, and `ConfigurationError` where the plan makes no
    good configuration; nothing is written then, nor with `dry_run`.
    """
    own = city_files(plan)
    _refuse_to_overwrite(own, folder)
    with TemporaryDirectory(prefix="pantau-init-") as name:
        staged = Path(name) / "config"
        configuration = _stage(staged, {**shared_files(plan), **own})
        made: list[Path] = []
        kept: list[Path] = []
        for source, target in _places(staged, folder):
            shipped = target.is_relative_to(folder) and target.exists() and _is_as_shipped(target, folder)
            if target.exists() and not shipped:
                kept.append(target)
                continue
            made.append(target)
            if not dry_run:
                _put(source, target, over=shipped)
    return CityFolder(tuple(made), tuple(kept), configuration)


def _refuse_to_overwrite(own: Mapping[str, str], folder: Path) -> None:
    there = [folder / path for path in sorted(own) if (folder / path).exists() and not path.endswith(_OF_NO_CITY)]
    there = [path for path in there if "schema" not in path.parts and not _is_as_shipped(path, folder)]
    if there:
        named = ", ".join(map(str, there[:_MOST_NAMED])) + (
            f" and {len(there) - _MOST_NAMED} more" if there[_MOST_NAMED:] else ""
        )
        cure = "choose another folder with --output, or move the old one away"
        raise IntakeError(f"{named}: there is a city here already, and nothing is overwritten; {cure}")


def _stage(folder: Path, texts: Mapping[str, str]) -> Configuration:
    """The whole folder in a place of its own, with what is built of it; checked as `pantau check` does."""
    for path, text in texts.items():
        file = (folder.parent if path == ROOT else folder) / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    settings = folder / "pantau.yml"
    configuration = load(settings, strict=True, without_hotspots=True)
    rules.build(settings, folder / "rules")
    alerting.build(settings)
    return configuration


def _places(staged: Path, folder: Path) -> Iterator[tuple[Path, Path]]:
    yield staged.parent / ROOT, folder.absolute().parent / ROOT
    for file in sorted(path for path in staged.rglob("*") if path.is_file()):
        yield file, folder / file.relative_to(staged)


def _is_as_shipped(file: Path, folder: Path) -> bool:
    """Whether nobody has edited it: a copy that we ship, or something that is built."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    built = text.startswith((RULES_HEAD, ALERTMANAGER_HEAD))
    return built or text == shipped_files().get(str(file.relative_to(folder)))


def _put(source: Path, target: Path, *, over: bool) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if over:
            write_whole(target, source.read_text(encoding="utf-8"))
            return
        with target.open("xb") as file, source.open("rb") as text:  # x: whatever came meanwhile is not overwritten
            shutil.copyfileobj(text, file)
    except OSError as error:
        raise IntakeError(
            f"{target}: cannot be written ({error.strerror}); choose another folder with --output"
        ) from error
