"""Up to when scrapes have shown each hotspot's time: kept in a file, for the run after this one.

Prometheus knows of a counter what scrapes have shown. What was booked after the last of them, and what could not be
booked yet, the journal has and no Prometheus; so the counters of the next run begin with it, however this one ends.
"""

import asyncio
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

import numpy as np
import structlog

from exporter.background import Background, StillBusyError
from exporter.probing.outcome import Int64
from pantau.errors import JournalError
from pantau.journal.database import file_of
from pantau.journal.entries import Event
from pantau.journal.private_files import opened, write_whole
from pantau.states import State

_MOST_NS = 300_000_000_000
"""As long as Prometheus shows what it has seen last. Who was not scraped for longer misses more than that."""
_MILLISECOND_NS = 1_000_000
_APART_SECONDS, _WRITE_SECONDS = 1.0, 30.0

log = structlog.get_logger(__name__)


def scraped_file(url: str, folder: Path, vantage: str) -> Path:
    """Where the exporter of a vantage keeps it: beside the journal's file, or where that would be by default."""
    try:
        journal = file_of(url, folder)
    except JournalError:  # told where the journal is opened
        journal = None
    journal = journal or folder / "data" / "journal"
    return journal.with_name(f"{journal.name}.{quote(vantage, safe='')}.scraped")


def left_unscraped(
    known: Mapping[str, Event], alive_ns: int | None, until_ns: Mapping[str, int]
) -> dict[str, tuple[State, int]]:
    """What no scrape had shown when the run before ended, by hotspot: the state, and nanoseconds.

    `known` is the last change of each that the journal knows, `alive_ns` the run's last sign of life and `until_ns` up
    to when scrapes had shown its time, all wall time. What was before a change since then is left out.
    """
    found: dict[str, tuple[State, int]] = {}
    if alive_ns is None:
        return found
    for name in known.keys() & until_ns.keys():
        event = known[name]
        left_ns = alive_ns - max(until_ns[name], event.at_ns)
        if event.after is not None and event.after != State.INACTIVE and 0 < left_ns <= _MOST_NS:
            found[name] = State(event.after), left_ns
    return found


class ScrapeNotes:
    """Keeps the file. What it cannot write it says once; what it cannot read counts for nothing."""

    def __init__(self, file: Path, apart_seconds: float = _APART_SECONDS) -> None:
        self._file, self._apart_seconds = file, apart_seconds
        self._waiting: tuple[Sequence[str], Int64] = (), np.empty(0, np.int64)
        self._wake = asyncio.Event()
        self._background: Background[None] = Background("noting a scrape")
        self._complained = False

    def read(self) -> dict[str, int]:
        """By hotspot, up to when its time was shown, wall time; nothing of a city that was never scraped."""
        try:
            with opened(self._file, os.O_RDONLY) as descriptor, open(descriptor, "rb", closefd=False) as stream:
                told = json.loads(stream.read())["until_ms"]
            return {str(name): int(ms) * _MILLISECOND_NS for name, ms in told.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
            log.warning("what no scrape has shown is not counted", file=str(self._file), problem=str(error))
            return {}

    def note(self, ids: Sequence[str], until_ns: Int64) -> None:
        """A scrape shows the time of these up to then, wall time. Never waits: `run` writes it."""
        self._waiting = ids, until_ns
        self._wake.set()

    def write(self) -> None:
        """Write what was noted last. Raises `OSError`."""
        ids, until_ns = self._waiting
        told = dict(zip(ids, (until_ns // _MILLISECOND_NS).tolist(), strict=True))
        self._file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self._file, json.dumps({"until_ms": told}).encode())

    async def run(self) -> None:
        """Write what is noted, one after the other, until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self._background.run(self.write, _WRITE_SECONDS)
                self._complained = False
            except (OSError, StillBusyError) as error:
                if not self._complained:
                    log.warning("a restart will cost Prometheus what it has not scraped", problem=str(error))
                self._complained = True
            await asyncio.sleep(self._apart_seconds)
