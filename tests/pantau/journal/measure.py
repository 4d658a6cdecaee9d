"""Measures a journal of the size that the programme must bear: what it weighs, and how long a month takes to read.

make measure-journal            (or: python -m tests.pantau.journal.measure [DAYS HOTSPOTS OUTAGES])
"""

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from rich.progress import track

from pantau.journal import Event, HotspotHour
from pantau.journal.entries import hour, start
from pantau.states import State
from tests.pantau.journal.place import Place, down, ns, up

_DAY = 86_400
_MONTH_DAYS = 30


def day_of(day: int, hotspots: list[str], outages: int) -> Iterator[Event]:
    """A day's events, in the order in which they are decided."""
    chance = random.Random(day)
    events = []
    for hotspot in hotspots:
        begins = sorted(chance.sample(range(_DAY // 600), outages))
        for begin in begins:
            at = day * _DAY + begin * 600 + chance.random() * 60
            events += [down(hotspot, at), up(hotspot, at + chance.uniform(60, 500))]
    states = {int(State.DOWN): 80_000, int(State.UP): 3_520_000}
    for number in range(24):
        since = day * _DAY + number * 3600
        events.append(hour(ns(since), ns(since + 3600), [HotspotHour(name, 360, 352, states) for name in hotspots]))
    yield from sorted(events, key=lambda event: event.recorded_ns)


def main(days: int = 90, count: int = 1000, outages: int = 20) -> None:
    """Fill, weigh, read."""
    hotspots = [f"BTG-07-1004-{number:04}" for number in range(count)]
    with tempfile.TemporaryDirectory(prefix="pantau-journal-") as folder:
        place = Place("sqlite:///journal.sqlite", Path(folder))
        begun = time.monotonic()
        with place.store() as store:
            store.append([start(ns(0), hotspots, [], {})])
            for day in track(range(days), "filling"):
                store.append(list(day_of(day, hotspots, outages)), alive_ns=ns((day + 1) * _DAY))
        place.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        filled, size = time.monotonic() - begun, (place.folder / "journal.sqlite").stat().st_size
        begun, cpu = time.monotonic(), time.process_time()
        down_ns = found = 0
        with place.reader() as reader:
            number = reader.head().number
            for history in reader.histories(ns((days - _MONTH_DAYS) * _DAY), ns(days * _DAY)):
                found += len(history.outages)
                down_ns += sum(part.length_ns for part in history.segments if part.state is State.DOWN)
        read, cpu = time.monotonic() - begun, time.process_time() - cpu
        print(f"{days} days, {count} hotspots, {outages} outages a day each: {number} entries")
        print(f"{size / 1e6:.0f} MB, {size / number:.0f} bytes an entry, its part of the hourly sums included")
        print(f"written in {filled:.0f} s: {number / filled:.0f} entries/s")
        print(f"a month of all hotspots read in {read:.1f} s ({cpu:.1f} s CPU): {found} outages, {down_ns / 1e9:.0f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
