"""The city's month as it was observed: read once, for all contracts. Causes are proposed over the whole city."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from pantau.inventory import Contract, Hotspot, Inventory
from pantau.inventory.carrying import above, upstreams
from pantau.inventory.settings import Settings
from pantau.reports.accounting import (
    Condition,
    HeldSettlement,
    Month,
    Spans,
    Stretch,
    Terms,
    WholeOutage,
    counted_conditions,
    outages_of,
    seen,
)
from pantau.reports.causes import Cause, Correction, OutageFact, Proposal, Site, propose
from pantau.reports.statement.evidence import MAINTENANCE, Evidence, MonitorFault
from pantau.reports.statement.exclusion_register import ExclusionRegister
from pantau.reports.statement.inventory_history import InventoryHistory, as_history
from pantau.reports.statement.measuring import Measuring, measuring_of

_LISTED_SECONDS = 300
"""Shorter outages get no cause: they are never charged by default, and there are many."""
_BY_DEFAULT = counted_conditions(Terms())


@dataclass(frozen=True, slots=True)
class OutageCause:
    """The cause that is held for one outage, and where it comes from."""

    cause: Cause
    proposal: Proposal | None
    correction: Correction | None


@dataclass(frozen=True, slots=True)
class Survey:
    """What was observed in one month, and what the facts and people say about it."""

    inventory: Inventory
    month: Month
    zone: ZoneInfo
    stretches: Mapping[str, Sequence[Stretch]]
    proposals: Mapping[str, Proposal]
    corrections: Mapping[tuple[str, int], Correction]
    """By the point and the outage's number, or, where it has none, by its id and 0."""
    exclusions: ExclusionRegister
    faults: Sequence[MonitorFault]
    replies: Mapping[str, tuple[int, int]]
    whole: Mapping[str, list[WholeOutage]]
    """The outages of each point as contracts count them by default."""
    measuring: Measuring
    """How it was measured."""
    seal: tuple[int, str] | None
    """See `Evidence.seal`, of the month's begin."""
    history: InventoryHistory
    """What held at each moment; `inventory` is all of it together."""
    settlements: Sequence[HeldSettlement] = ()
    """What two people have settled of money that FINALs hold, whatever month it is of."""

    def cause_of(self, outage: WholeOutage) -> OutageCause:
        """The cause that a person decided, else the proposed one, else "not verified".

        A decision names an outage by the entry that began it, and meets it whatever a contract counts as one: where
        slow service counts as well, an outage of the journal is a part of a longer one.
        """
        said_of = (self.corrections.get((outage.point, number)) for number in outage.numbers)
        found = [one for one in (*said_of, self.corrections.get((outage.id, 0))) if one is not None]
        correction = max(found, key=lambda one: (one.at, one.entry), default=None)
        proposals = (self.proposals.get(name) for name in (outage.id, *self._parts_of(outage)))
        proposal = next((one for one in proposals if one is not None), None)
        said = correction.cause if correction and correction.cause in set(Cause) else None
        proposed = proposal.cause if proposal else Cause.BELUM_TERVERIFIKASI
        return OutageCause(proposed if said is None else Cause(said), proposal, correction)

    def _parts_of(self, outage: WholeOutage) -> Iterator[str]:
        """The ids of the journal's outages that are parts of one."""
        numbers = set(outage.numbers)
        return (one.id for one in self.whole.get(outage.point, ()) if one.number in numbers)

    def in_maintenance(self, point: str) -> Spans:
        """The time in which the exporter held a point to be in maintenance, and saw it."""
        return Spans.of([(one.start, one.end) for one in self.stretches.get(point, ()) if one.reason == MAINTENANCE])

    def outages_of(self, point: str, terms: Terms) -> tuple[list[WholeOutage], Spans]:
        """The whole outages of a point as these terms count them, and the seconds in which it was seen.

        An outage of the journal that is held to be our own fault is neither: its downtime is unseen, also where it is a
        part of a longer one.
        """
        stretches, counted = self.stretches.get(point, ()), counted_conditions(terms)
        outages = self.whole.get(point, [])
        if counted != _BY_DEFAULT:
            outages = outages_of(point, stretches, counted)
        blamed = [one for one in self._blamable(point, outages) if self._is_ours(one)]
        ours = Spans.of(span for outage in blamed for span in outage.down)
        if blamed:
            outages = outages_of(point, stretches, counted, ours)
        return [replace(one, undecided=self.undecided(one)) for one in outages], seen(stretches, ours)

    def _blamable(self, point: str, outages: Sequence[WholeOutage]) -> Iterator[WholeOutage]:
        """The journal's outages, and those of a contract that have no outage of the journal in them."""
        journal = self.whole.get(point, [])
        yield from journal
        known = {number for one in journal for number in one.numbers}
        yield from (one for one in outages if one.numbers and not known & set(one.numbers))

    def undecided(self, outage: WholeOutage) -> bool:
        """Whether its money waits for people: two of them have yet to say whose it is.

        That is so of an outage that runs over the month's end, and of one of which somebody alone says, or denies, that
        it was our own fault.
        """
        held, (_, end) = self.cause_of(outage), self.month.span(self.zone)
        if held.correction is not None:
            ours = Cause.PEMANTAU in (held.cause, held.proposal and held.proposal.cause)
            return not held.correction.approved and (ours or _runs_over(outage, end))
        return _runs_over(outage, end)

    def _is_ours(self, outage: WholeOutage) -> bool:
        """Whether it is held to be our own fault: not by one person's word, and not against one person's word."""
        held = self.cause_of(outage)
        return held.cause is Cause.PEMANTAU and (held.correction is None or held.correction.approved)


def survey(
    inventories: Inventory | InventoryHistory,
    evidence: Evidence,
    month: Month,
    zone: ZoneInfo,
    measuring: Measuring | None = None,
) -> Survey:
    """Read one month of the whole city, by the inventories, and the clocks, that held in it; one alone holds always.

    `measuring` is by the default settings where it is left out.
    """
    history = as_history(inventories)
    inventory, zone = history.inventory, history.zone or zone
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
    # How late a repair is asks for what was excused in the months before, back to where the longest outage began.
    began = min((own[0].start for own in whole.values() if own), default=span[0])
    exclusions = ExclusionRegister(history, evidence.exclusions(span), (min(began, span[0]), span[1]), zone)
    windows = {
        hotspot.id: Spans.of(
            one.span for one in exclusions.windows_of(hotspot.id, hotspot.isp, hotspot.kecamatan) if not one.proposed
        )
        for hotspot in inventory.hotspots
    }
    return Survey(
        inventory=inventory,
        month=month,
        zone=zone,
        stretches=stretches,
        proposals=propose(facts, sites_of(inventory), of_uplinks, windows, zone),
        corrections={_key(one): one for one in evidence.corrections(span)},
        exclusions=exclusions,
        faults=evidence.faults(span),
        replies=evidence.replies(span),
        whole=whole,
        settlements=evidence.settlements(),
        measuring=measuring or measuring_of(Settings()),
        seal=evidence.seal(span[0]),
        history=history,
    )


def _runs_over(outage: WholeOutage, end: int) -> bool:
    """Whether an outage goes on at a month's end, or nobody has seen it end."""
    return outage.start < end and (not outage.ended or outage.end > end)


def _key(correction: Correction) -> tuple[str, int]:
    if not correction.number:
        return correction.outage, 0
    return correction.outage.rpartition("@")[0], correction.number


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
            yield OutageFact(outage.id, outage.point, outage.start, end, isolated=outage.start in isolated)
