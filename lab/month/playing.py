"""Plays a story: the real exporter on a virtual clock, with its real journal, scraped into a real Prometheus."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from exporter.kinds import SlotPolicy, open_probers, plan_of
from exporter.metrics import exposition
from exporter.metrics.families import HOTSPOT_LABELS, STATE_SECONDS
from exporter.metrics.layout import render_family
from exporter.monitor import Monitor
from exporter.recording.opening import last_life_ns, last_unserved, last_verdicts
from exporter.recording.recorder import Recorder
from exporter.recording.scraped import ScrapeNotes, left_unscraped, scraped_file
from exporter.scheduling.slots import LATE_LIMIT_NS
from exporter.verdicts.events import Event
from exporter.verdicts.picture import Snapshot
from lab.history.prometheus import PrometheusServer
from lab.history.scrapes import Batch
from lab.month.story import HOUR, MOVING_DAY, STOPPED_SECONDS, Story
from pantau.clock import NANOSECONDS, ManualClock
from pantau.inventory import Configuration
from pantau.journal import Event as Entered
from pantau.journal import Source, Store
from pantau.journal.writer import Writer
from pantau.reports.accounting import Span
from pantau.simulator.city import City
from pantau.simulator.world import SimulatedWorld

_BEAT = 60
_WRITTEN = 600
"""Scrapes go to Prometheus, and the writer's thread is waited for, every so many seconds."""


@dataclass
class Played:
    """What became of a story."""

    cities: list[tuple[Span, City]] = field(default_factory=list)
    """Which city the script spoke of, and when."""
    away: list[Span] = field(default_factory=list)
    """When the exporter did not run, from what it told last."""
    scrapes: int = 0


class Player:
    """One exporter after the other."""

    def __init__(self, story: Story, journal: Path, prometheus: PrometheusServer | None) -> None:
        self._story = story
        self._folder = journal.parent
        self._url = f"sqlite:///{journal.name}"
        self._prometheus = prometheus
        self._notes = ScrapeNotes(scraped_file(self._url, self._folder, "noc"))
        self._clock = ManualClock(wall_ns=story.span[0] * NANOSECONDS)
        self._batch = Batch("pantau", "pantau:9810")
        self._texts: tuple[object, list[str]] = (None, [])
        self._started = 0
        self.played = Played()

    @property
    def now(self) -> int:
        """Wall time, in seconds."""
        return self._clock.wall_ns() // NANOSECONDS

    def play(self, told: Callable[[int], None] = lambda _: None) -> Played:
        """From the story's beginning to its end; `told` hears of each night."""
        start, end = self._story.span
        self._begin(start)
        for at, killed in self._story.nights:
            self._until(at)
            self._end(killed=killed)
            self._clock.advance(STOPPED_SECONDS * NANOSECONDS)
            self._begin(self._told_until)
            told(at)
        self._until(end)
        self._end(killed=False)
        self._flush()
        return self.played

    def _begin(self, told_until: int) -> None:
        """Start an exporter as `run_exporter` does."""
        story, clock = self._story, self._clock
        configuration = story.before if self.now < MOVING_DAY else story.after
        self.world = SimulatedWorld(configuration, clock, story.scenario, 0, story.span[0] * NANOSECONDS)
        self._writer = Writer(lambda: Store(self._url, self._folder, Source("noc")), clock.wall_ns(), limit=10**7)
        known = self._writer.open()
        adapted = self.world.adapt(configuration)
        self._opened(known)
        plan = plan_of(adapted, "digest")
        late_ns = max(2 * story.step * NANOSECONDS, LATE_LIMIT_NS)
        slots = SlotPolicy(late_ns, grain_ns=1, window_ns=story.step * NANOSECONDS)
        probers = open_probers(plan, self.world, clock, slots)
        self._monitor = Monitor(plan, probers, clock)
        alive_ns = last_life_ns(self._url, self._folder, Source("noc"))
        unscraped = left_unscraped(known, alive_ns, self._notes.read())
        self._monitor.restore(last_verdicts(known), last_unserved(known), unscraped)
        self._resolve_names()
        self._recorder = Recorder(self._monitor, clock, self._writer)
        self._writer.start()
        self._started = self.now
        self.played.cities.append(((self.now, story.span[1]), self.world.city))
        if told_until < self.now:
            self.played.away.append((told_until, self.now))

    def _opened(self, known: Mapping[str, Entered]) -> None:
        """The world is there, and what the journal knew: what else probers are to know comes before them."""

    def _passed(self, before: int, now: int) -> None:
        """The clock went from one second to another, and all of that is told."""

    def _end(self, *, killed: bool) -> None:
        """Killed, it says no last word; what it had given by then is written."""
        if not killed:
            self._recorder.stop()
            self._told_until = self.now
        self._writer.close(300.0)
        self._close_city(self.now)

    def _close_city(self, at: int) -> None:
        (start, _), city = self.played.cities.pop()
        self.played.cities.append(((start, at), city))

    def _until(self, end: int) -> None:
        story = self._story
        while self.now < end:
            before = self.now
            self._clock.advance(min(story.step, end - before) * NANOSECONDS)
            now = self.now
            if before < MOVING_DAY <= now and self._started < MOVING_DAY:
                self._reload(story.after)
            self._tick()
            if now // _BEAT > before // _BEAT:
                self._recorder.beat()
                self._told_until = now
            if now // HOUR > before // HOUR:
                self._recorder.put_sums(self._recorder.take_sums().event())
            if now // story.scrape > before // story.scrape:
                self._scrape()
            if now // _WRITTEN > before // _WRITTEN:
                self._flush()
            self._passed(before, now)

    def _tick(self) -> None:
        self._publish(self._monitor.tick())
        self._recorder.look()

    def _publish(self, events: Sequence[Event]) -> None:
        if events:
            self._told_until = self.now  # what is told is a sign of life, as a beat is
        for event in events:
            self._recorder.hear(event)

    def _resolve_names(self) -> None:
        for prober in self._monitor.probers:
            asyncio.run(prober.resolve_names())

    def _reload(self, configuration: Configuration) -> None:
        """As `Exporter.reload` does."""
        self._close_city(self.now)
        plan = plan_of(self.world.adapt(configuration), "moved")
        self._publish(self._monitor.reload(plan))
        self._resolve_names()
        self.played.cities.append(((self.now, self._story.span[1]), self.world.city))

    def _scrape(self) -> None:
        snapshot, plan = self._monitor.snapshot(), self._monitor.plan
        self._notes.note(plan.ids[: plan.hotspots], self._monitor.booked_until_ns())
        self._notes.write()
        if self._prometheus is not None:
            self.played.scrapes += 1
            self._batch.add(self.now * 1000, self._exposed(snapshot))

    def _exposed(self, snapshot: Snapshot) -> bytes:
        """The family of the state seconds, rendered as a scrape has it; the others are left out, for they take long."""
        if self._texts[0] is not snapshot.labels:
            names = HOTSPOT_LABELS
            self._texts = snapshot.labels, [exposition._label_text(row, names) for row in snapshot.labels]
        (layout,) = (one for one in exposition._LAYOUTS if one.family is STATE_SECONDS)
        return b"".join(render_family(layout, snapshot, self._texts[1]))

    def _flush(self) -> None:
        if self._prometheus is not None:
            self._prometheus.write(self._batch.take())
