"""A reload that changes what only an opened socket can take says that it needs a restart."""

from pathlib import Path
from typing import Any

import pytest

from exporter import world
from exporter.world import RealWorld
from pantau.clock import ManualClock
from pantau.inventory import load
from tests.city.inventories import QUICK, write_configuration

CHANGES = {
    "engine": "batch",
    "socket": "raw",
    "source": "192.0.2.5",
    "dscp": "46",
    "size": "100",
    "family": "ipv4",
}


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The settings that engines were opened with; no socket is."""
    opened: list[Any] = []
    monkeypatch.setattr(world, "open_engine", lambda probing, _clock: opened.append(probing))
    return opened


@pytest.mark.parametrize("key", CHANGES)
def test_a_setting_of_the_sockets_needs_a_restart(key: str, opened: list[Any], tmp_path: Path) -> None:
    """One warning that names it, at each reload until the restart; what is loaded is used all the same."""
    before = load(write_configuration(tmp_path, {"h0": "10.77.0.1"}))
    real = RealWorld(before, ManualClock())
    assert real.adapt(before) is before
    after = load(write_configuration(tmp_path, {"h0": "10.77.0.1"}, {**QUICK, key: CHANGES[key]}))
    for _ in range(2):
        adapted = real.adapt(after)
        told = [problem for problem in adapted.warnings if problem not in after.warnings]
        assert [(problem.file, problem.field) for problem in told] == [(after.path, f"probing.{key}")]
        assert "restart Pantau" in told[0].message
        assert adapted.settings == after.settings
    assert real.adapt(before) is before
    assert opened == [before.settings.probing]


def test_other_settings_need_none(opened: list[Any], tmp_path: Path) -> None:
    """Interval, timeout and the like take effect with the reload."""
    before = load(write_configuration(tmp_path, {"h0": "10.77.0.1"}))
    after = load(write_configuration(tmp_path, {"h0": "10.77.0.1"}, {"interval": "3s", "packets": "2"}))
    assert RealWorld(before, ManualClock()).adapt(after) is after
    assert len(opened) == 1
