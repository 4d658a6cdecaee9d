"""The city's month as it was observed: read once, for all contracts. Causes are proposed over the whole city."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pantau.inventory import Contract, Hotspot, Inventory
from pantau.inventory.carrying import above, upstreams
from pantau.reports.accounting import (
    Condition,
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
    corrections: Mapping[str, Correction]
    exclusions: ExclusionRegister
    faults: Sequence[MonitorFault]
    replies: Mapping[str, tuple[int, int]]
    whole: Mapping[str, list[WholeOutage]]
    """The outages of each point as contracts count them by default."""
    history: InventoryHistory
    """What held at each moment; `inventory` is all of it together."""

    def cause_of(self, outage: str) -> OutageCause:
        """The cause that a person decided, else the proposed one, else "not verified"."""
        proposal, correction = self.proposals.get(outage), self.corrections.get(outage)
        said = correction.cause if correction and correction.cause in set(Cause) else None
        proposed = proposal.cause if proposal else Cause.BELUM_TERVERIFIKASI
        return OutageCause(proposed if said is None else Cause(said), proposal, correction)

    def in_maintenance(self, point: str) -> Spans:
        """The time in which the exporter held a point to be in maintenance, and saw it."""
        return Spans.of([(one.start, one.end) for one in self.stretches.get(point, ()) if one.reason == MAINTENANCE])

    def outages_of(self, point: str, terms: Terms) -> tuple[list[WholeOutage], Spans]:
        """The whole outages of a point as these terms count them, and the seconds in which it was seen.

        An outage that is held to be our own fault is neither: its downtime is unseen.
        """
        stretches, counted = self.stretches.get(point, ()), counted_conditions(terms)
        outages = self.whole.get(point, [])
        if counted != _BY_DEFAULT:
            outages = outages_of(point, stretches, counted)
        blamed = [outage for outage in outages if self.cause_of(outage.id).cause is Cause.PEMANTAU]
        if not blamed:
            return outages, seen(stretches)
        ours = Spans.of(span for outage in blamed for span in outage.down)
        return outages_of(point, stretches, counted, ours), seen(stretches, ours)


def survey(inventories: Inventory | InventoryHistory, evidence: Evidence, month: Month, zone: ZoneInfo) -> Survey:
    """Read one month of the whole city, by the inventories, and the clocks, that held in it; one alone holds always."""
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
    exclusions = ExclusionRegister(history, evidence.exclusions(span), span, zone)
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
        corrections={one.outage: one for one in evidence.corrections(span)},
        exclusions=exclusions,
        faults=evidence.faults(span),
        replies=evidence.replies(span),
        whole=whole,
        history=history,
    )


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
