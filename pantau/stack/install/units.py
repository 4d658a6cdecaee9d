"""The units and drop-ins, as they are written: hardened, on this host alone, with the times of `pantau up`."""

from collections.abc import Iterator
from pathlib import Path

from pantau.stack.install.places import CONFIG, UNITS, USER
from pantau.stack.parts import RESEND, RETENTION, SNAPSHOT

SHIPPED = Path(__file__).parent / "units"
DEBIANS = ("prometheus", "prometheus-alertmanager")
"""Services that Debian's packages bring, and that get a drop-in."""
SYSUSERS = Path("/etc/sysusers.d/pantau.conf")


def units(program: Path) -> Iterator[tuple[Path, str]]:
    """Where each file goes, and its text. `program` is `pantau`, as that system sees it."""
    for file in sorted(SHIPPED.iterdir()):
        target = UNITS / file.name
        if file.suffix == ".conf":
            target = UNITS / f"{file.stem}.service.d" / "pantau.conf"
        yield target, rendered(file, program)


def rendered(file: Path, program: Path) -> str:
    """The text of a shipped file."""
    text = file.read_text(encoding="utf-8")
    values = {
        "PANTAU": str(program),
        "CONFIG": str(CONFIG),
        "RETENTION": RETENTION,
        "RESEND": RESEND,
        "SNAPSHOT": SNAPSHOT,
    }
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text


def sysusers() -> str:
    """The user that probes, as systemd-sysusers reads it."""
    return f'# Made by `pantau install`.\nu {USER} - "Pantau" {CONFIG} -\n'
