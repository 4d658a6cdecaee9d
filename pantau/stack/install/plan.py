"""The steps in their order, and one pass over them."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pantau.stack.errors import StackError
from pantau.stack.install.places import BACKUPS, CONFIG, HIDDEN, USER, Places
from pantau.stack.install.steps import (
    CopyConfiguration,
    EnableUnits,
    InstallStep,
    MakeFolder,
    MakeUser,
    PutFile,
    StartUnits,
)
from pantau.stack.install.units import DEBIANS, SYSUSERS, sysusers, units

_PRIVATE = 0o700
_JOB = re.compile(r"^( *)- job_name: pantau\b[^\n]*", re.MULTILINE)
_SCHEME = re.compile(r"^ *- job_name: pantau\b[^\n]*\n(?:(?! *- job_name)[^\n]*\n)*? *scheme:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Installation:
    """What is to be set up."""

    places: Places
    program: Path
    """`pantau`, as the system that is set up sees it."""
    source: Path
    """The folder with pantau.yml that is copied to /etc/pantau where there is none yet."""
    prometheus: str
    """prometheus.yml, as an operator wrote it beside config/."""
    anchors: bool
    """Whether the settings name an authority that stamps."""
    scrape: Mapping[str, Any] = field(default_factory=dict)
    """What Prometheus needs to ask the exporter, beside its address; files lie in `source`, or anywhere."""


Told = Callable[[str, str], None]
"""Told of each step: `there`, `made` or `would`, and what it is."""


def steps(wanted: Installation) -> Iterator[InstallStep]:
    """All but what is started at the end."""
    places = wanted.places
    yield PutFile(places, SYSUSERS, sysusers())
    yield MakeUser(places, USER, SYSUSERS)
    yield CopyConfiguration(places, wanted.source, CONFIG, USER)
    yield MakeFolder(places, CONFIG, "root", USER, 0o750)
    yield MakeFolder(places, CONFIG / "data", USER, USER, _PRIVATE)
    yield MakeFolder(places, BACKUPS, USER, USER, _PRIVATE)
    yield PutFile(places, CONFIG / "prometheus.yml", _in_one_folder(wanted), 0o640, USER)
    for path, text in units(wanted.program):
        yield PutFile(places, path, text)
    yield EnableUnits(places, _enabled(wanted))


def install(wanted: Installation, told: Told, *, dry: bool) -> None:
    """Do what is not done yet; with `dry` nothing at all. Raises `StackError`."""
    if not dry:
        require_seen(wanted.program)
    changed = False
    try:
        for step in steps(wanted):
            done = step.is_done()
            changed = changed or (not done and isinstance(step, PutFile))
            if not done and not dry:
                step.do()
            told("there" if done else "would" if dry else "made", step.what)
        if wanted.places.runs_systemd:
            start = StartUnits([*_enabled(wanted), *_present(wanted.places)], changed)
            done = start.is_done()
            if not done and not dry:
                start.do()
            told("there" if done else "would" if dry else "made", start.what)
    except OSError as error:
        raise StackError(f"{error.filename}: {error.strerror}; what is done stays, and is not done again") from error


def require_seen(program: Path) -> None:
    """Refuse a program that the hardened services could not see."""
    if str(program).startswith(HIDDEN):
        raise StackError(
            f"{program} lies where the services see nothing; install Pantau for all: python3 -m venv /opt/pantau && "
            '/opt/pantau/bin/pip install "pantau[postgresql]" (or the wheel), then /opt/pantau/bin/pantau install'
        )


def _enabled(wanted: Installation) -> Sequence[str]:
    timers = ["pantau-backup.timer", *(["pantau-anchor.timer"] if wanted.anchors else [])]
    return ["pantau.service", *timers]


def _present(places: Places) -> list[str]:
    """Debian's services, as far as they are installed."""
    folders = (Path("/lib/systemd/system"), Path("/usr/lib/systemd/system"))
    names = [f"{name}.service" for name in DEBIANS]
    return [name for name in names if any(places.inside(folder / name).is_file() for folder in folders)]


def _in_one_folder(wanted: Installation) -> str:
    """Rules and targets lie beside it here, in config/ where it was written; the exporter's job speaks as it does."""
    head = "# Made by `pantau install` from prometheus.yml.\n"
    text = wanted.prometheus.replace("config/rules/", "rules/").replace("config/targets/", "targets/")
    if not wanted.scrape or _SCHEME.search(text):
        return head + text
    said = json.dumps(wanted.scrape).replace(f"{wanted.source}/", f"{CONFIG}/")
    lines = [f"{key}: {json.dumps(value)}" for key, value in json.loads(said).items()]
    return head + _JOB.sub(
        lambda job: job[0] + "".join(f"\n{' ' * len(job[1])}  {line}" for line in lines), text, count=1
    )
