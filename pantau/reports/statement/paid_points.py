"""What an auditor asks of points that are paid for: whether two are one, and whether each was ever accepted."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from pantau.inventory import Contract, Hotspot, Inventory
from pantau.reports.accounting import AssignmentSpan, Span
from pantau.reports.statement.audit_rows import TwinRow, UnacceptedRow
from pantau.reports.statement.nearness import neighbours


def twin_rows(points: Sequence[str], inventory: Inventory) -> Iterator[TwinRow]:
    """Points of a contract that stand where others do, of whatever contract: nearer than 15 m, or at one address."""
    hotspots = inventory.hotspot_by_id
    near = neighbours(inventory.hotspots)
    by_address: defaultdict[str, list[Hotspot]] = defaultdict(list)
    for hotspot in inventory.hotspots:
        if hotspot.status == "active":
            by_address[hotspot.address].append(hotspot)
    for point in points:
        hotspot = hotspots[point]
        sharing = [one.id for one in by_address.get(hotspot.address, ()) if one.id != point]
        for ground, others in (("place", near.get(point, [])), ("address", sorted(sharing))):
            if others:
                yield TwinRow(point, ground, tuple(others))


def unaccepted_rows(
    contract: Contract, assignments: Sequence[AssignmentSpan], inventory: Inventory, month: Span, days: Sequence[str]
) -> Iterator[UnacceptedRow]:
    """Points that are paid in the month and have no day of acceptance, each with the last site visit up to then."""
    last_day = days[-1]
    visits = sorted(inventory.site_visits, key=lambda visit: visit.date)
    for one in assignments:
        start, end = one.service
        if one.contract != contract.id or one.accepted is not None or max(start, month[0]) >= min(end, month[1]):
            continue
        own = [visit for visit in visits if visit.hotspot == one.point and visit.date.isoformat() <= last_day]
        found = own[-1] if own else None
        yield UnacceptedRow(
            point=one.point,
            start=one.start,
            monthly_fee=one.monthly_fee,
            visited=found.date.isoformat() if found else None,
            found=found.result if found else "",
        )
