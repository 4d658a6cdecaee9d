"""Each mistake an operator makes, as a small folder, against the exact list of messages it gives.

A fixture holds only the files that differ from `good/`, and `expected.txt`.
"""

import shutil
from pathlib import Path

import pytest

from pantau.errors import ConfigurationError
from pantau.inventory import load

NOW_NS = 1_711_929_600_000_000_000
"""2024-04-01 08:00 WITA, when the fixtures were written."""

HERE = Path(__file__).parent
FIXTURES = sorted(path.name for path in (HERE / "fixtures").iterdir())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the good configuration, in the working directory, so that messages have short paths."""
    shutil.copytree(HERE / "good", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("fixture", FIXTURES)
def test_a_mistake_gives_exactly_its_messages(fixture: str, folder: Path) -> None:
    """All problems of the fixture are reported, in order, and nothing else."""
    shutil.copytree(HERE / "fixtures" / fixture, folder, dirs_exist_ok=True)
    with pytest.raises(ConfigurationError) as caught:
        load(Path("pantau.yml"), NOW_NS, strict=True)
    expected = (HERE / "fixtures" / fixture / "expected.txt").read_text(encoding="utf-8")
    assert str(caught.value) == expected.removesuffix("\n")


def test_there_are_fixtures() -> None:
    """The folder was found, so that the parametrised test is not empty."""
    assert len(FIXTURES) >= 76


def test_every_message_names_a_cure() -> None:
    """After what is wrong, each message says what to do, or asks the question that leads there."""
    lines = [
        line
        for fixture in FIXTURES
        for line in (HERE / "fixtures" / fixture / "expected.txt").read_text(encoding="utf-8").splitlines()
    ]
    assert [line for line in lines if ";" not in line] == []


def test_a_missing_settings_file_is_one_problem(folder: Path) -> None:
    """The settings file itself may be what is missing."""
    with pytest.raises(ConfigurationError) as caught:
        load(Path("pantua.yml"))
    assert str(caught.value) == "pantua.yml: does not exist; correct its name, or create it"


def test_settings_that_are_a_directory(folder: Path) -> None:
    """A directory is named as what it is."""
    with pytest.raises(ConfigurationError) as caught:
        load(folder)
    assert str(caught.value) == f"{folder}: is a directory; name a file"
