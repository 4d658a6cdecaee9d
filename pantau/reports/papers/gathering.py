"""What of a month waits for two signatures, as the items of one list.

What people have proposed about an outage goes before what the facts propose. Items of further kinds come from sources
that are listed here: each is a function of the month and the journal.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pantau.inventory import Contract
from pantau.journal import ItemKind, ListItem, Reader
from pantau.reports.accounting import ExclusionClaim, Span, midnight
from pantau.reports.accounting.exclusions import OWN_FAULT
from pantau.reports.causes import DecisionKind, DecisionStatus
from pantau.reports.statement import Survey, settle_contract
from pantau.reports.statement.decision_rows import worth
from pantau.reports.statement.disputes import Dispute
from pantau.reports.statement.late import ALL_LATE
from pantau.reports.statement.late_items import item_of
from pantau.reports.statement.late_rows import late_of, late_worth
from pantau.reports.statement.reckoning import Reckoning
from pantau.reports.statement.settlement import ContractSettlement
from pantau.reports.witness.reasons import reasons_of

Source = Callable[[Survey, Reader], Iterable[ListItem]]
_KIND_OF = {DecisionKind.CAUSE: ItemKind.CAUSE, DecisionKind.EXCLUSION: ItemKind.EXCLUSION}
_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Gathered:
    """The items of a list, and what all of them together are worth."""

    items: tuple[ListItem, ...]
    effect: int | None
    """Rupiah; `None` where a contract names no rupiah."""
    records: tuple[bytes, ...] = ()
    """The records of the inventory that the items name, as lines: see `propose_list`."""

    def reach(self, month_ns: tuple[int, int]) -> tuple[int, int | None]:
        """The time that the items concern, nanoseconds: the month at least; open where an outage lasts."""
        starts = [item.start * _NS for item in self.items if item.start is not None]
        lasting = any(item.start is not None and item.end is None for item in self.items)
        ends = [item.end * _NS for item in self.items if item.end is not None]
        return min([month_ns[0], *starts]), None if lasting else max([month_ns[1], *ends])


def gather(survey: Survey, reader: Reader, contract: str = "", sources: Sequence[Source] = ()) -> Gathered:
    """All that waits, of one contract or of the city, in the order of time; from `SOURCES` and `sources` too."""
    found: dict[tuple[ItemKind, str, str], ListItem] = {}
    late: dict[str, ListItem] = {}
    total: int | None = 0
    for one in _contracts(survey, contract):
        work = settle_contract(one, survey)
        reckoning = work.reckoning
        for item in _items(reckoning, survey):
            key = item.kind, item.subject, item.target
            before = found.get(key)
            found[key] = item if before is None else item._replace(effect=_sum(before.effect, item.effect))
        said_late = list(_late_items(one, work, survey))
        for item in said_late:
            before = late.get(item.code)
            late[item.code] = item if before is None else item._replace(effect=_sum(before.effect, item.effect))
        total = _sum(total, _together(one, reckoning, survey, said_late=bool(said_late)))
    if not contract:
        # What concerns no contract of the month has no worth in it, and waits all the same.
        others = (one for one in survey.late if one.status is DecisionStatus.PROPOSED and one.name not in late)
        late |= {one.name: item_of(one, 0) for one in others}
    further = [item for source in (*SOURCES, *sources) for item in source(survey, reader)]
    items = sorted(found.values(), key=lambda item: (item.start or 0, item.subject, item.target, item.kind))
    return Gathered((*items, *further, *late.values()), total, tuple(_records(survey, late)))


def _records(survey: Survey, named: Collection[str]) -> Iterator[bytes]:
    """The records that items name; of one that is taken back it lies with the list by which it was signed."""
    for one in survey.late:
        if one.name in named and one.change is not None and one.change.line:
            yield one.change.line.encode()


def _late_items(one: Contract, work: ContractSettlement, survey: Survey) -> Iterator[ListItem]:
    """What was said too late of a contract, and two have not signed, each with what it alone is worth."""
    points = {line.account.segment.point for line in work.lines}
    for record in late_of(one, points, survey):
        if record.status is DecisionStatus.PROPOSED:
            yield item_of(record, late_worth(record.name, one, work.reckoning, survey))


def _together(one: Contract, reckoning: Reckoning, survey: Survey, *, said_late: bool) -> int | None:
    """By how much more is payable of a contract if all that waits is signed."""
    if not said_late and not reckoning.disputes:
        return 0
    then = reckoning
    if said_late and one.id in survey.otherwise[ALL_LATE].inventory.contract_by_id:
        other = survey.otherwise[ALL_LATE]
        then = settle_contract(other.inventory.contract_by_id[one.id], other).reckoning
    before, after = reckoning.payable_in_force, then.payable_under(_as_proposed)
    return None if before is None or after is None else after - before


def _contracts(survey: Survey, name: str) -> Iterator[Contract]:
    start, end = survey.month.span(survey.zone)
    for one in survey.inventory.contracts:
        held = midnight(one.start, survey.zone) < end and start < midnight(one.end, survey.zone)
        if held and name in ("", one.id):
            yield one


def _items(reckoning: Reckoning, survey: Survey) -> Iterator[ListItem]:
    for dispute in (one for own in reckoning.disputes.values() for one in own):
        if dispute.waits is not None or dispute.proposal is not None:
            yield _item(dispute, _said(dispute), worth(dispute.waits, dispute, reckoning))
        elif dispute.undecided:
            # Whoever signs it says that it is charged: nothing more is payable for it, and nothing is held.
            yield _item(dispute, _charged(dispute, survey), 0)


class _Said(NamedTuple):
    """What people propose, or else facts."""

    span: Span | None
    number: int
    code: str
    document: str
    reason: str


def _charged(dispute: Dispute, survey: Survey) -> _Said:
    if dispute.kind is DecisionKind.EXCLUSION:
        return _Said(None, dispute.outage.number, "", "", "")
    held = survey.cause_of(dispute.outage)
    facts = held.proposal.facts if held.proposal else ""
    return _Said(None, dispute.outage.number, held.cause.value, "", facts)


def _said(dispute: Dispute) -> _Said:
    decision, proposal = dispute.waits, dispute.proposal
    if decision is not None:
        return _Said(decision.span, decision.outage, decision.code, decision.document, decision.reason)
    assert proposal is not None  # noqa: S101 - one of both is there
    return _Said(proposal.span, dispute.outage.number, OWN_FAULT, "", proposal.facts)


def _item(dispute: Dispute, said: _Said, effect: int | None) -> ListItem:
    start, end = said.span or dispute.span
    lasting = said.span is None and not dispute.outage.ended and end == dispute.outage.end
    return ListItem(
        kind=_KIND_OF[dispute.kind],
        target=str(said.number),
        subject=dispute.point,
        start=start,
        end=None if lasting else end,
        code=said.code,
        document=said.document,
        effect=effect,
        reason=said.reason,
    )


def _as_proposed(dispute: Dispute) -> list[ExclusionClaim]:
    """The claims as they were if the whole list were approved."""
    if dispute.waits is None and dispute.proposal is None:
        return dispute.in_force
    return dispute.claims_of(dispute.waits)


def _sum(left: int | None, right: int | None) -> int | None:
    return None if left is None or right is None else left + right


def witness_items(survey: Survey, reader: Reader) -> Iterator[ListItem]:
    """Why the two witnesses differ about points, or only one was asked, as one has said and two have yet to sign."""
    for point, reason in sorted(reasons_of(reader, survey).items()):
        if not reason.opens:
            yield ListItem(
                kind=ItemKind.WITNESS,
                target=str(survey.month),
                subject=point,
                start=None,
                end=None,
                code="differs" if point else "not_asked",
                document=reason.document,
                effect=None,
                reason=reason.text,
            )


SOURCES: tuple[Source, ...] = (witness_items,)
"""What else waits for two signatures."""
