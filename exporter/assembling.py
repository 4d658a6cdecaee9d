"""From a settings file to an exporter that is ready to run: what it watches, whom it tells, what runs beside it.

Everything that can fail for a reason that the operator can mend fails here, before a probe leaves.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

from exporter.eventlog import EventLog
from exporter.exporter import Exporter
from exporter.kinds import open_probers, plan_of
from exporter.monitor import Monitor
from exporter.recording.anchoring import Anchoring
from exporter.recording.kernel_clock import kernel_clock
from exporter.recording.mending import Mending
from exporter.recording.opening import (
    answered_before,
    last_heard,
    last_life_ns,
    last_unserved,
    last_verdicts,
    past_day,
    source_of,
)
from exporter.recording.recorder import Recorder
from exporter.recording.scraped import ScrapeNotes, left_unscraped, scraped_file
from exporter.recording.uptimes import RecoveryUptimes
from exporter.reloading import Loader
from exporter.silences import Silences
from exporter.verdicts.events import Listener
from exporter.world import World
from pantau.clock import Clock
from pantau.inventory import Configuration
from pantau.inventory.reading import Stamp
from pantau.journal.entries import Event
from pantau.journal.writer import Writer


class Beside(Protocol):
    """What runs beside the probing."""

    async def run(self) -> None:
        """Until cancelled."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """An exporter, and all that runs with it."""

    exporter: Exporter
    recorder: Recorder | None = None
    """None where nothing is journaled."""
    mending: Mending | None = None
    """Who is to mend at a stop what waits; None where nothing is journaled."""
    beside: list[Beside] = field(default_factory=list)


class Assembly:
    """Builds an exporter over a world, and over a journal at `url`; without one where `writer` is None."""

    def __init__(
        self, configuration: Configuration, world: World, clock: Clock, writer: Writer | None = None, url: str = ""
    ) -> None:
        self._world, self._clock, self._writer = world, clock, writer
        self._configuration = world.adapt(configuration)
        self._folder = configuration.path.parent
        self._url = url or configuration.settings.journal.url
        self._source = source_of(configuration)
        self._exporter: Exporter | None = None

    async def assemble(self, stamps: Mapping[Path, Stamp | int], alertmanager: str | None = None) -> Assembled:
        """All of it. `stamps` are of the files that were loaded; `alertmanager` is asked who has acknowledged what."""
        configuration, clock = self._configuration, self._clock
        known, alive_ns = await self._open_journal()
        plan = plan_of(configuration, configuration.digest)
        monitor = Monitor(plan, open_probers(plan, self._world, clock), clock)
        notes = self._notes()
        unscraped = {} if notes is None else left_unscraped(known, alive_ns, await asyncio.to_thread(notes.read))
        monitor.restore(last_verdicts(known), last_unserved(known), unscraped)
        recorder = await self._record(monitor)
        uptimes = None if recorder is None else self._ask_uptimes(recorder, known, monitor.started_ns)
        listeners: list[Listener] = [EventLog(monitor.wall.seconds)]
        listeners += [one for one in (uptimes, recorder) if one is not None]
        if self._writer is not None:
            self._writer.start()
        exporter = self._exporter = Exporter(
            *(configuration, monitor, self._world, clock, listeners),
            Loader(configuration.path, clock, stamps),
            partial(answered_before, self._url, self._folder) if self._writer else lambda _: (),
            notes.note if notes else lambda *_: None,
        )
        own = exporter.own
        own.journal, own.uptimes = self._writer, uptimes
        own.silences = silences = Silences(alertmanager) if alertmanager else None
        beside: list[Beside] = [one for one in (uptimes, silences, notes) if one is not None]
        mending, anchoring = self._tend_journal(exporter)
        beside += [one for one in (mending, anchoring) if one is not None]
        return Assembled(exporter, recorder, mending, beside)

    def _in_force(self) -> Configuration:
        """The configuration of whenever somebody asks."""
        return self._configuration if self._exporter is None else self._exporter.configuration

    async def _open_journal(self) -> tuple[Mapping[str, Event], int | None]:
        """What it knows of each hotspot, and its last sign of life; nothing where there is none."""
        if self._writer is None:
            return {}, None
        known = await asyncio.to_thread(self._writer.open)
        alive_ns = await asyncio.to_thread(last_life_ns, self._url, self._folder, self._source)
        self._world.beats.remember(last_heard(known, alive_ns))
        return known, alive_ns

    def _notes(self) -> ScrapeNotes | None:
        """Of scrapes; without a journal nothing is known of the time that they have not shown."""
        return ScrapeNotes(scraped_file(self._url, self._folder, self._source.name)) if self._writer else None

    async def _record(self, monitor: Monitor) -> Recorder | None:
        """Who tells the journal, of a monitor that knows what the journal does."""
        if self._writer is None:
            return None
        now_ns = self._clock.wall_ns()
        monitor.remember(await asyncio.to_thread(past_day, self._url, self._folder, now_ns, self._source))
        ids = monitor.plan.ids
        monitor.remember_answered(await asyncio.to_thread(answered_before, self._url, self._folder, ids))
        return Recorder(monitor, self._clock, self._writer, kernel_clock)

    def _ask_uptimes(self, recorder: Recorder, known: Mapping[str, Event], started_ns: int) -> RecoveryUptimes | None:
        """Who asks the world's devices after a recovery, where it has any."""
        sources = self._world.uptime_sources(self._in_force)
        if not sources:
            return None
        uptimes = RecoveryUptimes(sources, recorder, self._clock, lambda: self._in_force().settings.snmp.attempts)
        uptimes.remember_down((name for name, up in last_verdicts(known).items() if up == 0), started_ns)
        return uptimes

    def _tend_journal(self, exporter: Exporter) -> tuple[Mending, Anchoring] | tuple[None, None]:
        """What the journal needs beside entries."""
        writer = self._writer
        if writer is None:
            return None, None
        anchoring = Anchoring(self._url, self._in_force, self._clock, waits=lambda: not writer.up)
        exporter.own.anchors = anchoring
        beats = self._world.beats
        return Mending(self._url, self._source, self._in_force, beats, writer, self._clock), anchoring
