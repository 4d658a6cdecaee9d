"""The city's month as it was observed: read once, for all contracts. Causes are proposed over the whole city."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from pantau.inventory import Contract, Inventory
from pantau.inventory.settings import Settings
from pantau.reports.accounting import (
    HeldSettlement,
    Month,
    Span,
    Spans,
    Stretch,
    Terms,
    WholeOutage,
    counted_conditions,
    outages_of,
    seen,
)
from pantau.reports.causes import (
    Cause,
    DecisionKind,
    DecisionLedger,
    DecisionStatus,
    OutageDecision,
    OutageFact,
    OutageRecord,
    Proposal,
    Watch,
    own_faults,
    propose,
)
from pantau.reports.statement.admitting import NOTHING_LATE, Admission, admitted
from pantau.reports.statement.evidence import MAINTENANCE, Evidence, MonitorFault
from pantau.reports.statement.exclusion_register import ExclusionRegister
from pantau.reports.statement.inventory_history import InventoryHistory, as_history
from pantau.reports.statement.late import LateRecord
from pantau.reports.statement.measured import MeasuredRow, measured_in
from pantau.reports.statement.measuring import Measuring, measuring_of
from pantau.reports.statement.outage_facts import blind, extent, facts_of, sites_of, watched

BY_DEFAULT = counted_conditions(Terms())
"""What contracts count as an outage where they say nothing."""
_DAY = 86_400
_BESIDE = 32 * _DAY
"""What was told late is read so far beyond a month's edges: an outage that crosses them is judged whole."""


@dataclass(frozen=True, slots=True)
class OutageCause:
    """The cause that is held for one outage, and where it comes from."""

    cause: Cause
    proposal: Proposal | None
    decision: OutageDecision | None
    status: DecisionStatus | None
    """Of the decision; of what facts alone propose and would change money, proposed; else `None`."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What was observed in one month, and what the facts and people say about it."""

    inventory: Inventory
    month: Month
    zone: ZoneInfo
    stretches: Mapping[str, Sequence[Stretch]]
    proposals: Mapping[str, Proposal]
    """By `WholeOutage.key`, as `ours`."""
    ours: Mapping[str, Proposal]
    """What of an outage is more likely our own fault."""
    ledger: DecisionLedger
    exclusions: ExclusionRegister
    faults: Sequence[MonitorFault]
    replies: Mapping[str, tuple[int, int]]
    whole: Mapping[str, list[WholeOutage]]
    """The outages of each point as contracts count them by default."""
    measuring: Measuring
    """How it was measured, by the coarsest settings that held."""
    seal: tuple[int, str] | None
    """See `Evidence.seal`, of the month's begin."""
    history: InventoryHistory
    """What held at each moment; `inventory` is all of it together."""
    settlements: Sequence[HeldSettlement] = ()
    """What two people have settled of money that FINALs hold, whatever month it is of."""
    measured: tuple[MeasuredRow, ...] = ()
    """By which settings, and when."""
    points_of_ours: frozenset[str] = frozenset()
    """The points of `ours`."""
    late: Sequence[LateRecord] = ()
    """What inventories said too late, signed or not."""
    otherwise: Mapping[str, "Survey"] = field(default_factory=dict)
    """This survey if one late record were signed that is not, or not signed that is, by its name; under `ALL_LATE` if
    all were. Of more than `MOST_LATE` there is the last alone."""
    told_late: Admission = NOTHING_LATE
    """What agents told late of time that we had not seen, and which of it counts."""
    uptime_told_by: Mapping[str, str] = field(default_factory=dict)
    """By `WholeOutage.key`, whose word it is whether the device restarted."""

    def cause_of(self, outage: WholeOutage) -> OutageCause:
        """The cause that people decided, else the proposed one, else "not verified".

        A decision names an outage by the entry that began it, and meets it whatever a contract counts as one: where
        slow service counts as well, an outage of the journal is a part of a longer one.
        """
        proposal = next((self.proposals[key] for key in outage.keys if key in self.proposals), None)
        ours = next((self.ours[key] for key in outage.keys if key in self.ours), None)
        records = [one for _, one in self.ledger.about(outage.point, outage.numbers, DecisionKind.CAUSE)]
        decisions = [record.latest for record in records if record.latest.code in set(Cause)]
        decision = max(decisions, key=lambda one: one.entry, default=None)
        proposed = proposal.cause if proposal else Cause.BELUM_TERVERIFIKASI
        status = DecisionStatus.PROPOSED if ours is not None else None
        if decision is None:
            return OutageCause(proposed, proposal, None, status)
        said = {one.code for record in records for one in record.decisions}
        if decision.is_approved:
            status = DecisionStatus.APPROVED
        elif status is None:
            money = Cause.PEMANTAU in said or self.runs_over(outage)
            status = DecisionStatus.PROPOSED if money else DecisionStatus.NOTED
        part = decision.span not in (None, (outage.start, outage.end))
        held = proposed if part and decision.code == Cause.PEMANTAU else Cause(decision.code)
        return OutageCause(held, proposal, decision, status)

    def in_maintenance(self, point: str) -> Spans:
        """The time in which the exporter held a point to be in maintenance, and saw it."""
        return Spans.of([(one.start, one.end) for one in self.stretches.get(point, ()) if one.reason == MAINTENANCE])

    def outages_of(self, point: str, terms: Terms) -> tuple[list[WholeOutage], Spans]:
        """The whole outages of a point as these terms count them, and the seconds in which it was seen.

        Whatever people decided: that excuses time (`statement.disputes`), and makes nothing unseen.
        """
        stretches, counted = self.stretches.get(point, ()), counted_conditions(terms)
        outages = self.whole.get(point, [])
        if counted != BY_DEFAULT:
            outages = outages_of(point, stretches, counted)
        return [replace(one, undecided=self.undecided(one)) for one in outages], seen(stretches)

    def decidable(self, point: str, outages: Sequence[WholeOutage]) -> list[WholeOutage]:
        """What people decide about: the journal's outages, and of a contract's those that have none of them in them."""
        journal = self.whole.get(point, [])
        known = {number for one in journal for number in one.numbers}
        return [*journal, *(one for one in outages if one.numbers and not known & set(one.numbers))]

    def runs_over(self, outage: WholeOutage) -> bool:
        """Whether it goes on at the month's end, or nobody has seen it end."""
        _, end = self.month.span(self.zone)
        return outage.start < end and (not outage.ended or outage.end > end)

    def undecided(self, outage: WholeOutage) -> bool:
        """Whether all its money waits: it runs over the month's end, and no two people have said whose it is."""
        return self.runs_over(outage) and not any(self._decides(outage, *one) for one in self.said_of(outage))

    def last_part(self, outage: WholeOutage) -> WholeOutage:
        """Of an outage that a contract's terms join the journal's last: who decides it decides where it ends."""
        numbers = set(outage.numbers)
        own = (one for one in reversed(self.whole.get(outage.point, [])) if one.number in numbers)
        return next(own, outage)

    def said_of(self, outage: WholeOutage) -> Iterator[tuple[int, OutageRecord]]:
        """What people said of it, its cause or its excuse, each by the number by which they named it."""
        for kind in DecisionKind:
            yield from self.ledger.about(outage.point, self.last_part(outage).numbers, kind)

    def extent(self, outage: WholeOutage, number: int) -> Span:
        """The part of an outage that is the journal's outage of this number: what people spoke of."""
        return extent(self.stretches.get(outage.point, ()), outage, number)

    def _decides(self, outage: WholeOutage, number: int, record: OutageRecord) -> bool:
        """Whether two have decided this month's part of it: what they said about an hour of it leaves the rest open."""
        held = record.in_force
        if held is None or held.span is None:
            return held is not None
        (start, end), month = self.extent(outage, number), self.month.span(self.zone)
        return held.span[0] <= max(start, month[0]) and min(end, month[1]) <= held.span[1]

    def as_final(self, entry: int) -> "Survey":
        """The same as a FINAL that had read the journal up to that entry counted what one person had decided."""
        otherwise = {name: one.as_final(entry) for name, one in self.otherwise.items()}
        return replace(self, ledger=self.ledger.as_final(entry), otherwise=otherwise)


def survey(
    inventories: Inventory | InventoryHistory,
    evidence: Evidence,
    month: Month,
    zone: ZoneInfo,
    measuring: Measuring | None = None,
) -> Survey:
    """Read one month of the whole city, by the inventories, and the clocks, that held in it; one alone holds always.

    `measuring` is by today's settings, by the default ones where it is left out; those that were chained go before it.
    """
    history = as_history(inventories)
    inventory, zone = history.inventory, history.zone or zone
    span = month.span(zone)
    points = [hotspot.id for hotspot in inventory.hotspots if hotspot.status != "planned"]
    beside = span[0] - _BESIDE, span[1] + _BESIDE
    told_late = admitted(evidence.amendments(beside), evidence.finals(), history, zone)
    stretches = dict(evidence.stretches(points, span, told_late.counting))
    whole = {point: outages_of(point, found, BY_DEFAULT) for point, found in stretches.items()}
    facts = _facts_of_points(evidence, inventory, span, stretches, whole)
    of_uplinks = _facts_of_uplinks(evidence, inventory, span)
    reach = reach_of(whole, span)
    # How late a repair is asks for what was excused in the months before, back to where the longest outage began.
    exclusions = ExclusionRegister(history, reach, zone)
    windows = {
        hotspot.id: Spans.of(
            one.span for one in exclusions.windows_of(hotspot.id, hotspot.isp, hotspot.kecamatan) if not one.proposed
        )
        for hotspot in inventory.hotspots
    }
    sites, watch = sites_of(inventory), Watch({point: watched(found) for point, found in stretches.items()})
    faults = evidence.faults(span)
    ours = own_faults(facts, sites, watch, blind(faults, span))
    coarsest, measured = measured_in(history, span, measuring or measuring_of(Settings()))
    return Survey(
        inventory=inventory,
        month=month,
        zone=zone,
        stretches=stretches,
        proposals=propose(facts, sites, zone, of_uplinks, windows, watch, ours),
        ours=ours,
        ledger=DecisionLedger(evidence.decisions(reach, history.signers, zone)),
        exclusions=exclusions,
        faults=faults,
        replies=evidence.replies(span),
        whole=whole,
        settlements=evidence.settlements(history.signers, zone),
        measuring=coarsest,
        measured=measured,
        seal=evidence.seal(span[0]),
        history=history,
        points_of_ours=frozenset(fact.point for fact in facts if fact.id in ours),
        told_late=told_late,
        uptime_told_by={fact.id: fact.told_by for fact in facts if fact.told_by},
    )


def _facts_of_points(
    evidence: Evidence,
    inventory: Inventory,
    span: Span,
    stretches: Mapping[str, Sequence[Stretch]],
    whole: Mapping[str, Sequence[WholeOutage]],
) -> list[OutageFact]:
    """What is known of each outage that a cause may be proposed for."""
    uptimes = evidence.uptimes(_asked(whole, span))
    return [
        fact
        for point, found in stretches.items()
        for fact in facts_of(found, whole[point], uptimes.get(point, ()), inventory.hotspot_by_id[point].agent_custody)
    ]


def _facts_of_uplinks(evidence: Evidence, inventory: Inventory, span: Span) -> list[OutageFact]:
    """The same of the uplinks that are probed."""
    uplinks = [uplink.id for uplink in inventory.uplinks if uplink.address is not None]
    return [
        fact
        for name, found in evidence.stretches(uplinks, span)
        for fact in facts_of(found, outages_of(name, found, BY_DEFAULT))
    ]


def _asked(whole: Mapping[str, Sequence[WholeOutage]], span: Span) -> Span:
    """The time in which devices were asked about outages that touch `span`."""
    ends = [own[-1].end for own in whole.values() if own]
    return span[0], max([*ends, span[1]]) + _DAY


def reach_of(whole: Mapping[str, Sequence[WholeOutage]], span: Span) -> Span:
    """The time in which outages that touch `span` began: a decision holds as long as its outage, however old it is."""
    first = min((own[0].start for own in whole.values() if own), default=span[0])
    return min(first, span[0]) - _DAY, span[1]


def contract_of(inventory: Inventory, name: str) -> Contract:
    """The contract with this id; `ValueError` with the cure where there is none."""
    contract = inventory.contract_by_id.get(name)
    if contract is None:
        raise ValueError(f"'{name}' is not a known contract; the inventory's contracts have their ids")
    return contract
