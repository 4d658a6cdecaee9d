"""Measures a whole city's month: how long `pantau report --city` takes, and how much memory.

make measure-report             (or: python -m lab.measuring.city_report [OUTAGES FORMATS JOBS])
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

from lab.samples.accounting import WITA
from lab.samples.journal import NOC, T0, change
from pantau.inventory import load
from pantau.journal import Event, HotspotHour, Store
from pantau.journal.entries import hour, start
from pantau.reports.accounting import Month
from pantau.states import State

CONFIG = Path(__file__).parents[2] / "examples/bitung/pantau.yml"
MAY = Month(2024, 5)
_HOUR = 3600


def month_of(hotspots: list[str], outages: int, month: Month) -> Iterator[list[Event]]:
    """A month's events, day by day: so many outages a point, at random times, of a minute to six hours.

    The sums of each hour are those of the outages: a journal whose sums say otherwise makes no report.
    """
    random = Random(f"{month}")
    begin, end = (second - T0 // 1_000_000_000 for second in month.span(WITA))
    found = []
    dark: Counter[tuple[str, int]] = Counter()
    for name in hotspots:
        for at in sorted(random.sample(range(begin, end - 30_000, 30_000), outages)):
            until = at + random.choice([60, 200, 900, 4000, 20_000])
            found += [change(name, at, State.UP, State.DOWN), change(name, until, State.DOWN, State.UP)]
            for since in range(at - (at - begin) % _HOUR, until, _HOUR):
                dark[name, since] += min(until, since + _HOUR) - max(at, since)
    for since in range(begin, end, _HOUR):
        rows = [_sums(name, dark[name, since]) for name in hotspots]
        begin_ns = since * 1_000_000_000 + T0
        found.append(hour(begin_ns, begin_ns + _HOUR * 1_000_000_000, rows))
    found.sort(key=lambda event: event.recorded_ns)
    for place in range(0, len(found), 2000):
        yield found[place : place + 2000]


def _sums(name: str, dark: int) -> HotspotHour:
    """An hour with so many seconds without an answer."""
    states = {int(State.DOWN): dark * 1000, int(State.UP): (_HOUR - dark) * 1000}
    return HotspotHour(name, 360, 360 - dark // 10, {state: spent for state, spent in states.items() if spent})


def fill(url: str, folder: Path, hotspots: list[str], outages: int, month: Month) -> None:
    """A journal of one month."""
    begin, end = month.span(WITA)
    with Store(url, folder, NOC) as store:
        at_ns = begin * 1_000_000_000
        store.append([start(at_ns, hotspots, [], {})])
        store.append([change(name, begin - T0 // 1_000_000_000, State.UNKNOWN, State.UP) for name in hotspots])
        for events in month_of(hotspots, outages, month):
            store.append(events, alive_ns=end * 1_000_000_000)


def resident_mb(process: int) -> float:
    """What a process and its children hold in memory, each shared page counted once."""
    own = [process]
    for task in Path(f"/proc/{process}/task").iterdir():
        own += map(int, (task / "children").read_text(encoding="ascii").split())
    kilobytes = 0
    for one in own:
        with suppress(OSError):  # ended in the meantime
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="ascii")
            kilobytes += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return kilobytes / 1024


def main(outages: int = 20, formats: str = "json", jobs: int = 2) -> None:
    """Fill, report as a person does, weigh."""
    hotspots = [hotspot.id for hotspot in load(CONFIG).inventory.hotspots]
    with tempfile.TemporaryDirectory(prefix="pantau-report-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder}/journal.sqlite"
        fill(url, folder, hotspots, outages, MAY)
        words = ["report", "--month", str(MAY), "--city", "--format", formats, "--jobs", str(jobs), "--journal", url]
        command = [sys.executable, "-m", "pantau", *words, "--config", str(CONFIG), "--output", str(folder / "out")]
        begun, peak = time.monotonic(), 0.0
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            while process.poll() is None:
                with suppress(OSError):  # ended in the meantime
                    peak = max(peak, resident_mb(process.pid))
                time.sleep(0.1)
            assert process.returncode == 0
        took, used = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
        size = sum(file.stat().st_size for file in (folder / "out").rglob("*") if file.is_file())
        print(
            f"{len(hotspots)} hotspots, {outages} outages a point, {formats}, {jobs} jobs: {size / 1e6:.1f} MB written"
        )
        print(f"{took:.1f} s, {used.ru_utime + used.ru_stime:.1f} s CPU, peak {peak:.0f} MB resident")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    main(
        int(arguments[0]) if arguments else 20,
        arguments[1] if len(arguments) > 1 else "json",
        int(arguments[2]) if len(arguments) > 2 else 2,
    )
