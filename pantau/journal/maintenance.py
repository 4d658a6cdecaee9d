"""When maintenance windows hid which hotspot: spans from the entries that tell of it. Pure."""

from collections.abc import Iterable

from pantau.journal.entries import Entry, Kind
from pantau.journal.timeline import MaintenanceSpan

MAINTENANCE_KINDS = (Kind.START, Kind.MAINTENANCE_BEGIN, Kind.MAINTENANCE_END)


def maintenance_of(entries: Iterable[Entry], known_ns: int) -> dict[str, list[MaintenanceSpan]]:
    """By hotspot, ascending, from entries in the order of the journal; what is open lasts until `known_ns`.

    A start ends all that was open, with the last sign of life before it: what is still hidden it tells anew.
    """
    found: dict[str, list[MaintenanceSpan]] = {}
    begun: dict[str, tuple[int, str]] = {}

    def end(subject: str, at_ns: int) -> None:
        start_ns, window = begun.pop(subject)
        if at_ns > start_ns:
            found.setdefault(subject, []).append(MaintenanceSpan(start_ns, at_ns, window))

    for entry in entries:
        event = entry.event
        if event.kind is Kind.START:
            for subject in list(begun):
                end(subject, event.since_ns)
            continue
        if event.subject in begun:
            end(event.subject, event.at_ns)
        if event.kind is Kind.MAINTENANCE_BEGIN:
            begun[event.subject] = (event.at_ns, event.facts["window"])
    for subject in list(begun):
        end(subject, known_ns)
    return found
