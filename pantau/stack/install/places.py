"""Where things lie on the system that is set up: this one, or one below another root, such as a debootstrap's."""

from dataclasses import dataclass
from pathlib import Path

USER = "pantau"
CONFIG = Path("/etc/pantau")
BACKUPS = Path("/var/backups/pantau")
UNITS = Path("/etc/systemd/system")
HIDDEN = ("/home", "/root", "/tmp", "/run/user")  # noqa: S108 - named, not used
"""What the services do not see (`ProtectHome`, `PrivateTmp`): no program of theirs may lie there."""


@dataclass(frozen=True, slots=True)
class Places:
    """Paths are those of the system itself; `inside` says where they lie from here."""

    root: Path = Path("/")

    def inside(self, path: Path) -> Path:
        """A path of that system, as this process opens it."""
        return self.root / path.relative_to("/")

    @property
    def is_here(self) -> bool:
        """Whether it is the running system."""
        return self.root == Path("/")

    @property
    def runs_systemd(self) -> bool:
        """Whether units can be started, and not only be enabled."""
        return self.is_here and Path("/run/systemd/system").is_dir()

    def ids_of(self, user: str) -> tuple[int, int] | None:
        """Its numbers by that system's own list; None where it has no such user."""
        try:
            lines = self.inside(Path("/etc/passwd")).read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return None
        for line in lines:
            fields = line.split(":")
            if fields[0] == user and len(fields) > 3:
                return int(fields[2]), int(fields[3])
        return None
