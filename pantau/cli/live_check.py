"""`pantau check --live`: which points of the inventory can be reached from here at all. No verdict is changed by it.

Every name is looked up and every hotspot and uplink gets one probe, no faster than the exporter itself sends them. What
has no address, or no way there, would be unknown for ever; who does not answer may just be down.
"""

import asyncio
import errno
import socket as socketlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from exporter.probing.addresses import FAMILIES_OF, address_words
from exporter.probing.icmp.engine import Engine
from exporter.probing.icmp.opening import open_engine
from exporter.probing.names.address_book import AddressBook
from exporter.probing.names.late_resolver import LateResolver
from exporter.probing.names.lookups import Lookups
from exporter.probing.names.reach import MachineReach, Reach
from exporter.probing.names.resolver import Resolver
from exporter.probing.outcome import Outcome, OutcomeKind
from pantau.cli.probe_words import MEANINGS
from pantau.clock import NANOSECONDS, Clock, SystemClock
from pantau.inventory import Configuration, Hotspot, Uplink
from pantau.inventory.addresses import parse_ip

_LONGEST_GAP_SECONDS = 0.05
"""Between two probes: few points need not take a whole interval."""
_LEFT_OVER_SECONDS = 1.0
"""What the engine is given beyond the timeout before a probe is called inconclusive."""
_DISCARD_PORT = 9

Pause = Callable[[float], Awaitable[None]]
Advance = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Reached:
    """What became of one point."""

    point: Hotspot | Uplink
    outcome: Outcome
    detail: str = ""
    """Why it has no address, or no probe leaves."""

    @property
    def unseen(self) -> bool:
        """Whether the exporter could not see it either."""
        return self.outcome.kind is OutcomeKind.NOTHING


def check_live(configuration: Configuration, console: Console, stderr: Console) -> int:
    """Try all points, list what was not reached, and return the exit status.

    0: each could be probed, whether it answered or not; 2: some could not. `EngineUnavailableError` where no ICMP
    socket is permitted.
    """
    points = points_of(configuration)
    probing, clock = configuration.settings.probing, SystemClock()
    engine = open_engine(probing, clock)
    machine = MachineReach(FAMILIES_OF[probing.family])
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    try:
        with Progress(*columns, console=stderr, transient=True) as progress:
            task = progress.add_task("titik / points", total=len(points))
            found = asyncio.run(
                reach(points, configuration, engine, LateResolver(), machine, clock, lambda: progress.advance(task))
            )
    finally:
        engine.close()
    for line in report(found):
        console.print(line)
    return 2 if any(one.unseen for one in found) else 0


def points_of(configuration: Configuration) -> Sequence[Hotspot | Uplink]:
    """All that the exporter pings: not those whose agents alone tell of them."""
    pinged = (hotspot for hotspot in configuration.inventory.active_hotspots if hotspot.pinged)
    return (*pinged, *configuration.inventory.probed_uplinks)


async def reach(
    points: Sequence[Hotspot | Uplink],
    configuration: Configuration,
    engine: Engine,
    resolver: Resolver,
    machine: Reach,
    clock: Clock,
    advance: Advance,
    pause: Pause = asyncio.sleep,
) -> list[Reached]:
    """What became of one probe to each point, in their order; `advance` is called as each is settled."""
    addresses = await _resolve([point.address or "" for point in points], resolver, machine, clock)
    outcomes: dict[int, Outcome] = {}
    routed: list[tuple[int, IPv4Address | IPv6Address]] = []
    for row, point in enumerate(points):
        address = addresses[point.address or ""]
        if isinstance(address, str):
            outcomes[row] = Outcome.RESOLVE
            advance()
        else:
            routed.append((row, address))
    async with asyncio.TaskGroup() as tasks:
        runner = tasks.create_task(engine.run())
        probing = configuration.settings.probing
        gap_seconds = min(probing.interval_seconds / max(len(points), 1), _LONGEST_GAP_SECONDS)
        sending = _Sending(engine, clock, probing.timeout_seconds, outcomes, advance, pause)
        await sending.send(routed, gap_seconds)
        runner.cancel()
    return [_reached(point, addresses, outcomes[row]) for row, point in enumerate(points)]


@dataclass(slots=True)
class _Sending:
    """Probes under way. `outcomes` are those that have ended, by row."""

    engine: Engine
    clock: Clock
    timeout_seconds: float
    outcomes: dict[int, Outcome]
    advance: Advance
    pause: Pause

    async def send(self, rows: Sequence[tuple[int, IPv4Address | IPv6Address]], gap_seconds: float) -> None:
        """One probe to each, `gap_seconds` apart, until each has ended."""
        began_ns = self.clock.monotonic_ns()
        for number, (row, address) in enumerate(rows):
            await self._until(began_ns + round(number * gap_seconds * NANOSECONDS))
            words = np.array([address_words(address)], np.uint64)
            timeout_ns = round(self.timeout_seconds * NANOSECONDS)
            self.engine.submit(np.array([row], np.int32), np.zeros(1, np.int64), words, timeout_ns)
        left_seconds = self.timeout_seconds + _LEFT_OVER_SECONDS
        await self._until(self.clock.monotonic_ns() + round(left_seconds * NANOSECONDS), [row for row, _ in rows])
        for row, _ in rows:
            self.outcomes.setdefault(row, Outcome.INCONCLUSIVE)

    async def _until(self, time_ns: int, rows: Sequence[int] | None = None) -> None:
        """Collect what has ended up to a time, or until all of these have."""
        while True:
            ended = self.engine.collect()
            for row, code in zip(ended.target.tolist(), ended.outcome.tolist(), strict=True):
                self.outcomes[row] = Outcome(code)
                self.advance()
            left_ns = time_ns - self.clock.monotonic_ns()
            if left_ns <= 0 or (rows is not None and all(row in self.outcomes for row in rows)):
                return
            await self.pause(min(left_ns / NANOSECONDS, _LONGEST_GAP_SECONDS))


async def _resolve(
    texts: Sequence[str], resolver: Resolver, machine: Reach, clock: Clock
) -> dict[str, IPv4Address | IPv6Address | str]:
    """The address that the exporter would probe for each text, or why there is none."""
    book = AddressBook(names := list(dict.fromkeys(texts)), clock, reach=machine)
    await Lookups(lambda: book, resolver, machine).refresh()
    found: dict[str, IPv4Address | IPv6Address | str] = {}
    for row, text in enumerate(names):
        told = book.address_of(row)
        found[text] = (told.in_use and parse_ip(told.in_use)) or told.problem or ""
    return found


def _reached(
    point: Hotspot | Uplink, addresses: dict[str, IPv4Address | IPv6Address | str], outcome: Outcome
) -> Reached:
    address = addresses[point.address or ""]
    if isinstance(address, str):
        return Reached(point, outcome, address)
    return Reached(point, outcome, _no_way_to(address) if outcome is Outcome.SEND else "")


def _no_way_to(address: IPv4Address | IPv6Address) -> str:
    """What the kernel says of the way there, as `ENETUNREACH`; empty where it knows one."""
    family = socketlib.AF_INET if address.version == 4 else socketlib.AF_INET6
    try:
        with socketlib.socket(family, socketlib.SOCK_DGRAM) as sock:
            sock.connect((str(address), _DISCARD_PORT))  # sends nothing: it only chooses the route
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, str(error))
    return ""


_LISTS = (
    (OutcomeKind.NOTHING, "red", "tidak dapat diprobe dari sini", "cannot be probed from here"),
    (OutcomeKind.REFUSAL, "yellow", "ditolak di jalan", "refused on the way"),
    (OutcomeKind.SILENCE, "yellow", "tidak menjawab", "did not answer"),
)
"""What is listed, the gravest first."""


def report(found: Sequence[Reached]) -> Iterator[str]:
    """Lines for people: the points that were not reached, by what became of them, and a sum."""
    for kind, colour, indonesian, english in _LISTS:
        concerned = [one for one in found if one.outcome.kind is kind]
        if concerned:
            yield f"[bold {colour}]{len(concerned)} {indonesian}[/] [dim]/ {english}[/]"
        yield from map(_line, concerned)
    answered = sum(one.outcome is Outcome.REPLY for one in found)
    unseen = sum(one.unseen for one in found)
    yield (
        f"{len(found)} titik: {answered} menjawab, {len(found) - answered - unseen} tidak, "
        f"{unseen} tidak dapat diprobe [dim]/ {len(found)} points: {answered} answered, "
        f"{len(found) - answered - unseen} did not, {unseen} could not be probed[/]"
    )


def _line(one: Reached) -> str:
    point = one.point
    place = " · ".join(filter(None, (point.name, point.kecamatan, point.isp and f"ISP {point.isp}", point.address)))
    indonesian, english = MEANINGS[one.outcome]
    code = one.outcome.label + (f": {one.detail}" if one.detail else "")
    return f"  [bold]{escape(point.id)}[/] {escape(place)}: {indonesian} [dim]/ {english} ({escape(code)})[/]"
