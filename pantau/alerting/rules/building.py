"""The rule files on disk: written whole, and whether they are what thresholds and templates say."""

import os
import tempfile
from itertools import zip_longest
from pathlib import Path

from pantau.alerting.errors import AlertingError
from pantau.alerting.rules.rendering import HEAD, TEMPLATES, rendered
from pantau.alerting.rules.thresholds import read
from pantau.inventory.wording import quote

SETTINGS = Path("config/pantau.yml")
CURE = "run `pantau rules build`"


def build(settings: Path = SETTINGS, output: Path | None = None, templates: Path = TEMPLATES) -> list[Path]:
    """Write all rule files to `output`, or to `rules/` beside `settings`, and say which these are.

    Nothing is written before all of it is known to be fit, and each file appears whole: Prometheus may read at any
    time. Raises `ConfigurationError` (thresholds) or `AlertingError`.
    """
    made = dict(rendered(read(settings.parent / "thresholds.yml"), templates))
    folder = output or settings.parent / "rules"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in made.items():
            write_whole(folder / name, text)
    except OSError as error:
        raise AlertingError(f"{folder}: cannot be written ({error.strerror}); choose another with --output") from error
    return [folder / name for name in made]


def drift(settings: Path = SETTINGS, output: Path | None = None, templates: Path = TEMPLATES) -> list[str]:
    """What in the folder is not what thresholds and templates say; each a sentence with its cure.

    A rule file of the operator's own, without our first line, is theirs.
    """
    made = dict(rendered(read(settings.parent / "thresholds.yml"), templates))
    folder = output or settings.parent / "rules"
    found = []
    for name, text in made.items():
        path = folder / name
        if not path.exists():
            found.append(f"{path}: is missing; {CURE}")
        elif (there := path.read_bytes()) != text.encode():
            found.append(_difference(path, there.decode("utf-8", "replace"), text))
    strays = sorted(path for path in folder.glob("*.yml") if path.name not in made and _is_ours(path))
    return found + [f"{path}: no template makes it any more; delete it" for path in strays]


def _difference(path: Path, there: str, made: str) -> str:
    """The first line that differs, as it is and as it should be."""
    for number, lines in enumerate(zip_longest(there.split("\n"), made.split("\n")), 1):
        if lines[0] != lines[1]:
            said, wanted = (quote(line) if line else "nothing" for line in lines)
            return f"{path}:{number}: has {said} where thresholds and templates say {wanted}; {CURE}"
    return f"{path}: is no UTF-8 text; {CURE}"


def write_whole(file: Path, text: str) -> None:
    """Put `text` where `file` is, in one step; what was there stays until then. Raises `OSError`."""
    place = file.resolve()  # a link stays one
    mode = place.stat().st_mode & 0o777 if place.exists() else 0o644
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.", suffix=".new")
    half = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        half.chmod(mode)  # a temporary file is private, and Prometheus runs as somebody else
        half.replace(place)
    finally:
        half.unlink(missing_ok=True)


def _is_ours(file: Path) -> bool:
    return file.read_bytes().startswith(HEAD.encode())
