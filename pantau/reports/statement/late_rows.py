"""Rows of *Keputusan* of what inventories said too late: each record, who and when, and what it alone is worth."""

from collections.abc import Collection, Iterator
from datetime import datetime

from pantau.inventory import Contract
from pantau.reports.causes import DecisionStatus
from pantau.reports.statement.decision_table import DecisionRow
from pantau.reports.statement.exclusion_register import local_second
from pantau.reports.statement.inventory_changes import concerns
from pantau.reports.statement.inventory_tables import targets_of
from pantau.reports.statement.late import LateRecord
from pantau.reports.statement.late_items import item_of
from pantau.reports.statement.reckoning import Reckoning
from pantau.reports.statement.settlement import settle_contract
from pantau.reports.statement.survey import Survey, contract_of


def late_rows(
    contract: Contract, points: Collection[str], reckoning: Reckoning, survey: Survey
) -> Iterator[DecisionRow]:
    """Those that concern a contract's points, in the order in which the survey has them."""
    for one in late_of(contract, points, survey):
        yield _row(one, _effect(one, contract, reckoning, survey), survey)


def late_of(contract: Contract, points: Collection[str], survey: Survey) -> Iterator[LateRecord]:
    """The late records that concern a contract and its points."""
    targets = targets_of(contract, points, survey.inventory) if survey.late else ()
    for one in survey.late:
        if one.change is not None:
            if concerns(one.change, contract, points, targets):
                yield one
        elif one.listed is not None:
            item = one.listed.item
            if item.subject in points or contract.id in item.target.split():
                yield one


def late_worth(name: str, contract: Contract, reckoning: Reckoning, survey: Survey) -> int | None:
    """By how much more of a contract is payable in the survey as it were otherwise; `None` where nobody knows."""
    other = survey.otherwise.get(name)
    if other is None or contract.id not in other.inventory.contract_by_id:
        return None
    now = reckoning.payable_in_force
    then = settle_contract(contract_of(other.inventory, contract.id), other).reckoning.payable_in_force
    return None if now is None or then is None else then - now


def _effect(one: LateRecord, contract: Contract, reckoning: Reckoning, survey: Survey) -> int | None:
    """What is payable with it less what is payable without it."""
    if one.status is DecisionStatus.SUPERSEDED:
        return 0
    worth = late_worth(one.name, contract, reckoning, survey)
    return worth if worth is None or one.status is DecisionStatus.PROPOSED else -worth


def _row(one: LateRecord, effect: int | None, survey: Survey) -> DecisionRow:
    item = one.listed.item if one.listed else item_of(one)
    on = one.listed.on if one.listed else None
    start, end = _span(one, survey)
    return DecisionRow(
        kind=item.kind.value,
        status=one.status.value,
        outage="",
        number=0,
        point=item.subject,
        start=start,
        end=end,
        code=one.name,
        proposed_by=on.proposed.person if on else "",
        proposed_at=on.proposed.proposed_ns // 1_000_000_000 if on else None,
        reason=item.reason,
        document=item.document,
        list_sha256=on.proposed.sha256 if on else "",
        approved_by=on.approved_by if on else (),
        approved_at=on.approved_at if on else None,
        binding=on.binding.value if on and on.binding else "",
        scans=on.scans if on else (),
        effect=effect,
        entry=on.proposed.number if on else 0,
    )


def _span(one: LateRecord, survey: Survey) -> tuple[int, int]:
    """Of the month the time that a window or an exclusion says itself; all of it for any other record."""
    start, end = survey.month.span(survey.zone)
    said = one.change.now if one.change else None
    if said is None or one.change is None or one.change.kind not in ("maintenance", "exclusions") or "weekly" in said:
        return start, end
    begin, until = (local_second(datetime.fromisoformat(said[name]), survey.zone) for name in ("start", "end"))
    return max(start, min(begin, end)), min(end, max(until, start))
