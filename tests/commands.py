"""`python -m pantau` as its user calls it."""

import subprocess
import sys
from pathlib import Path

from tests.patience import PATIENCE_SECONDS
from tests.sources import ROOT


def pantau(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run `python -m pantau` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "pantau", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
    )
