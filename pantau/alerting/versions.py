"""Which Alertmanager it is."""

import re
import subprocess
from pathlib import Path

from pantau.alerting.errors import AlertingError

_VERSION = re.compile(r"\bversion v?(\d+)\.(\d+)")
_PATIENCE_SECONDS = 20


def version_of(program: Path) -> tuple[int, int]:
    """Of an installed program, the first two numbers. Raises `AlertingError` where it does not say."""
    try:
        done = subprocess.run(
            [str(program), "--version"], capture_output=True, text=True, check=False, timeout=_PATIENCE_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AlertingError(f"{program} does not say its version: {error}") from error
    found = _VERSION.search(done.stdout + done.stderr)
    if found is None:
        raise AlertingError(f"{program} does not say its version; is it Alertmanager?")
    return int(found[1]), int(found[2])
