"""A writer that is killed at any instant loses nothing that was committed, and breaks no chain."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lab.samples.journal import Place

ROOT = Path(__file__).parents[3]


def kill(place: Place, kills: int) -> dict[str, object]:
    """Kill a writer so often; what was found after each."""
    command = [sys.executable, "-m", "tests.pantau.journal.killed", place.url, str(place.folder), str(kills), "4711"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=250)
    assert done.returncode == 0, done.stderr
    report: dict[str, object] = json.loads(done.stdout)
    return report


@pytest.mark.parametrize("kills", [(50, 12), pytest.param((200, 50), marks=pytest.mark.long)])
def test_kills_lose_nothing_and_break_no_chain(place: Place, kills: tuple[int, int]) -> None:
    """Every committed entry is there, and the chain over all runs is whole; in make test-long four times as often."""
    _check(place, kills[0] if place.url.startswith("sqlite") else kills[1])


def _check(place: Place, kills: int) -> None:
    report = kill(place, kills)
    assert report["lost"] == []
    assert place.findings() == []
    starts = place.ask("SELECT count(*) FROM entries WHERE kind = 1")
    assert starts == [(kills,)]
    with place.reader() as reader:
        assert reader.head().number == report["entries"]
        gaps = [fault for fault in reader.faults(0, 2**62) if fault.what == "not_running"]
        assert len(gaps) == kills - 1
