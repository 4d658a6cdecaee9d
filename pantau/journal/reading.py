"""Reads a journal: histories, faults, decisions, sums. What it costs depends on the span asked for, not on the age.

Nothing here writes, and a reader may work beside the exporter that writes. What an exporter saw is read of one source
(see `SourceRefs.seen`); what people decided, and the entries themselves, of all.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pantau.journal.amendments import amendments_of
from pantau.journal.clock_doubts import CLOCK_KINDS, ClockDoubt, clock_doubts
from pantau.journal.decisions import DECISION_KINDS, Decision, decision_of
from pantau.journal.entries import Entry, Kind
from pantau.journal.entry_reading import EntryReader
from pantau.journal.faults import FAULT_KINDS, MonitoringGap, faults_of
from pantau.journal.heads import chained_life, read_heads
from pantau.journal.histories import OF_HOTSPOTS, ChangeQueries, history_of
from pantau.journal.inventories import ChainedInventory, inventories_of
from pantau.journal.maintenance import MAINTENANCE_KINDS, maintenance_of
from pantau.journal.papers import ListApproval, ProposedList, approval_of, proposed_list_of
from pantau.journal.reasons import Reason, reason_of
from pantau.journal.schema import RARE
from pantau.journal.sources import LEGACY_REF
from pantau.journal.sums import HotspotHour
from pantau.journal.timeline import History, MaintenanceSpan, Outage
from pantau.journal.uptimes import ToldUptime, uptimes_of

_LONGEST_MAINTENANCE_NS = 92 * 86_400 * 1_000_000_000
"""How far back the beginning of a window that is open is looked for; each start of the exporter tells it anew."""
_ASKED_AT_ONCE = 500


class HourSum(NamedTuple):
    """The sums of one hotspot from `start_ns` to `end_ns`, an hour or, around a start, a part of one."""

    start_ns: int
    end_ns: int
    entry: int
    sums: HotspotHour


class Reader(EntryReader):
    """An open journal that is read. A context manager. Times in and out are UTC nanoseconds; spans are half-open.

    `source` is the exporter whose view of the hotspots is read; it need not be named where there is one, or where one
    goes on where a journal from before there were sources ended. Every method raises `JournalError` where the journal
    cannot be read; those that read an exporter's view, where it is not clear whose.
    """

    def hotspots(self) -> list[str]:
        """The ids of all hotspots that were ever watched."""
        entries, names = self._tables.entries, self._tables.names
        with self._reading() as connection:
            any_entry = sa.exists().where(
                entries.c.subject == names.c.ref, entries.c.kind == Kind.TRANSITION, self._seen(connection)
            )
            return sorted(connection.execute(sa.select(names.c.name).where(any_entry)).scalars())

    def ever_up(self, hotspots: Collection[str]) -> set[str]:
        """Which of these hotspots have ever been up, as any source saw it."""
        entries, names = self._tables.entries, self._tables.names
        wanted, found = sorted(hotspots), set()
        with self._reading() as connection:
            was_up = sa.exists().where(
                entries.c.subject == names.c.ref, entries.c.kind == Kind.TRANSITION, entries.c.up == 1
            )
            for begin in range(0, len(wanted), _ASKED_AT_ONCE):
                some = names.c.name.in_(wanted[begin : begin + _ASKED_AT_ONCE])
                found |= set(connection.execute(sa.select(names.c.name).where(some, was_up)).scalars())
        return found

    def histories(self, start_ns: int, end_ns: int, hotspots: Collection[str] | None = None) -> Iterator[History]:
        """The history of each hotspot (all, or those named; an uplink's id will do too) over [start, end).

        One after the other, so that a city's month needs no more memory than a hotspot's. One that the journal does
        not know is unknown all the time.
        """
        wanted = self.hotspots() if hotspots is None else hotspots
        with self._reading() as connection:
            seen = self._sources.seen(connection, self._source)
            yield from self._histories(connection, seen, start_ns, end_ns, wanted)

    def outage(self, number: int) -> Outage | None:
        """The outage that the entry with this number began, or is a part of, as the source of that entry saw it.

        So an outage is found by the number that it had when people spoke of it, whatever was found out since.
        """
        entry = self.entry(number)
        if entry is not None and entry.event.kind is Kind.AMEND:
            ((told,),) = amendments_of([entry]).values()
            return told.outage
        if entry is None or entry.event.kind not in OF_HOTSPOTS:
            return None
        at_ns, subject = entry.event.at_ns, entry.event.subject
        with self._reading() as connection:
            seen = self._sources.seen(connection, entry.source)
            (history,) = self._histories(connection, seen, at_ns, at_ns + 1, [subject])
        return next((outage for outage in history.outages if number in outage.entries), None)

    def faults(self, start_ns: int, end_ns: int) -> list[MonitoringGap]:
        """When we could not see, or were not running: what touches [start, end), in the order of their beginning."""
        kind, at_ns, number = (self._tables.entries.c[name] for name in ("kind", "at_ns", "number"))
        with self._reading() as connection:
            of_faults = sa.and_(kind.in_(FAULT_KINDS), self._seen(connection))
            early = self._rare(connection, of_faults, at_ns < start_ns, order=(at_ns.desc(), number.desc()))
            late = self._rare(connection, of_faults, at_ns >= end_ns, order=(at_ns, number))
            found = [*early, *self._rare(connection, of_faults, at_ns >= start_ns, at_ns < end_ns), *late]
        touching = (
            fault
            for fault in faults_of(sorted(found))
            if fault.start_ns < end_ns and (fault.end_ns is None or fault.end_ns > start_ns)
        )
        return sorted(touching, key=lambda fault: fault.start_ns)

    def decisions(self, start_ns: int, end_ns: int) -> list[Decision]:
        """What people decided about outages that began in [start, end), in the order in which they did."""
        kind, at_ns = self._tables.entries.c.kind, self._tables.entries.c.at_ns
        with self._reading() as connection:
            found = self._rare(connection, kind.in_(DECISION_KINDS), at_ns >= start_ns, at_ns < end_ns)
            made = [decision_of(entry) for entry in found]
            ours = self._outages_seen(connection, {one.outage for one in made})
        return [one for one in made if one.outage in ours]

    def clock_doubts(self, start_ns: int, end_ns: int) -> list[ClockDoubt]:
        """From when to when in [start, end) the exporter's clock was not kept by NTP, or nothing tells of it."""
        table = self._tables.entries
        columns = (table.c.kind, table.c.at_ns, sa.func.coalesce(table.c.detail, ""))
        with self._reading() as connection:
            told = sa.select(*columns).where(table.c.kind.in_(CLOCK_KINDS), RARE, self._seen(connection))
            before = told.where(table.c.at_ns < start_ns).order_by(table.c.at_ns.desc(), table.c.number.desc())
            within = told.where(table.c.at_ns >= start_ns, table.c.at_ns < end_ns).order_by(table.c.number)
            queries = (before.limit(1), within)
            rows = [(kind, at_ns, detail) for query in queries for kind, at_ns, detail in connection.execute(query)]
        return list(clock_doubts(rows, start_ns, end_ns))

    def uptimes(self, start_ns: int, end_ns: int) -> dict[str, list[ToldUptime]]:
        """By hotspot, what devices told of their uptime in [start, end), in the order of time."""
        kind, at_ns = self._tables.entries.c.kind, self._tables.entries.c.at_ns
        span = at_ns >= start_ns, at_ns < end_ns
        with self._reading() as connection:
            return uptimes_of(self._rare(connection, kind == Kind.UPTIME, self._seen(connection), *span))

    def proposals(self, start_ns: int = 0, end_ns: int = 2**62) -> list[ProposedList]:
        """The lists that were proposed about what lies in [start, end), in the order in which they were."""
        columns = self._tables.entries.c
        reaching = sa.or_(columns.until_ns.is_(None), columns.until_ns > start_ns)
        with self._reading() as connection:
            found = self._rare(connection, columns.kind == Kind.PROPOSAL, reaching, columns.at_ns < end_ns)
        return [proposed_list_of(entry) for entry in found]

    def approvals(self) -> list[ListApproval]:
        """Who approved which list, in the order in which they did."""
        with self._reading() as connection:
            found = self._rare(connection, self._tables.entries.c.kind == Kind.APPROVAL)
        return [approval_of(entry) for entry in found]

    def reasons(self, month_ns: int) -> list[Reason]:
        """What people said about differences in the month that began then, in the order in which they did."""
        kind, at_ns = self._tables.entries.c.kind, self._tables.entries.c.at_ns
        with self._reading() as connection:
            return [reason_of(entry) for entry in self._rare(connection, kind == Kind.WITNESS, at_ns == month_ns)]

    def inventories(self) -> list[ChainedInventory]:
        """What decided money, each time that it was chained, of the source that is read; in that order."""
        kind = self._tables.entries.c.kind
        with self._reading() as connection:
            return inventories_of(self._rare(connection, kind == Kind.INVENTORY, self._seen(connection)))

    def follows_legacy(self) -> bool:
        """Whether what is read begins with a journal from before inventories were chained."""
        with self._reading() as connection:
            return LEGACY_REF in self._sources.seen(connection, self._source)

    def hours(self, start_ns: int, end_ns: int, hotspots: Collection[str] | None = None) -> Iterator[HourSum]:
        """The sums that were written in (start, end], in the order of time, then of hotspots' ids."""
        for entry in self._hours(start_ns, end_ns):
            span = entry.event.since_ns, entry.event.at_ns
            for row in self.sums(entry):
                if hotspots is None or row.hotspot in hotspots:
                    yield HourSum(*span, entry.number, row)

    def answered(self, start_ns: int, end_ns: int) -> dict[str, tuple[int, int]]:
        """Requests and replies of each hotspot over the hours that were written in (start, end]."""
        total: dict[str, tuple[int, int]] = {}
        for entry in self._hours(start_ns, end_ns):
            for hotspot, requests, replies in self.answers(entry):
                sent, back = total.get(hotspot, (0, 0))
                total[hotspot] = (sent + requests, back + replies)
        return total

    def transitions(self, start_ns: int, end_ns: int, hotspots: Iterable[str]) -> Iterator[Entry]:
        """The transitions of these hotspots in [start, end), with all that they hold; one hotspot after the other."""
        table = self._tables.entries
        of_hotspots = table.c.kind.in_([int(kind) for kind in OF_HOTSPOTS])
        with self._reading() as connection:
            query = sa.select(*self._columns).where(
                table.c.subject == sa.bindparam("ref"),
                of_hotspots,
                self._seen(connection),
                table.c.at_ns >= start_ns,
                table.c.at_ns < end_ns,
            )
            query = query.order_by(table.c.at_ns, table.c.number)
            self._names.load_all(connection)
            for hotspot in hotspots:
                ref = self._names.find(connection, hotspot)
                yield from [] if ref is None else self._entries(connection, query, ref=ref)

    def _outages_seen(self, connection: Connection, numbers: Collection[int]) -> set[int]:
        """Which of the entries with these numbers are of the source that is read."""
        number, wanted, found = self._tables.entries.c.number, sorted(numbers), set()
        for begin in range(0, len(wanted), _ASKED_AT_ONCE):
            some = number.in_(wanted[begin : begin + _ASKED_AT_ONCE])
            found |= set(connection.execute(sa.select(number).where(some, self._seen(connection))).scalars())
        return found

    def _hours(self, start_ns: int, end_ns: int) -> list[Entry]:
        kind, at_ns = self._tables.entries.c.kind, self._tables.entries.c.at_ns
        with self._reading() as connection:
            return self._rare(connection, kind == Kind.HOUR, self._seen(connection), at_ns > start_ns, at_ns <= end_ns)

    def _histories(
        self, connection: Connection, seen: Collection[int], start_ns: int, end_ns: int, hotspots: Iterable[str]
    ) -> Iterator[History]:
        heads = read_heads(connection, self._tables, self._sources)
        known_ns = chained_life(connection, self._tables, [head for head in heads if head.ref in seen])
        queries = ChangeQueries(self._tables, self._names, seen)
        self._names.load_all(connection)
        spans = self._maintenance(connection, seen, start_ns, end_ns, known_ns)
        for hotspot in hotspots:
            ref = self._names.find(connection, hotspot)
            changes = [] if ref is None else queries.changes(connection, ref, start_ns, end_ns)
            yield history_of(hotspot, changes, spans.get(hotspot, []), start_ns, end_ns, known_ns)

    def _maintenance(
        self, connection: Connection, seen: Collection[int], start_ns: int, end_ns: int, known_ns: int
    ) -> dict[str, list[MaintenanceSpan]]:
        kind, at_ns, source = (self._tables.entries.c[name] for name in ("kind", "at_ns", "source"))
        early_ns = start_ns - _LONGEST_MAINTENANCE_NS
        where = (kind.in_(MAINTENANCE_KINDS), source.in_(seen), at_ns >= early_ns, at_ns < end_ns)
        return maintenance_of(self._rare(connection, *where), known_ns)
