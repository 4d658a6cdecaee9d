"""What docs/operation tells people to type: the commands exist; those of backup, upgrade and move do what they say."""

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from lab.samples.journal import Place, change, down, ns, up
from pantau.cli.main import app
from pantau.journal.entries import start
from pantau.states import State
from tests.ops.operation_pages import FOLDER, blocks, commands_of_pantau
from tests.sources import ROOT

PAGES = sorted(FOLDER.glob("*.md"))
PROMISED = {
    *("backup", "capacity", "docker", "firewall", "first-city", "install", "move", "night-shift", "troubleshooting"),
    *("upgrade", "watchdog"),
}
KEPT = re.compile(r"^\d+:[0-9a-f]{64}$", re.MULTILINE)


def test_every_page_that_is_promised_is_there() -> None:
    """TLS has a page of its own, which others write."""
    assert {page.stem for page in PAGES} >= PROMISED


def test_the_readme_has_the_twelve_commands_of_the_page() -> None:
    """`make first-half-hour` types those of the README."""
    assert blocks(ROOT / "README.md", "sh") == blocks(FOLDER / "first-city.md", "sh")
    lines = [line for line in blocks(ROOT / "README.md", "sh")[0].splitlines() if line]
    assert len(lines) <= 12


def parsed(arguments: list[str]) -> None:
    """Parse a command line to its end, and run nothing; an error of usage is raised."""
    command: Any = get_command(app)
    context = command.make_context("pantau", [], resilient_parsing=True)
    left = list(arguments)
    while hasattr(command, "resolve_command") and left and not left[0].startswith("-"):
        _, command, left = command.resolve_command(context, left)
    try:
        command.make_context(arguments[-1], left)
    except Exception as error:
        # In a sentence a command is named without what it needs: `pantau journal backup`.
        if type(error).__name__ not in ("MissingParameter", "NoArgsIsHelpError"):
            raise


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_each_command_and_option_exists(page: Path) -> None:
    """As Typer reads them: a renamed option is found before an operator finds it."""
    for arguments in commands_of_pantau(page):
        if not {"--help", "--version"} & {*arguments}:
            parsed(arguments)


def test_commands_are_found_in_the_pages() -> None:
    """The check has something to check, and can fail."""
    found = [arguments[:2] for page in PAGES for arguments in commands_of_pantau(page)]
    assert ["journal", "backup"] in found
    assert ["alertmanager", "test"] in found
    with pytest.raises(Exception, match="No such option"):
        parsed(["journal", "backup", "--outputs", "x"])


class Machine:
    """A folder with an office's config/, and the programs of a server on its PATH; nothing of this one is touched."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs = folder.parent / f"{folder.name}-programs"
        self.programs.mkdir(parents=True)
        self.program("pantau", f'exec {sys.executable} -m pantau "$@"')
        for name in ("pip", "systemctl"):
            self.program(name, f'echo "{name} $*" >> {self.programs}/called')
        self.program("sudo", 'exec "$@"')

    def program(self, name: str, text: str) -> None:
        """A program of a line."""
        file = self.programs / name
        file.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)

    def type(self, text: str) -> str:
        """Type a block of a page, line after line as it stands; what all of it says."""
        environment = os.environ | {"PATH": f"{self.programs}:/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            ["sh", "-e"], input=text, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"
        return done.stdout


@pytest.fixture
def office(tmp_path: Path) -> Machine:
    """One point, one outage."""
    folder = tmp_path / "office"
    config = folder / "config"
    config.mkdir(parents=True)
    (config / "pantau.yml").write_text(
        "inventory: [isps.yml, kecamatan.yml, hotspots.csv]\nvantage: {canaries: [{name: a, address: 192.0.2.1}]}\n",
        "utf-8",
    )
    (config / "isps.yml").write_text("isps: [{id: telkom, name: Telkom}]\n", "utf-8")
    (config / "kecamatan.yml").write_text("kecamatan: [{id: maesa, name: Maesa}]\n", "utf-8")
    (config / "hotspots.csv").write_text("id,name,address,kecamatan,isp\nh1,Satu,192.0.2.9,maesa,telkom\n", "utf-8")
    for part in ("alertmanager", "thresholds.yml"):
        source = ROOT / "config" / part
        (shutil.copytree if source.is_dir() else shutil.copy)(source, config / part)
    with Place("sqlite:///data/journal.sqlite", config).store() as store:
        store.append(
            [start(ns(0), ["h1"], [], {}), change("h1", 1, State.UNKNOWN, State.UP), down("h1", 50), up("h1", 70)]
        )
    return Machine(folder)


def kept(text: str) -> set[str]:
    """The lines to keep among what was said."""
    return set(KEPT.findall(text))


@pytest.mark.long
def test_backup_and_restore_as_the_page_says(office: Machine) -> None:
    """What is put back is what was copied: one line, three times; the old journal lies beside it."""
    backup, restore = blocks(FOLDER / "backup.md", "sh")
    lines = kept(office.type(backup))
    assert len(lines) == 1
    assert kept(office.type(restore)) == lines
    assert (office.folder / "config" / "data-lama" / "journal.sqlite").is_file()
    assert (office.folder / "cadangan" / "config.tar.gz").is_file()


@pytest.mark.long
def test_upgrade_and_the_way_back_as_the_page_says(office: Machine) -> None:
    """The journal is the same after both; pip is asked for the newer and for the older one."""
    forwards, back = blocks(FOLDER / "upgrade.md", "sh")
    lines = kept(office.type(forwards))
    assert len(lines) == 1
    assert kept(office.type(back)) == lines
    called = (office.programs / "called").read_text("utf-8")
    assert called == "pip install --upgrade pantau\npip install --upgrade pantau<1\n"


@pytest.mark.long
def test_a_move_as_the_page_says(office: Machine, tmp_path: Path) -> None:
    """The new server's line is the old one's."""
    here, there = blocks(FOLDER / "move.md", "sh")
    lines = kept(office.type(here))
    (tmp_path / "new").mkdir()
    new = Machine(tmp_path / "new")
    shutil.copy(office.folder / "pindah.tar.gz", new.folder)
    assert kept(new.type(there)) == lines
    assert len(lines) == 1
