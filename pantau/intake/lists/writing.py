"""The inventory's files with an update in them: tried in a copy of the configuration first, and only then written.

Whatever the rules of the inventory would refuse is taken out again, and told: an import never leaves an inventory that
does not load.
"""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pantau.errors import ConfigurationError, Problem
from pantau.intake.cities.plan import NamedEntry
from pantau.intake.cities.rendering import isp_line
from pantau.intake.errors import IntakeError
from pantau.intake.lists.hotspot_files import HotspotFiles, hotspot_files
from pantau.intake.lists.reading import ReadList
from pantau.intake.lists.sheets import Doubt, Effect
from pantau.intake.lists.updating import Update
from pantau.inventory import Configuration, load

_DROPPABLE = frozenset({"latitude", "longitude", "kelurahan", "category", "access", "contract", "upstream", "note"})
_TRIES = 20


@dataclass(frozen=True, slots=True)
class PreparedImport:
    """New contents of files, which make a good configuration together."""

    texts: Mapping[Path, str]
    hotspots: int
    active: int

    def write(self) -> list[Path]:
        """Put each in its place, whole. Raises `IntakeError`."""
        for path, text in self.texts.items():
            half = path.with_name(f".{path.name}.new")
            try:
                half.write_text(text, encoding="utf-8")
                os.replace(half, path)  # noqa: PTH105 - what a reader sees is the old or the new file
            except OSError as error:
                raise IntakeError(f"{path}: cannot be written ({error.strerror})") from error
        return list(self.texts)


def prepare(read: ReadList, update: Update, configuration: Configuration, *, retire: bool = False) -> PreparedImport:
    """The files as they would be. Raises `IntakeError` where the update makes no good configuration of it."""
    files = hotspot_files(configuration)
    _apply(files, update, retire=retire)
    isps = _isps_file(read, configuration)
    for _ in range(_TRIES):
        texts = {file.path: file.text() for file in files.files if file.changed} | isps
        with TemporaryDirectory(prefix="pantau-import-") as name:
            settings = _copied(configuration, texts, Path(name))
            try:
                loaded = load(settings, strict=True, without_hotspots=True)
            except ConfigurationError as error:
                if not _mended(error.problems, files, read, update):
                    raise IntakeError(f"with this list the inventory would not be good: {error}") from error
                continue
        changed = {path: text for path, text in texts.items() if path.read_text(encoding="utf-8-sig") != text}
        return PreparedImport(changed, len(loaded.inventory.hotspots), len(loaded.inventory.active_hotspots))
    raise IntakeError("with this list the inventory would not be good, whatever is left out; see pantau check")


def _apply(files: HotspotFiles, update: Update, *, retire: bool) -> None:
    for id_, draft in update.added.items():
        files.add({**draft.values, "id": id_, "note": draft.note})
    for change in update.changed:
        files.change(change.id, {name: after for name, (_, after) in change.values.items()})
    for id_ in update.gone if retire else ():
        files.change(id_, {"status": "retired"})


def _copied(configuration: Configuration, texts: Mapping[Path, str], folder: Path) -> Path:
    """The configuration's files in another place, some of them with a new content."""
    root = configuration.path.parent.absolute()
    for path in configuration.files:
        place = folder / path.absolute().relative_to(root)
        place.parent.mkdir(parents=True, exist_ok=True)
        if path in texts:
            place.write_text(texts[path], encoding="utf-8")
        else:
            shutil.copy(path, place)
    return folder / configuration.path.name


def _mended(problems: tuple[Problem, ...], files: HotspotFiles, read: ReadList, update: Update) -> bool:
    """Take out of new and changed rows what is refused; whether there was any."""
    ours = {id_: draft.row for id_, draft in update.added.items()} | {one.id: one.row for one in update.changed}
    mended = False
    for problem in problems:
        row = _row_of(problem, files)
        if row is None or row.get("id", "") not in ours:
            continue
        id_, reason = row["id"], problem.message.partition(";")[0]
        place = (read.sheets[0].name if read.sheets else "", ours[id_])
        if problem.field in _DROPPABLE:
            for name in {problem.field, *({"latitude", "longitude"} if "itude" in problem.field else ())}:
                row.pop(name, None)
            read.doubts.found.append(Doubt(*place, problem.field, "", reason, Effect.WITHOUT))
        else:
            files.drop(id_)
            update.added.pop(id_, None)
            read.doubts.found.append(Doubt(*place, problem.field, "", reason, Effect.LEFT_OUT))
            del ours[id_]
        mended = True
    return mended


def _row_of(problem: Problem, files: HotspotFiles) -> dict[str, str] | None:
    """The row that a problem is about: a line a row, the head first."""
    for file in files.files:
        if problem.file.name == file.path.name and 2 <= problem.line < len(file.rows) + 2:
            return file.rows[problem.line - 2]
    return None


def _isps_file(read: ReadList, configuration: Configuration) -> dict[Path, str]:
    """`isps.yml` with the new ISPs at its end; the file is as it was but for those lines."""
    lines = "".join(isp_line(NamedEntry(id_, name)) for id_, name in read.isps)
    if not lines:
        return {}
    for path in configuration.files[1:]:
        text = path.read_text(encoding="utf-8-sig") if path.suffix.lower() in (".yml", ".yaml") else ""
        keys = [line for line in text.splitlines() if line[:1].isalpha()]
        if keys and keys[-1].replace(" ", "") == "isps:[]":
            return {path: text.replace(keys[-1], "isps:").rstrip("\n") + f"\n{lines}"}
        if keys and keys[-1].strip() == "isps:":
            return {path: text.rstrip("\n") + f"\n{lines}"}
    named = ", ".join(name for _, name in read.isps)
    raise IntakeError(f"the list has ISPs that the inventory lacks ({named}); add them to isps.yml, and import again")
