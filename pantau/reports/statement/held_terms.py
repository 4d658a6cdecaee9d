"""A contract's month by the inventories that held in it.

What a record dates itself holds as the month's last inventory says: a contract's and an assignment's days, the day of
an addendum. What has no day of its own (a fee, a term) holds from when it was chained on; a record that was taken out
without a day, up to then. docs/sla.md has the rule for people.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from zoneinfo import ZoneInfo

from pantau.inventory import Addendum, Assignment, Contract
from pantau.reports.accounting import AssignmentSpan, ContractDates, Span, Spans, Terms, TermsVersion
from pantau.reports.statement.inventory_history import HeldInventory, InventoryHistory
from pantau.reports.statement.terms import assignments_of, dates_of

_Pair = tuple[str, str]
_Assigned = Mapping[_Pair, Sequence[Assignment]]


def held_dates(contract: Contract, held: Sequence[HeldInventory], zone: ZoneInfo) -> ContractDates:
    """The contract as time; `contract` is as the last inventory that has it says."""
    whole = dates_of(contract, zone)
    then = [one.inventory.contract_by_id.get(contract.id) for one in held]
    if not any(then):
        return whole
    if then[-1] is None:
        gone = next(one.start for one, following in zip(held, _seen_later(then), strict=True) if not following)
        whole = replace(whole, span=(whole.span[0], max(whole.span[0], min(whole.span[1], gone))))
    if all(one is None or one == contract for one in then):
        return whole
    versions = list(_versions(contract, held, then, whole, zone))
    return replace(whole, versions=tuple(versions)) if versions else whole


def _seen_later(then: Sequence[Contract | None]) -> Iterator[bool]:
    """For each inventory whether it, or a later one, has the contract."""
    return (any(then[place:]) for place in range(len(then)))


def _versions(
    contract: Contract,
    held: Sequence[HeldInventory],
    then: Sequence[Contract | None],
    whole: ContractDates,
    zone: ZoneInfo,
) -> Iterator[TermsVersion]:
    """The terms by when they held, each once for as long as they stay."""
    pieces: list[tuple[Span, Terms]] = []
    for one, said in zip(held, then, strict=True):
        dates = dates_of(_as_dated_later(said or contract, contract), zone)
        for period, terms in dates.periods:
            start, end = max(one.start, period[0], whole.span[0]), min(one.end, period[1], whole.span[1])
            if start < end:
                pieces.append(((start, end), terms))
    for terms, same in groupby(sorted(pieces, key=lambda piece: piece[0]), key=lambda piece: piece[1]):
        yield TermsVersion(next(iter(same))[0][0], terms)


def _as_dated_later(said: Contract, last: Contract) -> Contract:
    """What an inventory said, with the days that the last one gives: they are the contract's own."""
    known = {one.number: one for one in said.addenda}
    addenda: list[Addendum] = [
        known.pop(one.number, one).model_copy(update={"start": one.start}) for one in last.addenda
    ]
    ordered = sorted((*addenda, *known.values()), key=lambda one: one.start)
    return said.model_copy(update={"start": last.start, "end": last.end, "addenda": tuple(ordered)})


def held_assignments(
    contract: Contract, assignments: Iterable[Assignment], history: InventoryHistory, zone: ZoneInfo
) -> list[AssignmentSpan]:
    """The contract's assignments as time; `assignments` are those of the month's last inventory."""
    own = [one for one in assignments if one.contract == contract.id]
    known = any(contract.id in one.inventory.contract_by_id for one in history.held)
    if len(history.held) == 1 or not known:
        return assignments_of(contract, own, zone)
    stays = [(start, end, _by_pair(by_contract.get(contract.id, ()))) for start, end, by_contract in history.assigned]
    found = [part for one in own for part in _pieces(contract, one, stays, zone)]
    return [*found, *_gone(contract, assignments, history.held, stays, zone)]


_Stay = tuple[int, int, _Assigned]
"""From when to when the assignments of a contract stayed the same, and what they were."""


def _by_pair(assignments: Iterable[Assignment]) -> _Assigned:
    found: dict[_Pair, list[Assignment]] = {}
    for one in assignments:
        found.setdefault((one.hotspot, one.contract), []).append(one)
    return found


def _pieces(contract: Contract, last: Assignment, stays: Sequence[_Stay], zone: ZoneInfo) -> Iterator[AssignmentSpan]:
    """One assignment, cut where its fee or its own SLA was changed without a day."""
    (whole,) = assignments_of(contract, [last], zone)
    priced = [((start, end), _like(last, pairs.get((last.hotspot, last.contract), ()))) for start, end, pairs in stays]
    prices = groupby(priced, key=lambda one: (one[1].monthly_fee, one[1].sla_ratio))
    for _, same in prices:
        run = list(same)
        start, end = max(whole.start, run[0][0][0]), min(whole.end, run[-1][0][1])
        if start >= end:
            continue
        said = run[0][1]
        (as_said,) = assignments_of(contract, [said], zone) if said is not last else (whole,)
        part = replace(whole, start=start, end=end, monthly_fee=as_said.monthly_fee, objective=as_said.objective)
        # Lateness is counted from `start` to `accepted`: it belongs to the first piece alone.
        if part.accepted is not None and start > whole.start:
            part = replace(part, start=max(start, min(end, part.accepted)), accepted=None)
        yield part


def _like(last: Assignment, then: Sequence[Assignment]) -> Assignment:
    """What an earlier inventory had of the same: with its first day, else the one that reaches furthest into it."""
    same = next((one for one in then if one.start == last.start), None)
    if same is not None or not then:
        return same or last
    return min(then, key=lambda one: abs((one.start - last.start).days))


def _gone(
    contract: Contract,
    assignments: Iterable[Assignment],
    held: Sequence[HeldInventory],
    stays: Sequence[_Stay],
    zone: ZoneInfo,
) -> Iterator[AssignmentSpan]:
    """What was taken out within the month without a day: it held up to then, where nothing else claims its point."""
    now = stays[-1][2]
    lost = {pair: place for place, (_, _, pairs) in enumerate(stays) for pair in pairs if pair not in now}
    if not lost:
        return
    contracts = held[-1].inventory.contract_by_id
    claimed: dict[str, list[Span]] = {}
    for one in assignments:
        other = contracts.get(one.contract)
        if other is not None:
            claimed.setdefault(one.hotspot, []).extend((it.start, it.end) for it in assignments_of(other, [one], zone))
    for pair, place in sorted(lost.items()):
        until = stays[place][1]
        for one in stays[place][2][pair]:
            for part in _pieces(contract, one, stays[: place + 1], zone):
                free = Spans.of([(part.start, min(part.end, until))]) - Spans.of(claimed.get(part.point, ()))
                yield from (replace(part, start=start, end=end) for start, end in free)
