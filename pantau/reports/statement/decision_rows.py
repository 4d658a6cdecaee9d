"""Part *Keputusan*: each decision of the contract's month, who and when, and what it alone is worth."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pantau.reports.accounting import ExclusionClaim, Spans, WholeOutage
from pantau.reports.causes import DecisionKind, DecisionStatus, OutageDecision
from pantau.reports.statement.decision_table import DecisionRow, PersonRow
from pantau.reports.statement.disputes import Dispute
from pantau.reports.statement.late_rows import late_rows
from pantau.reports.statement.reckoning import Reckoning
from pantau.reports.statement.settlement import ContractSettlement
from pantau.reports.statement.survey import Survey


def decision_rows(work: ContractSettlement, survey: Survey) -> list[DecisionRow]:
    """The rows of one contract, in the order of outages, then of entries."""
    rows: list[DecisionRow] = []
    owed: dict[str, Spans] = {}
    for line in work.lines:
        segment = line.account.segment
        owed[segment.point] = owed.get(segment.point, Spans()) | segment.counted
    for point, spans in owed.items():
        disputes = work.reckoning.disputes.get(point, ())
        own = [row for dispute in disputes for row in _disputed(dispute, work.reckoning)]
        own += _noted(point, survey, disputes)
        rows += (row for row in own if spans & Spans.of([(row.start, row.end)]))
    rows += late_rows(work.contract, owed.keys(), work.reckoning, survey)
    return sorted(rows, key=lambda row: (row.start, row.point, row.number, row.entry))


def person_rows(rows: Iterable[DecisionRow], survey: Survey) -> list[PersonRow]:
    """The people whom these decisions name."""
    named = {person for row in rows for person in (row.proposed_by, *row.approved_by)}
    return [
        PersonRow(one.id, one.name, one.office, one.role, key.fingerprint if (key := one.public_key) else "")
        for one in survey.inventory.people
        if one.id in named
    ]


def _disputed(dispute: Dispute, reckoning: Reckoning) -> Iterator[DecisionRow]:
    """What people decided about an outage, and what the facts propose as long as nobody has."""
    for decision, status in dispute.record.shown() if dispute.record else ():
        effect = _worth(decision, status, dispute, reckoning)
        yield _row(decision, status, dispute.outage, decision.span or dispute.span, effect)
    proposal = dispute.proposal
    if proposal is not None and proposal.span is not None:
        proposed = OutageDecision(
            kind=dispute.kind,
            point=dispute.point,
            outage=dispute.outage.number,
            span=proposal.span,
            code=proposal.cause.value,
            person="",
            at=0,
            reason=proposal.facts,
        )
        effect = worth(None, dispute, reckoning)
        row = _row(proposed, DecisionStatus.PROPOSED, dispute.outage, proposal.span, effect)
        yield replace(row, proposed_at=None)


def worth(decision: OutageDecision | None, dispute: Dispute, reckoning: Reckoning) -> int | None:
    """By how much more is payable if this decision, or else what the facts propose, were in force."""
    return _difference(dispute, reckoning, dispute.claims_of(decision))


def _worth(decision: OutageDecision, status: DecisionStatus, dispute: Dispute, reckoning: Reckoning) -> int | None:
    """What is payable with this decision less what is payable without it."""
    if status is DecisionStatus.APPROVED:
        effect = _difference(dispute, reckoning, [])
        return None if effect is None else -effect
    return worth(decision, dispute, reckoning) if status is DecisionStatus.PROPOSED else 0


def _difference(dispute: Dispute, reckoning: Reckoning, claims: list[ExclusionClaim]) -> int | None:
    """By how much more is payable if of this dispute these claims were in force, and all others as they are."""
    now = reckoning.payable_now(dispute.point)
    then = reckoning.payable(dispute.point, lambda one: claims if one is dispute else one.in_force)
    return None if now is None or then is None else then - now


def _noted(point: str, survey: Survey, disputes: Sequence[Dispute]) -> Iterator[DecisionRow]:
    """Causes that change no money: one person's word suffices, and the last one is shown as the outage's cause."""
    if not survey.ledger.has(point):
        return
    disputed = [one.record for one in disputes]
    for outage in survey.whole.get(point, ()):
        for number, record in survey.ledger.about(point, outage.numbers, DecisionKind.CAUSE):
            if any(record is one for one in disputed):
                continue
            span = survey.extent(outage, number)
            for decision, status in record.shown():
                noted = status if decision.is_approved else DecisionStatus.NOTED
                held = noted if decision is record.latest else DecisionStatus.SUPERSEDED
                yield _row(decision, held, outage, decision.span or span, 0)


def _row(
    decision: OutageDecision, status: DecisionStatus, outage: WholeOutage, span: tuple[int, int], effect: int | None
) -> DecisionRow:
    return DecisionRow(
        kind=decision.kind.value,
        status=status.value,
        outage=outage.id,
        number=decision.outage,
        point=outage.point,
        start=span[0],
        end=span[1],
        code=decision.code,
        proposed_by=decision.person,
        proposed_at=decision.at,
        reason=decision.reason,
        document=decision.document,
        list_sha256=decision.list_sha256,
        approved_by=decision.approved_by,
        approved_at=decision.approved_at,
        binding=decision.binding,
        scans=decision.scans,
        effect=effect,
        entry=decision.entry,
    )
