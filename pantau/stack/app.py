"""The wiring: starts the processes in order, keeps them running, and ends them in the opposite order in every case."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
from rich.text import Text

from pantau.alerting.secret_files import READS_FILES_SINCE
from pantau.alerting.versions import version_of
from pantau.errors import PantauError
from pantau.inventory import Listen, read_settings
from pantau.stack import parts
from pantau.stack.configuration import Copies, Rhythm
from pantau.stack.exporter_client import ExporterClient, client_of
from pantau.stack.grafana import HOW, dashboards_shown
from pantau.stack.notices import notice
from pantau.stack.ports import Ports, choose
from pantau.stack.programs import Programs
from pantau.stack.receiver import Notification, Receiver
from pantau.stack.screen import Screen
from pantau.stack.summary import summarise
from pantau.stack.supervision import kept_running
from pantau.stack.welcome import welcome

SUMMARY_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class StackPlan:
    """What is to run."""

    directory: Path
    """The run directory; it exists and is ours."""
    root: Path
    """The folder with prometheus.yml and config/; the parts run in it."""
    config: Path
    """The exporter's settings."""
    listen: Listen
    """Where the exporter would like to listen."""
    scenario: str | None
    """Of the simulated city; `None` for real packets."""
    rhythm: Rhythm | None
    """`None` for the intervals as shipped."""
    programs: Programs | None
    """`None` to run the exporter alone."""


async def run_stack(plan: StackPlan, screen: Screen) -> None:
    """Run until SIGINT, SIGTERM or SIGHUP, and be gone in less than 5 s after it.

    Raises `PantauError` if a part cannot be started, as `PartEndedError` if it ends before it was ready once; by then
    all have ended. A part that ends later is started again (`supervision`).
    """
    stop = asyncio.Event()
    with _signals(stop):
        try:
            async with asyncio.TaskGroup() as tasks:
                stack = tasks.create_task(_run(plan, screen))
                await stop.wait()
                screen.show(Text("stopping…", "dim"))
                stack.cancel()
        except BaseExceptionGroup as group:
            raise _reason(group) from None
    screen.say(Text("Everything is stopped.", "dim"))


async def _run(plan: StackPlan, screen: Screen) -> None:
    wanted = Ports(exporter=plan.listen.port)
    ports = choose(wanted, plan.listen.host)
    _tell_moved(wanted, ports, screen)
    async with AsyncExitStack() as started:
        session = await started.enter_async_context(aiohttp.ClientSession())
        settings = await asyncio.to_thread(read_settings, plan.config)
        listen = replace(plan.listen, port=ports.exporter)
        client = client_of(settings.web, plan.config.parent, listen)
        await asyncio.to_thread(client.wire)  # before anything is started: what is not known is said at once
        receiver = Receiver(plan.directory / "notifications.jsonl", _teller(screen, settings.zone))
        if plan.programs is not None:
            await started.enter_async_context(receiver.serve(ports.receiver))
        todo = _parts(plan, listen, client, ports, screen)
        for part in todo:
            screen.show(Text(f"… {part.name} starting", "dim"))
            log = plan.directory / "logs" / f"{part.name}.log"
            await started.enter_async_context(kept_running(part, plan.root, log, session, screen.say))
            screen.say(Text.assemble(("✔ ", "green"), f"{part.name:<12} ready  ", (part.address, "cyan")))
        screen.say(welcome(ports, todo[0].address, plan.directory, alone=plan.programs is None))
        if plan.scenario is not None and plan.programs is not None:
            dashboards = plan.config.parent / "grafana" / "dashboards"
            await started.enter_async_context(dashboards_shown(plan.root, ports.prometheus, dashboards, screen.say))
        else:
            screen.say(Text(HOW, "dim"))
        await _keep_summarising(screen, session, client, todo[1].address if len(todo) > 1 else None)


def _parts(
    plan: StackPlan, listen: Listen, client: ExporterClient, ports: Ports, screen: Screen
) -> list[parts.ProcessSpec]:
    """In the order of starting: what is asked comes before what asks it."""
    programs = plan.programs
    asked = None if programs is None else ports.alertmanager
    exporter = parts.exporter(plan.config, listen, client, plan.scenario, asked)
    if programs is None:
        return [exporter]
    usual = (plan.listen.port, *astuple(Ports()))
    used = (ports.exporter, *astuple(ports))
    copies = Copies(
        plan.root,
        plan.directory,
        dict(zip(usual, used, strict=True)),
        plan.rhythm,
        config=plan.config,
        exporter=client.scrape(),
        reads_secret_files=version_of(programs.alertmanager) >= READS_FILES_SINCE,
        warn=lambda sentence: screen.say(Text(sentence, "yellow")),
    )
    return [
        exporter,
        parts.alertmanager(
            programs.alertmanager, copies.alertmanager(), plan.directory / "alertmanager", ports.alertmanager
        ),
        parts.prometheus(programs.prometheus, copies.prometheus(), plan.directory / "prometheus", ports.prometheus),
    ]


async def _keep_summarising(
    screen: Screen, session: aiohttp.ClientSession, client: ExporterClient, alertmanager: str | None
) -> None:
    while True:
        summary = await summarise(session, client, alertmanager)
        screen.show(Text.assemble((f"{datetime.now().astimezone():%H:%M:%S}  ", "dim"), summary.text()))
        await asyncio.sleep(SUMMARY_SECONDS)


def _teller(screen: Screen, zone: ZoneInfo) -> Callable[[Notification, datetime], None]:
    def tell(notification: Notification, now: datetime) -> None:
        screen.say(notice(notification, now.astimezone(zone)), "")

    return tell


def _tell_moved(wanted: Ports, ports: Ports, screen: Screen) -> None:
    moved = [(usual, used) for usual, used in zip(astuple(wanted), astuple(ports), strict=True) if usual != used]
    for usual, used in moved:
        screen.say(Text(f"Port {usual} is busy; {used} is used in its place.", "yellow"))


@contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    """Have the signals that ask for an end set `stop`, until all is ended."""
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in numbers:
        loop.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


def _reason(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The one error that a person can mend; the group itself if there is anything else in it: that is a bug."""
    mendable, rest = group.split(PantauError)
    if mendable is None or rest is not None:
        return group
    first: BaseException = mendable
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    return first
