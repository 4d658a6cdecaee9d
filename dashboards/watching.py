"""Builds anew whenever a source of the dashboards changes: an edit is in Grafana some seconds later.

A fresh interpreter builds each time, because the code that it imports is what has changed.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event

from watchfiles import watch as changes

from dashboards.building import OUTPUT
from dashboards.place import SETTINGS
from pantau.texts import LANGUAGES

SOURCES = (Path(__file__).parent,)

_BUILD = """\
import pathlib, sys, dashboards
output, language, settings = sys.argv[1:]
dashboards.build(pathlib.Path(output), language, pathlib.Path(settings))
"""


def watch(
    output: Path = OUTPUT, language: str = LANGUAGES[0], stop: Event | None = None, settings: Path = SETTINGS
) -> Iterator[str]:
    """Build now and after every change, until `stop`; yields "" for a good build, else its last line of complaint."""
    yield _built(output, language, settings)
    sources = (*SOURCES, settings.parent / "inventory")
    for _changed in changes(*(path for path in sources if path.exists()), stop_event=stop):
        yield _built(output, language, settings)


def _built(output: Path, language: str, settings: Path) -> str:
    command = [sys.executable, "-c", _BUILD, str(output), language, str(settings)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stderr.strip().splitlines()[-1]
