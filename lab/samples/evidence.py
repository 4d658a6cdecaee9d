"""Evidence that a test writes by hand, and a small city under two contracts."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from lab.samples.accounting import point
from pantau.inventory import (
    Assignment,
    Contract,
    Exclusion,
    Hotspot,
    Inventory,
    Isp,
    Kecamatan,
    SiteVisit,
    Uplink,
)
from pantau.journal.amendments import NO_AMENDMENTS
from pantau.people import PeopleHistory
from pantau.reports import accounting
from pantau.reports.accounting import ONLINE, Condition, Span, Stretch
from pantau.reports.causes import DecisionKind, OutageDecision
from pantau.reports.statement import DeviceUptime, MonitorFault
from pantau.reports.statement.evidence import Amendments


@dataclass(frozen=True)
class Correction:
    """What people said about the cause of an outage."""

    outage: str
    """Its point and first second: ``P-1@1712678400``."""
    cause: str
    person: str
    at: int
    reason: str
    entry: int = 0
    approved: bool = False
    """Whether two have signed it."""


@dataclass
class Recorded:
    """See `pantau.reports.statement.Evidence`; a point that is not named was up all the time."""

    by_point: Mapping[str, list[Stretch]] = field(default_factory=dict)
    said: Sequence[Correction] = ()
    excluded: Sequence[tuple[str, accounting.ExclusionClaim]] = ()
    own_faults: Sequence[MonitorFault] = ()
    counted: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    settled: Sequence[accounting.HeldSettlement] = ()
    sealed: tuple[int, str] | None = (7, "5e" * 32)
    decided: Sequence[OutageDecision] = ()
    told: Mapping[str, Sequence[DeviceUptime]] = field(default_factory=dict)
    issued: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def stretches(
        self, points: Collection[str], span: Span, amendments: Amendments = NO_AMENDMENTS
    ) -> Iterator[tuple[str, list[Stretch]]]:
        """What was recorded."""
        for name in points:
            yield name, list(self.by_point.get(name, point()))

    def amendments(self, span: Span) -> Amendments:
        """Nothing was told late: what was is a matter of the journal."""
        return NO_AMENDMENTS

    def finals(self) -> Mapping[tuple[str, str], int]:
        """What was recorded."""
        return self.issued

    def faults(self, span: Span) -> Sequence[MonitorFault]:
        """What was recorded."""
        return self.own_faults

    def decisions(self, span: Span, people: PeopleHistory, zone: ZoneInfo) -> Sequence[OutageDecision]:
        """What was recorded: words of one person, exclusions that two have approved, and decisions as they are."""
        words = [self._word(one) for one in self.said]
        return [*words, *(self._exclusion(point, claim) for point, claim in self.excluded), *self.decided]

    def number(self, point: str, second: int) -> int:
        """The entry that began what was recorded of a point from that second on."""
        (found,) = [one for one in self.by_point[point] if one.start == second]
        return found.entries[0]

    def _first_down(self, point: str, span: Span) -> int:
        """The entry that began the first outage that a span meets; 0 where it meets none."""
        met = (one for one in self.by_point[point] if one.start < span[1] and span[0] < one.end)
        downs = (one for one in sorted(met, key=lambda one: one.start) if one.condition not in ONLINE)
        return next((one.entries[0] for one in downs if one.condition is not Condition.UNSEEN), 0)

    def _word(self, said: Correction) -> OutageDecision:
        point, _, second = said.outage.rpartition("@")
        number, about = self.number(point, int(second)), (said.person, said.at, said.reason)
        word = OutageDecision(DecisionKind.CAUSE, point, number, None, said.cause, *about, entry=said.entry)
        return _signed(word) if said.approved else word

    def _exclusion(self, point: str, claim: accounting.ExclusionClaim) -> OutageDecision:
        number, entry = self._first_down(point, claim.span), int(claim.id.removeprefix("#"))
        about = claim.cause, "ani", claim.span[1], "surat", claim.document
        word = OutageDecision(DecisionKind.EXCLUSION, point, number, claim.span, *about, entry=entry)
        return _signed(word) if claim.accepted_by and not claim.proposed else word

    def settlements(self, people: PeopleHistory, zone: ZoneInfo) -> Sequence[accounting.HeldSettlement]:
        """What was recorded."""
        return self.settled

    def seal(self, second: int) -> tuple[int, str] | None:
        """What was recorded."""
        return self.sealed

    def replies(self, span: Span) -> Mapping[str, tuple[int, int]]:
        """What was recorded."""
        return self.counted

    def uptimes(self, span: Span) -> Mapping[str, Sequence[DeviceUptime]]:
        """What was recorded."""
        return self.told


def _signed(word: OutageDecision) -> OutageDecision:
    """The same, as two have approved it."""
    return replace(word, approved_by=("ani", "budi"), approved_entry=word.entry, binding="two_keys")


def dark(*downs: Span, unseen: Sequence[Span] = (), condition: Condition = Condition.DOWN) -> list[Stretch]:
    """A point that was down in these spans."""
    return point(downs, unseen=unseen, condition=condition)


def _hotspot(number: int, isp: str, kelurahan: str, contract: str) -> Hotspot:
    return Hotspot.model_validate(
        {
            "id": f"P-{number}",
            "name": f"Titik {number}",
            "address": f"10.77.0.{number}",
            "kecamatan": "maesa",
            "isp": isp,
            "kelurahan": kelurahan,
            "category": "rt_lingkungan",
            "contract": contract,
            "upstream": "pop",
        }
    )


def _contract(isp: str, **terms: object) -> Contract:
    base = {"id": f"maesa-{isp}", "kecamatan": "maesa", "isp": isp, "start": "2024-04-01", "end": "2025-01-01"}
    base |= {"agreement_number": f"PKS/{isp}", "method": "R3", "sla_ratio": "0.98"}
    return Contract.model_validate({**base, **terms})


def _assignment(number: int, contract: str, start: str, end: str | None = None, **more: object) -> Assignment:
    row = {"hotspot": f"P-{number}", "contract": contract, "start": start, "end": end, "monthly_fee": "500000", **more}
    return Assignment.model_validate({key: value for key, value in row.items() if value is not None})


TELKOM, BIZNET = "maesa-telkom", "maesa-biznet"
CITY = Inventory(
    isps=(Isp(id="telkom", name="Telkom"), Isp(id="biznet", name="Biznet")),
    kecamatan=(Kecamatan(id="maesa", name="Maesa"),),
    contracts=(
        _contract("telkom", repair_limit="6h", penalty_permille="1", late_repair_penalised="true"),
        _contract("biznet", addenda=[{"number": "AD-1", "start": "2024-04-21", "sla_ratio": "0.99"}]),
    ),
    uplinks=(Uplink(id="pop", name="POP"),),
    hotspots=(
        *(_hotspot(number, "telkom", "Bitung Tengah", TELKOM) for number in (1, 2, 3)),
        *(_hotspot(number, "biznet", "Bitung Timur", BIZNET) for number in (4, 5)),
    ),
    assignments=(
        _assignment(1, TELKOM, "2024-04-01"),
        _assignment(2, TELKOM, "2024-04-01", accepted="2024-04-11"),
        _assignment(3, TELKOM, "2024-04-01", "2024-04-16"),
        _assignment(3, BIZNET, "2024-04-16"),
        _assignment(4, BIZNET, "2024-04-01"),
        _assignment(5, BIZNET, "2024-04-01", stopped="2024-04-26"),
    ),
    exclusions=(
        Exclusion.model_validate(
            {
                "id": "pln",
                "scope": "kecamatan",
                "target": "maesa",
                "start": "2024-04-12 13:00",
                "end": "2024-04-12 15:00",
                "cause": "listrik_pln",
                "document": "PLN/1",
                "proposed_by": "Telkom",
                "accepted_by": "Camat",
                "accepted_on": "2024-04-30",
            }
        ),
        Exclusion.model_validate(
            {
                "id": "later",
                "scope": "uplink",
                "target": "pop",
                "start": "2024-04-20 00:00",
                "end": "2024-04-21 00:00",
                "cause": "kahar",
                "proposed_by": "Telkom",
            }
        ),
    ),
    site_visits=(
        SiteVisit.model_validate({"hotspot": "P-1", "date": "2024-04-16", "by": "Diskominfo", "result": "good"}),
        SiteVisit.model_validate({"hotspot": "P-4", "date": "2024-05-02", "by": "Diskominfo", "result": "poor"}),
    ),
)
"""Three points of Telkom, two of Biznet; one moves on the 16th, one is accepted late, one is stopped, one addendum."""
