"""Mends what was unknown by minutes that agents tell late: entries of their own, and nothing that was judged changes.

What was unknown stands in the journal, not in memory: the exporter itself may have been what could not see.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

import structlog

from exporter.background import Background, StillBusyError
from exporter.probing.agent.beats import Beat, BeatSource
from exporter.probing.agent.plan import KIND
from exporter.recording.late_minutes import LateSpan, Spans, late_spans, mended
from exporter.recording.late_witnesses import LateWitnesses
from exporter.recording.recorder import Sink
from pantau.clock import NANOSECONDS, Clock
from pantau.errors import JournalError
from pantau.inventory import Configuration, Hotspot
from pantau.journal.amendments import can_be_mended
from pantau.journal.editions import issued_editions
from pantau.journal.entries import Event, amend
from pantau.journal.reading import Reader
from pantau.journal.sources import Source

_LOOK_SECONDS = 60.0
_SETTLED_INTERVALS, _SETTLED_SECONDS = 2, 5.0
"""What became of the minutes around a heartbeat is written after so many of its intervals, but never sooner."""
_PATIENCE_SECONDS = 60.0
_LAST_SECONDS = 0.8
"""An exporter that is told to stop ends within two seconds, whatever its disk does."""
_MOST_WAITING = 20_000
"""Heartbeats with late minutes: a city whose agents all tell a day in an hour."""

log = structlog.get_logger(__name__)


class Mending:
    """Puts amendments into the journal at `url`, of which `sink` is the exporter's end."""

    def __init__(
        self,
        url: str,
        source: Source,
        configuration: Callable[[], Configuration],
        beats: BeatSource,
        sink: Sink,
        clock: Clock,
    ) -> None:
        self._url, self._source, self._configuration = url, source, configuration
        self._beats, self._sink, self._clock = beats, sink, clock
        self._background: Background[list[Event]] = Background("mending")
        self._waiting: list[Beat] = []
        self._fresh: list[Beat] = []
        """Of them those whose word about the page was not taken yet."""
        self._witnesses: LateWitnesses | None = None

    async def run(self) -> None:
        """Look each minute. Ends when cancelled: then `finish` is to be called, for no agent tells a minute again."""
        while True:
            await asyncio.sleep(min(_LOOK_SECONDS, self._interval_seconds()))
            await self.look()

    async def finish(self) -> None:
        """At a stop: mend at once all that waits. Nothing more will be decided about that time."""
        self._background = Background("mending at the stop")  # the other may be at work, and nobody hears it any more
        await self.look(0.0, _LAST_SECONDS)
        if self._waiting:
            log.error("late minutes are lost: the journal could not be read in time", heartbeats=len(self._waiting))

    async def look(self, settled_seconds: float | None = None, patience_seconds: float = _PATIENCE_SECONDS) -> None:
        """Mend what was told a while ago; where the journal cannot be read it is tried again."""
        told = self._beats.take_late()
        self._waiting = [*self._waiting, *told][-_MOST_WAITING:]
        self._fresh = [*self._fresh, *told][-_MOST_WAITING:]
        now_ns = self._clock.wall_ns()
        if settled_seconds is None:
            settled_seconds = max(_SETTLED_SECONDS, _SETTLED_INTERVALS * self._interval_seconds())
        before_ns = now_ns - round(settled_seconds * NANOSECONDS)
        ready = [beat for beat in self._waiting if beat.wall_ns <= before_ns]
        configuration = self._configuration()
        if not ready or configuration.settings.agents is None:
            return
        fresh: Sequence[Beat] = ()
        if not self._background.busy:  # else nobody would take them in
            fresh, self._fresh = self._fresh, []
        try:
            events = await self._background.run(
                lambda: self.amendments(configuration, ready, now_ns, fresh), patience_seconds
            )
        except (JournalError, TimeoutError, StillBusyError) as error:
            log.warning("late minutes are not in the journal yet", problem=str(error) or "it takes long")
            return
        self._waiting = [beat for beat in self._waiting if beat.wall_ns > before_ns]
        self._sink.put(events)

    def _interval_seconds(self) -> float:
        agents = self._configuration().settings.agents
        return _LOOK_SECONDS if agents is None else agents.interval_seconds

    def amendments(
        self, configuration: Configuration, beats: Sequence[Beat], now_ns: int, fresh: Sequence[Beat]
    ) -> list[Event]:
        """The entries for these heartbeats. What all told of the page meanwhile is kept: the `fresh` tell it now.

        Reads the journal: call it in a thread. Raises `JournalError`.
        """
        agents = configuration.settings.agents
        if agents is None:
            return []
        interval_ns = round(agents.interval_seconds * NANOSECONDS)
        isp_of = {it.id: it.isp for it in configuration.inventory.hotspots}
        seen = self._witnesses
        if seen is None or (seen.interval_ns, seen.page) != (interval_ns, agents.portal_url):
            seen = self._witnesses = LateWitnesses(interval_ns, agents.portal_url)
        seen.note(fresh, isp_of)
        seen.forget(now_ns - round(agents.late_seconds * NANOSECONDS))
        found = []
        with Reader(self._url, configuration.path.parent, self._source) as reader:
            oldest_ns = min((one.wall_ns - _age_ns(one) for one in beats), default=now_ns) - interval_ns
            told = reader.amendments(oldest_ns, now_ns)
            before = {name: sorted((one.start_ns, one.end_ns) for one in own) for name, own in told.items()}
            closed = _final_months(reader, configuration)
            for name, of_one in _by_hotspot(beats).items():
                hotspot = configuration.inventory.hotspot_by_id.get(name)
                if hotspot is None:
                    continue
                months = closed.get(hotspot.contract or "", [])
                for span in self._spans(reader, hotspot, of_one, interval_ns, before.get(name, []), seen):
                    if not any(start <= span.end_ns and span.start_ns < end for start, end in months):
                        ends = span.start_ns, span.end_ns
                        found.append(amend(name, ends, span.state, KIND, span.received_ns, now_ns))
        return found

    @staticmethod
    def _spans(
        reader: Reader, hotspot: Hotspot, beats: Sequence[Beat], interval_ns: int, before: Spans, seen: LateWitnesses
    ) -> Iterable[LateSpan]:
        hearsay = hotspot.pinged and hotspot.agent_custody == "isp"
        judged = partial(seen.judged, hotspot.isp)
        spans = late_spans(beats, interval_ns, hearsay=hearsay, judged=judged)
        if not spans:
            return []
        (history,) = reader.histories(spans[0].start_ns, max(span.end_ns for span in spans), [hotspot.id])
        unknown = [(one.start_ns, one.end_ns) for one in history.segments if can_be_mended(one)]
        return mended(spans, unknown, before)


def _by_hotspot(beats: Iterable[Beat]) -> Mapping[str, list[Beat]]:
    found: dict[str, list[Beat]] = {}
    for beat in beats:
        found.setdefault(beat.hotspot, []).append(beat)
    return found


def _age_ns(beat: Beat) -> int:
    """How old the eldest minute is that comes with a heartbeat."""
    return round(max((one.age_seconds for one in beat.late), default=0.0) * NANOSECONDS)


def _final_months(reader: Reader, configuration: Configuration) -> Mapping[str, list[tuple[int, int]]]:
    """Of each contract the months that have a FINAL: nothing of them changes any more."""
    found: dict[str, list[tuple[int, int]]] = {}
    for contract, month in {(edition.contract, edition.month) for edition in issued_editions(reader)}:
        found.setdefault(contract, []).extend(_month(month, configuration))
    return found


def _month(name: str, configuration: Configuration) -> Iterator[tuple[int, int]]:
    """Begin and end of a month such as ``2024-04``, in the settings' zone; nothing of what is none."""
    year, _, number = name.partition("-")
    if year.isdecimal() and number.isdecimal() and 1 <= int(number) <= 12:
        zone, next_month = configuration.settings.zone, int(year) * 12 + int(number)
        begin = datetime(int(year), int(number), 1, tzinfo=zone)
        end = datetime(next_month // 12, next_month % 12 + 1, 1, tzinfo=zone)
        yield int(begin.timestamp()) * NANOSECONDS, int(end.timestamp()) * NANOSECONDS
