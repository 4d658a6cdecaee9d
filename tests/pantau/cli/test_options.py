"""Where commands look for the settings when nobody says."""

from pathlib import Path

from pantau.cli.options import usual_config


def test_those_here_come_first_then_those_that_are_installed(tmp_path: Path) -> None:
    """In the container and beside the services no command needs --config; where nothing is, the usual name is told."""
    here, installed = tmp_path / "config.yml", tmp_path / "installed.yml"
    assert usual_config(here, installed) == here
    installed.touch()
    assert usual_config(here, installed) == installed
    here.touch()
    assert usual_config(here, installed) == here
