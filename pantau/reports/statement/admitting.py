"""Which of what was told late a report believes. The journal's producer has the same rules; here they are not trusted.

What was judged is never touched (`pantau.journal.amendments`). Refused is what reaches into a month of which a FINAL
had been issued before, for the points that the contract pays for; and, of a point that can be pinged, what the ISP's
own device says in its favour: it may tell of faults, and lifts nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from pantau.inventory import Hotspot
from pantau.journal.amendments import NO_AMENDMENTS, Amendment
from pantau.reports.accounting import Month, Span
from pantau.reports.statement.evidence import Amendments
from pantau.reports.statement.inventory_history import InventoryHistory
from pantau.reports.statement.terms import assignments_of
from pantau.states import SERVING

AGENT, CUSTODY_ISP = "agent", "isp"
_NS = 1_000_000_000


class LateRefusal(StrEnum):
    """Why something that was told late does not count."""

    FINAL = "final"
    """The month had a FINAL already."""
    CUSTODY = "custody"
    """The ISP's own device, of a point that can be seen without it."""
    SEEN = "seen"
    """It was no time that had been unknown: it was judged, or told before."""


@dataclass(frozen=True, slots=True)
class RefusedAmendment:
    """A part of an amendment that does not count."""

    amendment: Amendment
    refusal: LateRefusal


@dataclass(frozen=True, slots=True)
class Admission:
    """What was told late, and what of it counts."""

    told: Amendments
    counting: Amendments
    refused: Mapping[str, Sequence[RefusedAmendment]]


NOTHING_LATE = Admission(NO_AMENDMENTS, NO_AMENDMENTS, {})


def admitted(
    told: Amendments, finals: Mapping[tuple[str, str], int], history: InventoryHistory, zone: ZoneInfo
) -> Admission:
    """`finals`: see `Evidence.finals`."""
    closed = _closed(finals, history, zone) if told else {}
    counting: dict[str, list[Amendment]] = {}
    refused: dict[str, list[RefusedAmendment]] = {}
    for point, own in told.items():
        for whole in own:
            for part, refusal in _parts(whole, closed.get(point, ()), history):
                if refusal is None:
                    counting.setdefault(point, []).append(part)
                else:
                    refused.setdefault(point, []).append(RefusedAmendment(part, refusal))
    return Admission(told, counting, refused)


_Closed = tuple[int, int, int]
"""A span in nanoseconds, and the entry that closed it."""


def _closed(
    finals: Mapping[tuple[str, str], int], history: InventoryHistory, zone: ZoneInfo
) -> dict[str, list[_Closed]]:
    """By point, when a contract paid for it in a month that has a FINAL."""
    found: dict[str, list[_Closed]] = {}
    for (name, month), entry in finals.items():
        contract, span = history.inventory.contract_by_id.get(name), _span_of(month, zone)
        if contract is None or span is None:
            continue
        start, end = span
        for _, _, by_contract in history.assigned:
            for one in assignments_of(contract, by_contract.get(name, ()), zone):
                since, upto = max(start, one.start), min(end, one.end)
                if since < upto:
                    found.setdefault(one.point, []).append((since * _NS, upto * _NS, entry))
    return found


def _span_of(month: str, zone: ZoneInfo) -> Span | None:
    """A month's seconds; nothing of an entry that somebody has made nonsense of."""
    try:
        return Month.parse(month).span(zone)
    except ValueError:
        return None


def _parts(
    whole: Amendment, closed: Sequence[_Closed], history: InventoryHistory
) -> Iterator[tuple[Amendment, LateRefusal | None]]:
    if whole.state in SERVING and whole.evidence == AGENT and _is_hearsay(history, whole):
        yield whole, LateRefusal.CUSTODY
        return
    open_ones = [whole]
    for start_ns, end_ns, entry in closed:
        if whole.entry > entry:
            parts = [part for one in open_ones for part in _cut(one, start_ns, end_ns)]
            yield from ((part, LateRefusal.FINAL) for part, inside in parts if inside)
            open_ones = [part for part, inside in parts if not inside]
    yield from ((part, None) for part in open_ones)


def _cut(one: Amendment, start_ns: int, end_ns: int) -> Iterator[tuple[Amendment, bool]]:
    """The parts of an amendment, each with whether it lies in the span."""
    edges = sorted({one.start_ns, one.end_ns, *(at for at in (start_ns, end_ns) if one.start_ns < at < one.end_ns)})
    for since_ns, upto_ns in pairwise(edges):
        yield one._replace(start_ns=since_ns, end_ns=upto_ns), start_ns <= since_ns < end_ns


def _is_hearsay(history: InventoryHistory, one: Amendment) -> bool:
    """Whether the ISP's device speaks of a point that can be seen without it."""
    hotspot = _hotspot_at(history, one.hotspot, one.start_ns // _NS)
    return hotspot is not None and hotspot.pinged and hotspot.agent_custody == CUSTODY_ISP


def _hotspot_at(history: InventoryHistory, point: str, second: int) -> Hotspot | None:
    """A point as the inventory had it then."""
    held = (one.inventory for one in history.held if one.start <= second < one.end)
    known = next((found for one in held if (found := one.hotspot_by_id.get(point)) is not None), None)
    return known or history.inventory.hotspot_by_id.get(point)


def overlap(spans: Iterable[Span], one: Amendment) -> int:
    """The whole seconds of an amendment that lie in these."""
    start, end = (one.start_ns + _NS // 2) // _NS, (one.end_ns + _NS // 2) // _NS
    return sum(max(0, min(end, upto) - max(start, since)) for since, upto in spans)
