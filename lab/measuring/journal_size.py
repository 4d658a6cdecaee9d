"""Measures a journal of the size that the programme must bear: what it weighs, and how long a month takes to read.

make measure-journal            (or: python -m lab.measuring.journal_size [DAYS HOTSPOTS OUTAGES] [postgresql])

Where 10 s pass without an entry there is a checkpoint: `0` outages measure what a journal of checkpoints alone takes.
Every transition has an address and the kind of evidence, every recovery an uptime, and no two hotspots' sums are alike.
"""

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from rich.progress import track

from lab.samples.journal import NOC, Place, down, ns, up
from lab.samples.postgres import running_postgres
from pantau.journal import Event, HotspotHour
from pantau.journal.entries import CHECKPOINT_NS, checkpoint, hour, start
from pantau.states import State

_DAY = 86_400
_MONTH_DAYS = 30


def day_of(day: int, hotspots: list[str], outages: int) -> Iterator[Event]:
    """A day's events, in the order in which they are decided."""
    chance = random.Random(day)
    events = []
    for number, hotspot in enumerate(hotspots):
        begins = sorted(chance.sample(range(_DAY // 600), outages))
        address = f"10.77.{number // 250}.{number % 250}"
        for begin in begins:
            at = day * _DAY + begin * 600 + chance.random() * 60
            risen = up(hotspot, at + chance.uniform(60, 500))._replace(uptime_seconds=chance.randrange(10**6))
            events += [one._replace(evidence="icmp", address=address) for one in (down(hotspot, at), risen)]
    for number in range(24):
        since = day * _DAY + number * 3600
        events.append(hour(ns(since), ns(since + 3600), [_sums(name, chance) for name in hotspots]))
    since_ns = ns(day * _DAY)
    for event in sorted(events, key=lambda event: event.recorded_ns):
        for at_ns in range(since_ns + CHECKPOINT_NS, event.recorded_ns, CHECKPOINT_NS):
            yield checkpoint(at_ns, {"clock": {"synchronised": True, "max_error_ms": 27}})
        since_ns = event.recorded_ns
        yield event


def _sums(hotspot: str, chance: random.Random) -> HotspotHour:
    down_ms, unknown_ms = chance.randrange(600_000), chance.randrange(10_000)
    up_ms = 3_600_000 - down_ms - unknown_ms
    states = {int(State.DOWN): down_ms, int(State.UP): up_ms, int(State.UNKNOWN): unknown_ms}
    return HotspotHour(hotspot, 360, 360 - chance.randrange(60), states)


def size_of(place: Place) -> int:
    """Bytes of a journal, all that its database keeps for it."""
    if place.url.startswith("sqlite"):
        place.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return (place.folder / "journal.sqlite").stat().st_size
    tables = "relkind = 'r' AND relnamespace = 'public'::regnamespace"
    ((size,),) = place.ask(f"SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE {tables}")  # noqa: S608
    return int(str(size))


def measure(place: Place, days: int, count: int, outages: int) -> None:
    """Fill, weigh, read."""
    hotspots = [f"BTG-07-1004-{number:04}" for number in range(count)]
    begun = time.monotonic()
    with place.store() as store:
        store.append([start(ns(0), hotspots, [], {})])
        for day in track(range(days), "filling", disable=not sys.stderr.isatty()):
            store.append(list(day_of(day, hotspots, outages)), alive_ns=ns((day + 1) * _DAY))
    filled, size = time.monotonic() - begun, size_of(place)
    begun, cpu = time.monotonic(), time.process_time()
    down_ns = found = 0
    with place.reader() as reader:
        number = reader.head().number
        for history in reader.histories(ns((days - _MONTH_DAYS) * _DAY), ns(days * _DAY)):
            found += len(history.outages)
            down_ns += sum(part.length_ns for part in history.segments if part.state is State.DOWN)
        read, cpu = time.monotonic() - begun, time.process_time() - cpu
        print(f"{NOC}: {days} days, {count} hotspots, {outages} outages a day each: {number} entries")
        print(f"{size / 1e6:.0f} MB, {size / number:.0f} bytes an entry, its part of the hourly sums included")
        print(f"written in {filled:.0f} s: {number / filled:.0f} entries/s")
        print(f"a month of all hotspots read in {read:.1f} s ({cpu:.1f} s CPU): {found} outages, {down_ns / 1e9:.0f} s")
        begun, cpu = time.monotonic(), time.process_time()
        reader.answered(ns((days - _MONTH_DAYS) * _DAY), ns(days * _DAY))
        print(f"its hourly sums in {time.monotonic() - begun:.1f} s ({time.process_time() - cpu:.1f} s CPU)")


def main(*arguments: str) -> None:
    """In a file of SQLite, or in a PostgreSQL of its own."""
    figures = [int(argument) for argument in arguments if argument.isdigit()]
    days, count, outages = (*figures, *(90, 1000, 20)[len(figures) :])
    with tempfile.TemporaryDirectory(prefix="pantau-journal-") as folder:
        if "postgresql" in arguments:
            with running_postgres() as server:
                measure(Place(server.emptied(), Path(folder)), days, count, outages)
        else:
            measure(Place("sqlite:///journal.sqlite", Path(folder)), days, count, outages)


if __name__ == "__main__":
    main(*sys.argv[1:])
