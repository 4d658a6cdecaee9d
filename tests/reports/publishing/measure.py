"""Measures a whole city's month: how long `pantau report --city` takes, and how much memory.

make measure-report             (or: python -m tests.reports.publishing.measure [OUTAGES FORMATS JOBS])
"""

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from exporter.inventory import load
from exporter.verdicts.states import State
from journal import Event, HotspotHour, Store
from journal.entries import hour, start
from reports.accounting import WITA, Month
from reports.publishing import Wish, make
from tests.journal.place import T0, change

CONFIG = Path(__file__).parents[3] / "config/pantau.yml"
MAY = Month(2024, 5)
_HOUR = 3600


def month_of(hotspots: list[str], outages: int, month: Month) -> Iterator[list[Event]]:
    """A month's events, day by day: so many outages a point, at random times, of a minute to six hours."""
    random = Random(f"{month}")
    begin, end = (second - T0 // 1_000_000_000 for second in month.span(WITA))
    found = []
    for name in hotspots:
        for at in sorted(random.sample(range(begin, end - 30_000, 30_000), outages)):
            found += [
                change(name, at, State.UP, State.DOWN),
                change(name, at + random.choice([60, 200, 900, 4000, 20_000]), State.DOWN, State.UP),
            ]
    for since in range(begin, end, _HOUR):
        rows = [HotspotHour(name, 360, 352, (80_000, 3_520_000, 0, 0, 0, 0, 0)) for name in hotspots]
        found.append(hour(*((second * 1_000_000_000 + T0) for second in (since, since + _HOUR)), rows))
    found.sort(key=lambda event: event.recorded_ns)
    for place in range(0, len(found), 2000):
        yield found[place : place + 2000]


def fill(url: str, folder: Path, hotspots: list[str], outages: int, month: Month) -> None:
    """A journal of one month."""
    begin, end = month.span(WITA)
    with Store(url, folder) as store:
        at_ns = begin * 1_000_000_000
        store.append([start(at_ns, hotspots, [], {})])
        store.append([change(name, begin - T0 // 1_000_000_000, State.UNKNOWN, State.UP) for name in hotspots])
        for events in month_of(hotspots, outages, month):
            store.append(events, alive_ns=end * 1_000_000_000)


def main(outages: int = 20, formats: str = "json", jobs: int = 2) -> None:
    """Fill, report, weigh."""
    configuration = load(CONFIG)
    hotspots = [hotspot.id for hotspot in configuration.inventory.hotspots]
    with tempfile.TemporaryDirectory(prefix="pantau-report-") as folder:
        url = f"sqlite:///{folder}/journal.sqlite"
        fill(url, Path(folder), hotspots, outages, MAY)
        wish = Wish(
            MAY, Path(folder) / "out", MAY.span(WITA)[1] + 86_400, formats=frozenset(formats.split(",")), jobs=jobs
        )
        begun = time.monotonic()
        made = make(wish, configuration, url, "measured", lambda *_: None)
        took = time.monotonic() - begun
        own = resource.getrusage(resource.RUSAGE_SELF)
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        files = [file for file in wish.output.rglob("*") if file.is_file()]
        print(
            f"{len(hotspots)} hotspots, {len(made.outcomes)} contracts, {outages} outages a point, {formats}, {jobs} jobs"
        )
        print(
            f"{took:.1f} s, {own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime:.1f} s CPU with filling"
        )
        print(
            f"peak resident: {own.ru_maxrss / 1024:.0f} MB this process, {children.ru_maxrss / 1024:.0f} MB the largest child"
        )
        print(f"{len(files)} files, {sum(file.stat().st_size for file in files) / 1e6:.1f} MB")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    main(int(arguments[0]) if arguments else 20, *arguments[1:2], *map(int, arguments[2:3]))
