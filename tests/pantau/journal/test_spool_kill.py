"""A process that is killed while it writes the spool loses nothing that was safe, and leaves nothing else."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("kills", [60, pytest.param(1000, marks=pytest.mark.long)])
def test_whatever_the_instant_of_the_kill_every_safe_event_is_there_once(kills: int, tmp_path: Path) -> None:
    """Over all runs, in order; a line that was torn is set aside."""
    command = [sys.executable, "-m", "tests.pantau.journal.spool_killed", str(tmp_path), str(kills), "4711"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=250)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    assert (report["kills"], report["faults"]) == (kills, [])
    assert report["events"] > 0
