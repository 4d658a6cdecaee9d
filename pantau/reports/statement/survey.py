"""The city's month as it was observed: read once, for all contracts. Causes are proposed over the whole city."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from pantau.inventory import Contract, Hotspot, Inventory
from pantau.inventory.carrying import above, upstreams
from pantau.journal.entries import REMOVED
from pantau.reports.accounting import (
    Condition,
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
from pantau.reports.accounting.spans import NO_TIME
from pantau.reports.causes import (
    Cause,
    DecisionKind,
    DecisionLedger,
    DecisionStatus,
    OutageDecision,
    OutageFact,
    Proposal,
    Site,
    Watch,
    own_faults,
    propose,
)
from pantau.reports.statement.evidence import MAINTENANCE, Evidence, MonitorFault
from pantau.reports.statement.exclusion_register import ExclusionRegister
from pantau.states import State

_LISTED_SECONDS = 300
"""Shorter outages get no cause: they are never charged by default, and there are many."""
_BY_DEFAULT = counted_conditions(Terms())
_DAY = 86_400
_NOT_WATCHED = (REMOVED, State.INACTIVE.label)
_CANARIES = "vantage"
"""What the journal calls a fault that the canaries have shown."""


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
    points_of_ours: frozenset[str]
    """The points of `ours`."""

    def cause_of(self, outage: WholeOutage) -> OutageCause:
        """The cause that people decided, else the proposed one, else "not verified"."""
        proposal = next((self.proposals[key] for key in outage.keys if key in self.proposals), None)
        ours = next((self.ours[key] for key in outage.keys if key in self.ours), None)
        records = [one for _, one in self.ledger.about(outage.point, outage.entries, DecisionKind.CAUSE)]
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
            status = DecisionStatus.PROPOSED if Cause.PEMANTAU in said else DecisionStatus.NOTED
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
        if counted != _BY_DEFAULT:
            outages = outages_of(point, stretches, counted)
        return outages, seen(stretches)

    def as_final(self, entry: int) -> "Survey":
        """The same as a FINAL that had read the journal up to that entry counted what one person had decided."""
        return replace(self, ledger=self.ledger.as_final(entry))


def survey(inventory: Inventory, evidence: Evidence, month: Month, zone: ZoneInfo) -> Survey:
    """Read one month of the whole city."""
    span = month.span(zone)
    points = [hotspot.id for hotspot in inventory.hotspots if hotspot.status != "planned"]
    stretches = dict(evidence.stretches(points, span))
    whole = {point: outages_of(point, found, _BY_DEFAULT) for point, found in stretches.items()}
    facts = [fact for point in points for fact in _facts(stretches.get(point, ()), whole.get(point, ()))]
    uplinks = [uplink.id for uplink in inventory.uplinks if uplink.address is not None]
    of_uplinks = [
        fact
        for name, found in evidence.stretches(uplinks, span)
        for fact in _facts(found, outages_of(name, found, _BY_DEFAULT))
    ]
    exclusions = ExclusionRegister(inventory, span, zone)
    windows = {
        hotspot.id: Spans.of(one.span for one in exclusions.windows_of(hotspot.id, hotspot.isp, hotspot.kecamatan))
        for hotspot in inventory.hotspots
    }
    sites, watch = sites_of(inventory), Watch({point: _watched(found) for point, found in stretches.items()})
    faults = evidence.faults(span)
    ours = own_faults(facts, sites, watch, _blind(faults, span))
    return Survey(
        inventory=inventory,
        month=month,
        zone=zone,
        stretches=stretches,
        proposals=propose(facts, sites, of_uplinks, windows, zone, watch, ours),
        ours=ours,
        ledger=DecisionLedger(evidence.decisions(_reach(whole, span), inventory.person_by_id, zone)),
        exclusions=exclusions,
        faults=faults,
        replies=evidence.replies(span),
        whole=whole,
        points_of_ours=frozenset(name.rpartition("#")[0] for name in ours),
    )


def _reach(whole: Mapping[str, Sequence[WholeOutage]], span: Span) -> Span:
    """The time in which outages that touch `span` began: a decision holds as long as its outage, however old it is."""
    first = min((own[0].start for own in whole.values() if own), default=span[0])
    return min(first, span[0]) - _DAY, span[1]


def _watched(stretches: Sequence[Stretch]) -> Spans:
    """When a point was watched, whether it was seen or not: neither before it was added, nor after it was retired."""
    if not stretches:
        return NO_TIME
    whole = min(one.start for one in stretches), max(one.end for one in stretches)
    apart = [(one.start, one.end) for one in stretches if not one.entries or one.reason in _NOT_WATCHED]
    return Spans.of([whole]) - Spans.of(apart)


def _blind(faults: Sequence[MonitorFault], span: Span) -> Spans:
    """When our canaries were silent."""
    ours = [fault for fault in faults if fault.what == _CANARIES]
    return Spans.of((fault.start, span[1] if fault.end is None else fault.end) for fault in ours)


def sites_of(inventory: Inventory) -> dict[str, Site]:
    """Where the points stand, and what carries them."""
    upstream_of, uplinks = upstreams(inventory), inventory.uplink_by_id
    return {
        hotspot.id: _site(hotspot, tuple(name for name in above(hotspot.id, upstream_of) if name in uplinks))
        for hotspot in inventory.hotspots
        if hotspot.status != "planned"
    }


def contract_of(inventory: Inventory, name: str) -> Contract:
    """The contract with this id; `ValueError` with the cure where there is none."""
    contract = inventory.contract_by_id.get(name)
    if contract is None:
        raise ValueError(f"'{name}' is not a known contract; the inventory's contracts have their ids")
    return contract


def _site(hotspot: Hotspot, uplinks: tuple[str, ...]) -> Site:
    ward = f"{hotspot.kecamatan}/{hotspot.kelurahan}" if hotspot.kelurahan else ""
    radio = (hotspot.access or "").startswith(("radio", "starlink", "vsat", "seluler"))
    return Site(hotspot.id, hotspot.isp, ward, radio, uplinks)


def _facts(stretches: Sequence[Stretch], outages: Sequence[WholeOutage]) -> Iterator[OutageFact]:
    isolated = {stretch.start for stretch in stretches if stretch.condition is Condition.ISOLATED}
    for outage in outages:
        if outage.seconds > _LISTED_SECONDS:
            end = outage.end if outage.ended else None
            yield OutageFact(outage.key, outage.point, outage.start, end, isolated=outage.start in isolated)
