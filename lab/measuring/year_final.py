"""Measures what a year of checkpoints costs: one each 10 s, all of them proved by `journal verify` and by each FINAL.

python -m lab.measuring.year_final [DAYS [FOLDER]]      in FOLDER it goes on where it was stopped
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from rich.progress import track

from lab.samples.accounting import WITA
from lab.samples.journal import NOC, T0, change, ns
from lab.samples.people import Office, decided, list_of, open_office
from pantau.inventory import load
from pantau.inventory.projection import project
from pantau.journal import OFFICE, Event, HotspotHour, ItemKind, ListItem, Store, give_reason
from pantau.journal.entries import CHECKPOINT_NS, checkpoint, hour, inventory_taken, start
from pantau.journal.reading import Reader
from pantau.reports.accounting import Month
from pantau.states import State

_DAY = 86_400
URL = "sqlite:///j.sqlite"
POINTS = ("P-1", "P-2")
FILES = {
    "pantau.yml": "inventory: [town.yml, hotspots.csv, assignments.csv, people.yml]\njournal: {url: 'sqlite:///j.sqlite'}\n",
    "town.yml": """
isps: [{id: telkom, name: Telkom}]
kecamatan: [{id: maesa, name: Maesa}]
contracts:
  - {id: maesa-telkom, kecamatan: maesa, isp: telkom, start: 2024-04-01, end: 2026-01-01, sla_ratio: 0.98, method: R3}
""",
    "hotspots.csv": """id,name,address,kecamatan,isp,contract
P-1,Titik 1,10.77.0.1,maesa,telkom,maesa-telkom
P-2,Titik 2,10.77.0.2,maesa,telkom,maesa-telkom
""",
    "assignments.csv": """hotspot,contract,start,monthly_fee
P-1,maesa-telkom,2024-04-01,500000
P-2,maesa-telkom,2024-04-01,500000
""",
}


def day_of(day: int) -> Iterator[Event]:
    """One outage of half an hour at noon, sums each hour, and checkpoints in between."""
    begin = day * _DAY
    told = [
        change("P-1", begin + 43_200, State.UP, State.DOWN),
        change("P-1", begin + 45_000, State.DOWN, State.UP),
    ]
    for since in range(begin, begin + _DAY, 3600):
        dark = since == begin + 43_200
        states = [{1: 3_600_000 - 1_800_000 * dark, 0: 1_800_000 * dark}, {1: 3_600_000}]
        told.append(
            hour(
                ns(since),
                ns(since + 3600),
                [HotspotHour(point, 360, 360, own) for point, own in zip(POINTS, states, strict=True)],
            )
        )
    clock = {"clock": {"synchronised": True, "max_error_ms": 27}}
    told += [checkpoint(at_ns, clock) for at_ns in range(ns(begin), ns(begin + _DAY), CHECKPOINT_NS)]
    yield from sorted(told, key=lambda event: event.recorded_ns)


def fill(folder: Path, days: int) -> None:
    """A town, its office, and its journal, from the day on that it has."""
    if not (folder / "pantau.yml").exists():
        office = open_office(folder / "keys")
        for name, text in {**FILES, "people.yml": office.file}.items():
            (folder / name).write_text(text.lstrip(), encoding="utf-8")
    configuration = load(folder / "pantau.yml")
    with Store(URL, folder, NOC) as store:
        with Reader(URL, folder) as reader:
            last = reader.last_before(ns(days * _DAY))
        if last is None:
            began = [start(ns(0), POINTS, [], {}), *(change(one, 0, State.UNKNOWN, State.UP) for one in POINTS)]
            store.append([*began, inventory_taken(ns(0), project(configuration.settings, configuration.inventory))])
        done = 0 if last is None else round((last.event.recorded_ns - ns(0)) / (_DAY * 10**9))
        for day in track(range(done, days), "filling", disable=not sys.stderr.isatty()):
            store.append(list(day_of(day)), alive_ns=ns((day + 1) * _DAY))


def allow(folder: Path, office: Office, month: Month, at_ns: int) -> None:
    """Two people have said why there is one witness; once, where a measurement goes on after a stop."""
    with Reader(URL, folder) as reader:
        if reader.reasons(month.span(WITA)[0] * 10**9):
            return
    given = give_reason("", str(month), month.span(WITA)[0] * 10**9, at_ns, person="ani", text="uji", document="BA-7")
    item = ListItem(ItemKind.WITNESS, str(month), "", None, None, "not_asked", "BA-7", None, "uji")
    with Store(URL, folder, OFFICE, create=False) as store:
        store.append([given.event])
        decided(store, office, list_of([item], str(month)), at_ns=at_ns)


def timed(folder: Path, *words: str) -> None:
    """What a command takes."""
    begun, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "pantau", *words, "--config", str(folder / "pantau.yml")]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    told = f"{time.monotonic() - begun:.1f} s, {cpu:.1f} s CPU, at most {used.ru_maxrss / 1024:.0f} MB a process"
    print(f"pantau {' '.join(words[:4])} …: exit {done.returncode}, {told}\n    {(done.stdout + done.stderr).strip()}")


def measure(folder: Path, days: int) -> None:
    """Fill, prove, report."""
    begun = time.monotonic()
    fill(folder, days)
    office = Office(folder / "keys", {one: folder / "keys" / one for one in ("ani", "budi", "dedi")})
    month = Month.parse(time.strftime("%Y-%m", time.gmtime(T0 // 10**9 + (days - 40) * _DAY)))
    allow(folder, office, month, ns(days * _DAY))
    with Reader(URL, folder) as reader:
        print(f"{days} days: {reader.head().number} entries, filled in {time.monotonic() - begun:.0f} s")
    print(f"{(folder / 'j.sqlite').stat().st_size / 1e6:.0f} MB")
    timed(folder, "journal", "verify")
    why = ("--without-second-witness", "uji")
    timed(folder, "report", "--month", str(month), "--final", "--trend", "1", "--contract", "maesa-telkom", *why)
    timed(folder, "report", "--month", str(month), "--contract", "maesa-telkom", "--format", "json")


def main(days: str = "365", folder: str = "") -> None:
    """In a folder that stays, or in one that does not."""
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        measure(Path(folder), int(days))
        return
    with tempfile.TemporaryDirectory(prefix="pantau-year-") as name:
        measure(Path(name), int(days))


if __name__ == "__main__":
    main(*sys.argv[1:])
