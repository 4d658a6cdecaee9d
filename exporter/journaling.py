"""From the settings to an open journal, and from what it knows to the verdicts that a start takes up."""

from collections.abc import Mapping

from exporter.clock import Clock
from exporter.inventory import Configuration
from exporter.verdicts.states import State
from journal.entries import NO_VERDICT, Event
from journal.spool import Spool
from journal.store import Store
from journal.writer import Writer


def make_writer(configuration: Configuration, url: str, clock: Clock) -> Writer:
    """The writer of the journal at `url`, or of that of the settings where it is empty; nothing is opened yet."""
    settings, folder = configuration.settings.journal, configuration.path.parent
    spool = Spool(folder / settings.spool) if settings.spool and not url else None
    return Writer(lambda: Store(url or settings.url, folder), clock.wall_ns(), spool)


def last_verdicts(known: Mapping[str, Event]) -> dict[str, int]:
    """The last verdict of each hotspot and uplink that was watched when the journal ended, and had one."""
    return {
        name: event.up
        for name, event in known.items()
        if event.up is not None and event.up != NO_VERDICT and event.after != State.INACTIVE
    }
