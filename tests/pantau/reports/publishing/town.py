"""A town of five points under three contracts, with a journal of March and April 2024, as a person would have it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lab.samples.accounting import APRIL, WITA, span
from lab.samples.journal import NOC, T0, change, ns
from lab.samples.people import Office, decided, list_of, open_office
from pantau.inventory import Configuration, load
from pantau.inventory.projection import KINDS, lines_of, statement_id
from pantau.journal import (
    OFFICE,
    Event,
    HotspotHour,
    ItemKind,
    Kind,
    ListItem,
    Reader,
    Store,
    decide,
    give_reason,
    state_map,
)
from pantau.journal.entries import hour, start
from pantau.journal.timeline import Outage
from pantau.reports.accounting import Month, Span
from pantau.reports.publishing import ReportRequest, ReportRun, make
from pantau.states import State

MARCH = Month(2024, 3)
MADE_AT = APRIL.span(WITA)[1] + 2 * 86_400
POINTS = ("P-1", "P-2", "P-3", "P-4", "P-5")
HOURS = [HotspotHour(point, 360, 352, state_map(range(1, 8))) for point in POINTS]
"""The sums of the one hour that the town's journal has."""
FILES = {
    "pantau.yml": """
inventory: [isps.yml, kecamatan.yml, contracts.yml, hotspots.csv, assignments.csv]
journal: {url: "sqlite:///data/journal.sqlite"}
office:
  programme_points: 1000
  baselines: [{when: 2024-03, online: 0.79}, {when: 2023-12, online: 0.72}]
""",
    "isps.yml": """
isps:
  - {id: telkom, name: Telkom, contacts: [{kind: email, value: noc@telkom.example}]}
  - {id: biznet, name: Biznet}
""",
    "kecamatan.yml": "kecamatan: [{id: maesa, name: Maesa}, {id: girian, name: Girian}]\n",
    "contracts.yml": """
contracts:
  - {id: maesa-telkom, kecamatan: maesa, isp: telkom, start: 2024-03-01, end: 2025-01-01, sla_ratio: 0.98, method: R3}
  - {id: maesa-biznet, kecamatan: maesa, isp: biznet, start: 2024-04-01, end: 2025-01-01, sla_ratio: 0.98, method: R2}
  - {id: girian-telkom, kecamatan: girian, isp: telkom, start: 2024-04-01, end: 2025-01-01}
""",
    "hotspots.csv": """id,name,address,kecamatan,isp,contract
P-1,"=HYPERLINK(""http://x"",""Titik 1"")",10.77.0.1,maesa,telkom,maesa-telkom
P-2,Titik 2,10.77.0.2,maesa,telkom,maesa-telkom
P-3,@Titik 3,10.77.0.3,maesa,biznet,maesa-biznet
P-4,+Titik 4,10.77.0.4,maesa,biznet,maesa-biznet
P-5,-Titik 5,10.77.0.5,girian,telkom,girian-telkom
""",
    "assignments.csv": """hotspot,contract,start,monthly_fee
P-1,maesa-telkom,2024-03-01,500000
P-2,maesa-telkom,2024-03-01,500000
P-3,maesa-biznet,2024-04-01,500000
P-4,maesa-biznet,2024-04-01,500000
P-5,girian-telkom,2024-04-01,500000
""",
}


def seconds(second: int) -> int:
    """A Unix second as `lab.samples.journal` counts them."""
    return second - T0 // 1_000_000_000


def outage(point: str, where: Span) -> list[Event]:
    """Down, and up again."""
    return [
        change(point, seconds(where[0]), State.UP, State.DOWN),
        change(point, seconds(where[1]), State.DOWN, State.UP),
    ]


_offices: dict[Path, Office] = {}
"""The people of each town, with their keys."""


def office_of(town: "Town") -> Office:
    """Its people, with their keys."""
    return _offices[town.folder]


@dataclass(frozen=True)
class Town:
    """Its folder."""

    folder: Path

    @property
    def config(self) -> Path:
        """The settings."""
        return self.folder / "pantau.yml"

    @property
    def url(self) -> str:
        """The journal."""
        return f"sqlite:///{self.folder}/data/journal.sqlite"

    @property
    def output(self) -> Path:
        """Where reports go."""
        return self.folder / "laporan"

    def store(self, *, create: bool = False) -> Store:
        """The journal, to write."""
        return Store(self.url, self.folder, NOC, create=create)

    def note(self, events: Sequence[Event]) -> None:
        """Something happened."""
        with self.store() as store:
            store.append(events)

    def begin_journal(self, further: Sequence[Event] = ()) -> None:
        """Write it anew, with further events each in its place."""
        for file in (self.folder / "data").glob("journal.sqlite*"):
            file.unlink()
        events = _happened()
        for one in further:
            later = (place for place, event in enumerate(events) if event.recorded_ns > one.recorded_ns)
            events.insert(next(later, len(events)), one)
        with self.store(create=True) as store:
            store.append(events, alive_ns=ns(seconds(MADE_AT)))

    def request(self, **more: Any) -> ReportRequest:
        """A draft of April without PDF, of the whole town; `more` are fields of `ReportRequest`, it takes no other."""
        base = ReportRequest(APRIL, self.output, MADE_AT, formats=frozenset({"xlsx", "json", "csv"}), jobs=1)
        return replace(base, **more)

    def make(self, **more: Any) -> ReportRun:
        """Make what `request` says."""
        return make(self.request(**more), self.configuration, self.url, "pantau test", lambda *_: None)

    @property
    def configuration(self) -> Configuration:
        """As it is written now."""
        return load(self.config)

    def open_office(self) -> None:
        """From now on there are people, three of them with keys."""
        office = open_office(self.folder / "keys")
        _offices[self.folder] = office
        (self.folder / "people.yml").write_text(office.file, encoding="utf-8")
        text = self.config.read_text(encoding="utf-8")
        self.config.write_text(text.replace("assignments.csv]", "assignments.csv, people.yml]"), encoding="utf-8")

    def office_store(self) -> Store:
        """The journal, for what people decide."""
        return Store(self.url, self.folder, OFFICE, create=False)

    def decide(
        self, items: Sequence[ListItem], by: Sequence[str] = ("ani", "budi"), at_ns: int | None = None
    ) -> list[int]:
        """A list of decisions, approved by these people; the numbers of its entries."""
        records = self._records(items)
        with self.office_store() as store:
            return decided(store, _offices[self.folder], list_of(items), by, at_ns, records)

    def _records(self, items: Sequence[ListItem]) -> list[bytes]:
        """Of the records that files have those that items name."""
        named = {item.code for item in items}
        if not any(":" in name for name in named):
            return []
        inventory = self.configuration.inventory
        lines = [(kind, line) for kind in KINDS for line in lines_of(kind, getattr(inventory, kind))]
        return [line.encode() for kind, line in lines if statement_id(kind, line) in named]

    def outage(self, point: str, place: int = -1) -> Outage:
        """One of a point's outages, the last where none is named."""
        with Reader(self.url, self.folder) as reader:
            (history,) = reader.histories(0, MADE_AT * 10**9, [point])
        return history.outages[place]

    def exclude(self, outage: Outage) -> None:
        """Ani's word that it is not charged; it waits for a second signature."""
        told = {"code": "kahar", "person": "ani", "reason": "gempa", "document": "BA/1", "accepted_by": "x"}
        with self.office_store() as store:
            store.append([decide(outage, Kind.EXCLUSION, MADE_AT * 10**9, **told).event])

    def allow_one_witness(
        self, reason: str = "Prometheus belum ada", by: Sequence[str] = ("ani", "budi"), month: Month = APRIL
    ) -> None:
        """Why Prometheus was not asked about a month, with its document, approved by these people."""
        start_ns, name = month.span(WITA)[0] * 10**9, str(month)
        given = give_reason("", name, start_ns, MADE_AT * 10**9, person="ani", text=reason, document="BA-7")
        with self.office_store() as store:
            store.append([given.event])
        self.decide([ListItem(ItemKind.WITNESS, name, "", None, None, "not_asked", "BA-7", None, reason)], by)

    def contract(self, name: str) -> Path:
        """A contract's folder for April."""
        return self.output / "2024-04" / name


def found(folder: Path) -> Town:
    """A new town. In April P-1 was dark two days, P-3 an hour, P-5 four minutes, P-2 from March to the 2nd."""
    for name, text in FILES.items():
        (folder / name).write_text(text.lstrip(), encoding="utf-8")
    town = Town(folder)
    town.begin_journal()
    return town


def _happened() -> list[Event]:
    """All of March and April."""
    begin, at = seconds(MARCH.span(WITA)[0]), seconds(span("04-20", "04-21")[0])
    events = [
        *outage("P-1", span("03-10", "03-11")),
        *outage("P-2", (APRIL.span(WITA)[0] - 7200, APRIL.span(WITA)[0] + 86_400)),
        *outage("P-1", span("04-03", "04-05")),
        *outage("P-3", span("04-12 12:00", "04-12 13:00")),
        *outage("P-5", span("04-20 06:00:00", "04-20 06:04:00")),
    ]
    return [
        start(ns(begin), POINTS, [], {}),
        *(change(point, begin, State.UNKNOWN, State.UP) for point in POINTS),
        *sorted(events, key=lambda event: event.recorded_ns),
        hour(ns(at), ns(at + 3600), HOURS),
    ]
