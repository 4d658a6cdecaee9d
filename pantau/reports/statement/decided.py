"""What people decided, out of a journal: their single words, and the lists that two have signed or not yet."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from pantau.journal import Decision, ItemKind, Kind, Reader
from pantau.people import PeopleHistory, SignedList, signed_lists
from pantau.reports.accounting import Span
from pantau.reports.causes import DecisionKind, OutageDecision

_NS = 1_000_000_000
_KIND_OF = {Kind.CAUSE: DecisionKind.CAUSE, Kind.EXCLUSION: DecisionKind.EXCLUSION}
_KIND_OF_ITEM = {ItemKind.CAUSE: DecisionKind.CAUSE, ItemKind.EXCLUSION: DecisionKind.EXCLUSION}


def decisions_in(reader: Reader, span: Span, people: PeopleHistory, zone: ZoneInfo) -> Iterator[OutageDecision]:
    """All decisions about outages of a span, of which some may lie elsewhere; in no order."""
    reach = span[0] * _NS, span[1] * _NS
    for one in reader.decisions(*reach):
        yield _single(one)
    for signed in signed_lists(reader, people, zone, reach):
        yield from _of_list(signed)


def _single(one: Decision) -> OutageDecision:
    return OutageDecision(
        kind=_KIND_OF[one.kind],
        point=one.hotspot,
        outage=one.outage,
        span=None,
        code=one.code,
        person=one.person,
        at=one.decided_ns // _NS,
        reason=one.reason,
        document=one.document,
        entry=one.number,
        before_lists=one.before_lists,
    )


def _of_list(signed: SignedList) -> Iterator[OutageDecision]:
    binding = signed.binding
    for item in signed.content.items:
        if item.outage and item.start is not None:
            yield OutageDecision(
                kind=_KIND_OF_ITEM[item.kind],
                point=item.subject,
                outage=item.outage,
                span=None if item.end is None else (item.start, item.end),
                code=item.code,
                person=signed.proposed.person,
                at=signed.proposed.proposed_ns // _NS,
                reason=item.reason,
                document=item.document,
                entry=signed.proposed.number,
                list_sha256=signed.proposed.sha256,
                approved_by=signed.approved_by,
                approved_at=signed.approved_at,
                approved_entry=signed.order,
                approvals=tuple(one.entry for one in signed.approvers),
                binding="" if binding is None else binding.value,
                scans=signed.scans,
            )
