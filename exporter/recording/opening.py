"""From the settings to an open journal, and from what it knows to what a start takes up: verdicts, the last day."""

from collections.abc import Collection, Mapping
from itertools import groupby
from pathlib import Path

import structlog

from exporter.verdicts.recent import DAY_NS, PastHour, judged_of
from pantau.clock import Clock
from pantau.errors import JournalError
from pantau.inventory import Configuration
from pantau.inventory.settings import Journal
from pantau.journal.database import file_of
from pantau.journal.entries import NO_VERDICT, Event
from pantau.journal.reading import Reader
from pantau.journal.sources import Source
from pantau.journal.spool import Spool
from pantau.journal.store import Store
from pantau.journal.writer import Writer
from pantau.states import UNSERVED, State

log = structlog.get_logger(__name__)


def make_writer(configuration: Configuration, url: str, clock: Clock) -> Writer:
    """The writer of the journal at `url`, or of that of the settings where it is empty; nothing is opened yet."""
    settings, folder = configuration.settings.journal, configuration.path.parent
    spool = make_spool(settings, folder) if settings.spool and not url else None
    source = source_of(configuration)
    return Writer(lambda: Store(url or settings.url, folder, source), clock.wall_ns(), spool)


def make_spool(settings: Journal, folder: Path) -> Spool:
    """The spool that the settings name. Its key lies beside the journal where that is a file, and so on another disk:
    who can write where the spool is has not the key. No other process may use it while this one lives.
    """
    spool = folder / (settings.spool or "")
    if settings.spool_key:
        return Spool(spool, folder / settings.spool_key, exclusive=True)
    try:
        file = file_of(settings.url, folder)
    except JournalError:  # told where the journal is opened, which is tried again and again
        file = None
    return Spool(spool, file.with_name(f"{file.name}.spool-key") if file else None, exclusive=True)


def source_of(configuration: Configuration) -> Source:
    """How the journal knows this exporter: by its vantage. There is one shard yet."""
    return Source(configuration.settings.vantage.name, 0)


def last_verdicts(known: Mapping[str, Event]) -> dict[str, int]:
    """The last verdict of each hotspot and uplink that was watched when the journal ended, and had one."""
    return {
        name: event.up
        for name, event in known.items()
        if event.up is not None and event.up != NO_VERDICT and event.after != State.INACTIVE
    }


def last_life_ns(url: str, folder: Path, source: Source | None = None) -> int | None:
    """The last sign of life in the journal, wall time; None where it is not read."""
    try:
        with Reader(url, folder, source) as reader:
            return reader.head().alive_ns
    except JournalError as error:
        log.warning("heartbeats are waited for anew", problem=str(error))
        return None


def last_heard(known: Mapping[str, Event], alive_ns: int | None) -> dict[str, int]:
    """When the agent of each hotspot was last heard at the latest, as a journal knows that ended at `alive_ns`.

    One that was heard of when the journal ended was so up to its last sign of life; one that was silent, up to then.
    """
    if alive_ns is None:
        return {}
    return {name: alive_ns if _heard(event) else event.at_ns for name, event in known.items()}


def _heard(event: Event) -> bool:
    return event.after is not None and State(event.after).judged and event.after != State.DOWN


def last_unserved(known: Mapping[str, Event]) -> dict[str, State]:
    """Those that were reachable and without service when the journal ended, also if nobody could see them by then."""
    states = {name: _last_judged(event) for name, event in known.items()}
    return {name: state for name, state in states.items() if state in UNSERVED}


def _last_judged(event: Event) -> State | None:
    told = event.before if event.after == State.UNKNOWN else event.after
    return None if told is None else State(told)


def answered_before(url: str, folder: Path, names: Collection[str]) -> Collection[str]:
    """Which of these hotspots have ever answered, as the journal knows; all where it cannot be read.

    A hotspot that is taken for one that has never answered pages nobody: that must be known, not guessed.
    """
    try:
        with Reader(url, folder) as reader:
            return reader.ever_up(names)
    except JournalError as error:
        log.warning("no hotspot is taken for one that has never answered", problem=str(error))
        return names


def past_day(url: str, folder: Path, now_ns: int, source: Source | None = None) -> list[PastHour]:
    """The hours of the day before `now_ns`, wall time, as a source counted them; none where they cannot be read."""
    try:
        with Reader(url, folder, source) as reader:
            return [
                PastHour(
                    ended_ns,
                    {row.sums.hotspot: judged_of([row.sums.state_ms.get(state, 0) for state in State]) for row in rows},
                )
                for ended_ns, rows in groupby(reader.hours(now_ns - DAY_NS, now_ns), lambda row: row.end_ns)
            ]
    except JournalError as error:
        log.warning("the availability of the last day begins anew", problem=str(error))
        return []
