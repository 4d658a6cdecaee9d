"""The wiring: opens the engine, builds the exporter, and keeps everything that runs in one task group."""

import asyncio
import gc
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Protocol

import structlog

from exporter.eventlog import EventLog
from exporter.exporter import Exporter
from exporter.kinds import open_probers, plan_of
from exporter.monitor import Monitor
from exporter.probing.uptime.asking import SnmpUptimes
from exporter.probing.uptime.heard import HeardUptime, HeardUptimes
from exporter.probing.uptime.source import UptimeSource
from exporter.recording.anchoring import Anchoring
from exporter.recording.kernel_clock import kernel_clock
from exporter.recording.mending import Mending
from exporter.recording.opening import (
    answered_before,
    last_heard,
    last_unserved,
    last_verdicts,
    make_writer,
    past_day,
    source_of,
)
from exporter.recording.recorder import HEARTBEAT_SECONDS, Recorder
from exporter.recording.uptimes import RecoveryUptimes
from exporter.reloading import Loader
from exporter.silences import Silences
from exporter.verdicts.events import Listener
from exporter.watching import watch_files
from exporter.web.server import build_app, serve
from exporter.world import RealWorld, World
from pantau import __version__
from pantau.clock import NANOSECONDS, Clock, SystemClock
from pantau.inventory import Configuration, load
from pantau.inventory.listening import Listen
from pantau.inventory.reading import FileReader

_GATHER_SECONDS = 0.001
"""Probes that left together are given up together: their deadlines lie so close to each other."""
_IDLE_SECONDS = 0.5
"""Maintenance windows are looked at so often where nothing is probed."""
_GIL_SECONDS = 0.001
"""After so long a thread that renders lets the loop in: at the default of 5 ms, four of them hold a probe up."""
_HOUR_SECONDS = 3600
_RETRY_SECONDS = 30.0
_HOUR_LOOK_SECONDS = 30
"""A sleep knows neither a suspend nor a clock that is set: the hour is looked at so often."""

log = structlog.get_logger(__name__)


class Beside(Protocol):
    """What runs beside the probing."""

    async def run(self) -> None:
        """Until cancelled."""


async def run_exporter(
    path: Path,
    listen: Listen | None = None,
    world_of: Callable[[Configuration, Clock], World] = RealWorld,
    journal: str | None = "",
    alertmanager: str | None = None,
) -> None:
    """Probe and serve until SIGTERM or SIGINT. Raises `PantauError` for what the operator can mend.

    `journal` is the URL of the journal in place of that of the settings; None for no journal.
    `alertmanager` is the address of the one that is asked who has acknowledged what; None for none.
    """
    clock = SystemClock()
    silences = Silences(alertmanager) if alertmanager else None
    reader = FileReader()
    configuration = load(path, reader=reader)
    world = world_of(configuration, clock)
    writer = None if journal is None else make_writer(configuration, journal, clock)
    snmp = SnmpUptimes(lambda: exporter.configuration, clock)
    try:
        configuration = world.adapt(configuration)
        url, source = journal or configuration.settings.journal.url, source_of(configuration)
        known = await asyncio.to_thread(writer.open) if writer else {}
        if writer is not None:
            world.beats.remember(await asyncio.to_thread(last_heard, url, path.parent, known, source))
        plan = plan_of(configuration, configuration.digest)
        monitor = Monitor(plan, open_probers(plan, world, clock), clock)
        verdicts = last_verdicts(known)
        monitor.restore(verdicts, last_unserved(known))
        listeners: list[Listener] = [EventLog(monitor.wall.seconds)]
        recorder, uptimes, beside = None, None, list[Beside]()
        journaled = partial(answered_before, url, path.parent)
        if writer is not None:
            monitor.remember(await asyncio.to_thread(past_day, url, path.parent, clock.wall_ns(), source))
            monitor.remember_answered(await asyncio.to_thread(journaled, plan.ids))
            recorder = Recorder(monitor, clock, writer, kernel_clock)
            sources: list[UptimeSource] = [
                HeardUptimes(lambda name: _last_uptime(world, exporter.configuration, name), clock)
            ]
            if isinstance(world, RealWorld):  # devices of a simulated city answer nobody's SNMP
                sources.insert(0, snmp)
            uptimes = RecoveryUptimes(sources, recorder, clock, lambda: exporter.configuration.settings.snmp.attempts)
            uptimes.remember_down((name for name, up in verdicts.items() if up == 0), monitor.started_ns)
            listeners.append(uptimes)
            beside.append(uptimes)
            listeners.append(recorder)
            writer.start()
        exporter = Exporter(
            configuration,
            monitor,
            world,
            clock,
            listeners,
            Loader(path, clock, reader.stamps),
            journaled if writer else lambda _: (),
        )
        exporter.own.journal = writer
        exporter.own.uptimes = uptimes
        exporter.own.silences = silences
        if silences is not None:
            beside.append(silences)
        if writer is not None:
            anchoring = Anchoring(url, lambda: exporter.configuration, clock, waits=lambda: not writer.up)
            exporter.own.anchors = anchoring
            beside += [anchoring, Mending(url, source, lambda: exporter.configuration, world.beats, writer, clock)]
        sys.setswitchinterval(_GIL_SECONDS)
        gc.collect()
        gc.freeze()  # the inventory lives as long as we do: a full collection need not walk it and hold probes up
        place = listen or configuration.settings.web.listen
        async with serve(build_app(exporter), place.host, place.port) as (host, port):
            log.info(
                "probing",
                version=__version__,
                engine=world.engine.name,
                socket=world.engine.socket,
                hotspots=len(configuration.inventory.active_hotspots),
                host=host,
                port=port,
            )
            await _run_until_signal(exporter, recorder, beside)
            if recorder is not None and writer is not None:
                recorder.stop()
                writer.finish()
    finally:
        snmp.close()
        if writer is not None:
            await asyncio.to_thread(writer.close)
        world.engine.close()
    log.info("stopped")


def _last_uptime(world: World, configuration: Configuration, hotspot: str) -> HeardUptime | None:
    """What the hotspot's agent said last of its device's uptime, and of the mains there."""
    heard = world.beats.heard.get(hotspot)
    if heard is None or heard.minute.uptime is None:
        return None
    known = configuration.inventory.hotspot_by_id.get(hotspot)
    custody = "isp" if known is None else known.agent_custody
    return HeardUptime(heard.state.heard_ns, heard.minute.uptime, heard.mains_absent, custody)


async def _run_until_signal(exporter: Exporter, recorder: Recorder | None, beside: Sequence[Beside]) -> None:
    loop = asyncio.get_running_loop()
    stop, reload_wanted = asyncio.Event(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, reload_wanted.set)
    try:
        async with asyncio.TaskGroup() as tasks:
            running = [
                tasks.create_task(_tick(exporter, recorder)),
                *(tasks.create_task(prober.run()) for prober in exporter.monitor.probers),
                tasks.create_task(_reload_when(exporter, reload_wanted)),
                tasks.create_task(watch_files(lambda: exporter.loader.stamps, reload_wanted.set)),
            ]
            if recorder is not None:
                running += [tasks.create_task(_beat(recorder)), tasks.create_task(_sum_hours(recorder))]
            running += [tasks.create_task(one.run()) for one in beside]
            await stop.wait()
            for task in running:
                task.cancel()
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.remove_signal_handler(number)


async def _tick(exporter: Exporter, recorder: Recorder | None) -> None:
    """Drive the monitor when something is due. A wake-up that comes late is not made up for."""
    loop = asyncio.get_running_loop()
    while True:
        now = loop.time()
        due = min(max(exporter.monitor.next_due_ns / NANOSECONDS, now) + _GATHER_SECONDS, now + _IDLE_SECONDS)
        await asyncio.sleep(due - loop.time())
        exporter.own.observe_loop_lag(max(loop.time() - due, 0.0))
        exporter.publish(exporter.monitor.tick(urgent=False))
        if recorder is not None:
            recorder.look()


async def _beat(recorder: Recorder) -> None:
    while True:
        recorder.beat()
        await asyncio.sleep(HEARTBEAT_SECONDS)


async def _sum_hours(recorder: Recorder) -> None:
    hour = _hour()
    while True:
        await asyncio.sleep(min(_HOUR_SECONDS - time.time() % _HOUR_SECONDS, _HOUR_LOOK_SECONDS))
        if _hour() == hour:
            continue
        hour = _hour()
        sums = recorder.take_sums()
        recorder.put_sums(await asyncio.to_thread(sums.event))


def _hour() -> int:
    return int(time.time() // _HOUR_SECONDS)


async def _reload_when(exporter: Exporter, wanted: asyncio.Event) -> None:
    """Reload when it is wanted; and again where the last try failed for something that may pass by itself."""
    while True:
        with suppress(TimeoutError):
            async with asyncio.timeout(_RETRY_SECONDS if exporter.loader.may_pass else None):
                await wanted.wait()
        wanted.clear()
        await exporter.reload()
