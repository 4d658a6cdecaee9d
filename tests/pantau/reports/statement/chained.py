"""A journal of April with inventories in it, and April's statement by what today's files say."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from lab.samples.accounting import APRIL, WITA, at
from lab.samples.evidence import CITY, TELKOM
from lab.samples.journal import SECOND, T0, Place, change, down, ns, up
from pantau.inventory import Assignment, Exclusion, Inventory, MaintenanceWindow, Settings
from pantau.inventory.projection import project
from pantau.journal import Reader
from pantau.journal.entries import inventory_taken, start
from pantau.reports.statement import JournalEvidence, Statement, history_of, make_statement, survey
from pantau.states import State

DAY = 86_400
OUTAGE = at("04-12 06:00"), at("04-14 06:00")
"""P-1 is down for two days: by R3, Rp500,000 x 2/30 = Rp33,333."""
GROSS = 500_000 + 333_333 + 250_000
CHARGED = 33_333
"""Of that outage; the other points of Telkom are up."""
TOWN = replace(CITY, exclusions=(), contracts=(CITY.contracts[0].model_copy(update={"penalty_permille": None}),))
TOWN = replace(
    TOWN, contracts=(*TOWN.contracts, CITY.contracts[1]), hotspots=CITY.hotspots, assignments=CITY.assignments
)
FILED = "2024-04-02 08:00"
CONTRACT = TOWN.contracts[0]
"""Telkom's."""
FEE = "P-1 maesa-telkom 2024-04-01"
"""By what P-1's assignment is known."""


def window(name: str = "w", **more: str) -> MaintenanceWindow:
    """Works at P-1 over the whole outage, announced in time by what it says itself."""
    base = {"id": name, "scope": "hotspot", "target": "P-1", "start": "2024-04-12 06:00", "end": "2024-04-14 06:00"}
    base |= {"reason": "Surat 7", "filed_at": FILED, "approved_by": "Camat"}
    return MaintenanceWindow.model_validate(base | more)


def exclusion(**more: str) -> Exclusion:
    """A power cut over the whole outage, accepted with a paper."""
    base = {"id": "pln", "scope": "kecamatan", "target": "maesa", "start": "2024-04-12 06:00"}
    base |= {"end": "2024-04-14 06:00", "cause": "listrik_pln", "document": "PLN/1", "proposed_by": "Telkom"}
    return Exclusion.model_validate(base | {"accepted_by": "Camat", "accepted_on": "2024-04-20"} | more)


def with_first(inventory: Inventory, **changes: Any) -> Inventory:
    """Another first assignment: that of P-1."""
    first = Assignment.model_validate({**inventory.assignments[0].model_dump(exclude_none=True), **changes})
    return replace(inventory, assignments=(first, *inventory.assignments[1:]))


@dataclass(frozen=True)
class Chained:
    """A journal; each inventory in it with the WITA time at which it was chained."""

    place: Place

    def note(self, inventories: Mapping[str, Inventory]) -> None:
        """All of April, P-1's outage, and these inventories, up to May."""
        begin = at("03-31") - T0 // SECOND
        points = [hotspot.id for hotspot in CITY.hotspots]
        events = [start(ns(begin), points, [], {})]
        events += [change(point, begin, State.UNKNOWN, State.UP) for point in points]
        events += [down("P-1", OUTAGE[0] - T0 // SECOND), up("P-1", OUTAGE[1] - T0 // SECOND)]
        events += [inventory_taken(at(when) * SECOND, project(Settings(), one)) for when, one in inventories.items()]
        with self.place.store() as store:
            store.append(sorted(events, key=lambda event: event.recorded_ns), alive_ns=at("06-01") * SECOND)

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        """The journal, to read."""
        with self.place.reader() as reader:
            yield reader

    def april(
        self, today: Inventory, approved: Collection[str] = (), contract: str = TELKOM, zone: ZoneInfo = WITA
    ) -> Statement:
        """The statement by what was chained, while these are today's files, and the zone of today's settings."""
        with self.reader() as reader:
            history = history_of(reader, today, APRIL, zone, approved)
            return make_statement(contract, survey(history, JournalEvidence(reader), APRIL, zone))


def journal_of(folder: Path, inventories: Mapping[str, Inventory]) -> Chained:
    """A new journal."""
    made = Chained(Place("sqlite:///data/journal.sqlite", folder))
    made.note(inventories)
    return made


def told(made: Statement) -> list[tuple[str, str, str, str, str | None, str | None]]:
    """What the statement says that was said otherwise."""
    rows = made.inventory_changes
    return [(row.status, row.kind, row.record, row.field, row.then, row.now) for row in rows]


def money(made: Statement) -> tuple[int | None, int]:
    """What is paid for, and what of it is not paid out: deducted, or held."""
    return made.payment.gross, not_paid_out(made)[0]


def not_paid_out(made: Statement) -> tuple[int, int | None]:
    """What is deducted or held, and what of it is held because people have yet to sign; `None` where nothing is."""
    held = made.payment.held or 0
    return (made.payment.restitution or 0) + held, held or None


def with_contract(**changes: object) -> Inventory:
    """Telkom's contract says something else."""
    return replace(TOWN, contracts=(CONTRACT.model_copy(update=changes), TOWN.contracts[1]))
