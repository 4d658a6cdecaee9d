"""One scripted hundred seconds of a city of a thousand hotspots, watched by two exporters at once.

One runs as root over a raw socket, one as an ordinary user over a datagram socket; both must tell the same truth. What
was done to the city is kept beside what they said of it, so that many tests can ask about one run:

    0 s   a random 137 hotspots fall silent, for 14 s
    28 s  half of the city falls silent, for a minute; replies of its better days are replayed meanwhile
    all along, thirty hotspots of the other half are cut at random times, for 14 to 40 s each
"""

import heapq
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random

from lab.city.namespace import CityNamespace
from tests.city.exporter_process import ORDINARY_USER, Change, ExporterProcess
from tests.city.forger import Echo, Forger
from tests.city.inventories import FIVE_SECONDS, city_hotspots, write_configuration
from tests.city.scrape import Scrape

INTERVAL_SECONDS = 5.0
DETECTION_SECONDS = INTERVAL_SECONDS + 8.0
HOLES, DEAD, CUTS = 137, 500, 30
_HOLES_AT, _HOLES_FOR = 0.0, 14.0
_DEAD_AT, _DEAD_FOR = 28.0, 60.5
_CUTS_UNTIL = 50.0
_CUTS_FOR = (14.0, 40.0)
_REPLAYS_FROM, _REPLAYS_TO, _REPLAYS_EACH, _REPLAYS_STEP = 44.0, 86.0, 25, 0.5
_RECOVERY_SECONDS = 2 * INTERVAL_SECONDS + 3.0
_LOOKING_SECONDS = 2.0
_FIRST_ROUND_SECONDS = 30.0
_SEED = 77


@dataclass(slots=True)
class Outage:
    """Something was done to hotspots. Unix seconds; `ended` is 0 while it lasts."""

    hotspots: tuple[str, ...]
    began: float = 0.0
    ended: float = 0.0

    @property
    def seconds(self) -> float:
        """How long it lasted."""
        return self.ended - self.began


@dataclass(frozen=True, slots=True)
class TimedScrape:
    """A scrape, and the Unix seconds between which it was taken."""

    asked: float
    got: float
    scrape: Scrape


@dataclass(slots=True)
class ObservedExporter:
    """What was observed of one exporter."""

    changes: list[Change] = field(default_factory=list)
    probing_since: float = 0.0
    before: list[TimedScrape] = field(default_factory=list)
    """When all were up, before the first outage."""
    after: list[TimedScrape] = field(default_factory=list)
    """When all were up again, after the last."""


@dataclass(slots=True)
class Story:
    """What happened, and what the exporters made of it."""

    hotspots: dict[str, str]
    holes: Outage
    dead: Outage
    cuts: list[Outage]
    observed: dict[str, ObservedExporter]
    replayed: int = 0

    @property
    def outages(self) -> list[Outage]:
        """All of them."""
        return [self.holes, self.dead, *self.cuts]


def run_script(folder: Path) -> Story:
    """Run the whole script; takes two minutes."""
    story = _plan(Random(_SEED))
    with CityNamespace() as city, ExitStack() as exporters, closing(Forger(city)) as forger:
        city.allow_datagram_sockets(True)
        running = {
            kind: exporters.enter_context(_exporter(city, folder / kind, story.hotspots, kind, user))
            for kind, user in (("raw", ()), ("datagram", ORDINARY_USER))
        }
        captured = _capture_replies(forger, running, story)
        _scrape_both(running, story, "before")
        _follow_script(city, forger, story, captured)
        time.sleep(_RECOVERY_SECONDS)
        _scrape_both(running, story, "after")
        for kind, exporter in running.items():
            observed = story.observed[kind]
            observed.changes = exporter.changes()
            observed.probing_since = exporter.probing_since()
    return story


def _plan(random: Random) -> Story:
    hotspots = city_hotspots(1000)
    shuffled = random.sample(list(hotspots), len(hotspots))
    dead, holes, rest = shuffled[:DEAD], shuffled[DEAD : DEAD + HOLES], shuffled[DEAD + HOLES :]
    cuts = [Outage((name,)) for name in rest[:CUTS]]
    observed = {kind: ObservedExporter() for kind in ("raw", "datagram")}
    return Story(hotspots, Outage(tuple(holes)), Outage(tuple(dead)), cuts, observed)


def _exporter(
    city: CityNamespace, folder: Path, hotspots: dict[str, str], kind: str, user: Sequence[str]
) -> ExporterProcess:
    settings = write_configuration(folder, hotspots, {**FIVE_SECONDS, "socket": kind})
    return ExporterProcess(city, settings, user)


def _capture_replies(forger: Forger, running: dict[str, ExporterProcess], story: Story) -> list[Echo]:
    """Wait for the first round of both, and keep what the half of the city answered that will be dead."""
    with forger.listening() as replies:
        for exporter in running.values():
            exporter.wait_until(
                partial(_has_seen, exporter, len(story.hotspots)), _FIRST_ROUND_SECONDS, "see the whole city"
            )
    addresses = {story.hotspots[name] for name in story.dead.hotspots}
    return [echo for echo in replies if echo.source in addresses]


def _has_seen(exporter: ExporterProcess, hotspots: int) -> bool:
    return len(exporter.changes()) >= hotspots


def _scrape_both(running: dict[str, ExporterProcess], story: Story, when: str) -> None:
    """Scrape after scrape for a few reads: a hotspot's time is booked up to its last answer that has been read.

    It is parsed afterwards, for that takes longer than a scrape, and any scrape may be the one nearest to a read.
    """
    for kind, exporter in running.items():
        texts = []
        until = time.monotonic() + _LOOKING_SECONDS
        while time.monotonic() < until:
            asked = time.time()
            text = exporter.fetch("/metrics")
            texts.append((asked, time.time(), text))
        scrapes: list[TimedScrape] = getattr(story.observed[kind], when)
        scrapes.extend(TimedScrape(asked, got, Scrape(text)) for asked, got, text in texts)


def _follow_script(city: CityNamespace, forger: Forger, story: Story, captured: list[Echo]) -> None:
    """Do everything that the script says, each at its time."""
    start = time.monotonic()
    for at, action in _script(city, forger, story, captured):
        time.sleep(max(start + at - time.monotonic(), 0.0))
        action()


def _script(
    city: CityNamespace, forger: Forger, story: Story, captured: list[Echo]
) -> Iterator[tuple[float, Callable[[], None]]]:
    random, order = Random(_SEED + 1), itertools.count()
    script: list[tuple[float, int, Callable[[], None]]] = []

    def outage(outage: Outage, at: float, seconds: float) -> None:
        addresses = [story.hotspots[name] for name in outage.hotspots]

        def begin() -> None:
            city.black_hole(addresses)
            outage.began = time.time()

        def end() -> None:
            city.heal(addresses)
            outage.ended = time.time()

        heapq.heappush(script, (at, next(order), begin))
        heapq.heappush(script, (at + seconds, next(order), end))

    def replay() -> None:
        for echo in random.choices(captured, k=_REPLAYS_EACH):
            forger.replay(echo)
        story.replayed += _REPLAYS_EACH

    outage(story.holes, _HOLES_AT, _HOLES_FOR)
    outage(story.dead, _DEAD_AT, _DEAD_FOR)
    for cut in story.cuts:
        outage(cut, random.uniform(1.0, _CUTS_UNTIL), random.uniform(*_CUTS_FOR))
    for step in range(round((_REPLAYS_TO - _REPLAYS_FROM) / _REPLAYS_STEP)):
        heapq.heappush(script, (_REPLAYS_FROM + step * _REPLAYS_STEP, next(order), replay))
    while script:
        at, _, action = heapq.heappop(script)
        yield at, action
