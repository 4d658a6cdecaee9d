"""From base and inventory to the file that Alertmanager reads, always the same bytes, and whether it is up to date."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pantau.alerting.base import Base
from pantau.alerting.errors import AlertingError
from pantau.alerting.receivers import receiver_of, recipients_of, routes_of
from pantau.alerting.secret_files import NEWER, Placing, write_privately
from pantau.alerting.webhook_names import leading_home
from pantau.alerting.word_templates import build_words, file_of, render_words
from pantau.alerting.yaml_file import dumped, parse_mapping
from pantau.inventory import Inventory, load, read_settings
from pantau.texts import LANGUAGES, check

SETTINGS = Path("config/pantau.yml")
"""Below the current folder: nothing is looked for beside the code."""

HEAD = """\
# Made by `pantau alertmanager build` from alertmanager/base.yml and the inventory's contacts: edit those, build again.
"""
_OF_CONTACTS = "alertmanager/base.yml and the inventory's contacts"
_OF_SENTENCES = "the sentences of pantau/alerting"
_NEWER_WAYS = {"bot_token_file": "telegram", "url_file": "webhook by file"}


@dataclass(frozen=True, slots=True)
class Built:
    """The file's text, and what its operator should know."""

    text: str
    notes: tuple[str, ...]


def rendered(settings: Path = SETTINGS, base: Path | None = None, language: str | None = None) -> Built:
    """What Alertmanager should read. `base` is `alertmanager/base.yml` beside `settings` if not given.

    `language`, one of `LANGUAGES`, overrides the base's; `ValueError` for another. Raises `ConfigurationError` or
    `AlertingError` if anything is not fit.
    """
    inventory = load(settings, without_hotspots=True).inventory
    parted = Base.read(base or _base_of(settings))
    content = _whole(parted, inventory, check(language or parted.contacts.language))
    return Built(HEAD + dumped(content), tuple(_notes(content)))


def build(
    settings: Path = SETTINGS, output: Path | None = None, base: Path | None = None, language: str | None = None
) -> Built:
    """Write it to `output`, or to `alertmanager.yml` beside `settings`; only once all of it is known to be fit.

    The templates of the words, in every language, are written beside the base, where they differ.
    """
    built = rendered(settings, base, language)
    configuration = load(settings, without_hotspots=True)
    if home := list(leading_home(configuration.inventory, configuration.settings)):
        raise AlertingError("\n".join(home))
    file = output or settings.parent / "alertmanager.yml"
    try:
        file.write_text(built.text, encoding="utf-8")
    except OSError as error:
        raise AlertingError(f"{file}: cannot be written ({error.strerror}); choose another with --output") from error
    build_words((base or _base_of(settings)).parent, levels=read_settings(settings).office.levels)
    return built


def build_with_secrets(settings: Path, output: Path, base: Path | None = None, language: str | None = None) -> Built:
    """Write to `output`, with mode 0600, what any Alertmanager from 0.25 on reads from any folder.

    Telegram's tokens and secret addresses stand in it, paths are absolute. Raises as `rendered` does.
    """
    built = rendered(settings, base, language)
    placing = Placing(settings.absolute().parent, inline=True)
    text = dumped(placing.placed(parse_mapping(built.text, str(output))))
    write_privately(output, f"{HEAD}# Secrets stand in it: it is nobody's but its reader's.\n{text}")
    return Built(text, tuple(placing.sentences))


def drift(settings: Path = SETTINGS, output: Path | None = None) -> list[str]:
    """Empty if `output` and the words are what base, inventory and sentences say; else sentences with their cure."""
    expected = {output or settings.parent / "alertmanager.yml": (rendered(settings).text, _OF_CONTACTS)}
    folder, levels = _base_of(settings).parent, read_settings(settings).office.levels
    expected |= {file_of(folder, language): (render_words(language, levels), _OF_SENTENCES) for language in LANGUAGES}
    cure = "run `pantau alertmanager build`"
    found = []
    for file, (text, source) in expected.items():
        if not file.exists():
            found.append(f"{file}: is missing; {cure}")
        elif file.read_text(encoding="utf-8") != text:
            found.append(f"{file}: is not what {source} say; {cure}")
    return found


def _base_of(settings: Path) -> Path:
    return settings.parent / "alertmanager" / "base.yml"


def _whole(base: Base, inventory: Inventory, language: str) -> dict[str, Any]:
    recipients = list(recipients_of(inventory))
    content = dict(base.alertmanager)
    content["templates"] = [*content["templates"], f"alertmanager/{file_of(Path(), language)}"]
    own = [route for one in recipients for route in routes_of(one, base.contacts)]
    content["route"] = {**content["route"], "routes": [*own, *content["route"].get("routes", [])]}
    content["receivers"] = [*content["receivers"], *(receiver_of(one, base.contacts) for one in recipients)]
    return content


def _notes(content: dict[str, Any]) -> Iterator[str]:
    """What in the file asks for a newer Alertmanager than Debian's, by receiver."""
    for receiver in content["receivers"]:
        configs = [config for value in receiver.values() if isinstance(value, list) for config in value]
        for key in sorted(key for key in NEWER if any(key in config for config in configs)):
            yield (
                f"{receiver['name']}: {_NEWER_WAYS[key]} needs Alertmanager 0.26 or newer ({key}); Debian 12 has 0.25, "
                "for which --with-secrets writes a file of its own"
            )
