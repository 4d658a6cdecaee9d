"""The wiring: opens world, journal and web server, and keeps everything that runs in one task group."""

import asyncio
import gc
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import structlog

from exporter.assembling import Assembled, Assembly
from exporter.exporter import Exporter
from exporter.recording.opening import make_writer
from exporter.recording.recorder import HEARTBEAT_SECONDS, Recorder
from exporter.watching import watch_files
from exporter.web.server import WebOptions, build_door, serve
from exporter.world import RealWorld, World
from pantau import __version__
from pantau.clock import NANOSECONDS, Clock, SystemClock
from pantau.inventory import Configuration, load
from pantau.inventory.listening import Listen
from pantau.inventory.reading import FileReader
from pantau.journal.writer import Writer

_GATHER_SECONDS = 0.001
"""Probes that left together are given up together: their deadlines lie so close to each other."""
_IDLE_SECONDS = 0.6
"""Maintenance windows are looked at so often where nothing is probed; what is planned each half second comes first."""
_GIL_SECONDS = 0.0002
"""After so long a thread that loads or renders lets the loop in. Each call to the kernel hands the interpreter over,
and a tick makes several: at 1 ms, while a configuration was loaded, 9 ms of the loop's work took 30."""
_HOUR_SECONDS = 3600
_RETRY_SECONDS = 30.0
_HOUR_LOOK_SECONDS = 30
"""A sleep knows neither a suspend nor a clock that is set: the hour is looked at so often."""

log = structlog.get_logger(__name__)


WorldOf = Callable[[Configuration, Clock], World]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the command line says of a run."""

    settings: Path
    listen: tuple[Listen, ...] = ()
    """Where to serve, in place of ``web.listen``."""
    journal: str | None = ""
    """URL of the journal in place of that of the settings; None for no journal."""
    alertmanager: str | None = None
    """Address of the one that is asked who has acknowledged what; None for none."""
    web: WebOptions = field(default_factory=WebOptions)


async def run_exporter(options: RunOptions, world_of: WorldOf = RealWorld) -> None:
    """Probe and serve until SIGTERM or SIGINT. Raises `PantauError` for what the operator can mend."""
    clock, reader = SystemClock(), FileReader()
    configuration = load(options.settings, reader=reader)
    async with _opened(configuration, options, world_of, clock) as (world, writer):
        assembly = Assembly(configuration, world, clock, writer, options.journal or "")
        assembled = await assembly.assemble(reader.stamps, options.alertmanager)
        exporter = assembled.exporter
        sys.setswitchinterval(_GIL_SECONDS)
        gc.collect()
        gc.freeze()  # the inventory lives as long as we do: a full collection need not walk it and hold probes up
        places = options.listen or configuration.settings.web.listen
        door = build_door(exporter, _of_settings(options.web, configuration, places))
        async with serve(door, places) as (host, port):
            log.info(
                "probing",
                version=__version__,
                engine=world.engine.name,
                socket=world.engine.socket,
                hotspots=len(configuration.inventory.active_hotspots),
                host=host,
                port=port,
            )
            await _run_until_signal(assembled)
            if assembled.mending is not None:
                await assembled.mending.finish()
            if assembled.recorder is not None and writer is not None:
                assembled.recorder.stop()
                writer.finish()
    log.info("stopped")


@asynccontextmanager
async def _opened(
    configuration: Configuration, options: RunOptions, world_of: WorldOf, clock: Clock
) -> AsyncIterator[tuple[World, Writer | None]]:
    """World and journal, closed in the end whatever happens."""
    world = world_of(configuration, clock)
    try:
        writer = None if options.journal is None else make_writer(configuration, options.journal, clock)
        try:
            yield world, writer
        finally:
            world.end_asking()
            if writer is not None:
                await asyncio.to_thread(writer.close)
    finally:
        world.engine.close()


def _of_settings(web: WebOptions, configuration: Configuration, places: tuple[Listen, ...]) -> WebOptions:
    """With what the settings say, and the names by which this machine is called."""
    settings = configuration.settings.web
    file = configuration.path.parent / settings.config_file if settings.config_file else None
    hosts = {socket.gethostname(), socket.getfqdn(), *(place.host for place in places)}
    return replace(web, config_file=web.config_file or file, scrapers=settings.scrapers, hosts=tuple(sorted(hosts)))


async def _run_until_signal(assembled: Assembled) -> None:
    exporter, recorder = assembled.exporter, assembled.recorder
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
            running += [tasks.create_task(one.run()) for one in assembled.beside]
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
