"""Secrets that stand in files of their own: where those lie here, and a configuration that needs none of them.

Alertmanager reads a Telegram token (`bot_token_file`) and a webhook's address (`url_file`) from files since 0.26 alone;
Debian 12 has 0.25. For it the value itself is written into a copy, which nobody but its reader may see. All other
secrets (the password of a mail server, of a proxy) every version reads from their files.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pantau.alerting.errors import AlertingError

NEWER = {"bot_token_file": "bot_token", "url_file": "url"}
"""Keys that Alertmanager knows since 0.26 only, and the key that holds the value itself in every version."""
READS_FILES_SINCE = (0, 26)

_MOUNTED = "/etc/alertmanager/secrets/"
"""Where the Compose stack mounts config/secrets."""
_MISSING = {"bot_token": "0:missing", "url": "http://127.0.0.1:9/missing"}
"""In place of what cannot be read: that one notification fails and is counted, all others go on."""


@dataclass(slots=True)
class Placing:
    """Puts the files of a configuration in their place; `sentences` are what the operator should know."""

    folder: Path
    """The one with alertmanager.yml: relative paths are below it, and secrets/ lies in it."""
    inline: bool
    """Whether values go into the configuration where an old Alertmanager cannot read their file."""
    sentences: list[str] = field(default_factory=list)

    def placed(self, content: dict[str, Any]) -> dict[str, Any]:
        """A copy of a whole configuration."""
        copied = {key: self._value(value, key) for key, value in content.items()}
        copied["templates"] = [str(self.folder / pattern) for pattern in content.get("templates") or ()]
        return copied

    def _value(self, value: Any, owner: str) -> Any:
        if isinstance(value, list):
            return [self._value(item, _named(item, owner)) for item in value]
        if not isinstance(value, dict):
            return value
        copied: dict[str, Any] = {}
        for key, item in value.items():
            if key.endswith("_file") and isinstance(item, str):
                copied |= self._file(key, item, owner)
            else:
                copied[key] = self._value(item, owner)
        return copied

    def _file(self, key: str, path: str, owner: str) -> dict[str, str]:
        place = self.place_of(path)
        if not (self.inline and key in NEWER):
            return {key: str(place)}
        plain = NEWER[key]
        try:
            return {plain: place.read_text(encoding="utf-8").strip()}
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "is no text"
            self.sentences.append(
                f"{owner}: {key}: {place}: {reason}; write it there (config/secrets/README.md): until then this one "
                "is not told"
            )
            return {plain: _MISSING[plain]}

    def place_of(self, path: str) -> Path:
        """A secret's file on this machine: a place of the Compose stack means secrets/, if nothing is there."""
        given = Path(path)
        if path.startswith(_MOUNTED) and not given.exists():
            return self.folder / "secrets" / path.removeprefix(_MOUNTED)
        return self.folder / given


def _named(item: Any, owner: str) -> str:
    return str(item["name"]) if isinstance(item, dict) and "name" in item else owner


def write_privately(file: Path, text: str) -> None:
    """Write a file with mode 0600, all of it or none, also where one that others may read is there already.

    Raises `AlertingError` if it cannot be written.
    """
    fresh = file.with_name(f".{file.name}.new")
    try:
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(file)
    except OSError as error:
        raise AlertingError(f"{file}: cannot be written ({error.strerror}); choose another place") from error
