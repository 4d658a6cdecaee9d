"""From base and inventory to the file that Alertmanager reads, always the same bytes, and whether it is up to date."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pantau.alerting.base import Base, Language
from pantau.alerting.errors import AlertingError
from pantau.alerting.receivers import people_of, receiver_of, routes_of
from pantau.alerting.yaml_file import dumped
from pantau.inventory import Inventory, load

SETTINGS = Path("config/pantau.yml")
"""Below the current folder: nothing is looked for beside the code."""

_HEAD = """\
# Made by `pantau alertmanager build` from alertmanager/base.yml and the inventory's contacts: edit those, build again.
"""
_NEWER = {"bot_token_file": "telegram", "url_file": "webhook by file"}
"""Keys that Alertmanager knows since 0.26 only; Debian 12 has 0.25, which refuses a file that holds one."""


@dataclass(frozen=True, slots=True)
class Built:
    """The file's text, and what its operator should know."""

    text: str
    notes: tuple[str, ...]


def rendered(settings: Path = SETTINGS, base: Path | None = None, language: Language | None = None) -> Built:
    """What Alertmanager should read. `base` is `alertmanager/base.yml` beside `settings` if not given.

    `language` overrides the base's. Raises `ConfigurationError` or `AlertingError` if anything is not fit.
    """
    inventory = load(settings).inventory
    parted = Base.read(base or settings.parent / "alertmanager" / "base.yml")
    content = _whole(parted, inventory, language or parted.contacts.language)
    return Built(_HEAD + dumped(content), tuple(_notes(content)))


def build(
    settings: Path = SETTINGS, output: Path | None = None, base: Path | None = None, language: Language | None = None
) -> Built:
    """Write it to `output`, or to `alertmanager.yml` beside `settings`; only once all of it is known to be fit."""
    built = rendered(settings, base, language)
    file = output or settings.parent / "alertmanager.yml"
    try:
        file.write_text(built.text, encoding="utf-8")
    except OSError as error:
        raise AlertingError(f"{file}: cannot be written ({error.strerror}); choose another with --output") from error
    return built


def drift(settings: Path = SETTINGS, output: Path | None = None) -> list[str]:
    """Empty if `output` is what base and inventory say; else a sentence with its cure."""
    file = output or settings.parent / "alertmanager.yml"
    cure = "run `pantau alertmanager build`"
    expected = rendered(settings).text
    if not file.exists():
        return [f"{file}: is missing; {cure}"]
    if file.read_text(encoding="utf-8") != expected:
        return [f"{file}: is not what alertmanager/base.yml and the inventory's contacts say; {cure}"]
    return []


def _whole(base: Base, inventory: Inventory, language: Language) -> dict[str, Any]:
    people = list(people_of(inventory))
    content = dict(base.alertmanager)
    content["templates"] = [*content["templates"], f"alertmanager/words.{language}.tmpl"]
    own = [route for one in people for route in routes_of(one, base.contacts)]
    content["route"] = {**content["route"], "routes": [*own, *content["route"].get("routes", [])]}
    content["receivers"] = [*content["receivers"], *(receiver_of(one, base.contacts) for one in people)]
    return content


def _notes(content: dict[str, Any]) -> Iterator[str]:
    """What in the file asks for a newer Alertmanager than Debian's, by receiver."""
    for receiver in content["receivers"]:
        configs = [config for value in receiver.values() if isinstance(value, list) for config in value]
        for key in sorted(key for key in _NEWER if any(key in config for config in configs)):
            yield f"{receiver['name']}: {_NEWER[key]} needs Alertmanager 0.26 or newer ({key}); Debian 12 has 0.25"
