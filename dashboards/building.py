"""From definitions to the JSON that Grafana reads, the same bytes each time, and what differs from what is there."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from dashboards.catalogue import DASHBOARDS
from dashboards.extra.core import DashboardEncoder
from dashboards.place import SETTINGS, Place
from dashboards.style import Style
from pantau.texts import LANGUAGES


def output_of(settings: Path) -> Path:
    """The folder beside `settings` where the committed JSON lies, and where Grafana's provisioning reads it."""
    return settings.parent / "grafana" / "dashboards"


OUTPUT = output_of(SETTINGS)


def rendered(
    language: str = LANGUAGES[0], settings: Path = SETTINGS, place: Place | None = None
) -> Iterator[tuple[str, str]]:
    """The uid and the JSON of each dashboard, keys sorted, with a newline at the end.

    `settings` is the `pantau.yml` whose inventory names the kecamatan and ISPs; `ConfigurationError` if it is not fit.
    `place` spares the reading of it, where it has been read.
    """
    style = Style(language, place or Place.read(settings))
    for uid, make in DASHBOARDS.items():
        drawn = json.dumps(make(style), cls=DashboardEncoder, sort_keys=True, indent=1, ensure_ascii=False)
        yield uid, drawn + "\n"


def sentences(place: Place) -> frozenset[str]:
    """Everything that the dashboards of this city say, in English, as the code has it."""
    style = Style("en", place)
    said: set[str] = set()

    def heard(sentence: str) -> str:
        said.add(sentence)
        return sentence

    object.__setattr__(style, "text", heard)
    for make in DASHBOARDS.values():
        make(style)
    return frozenset(said)


def build(output: Path = OUTPUT, language: str = LANGUAGES[0], settings: Path = SETTINGS) -> list[Path]:
    """Write the JSON of all dashboards into the folder `output` and say which files these are."""
    drawn = list(rendered(language, settings))  # all of them first: a mistake leaves no trace
    output.mkdir(parents=True, exist_ok=True)
    written = []
    for uid, text in drawn:
        path = output / f"{uid}.json"
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def drift(folder: Path = OUTPUT, language: str = LANGUAGES[0], settings: Path = SETTINGS) -> list[str]:
    """What in `folder` is not what the code and the inventory say; each a sentence with its cure."""
    return differing(folder, dict(rendered(language, settings)))


def differing(folder: Path, drawn: Mapping[str, str]) -> list[str]:
    """What in `folder` is not what has been drawn, by uid; each a sentence with its cure."""
    found = []
    expected = {f"{uid}.json": text for uid, text in drawn.items()}
    cure = "run `pantau dashboards build`"
    for name, text in expected.items():
        path = folder / name
        if not path.exists():
            found.append(f"{path}: is missing; {cure}")
        elif path.read_text(encoding="utf-8") != text:
            found.append(f"{path}: is not what dashboards/ and config/ say; {cure}")
    strays = sorted({path.name for path in folder.glob("*.json")} - set(expected))
    return found + [f"{folder / name}: no dashboard is defined by this name; delete it" for name in strays]
