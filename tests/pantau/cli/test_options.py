"""Where commands look for the settings when nobody says."""

from pathlib import Path

import pytest

from pantau.cli.options import usual_config


def test_those_here_come_first_then_those_that_are_installed(tmp_path: Path) -> None:
    """In the container and beside the services no command needs --config; where nothing is, the usual name is told."""
    here, installed = tmp_path / "config.yml", tmp_path / "installed.yml"
    assert usual_config(here, installed) == here
    installed.touch()
    assert usual_config(here, installed) == installed
    here.touch()
    assert usual_config(here, installed) == here


def test_what_may_not_be_looked_at_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """/etc/pantau of another group, or a mount of `umask 077`: no traceback, and who reads says why."""
    here, installed = tmp_path / "config.yml", tmp_path / "installed.yml"

    def refused(file: Path) -> bool:
        if file == installed:
            raise PermissionError(13, "Permission denied", str(file))
        return False

    monkeypatch.setattr(Path, "is_file", refused)
    assert usual_config(here, installed) == installed
