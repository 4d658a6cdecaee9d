"""After each recovery the device is asked how long it has been running, and the journal is told.

It hears the same events as the journal. Asking goes on beside the probing; a recovery never waits for it, nor does a
stop or a reload: what is not told by then stays open.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from exporter.probing.uptime.source import UptimeReading, UptimeResult, UptimeSource
from exporter.verdicts.events import Event, Reloaded, StatesChanged
from pantau.clock import NANOSECONDS, Clock

FIRST_SECONDS = 5.0
"""A device answers pings before its SNMP agent has started."""
GROWTH = 3
"""An asking that was not answered is followed by another after three times as long: 5 s, 15 s, 45 s, 135 s."""
MARGIN_SECONDS = 120.0
"""A device may restart that long before its first unanswered probe: an interval, and two minutes without heartbeat."""
_LONG_AGO_NS = 31 * 86_400 * NANOSECONDS
_MOST_WAITING = 5000
"""More recoveries than hotspots in a minute mean that asking is no use now."""

log = structlog.get_logger(__name__)


class UptimeSink(Protocol):
    """What takes the answers: the recorder."""

    def uptime_told(self, hotspot: str, address: str, evidence: str, reading: UptimeReading) -> None:
        """A hotspot's device has told, now."""


@dataclass(frozen=True, slots=True)
class _Recovery:
    """A hotspot has come back, and nobody has asked its device yet."""

    hotspot: str
    address: str
    fell_ns: int
    """When it fell silent, or fell silent last before that is known; on the timeline."""
    number: int
    """Of its recoveries: an answer of before the next outage is not told."""
    source: UptimeSource
    """By whom it is asked."""


class RecoveryUptimes:
    """A `Listener`: hears who comes back, and sees that each is asked by all `sources` that lead there."""

    def __init__(
        self,
        sources: Sequence[UptimeSource],
        sink: UptimeSink,
        clock: Clock,
        attempts: Callable[[], int] = lambda: 4,
        first_seconds: float = FIRST_SECONDS,
    ) -> None:
        self._sources = sources
        self._sink = sink
        self._clock = clock
        self._attempts = attempts
        self._first_seconds = first_seconds
        self._fell_ns: dict[str, int] = {}
        """The hotspots that are down, since when by the timeline."""
        self._falls: dict[str, int] = {}
        """How often each has fallen, so that an answer of before the next outage is told from one of after it."""
        self._waiting: deque[_Recovery] = deque()
        self._wake = asyncio.Event()
        self._lost_ns = 0
        """What the timeline is ahead of the monotonic clock, as the last event tells."""
        self.results = dict.fromkeys(UptimeResult, 0)
        """What became of all askings."""

    def remember_down(self, hotspots: Iterable[str], now_ns: int) -> None:
        """These were down when the exporter began, nobody here knows since when: a month ago at most."""
        self._fell_ns |= dict.fromkeys(hotspots, now_ns - _LONG_AGO_NS)

    def hear(self, event: Event) -> None:
        """See `Listener.hear`."""
        if isinstance(event, StatesChanged):
            self._hear_states(event)
        elif isinstance(event, Reloaded):
            watched = set(event.after.ids)
            for hotspot in self._fell_ns.keys() - watched:
                del self._fell_ns[hotspot]

    def _hear_states(self, event: StatesChanged) -> None:
        self._lost_ns = event.detected_ns - self._clock.monotonic_ns()
        addresses = event.addresses or (None,) * len(event)
        rows = zip(event.subjects, event.verdict.tolist(), event.at_ns.tolist(), addresses, strict=True)
        for subject, verdict, at_ns, address in rows:
            if subject.is_uplink:
                continue
            if verdict == 0:
                self._fell_ns.setdefault(subject.name, at_ns)
                self._falls[subject.name] = self._falls.get(subject.name, 0) + 1
            elif verdict == 1 and (fell_ns := self._fell_ns.pop(subject.name, None)) is not None:
                self._come_back(subject.name, address or "", fell_ns)

    def _come_back(self, hotspot: str, address: str, fell_ns: int) -> None:
        number = self._falls.get(hotspot, 0)
        for source in self._sources:
            if len(self._waiting) < _MOST_WAITING and source.asks(hotspot):
                self._waiting.append(_Recovery(hotspot, address, fell_ns, number, source))
                self._wake.set()

    async def run(self) -> None:
        """Ask whoever comes back, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._waiting:
                    tasks.create_task(self._ask(self._waiting.popleft()))

    async def _ask(self, one: _Recovery) -> None:
        pause_seconds = self._first_seconds
        for _ in range(self._attempts()):
            await asyncio.sleep(pause_seconds)
            pause_seconds *= GROWTH
            if self._has_fallen_again(one) or not one.source.asks(one.hotspot):
                return
            reading = await self._ask_once(one)
            self.results[reading.result] += 1
            if self._has_fallen_again(one):
                return
            if reading.is_answer:
                self._sink.uptime_told(one.hotspot, one.address, one.source.evidence, reading)
                return

    async def _ask_once(self, one: _Recovery) -> UptimeReading:
        now_ns = self._clock.monotonic_ns() + self._lost_ns
        down_seconds = (now_ns - one.fell_ns) / NANOSECONDS + MARGIN_SECONDS
        try:
            return await one.source.ask(one.hotspot, one.address, down_seconds)
        except Exception as error:  # noqa: BLE001 - the supervisor: an asking that fails in any way ends no probing
            log.warning("a device could not be asked for its uptime", hotspot=one.hotspot, reason=type(error).__name__)
            return UptimeReading(UptimeResult.FAILED)

    def _has_fallen_again(self, one: _Recovery) -> bool:
        return self._falls.get(one.hotspot, 0) != one.number
