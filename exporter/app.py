"""The wiring: opens the engine, builds the exporter, and keeps everything that runs in one task group."""

import asyncio
import gc
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import structlog

from exporter.exporter import Exporter
from exporter.monitor import Monitor
from exporter.plan import make_plan
from exporter.probing.addressbook import AddressBook
from exporter.probing.aioping_engine import AiopingEngine
from exporter.probing.resolver import Resolver
from exporter.recording.opening import last_verdicts, make_writer, past_day, source_of
from exporter.recording.recorder import HEARTBEAT_SECONDS, Recorder, digest_of
from exporter.watching import watch_files
from exporter.web.server import build_app, serve
from exporter.world import RealWorld, World
from pantau import __version__
from pantau.clock import NANOSECONDS, Clock, SystemClock
from pantau.inventory import Configuration, load
from pantau.inventory.settings import Listen

_GATHER_SECONDS = 0.001
"""Probes that left together are given up together: their deadlines lie so close to each other."""
_IDLE_SECONDS = 0.5
"""Maintenance windows are looked at so often where nothing is probed."""
_GIL_SECONDS = 0.001
"""After so long a thread that renders lets the loop in: at the default of 5 ms, four of them hold a probe up."""
_NAMES_SECONDS = 1.0
_HOUR_SECONDS = 3600

log = structlog.get_logger(__name__)


async def run_exporter(
    path: Path,
    listen: Listen | None = None,
    world_of: Callable[[Configuration, Clock], World] = RealWorld,
    journal: str | None = "",
) -> None:
    """Probe and serve until SIGTERM or SIGINT. Raises `PantauError` for what the operator can mend.

    `journal` is the URL of the journal in place of that of the settings; None for no journal.
    """
    clock = SystemClock()
    configuration = load(path)
    world = world_of(configuration, clock)
    writer = None if journal is None else make_writer(configuration, journal, clock)
    try:
        configuration = world.adapt(configuration)
        known = await asyncio.to_thread(writer.open) if writer else {}
        plan = make_plan(configuration)
        monitor = Monitor(plan, world.engine, clock, grain_ns=plan.grain_ns(world.engine.room))
        monitor.restore(last_verdicts(known))
        recorder = None
        if writer is not None:
            url, source = journal or configuration.settings.journal.url, source_of(configuration)
            monitor.remember(await asyncio.to_thread(past_day, url, path.parent, clock.wall_ns(), source))
            recorder = Recorder(monitor, clock, writer, await asyncio.to_thread(digest_of, configuration.files))
            writer.start()
        exporter = Exporter(configuration, monitor, world, clock, recorder)
        exporter.own.journal = writer
        sys.setswitchinterval(_GIL_SECONDS)
        gc.collect()
        gc.freeze()  # the inventory lives as long as we do: a full collection need not walk it and hold probes up
        place = listen or configuration.settings.web.listen
        async with serve(build_app(exporter), place.host, place.port) as (host, port):
            log.info(
                "probing", version=__version__, engine=world.engine.name, socket=world.engine.socket,
                hotspots=len(configuration.inventory.active_hotspots), host=host, port=port)  # fmt: skip
            await _run_until_signal(exporter, world)
            if recorder is not None and writer is not None:
                recorder.stop()
                writer.finish()
    finally:
        if writer is not None:
            await asyncio.to_thread(writer.close)
        world.engine.close()
    log.info("stopped")


async def _run_until_signal(exporter: Exporter, world: World) -> None:
    loop = asyncio.get_running_loop()
    stop, reload_wanted = asyncio.Event(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, reload_wanted.set)
    try:
        async with asyncio.TaskGroup() as tasks:
            running = [
                tasks.create_task(_tick(exporter)),
                tasks.create_task(_resolve_names(lambda: exporter.monitor.book, world.resolver)),
                tasks.create_task(_resolve_names(lambda: exporter.monitor.sight.book, world.resolver)),
                tasks.create_task(_reload_when(exporter, reload_wanted)),
                tasks.create_task(watch_files(lambda: exporter.configuration.files, reload_wanted.set)),
            ]
            if exporter.recorder is not None:
                running += [
                    tasks.create_task(_beat(exporter.recorder)),
                    tasks.create_task(_sum_hours(exporter.recorder)),
                ]
            if isinstance(world.engine, AiopingEngine):
                running.append(tasks.create_task(world.engine.run()))
            await stop.wait()
            for task in running:
                task.cancel()
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.remove_signal_handler(number)


async def _tick(exporter: Exporter) -> None:
    """Drive the monitor when something is due. A wake-up that comes late is not made up for."""
    loop = asyncio.get_running_loop()
    while True:
        now = loop.time()
        due = min(max(exporter.monitor.next_due_ns / NANOSECONDS, now) + _GATHER_SECONDS, now + _IDLE_SECONDS)
        await asyncio.sleep(due - loop.time())
        exporter.own.observe_loop_lag(max(loop.time() - due, 0.0))
        changes = exporter.monitor.tick_lightly()
        for path in exporter.monitor.take_path_changes():
            exporter.tell_path(path)
        for cover in exporter.monitor.take_cover_changes():
            exporter.tell_cover(cover)
        for transitions in changes:
            exporter.tell(transitions)
        if exporter.recorder is not None:
            exporter.recorder.look()


async def _resolve_names(book_of: Callable[[], AddressBook], resolver: Resolver) -> None:
    while True:
        await book_of().refresh(resolver)
        await asyncio.sleep(_NAMES_SECONDS)


async def _beat(recorder: Recorder) -> None:
    while True:
        recorder.beat()
        await asyncio.sleep(HEARTBEAT_SECONDS)


async def _sum_hours(recorder: Recorder) -> None:
    while True:
        await asyncio.sleep(_HOUR_SECONDS - time.time() % _HOUR_SECONDS)
        sums = recorder.take_sums()
        recorder.put_sums(await asyncio.to_thread(sums.event))


async def _reload_when(exporter: Exporter, wanted: asyncio.Event) -> None:
    while True:
        await wanted.wait()
        wanted.clear()
        await exporter.reload()
