"""The programs of others that the stack is made of, found on the PATH under the names that they are packaged with."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from pantau.stack.errors import StackError

_NAMES = {
    "prometheus": ("prometheus",),
    "prometheus-alertmanager": ("prometheus-alertmanager", "alertmanager"),  # Debian's name, then upstream's
}
"""Debian package: the names its program may have."""


@dataclass(frozen=True, slots=True)
class Programs:
    """Where the programs lie."""

    prometheus: Path
    alertmanager: Path


@dataclass(frozen=True, slots=True)
class Missing:
    """Not all of them are installed."""

    packages: tuple[str, ...]

    @property
    def advice(self) -> str:
        """One line: what is not there, and the command that mends it."""
        return f"{' and '.join(self.packages)} not installed; to get the rest: sudo apt-get install " + " ".join(
            self.packages
        )


def find_programs() -> Programs | Missing:
    """Both programs, or which packages are missing: one without the other sends no notification."""
    found = {package: _first(names) for package, names in _NAMES.items()}
    missing = tuple(package for package, path in found.items() if path is None)
    prometheus, alertmanager = found.values()
    if prometheus is None or alertmanager is None:
        return Missing(missing)
    return Programs(prometheus, alertmanager)


def find_alertmanager() -> Path:
    """Alertmanager alone. Raises `StackError` where it is not installed."""
    found = _first(_NAMES["prometheus-alertmanager"])
    if found is None:
        raise StackError(Missing(("prometheus-alertmanager",)).advice)
    return found


def _first(names: tuple[str, ...]) -> Path | None:
    for name in names:
        found = shutil.which(name)
        if found is not None:
            return Path(found)
    return None
