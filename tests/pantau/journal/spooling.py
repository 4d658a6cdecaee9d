"""Events for a spool, and what is found in one that is opened anew."""

from collections.abc import Sequence
from pathlib import Path

from lab.samples.journal import down
from pantau.journal import Event
from pantau.journal.backlog import Backlog, Waiting
from pantau.journal.spool import Spool

EVENTS = [down(f"h{number}", number) for number in range(5)]


def waiting(events: Sequence[Event]) -> list[Waiting]:
    """As they wait in a backlog."""
    backlog = Backlog(len(events))
    backlog.add(events)
    return backlog.first(len(events))


def added(file: Path, events: Sequence[Event]) -> Spool:
    """A spool of process 1 that has taken them."""
    spool = Spool(file)
    spool.add(1, waiting(events))
    return spool


def lines_of(file: Path) -> list[bytes]:
    """The lines as they stand there."""
    return file.read_bytes().splitlines(keepends=True)


def seen(file: Path) -> list[Event]:
    """What the next process reads."""
    return [one.event for one in Spool(file).read()]
