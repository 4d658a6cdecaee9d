"""The rule files on disk: written whole, and whether they are what thresholds and templates say."""

from itertools import zip_longest
from pathlib import Path

from pantau.alerting.errors import AlertingError
from pantau.alerting.rules import mentions
from pantau.alerting.rules.city import RulesCity
from pantau.alerting.rules.rendering import HEAD, TEMPLATES, rendered
from pantau.alerting.rules.thresholds import read
from pantau.alerting.rules.writing import CURE, write_whole

SETTINGS = Path("config/pantau.yml")


def build(settings: Path = SETTINGS, output: Path | None = None, templates: Path = TEMPLATES) -> list[Path]:
    """Write all rule files to `rules/` beside `settings`, and the thresholds into the runbooks; list what was written.

    With `output` only the rule files, to that folder. Nothing is written before all of it is known to be fit, and each
    file appears whole: Prometheus may read at any time. Raises `ConfigurationError` (thresholds) or `AlertingError`.
    """
    thresholds = read(settings.parent / "thresholds.yml")
    made = dict(rendered(thresholds, templates, RulesCity.read(settings)))
    folder = output or settings.parent / "rules"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in made.items():
            write_whole(folder / name, text)
    except OSError as error:
        raise AlertingError(f"{folder}: cannot be written ({error.strerror}); choose another with --output") from error
    texts = mentions.write(thresholds, _root(settings)) if output is None else []
    return [*(folder / name for name in made), *texts]


def drift(settings: Path = SETTINGS, output: Path | None = None, templates: Path = TEMPLATES) -> list[str]:
    """What is not what thresholds and templates say; each a sentence with its cure.

    A rule file of the operator's own, without our first line, is theirs.
    """
    thresholds = read(settings.parent / "thresholds.yml")
    made = dict(rendered(thresholds, templates, RulesCity.read(settings)))
    folder = output or settings.parent / "rules"
    found = []
    for name, text in made.items():
        path = folder / name
        if not path.exists():
            found.append(f"{path}: is missing; {CURE}")
        elif (there := path.read_bytes()) != text.encode():
            found.append(_difference(path, there.decode("utf-8", "replace"), text))
    strays = sorted(path for path in folder.glob("*.yml") if path.name not in made and _is_ours(path))
    found += [f"{path}: no template makes it any more; delete it" for path in strays]
    return [*found, *(mentions.differing(thresholds, _root(settings)) if output is None else ())]


def _root(settings: Path) -> Path:
    """The folder above the settings' own, where docs/ is."""
    return settings.parent.parent if settings.parent.name else Path("..")


def _difference(path: Path, there: str, made: str) -> str:
    """The first line that differs, as it is and as it should be."""
    for number, lines in enumerate(zip_longest(there.split("\n"), made.split("\n")), 1):
        if lines[0] != lines[1]:
            said, wanted = (f"'{line.strip()}'" if line else "nothing" for line in lines)
            return f"{path}:{number}: has {said} where thresholds and templates say {wanted}; {CURE}"
    return f"{path}: is no UTF-8 text; {CURE}"


def _is_ours(file: Path) -> bool:
    return file.read_bytes().startswith(HEAD.encode())
