"""What decisions would excuse: per outage what is in force, what waits for a second signature, and what facts propose.

A decision excuses time and removes nothing: the outage stays in the tables, measured as it was. What waits becomes a
claim that is proposed, or one that is contested; what is held for it the accounting says (`accounting.settlement`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pantau.reports.accounting import ExclusionClaim, Span, Spans, WholeOutage
from pantau.reports.accounting.exclusions import OWN_FAULT
from pantau.reports.causes import Cause, DecisionKind, DecisionStatus, OutageDecision, OutageRecord, Proposal
from pantau.reports.statement.survey import Survey

AUTOMATIC = "automatic"
"""The id of what no person has proposed yet: our own fault, as falls and rises together show it."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """One outage, and what of it decisions of one kind would excuse."""

    outage: WholeOutage
    kind: DecisionKind
    span: Span
    """The outage as the journal has it: what a decision without a span of its own is about."""
    until: int
    """The month's end: how long the outage goes on after it is no fact of this month."""
    record: OutageRecord | None
    """All that was decided; `None` where only facts speak."""
    proposal: Proposal | None = None
    """What the facts propose, as long as nobody has decided it."""
    undecided: bool = False
    """Whether it runs over the month's end, and this is what nobody has said of it yet."""

    @property
    def point(self) -> str:
        """Whose outage it is."""
        return self.outage.point

    @property
    def holds(self) -> OutageDecision | None:
        """What two have approved."""
        return self.record.in_force if self.record else None

    @property
    def waits(self) -> OutageDecision | None:
        """What is proposed, and would change what holds."""
        return self.record.pending if self.record else None

    @property
    def in_force(self) -> list[ExclusionClaim]:
        """The accepted claims."""
        return self._claims(self.holds)

    @property
    def claims(self) -> list[ExclusionClaim]:
        """All claims: those in force, contested where a later decision would take them back, and what is proposed."""
        kept = self._kept()
        held = [
            replace(one, span=span, contested=contested)
            for one in self.in_force
            for contested, part in ((False, kept), (True, Spans.of([one.span]) - kept))
            for span in Spans.of([one.span]) & part
        ]
        waiting = [*self._claims(self.waits), *self._automatic()]
        return [*held, *(replace(one, proposed=True) for one in waiting)]

    def claims_of(self, decision: OutageDecision | None) -> list[ExclusionClaim]:
        """The claims if this decision, and no other of this dispute, were in force; `None`: what the facts propose."""
        found = self._automatic() if decision is None else self._claims(decision)
        return [one if one.accepted_by else replace(one, accepted_by="?") for one in found]

    def _kept(self) -> Spans:
        """Of what is in force the time that stays excused if what waits is approved.

        Another cause may be one that the contract does not admit: only the same one, or our own fault, surely holds.
        """
        if self.waits is None or self.holds is None:
            return Spans.of([self.span])
        if self.waits.code not in (self.holds.code, OWN_FAULT):
            return Spans()
        return Spans.of(one.span for one in self._claims(self.waits))

    def _automatic(self) -> list[ExclusionClaim]:
        proposal = self.proposal
        if proposal is None or proposal.span is None:
            return []
        start, end = proposal.span
        return [ExclusionClaim(AUTOMATIC, (start, min(end, self.until)), proposal.cause.value)]

    def _claims(self, decision: OutageDecision | None) -> list[ExclusionClaim]:
        """What a decision excuses."""
        if decision is None or not decision.code:
            return []
        if decision.kind is DecisionKind.CAUSE and decision.code != Cause.PEMANTAU:
            return []
        accepted_by = ", ".join(decision.approved_by)
        told = decision.code, decision.document, accepted_by
        # Whatever a list says about its time: a decision about one outage excuses no other.
        own = self.span[0], min(self.span[1], self.until)
        spans = Spans.of([decision.span or self.span]) & Spans.of([own])
        return [ExclusionClaim(f"#{decision.entry}", span, *told) for span in spans]


def disputes(survey: Survey, point: str, outages: Sequence[WholeOutage]) -> Iterator[Dispute]:
    """All that decisions and facts say about a point's outages that would change what is charged or held.

    `outages` are the point's as its contract counts them: people decide about the journal's, of which terms may join
    several, and of those that run over the month's end somebody has to.
    """
    over = {survey.last_part(one).key: one for one in outages if survey.runs_over(one)}
    ours = survey.ours if point in survey.points_of_ours else {}
    if not over and not ours and not survey.ledger.has(point):
        return
    for outage in survey.decidable(point, outages):
        proposal = next((ours[key] for key in outage.keys if key in ours), None)
        found = list(_of_outage(survey, outage, proposal, runs_over=outage.key in over))
        yield from found
        if outage.key in over and survey.undecided(over[outage.key]):
            yield from _undecided(survey, outage, found)


def _undecided(survey: Survey, outage: WholeOutage, found: Sequence[Dispute]) -> Iterator[Dispute]:
    """What has yet to be said of an outage over the month's end, if nothing waits that says it of all of the month's
    part: so one list, signed, decides it.

    Of one whose cause was found for a part alone it is that the rest is not excluded: another cause would take that
    part's place.
    """
    start, until = survey.month.span(survey.zone)
    begin, end = max(outage.start, start), min(outage.end, until)
    proposed = [one.proposal.span for one in found if one.proposal is not None and one.proposal.span is not None]
    proposed += [one.waits.span or one.span for one in found if one.waits is not None]
    if any(span[0] <= begin and end <= span[1] for span in proposed):
        return
    free = [kind for kind in DecisionKind if all(one.kind is not kind for one in found)]
    if free:
        yield Dispute(outage, free[0], (outage.start, outage.end), until, None, undecided=True)


def _of_outage(survey: Survey, outage: WholeOutage, proposal: Proposal | None, *, runs_over: bool) -> Iterator[Dispute]:
    whole, (_, until) = (outage.start, outage.end), survey.month.span(survey.zone)
    for kind in DecisionKind:
        records = list(survey.ledger.about(outage.point, outage.numbers, kind))
        own = proposal if kind is DecisionKind.CAUSE else None
        for number, record in records:
            if own is not None or runs_over or changes_money(kind, record):
                facts = own if record.in_force is None else None
                yield Dispute(outage, kind, survey.extent(outage, number), until, record, facts)
        if own is not None and not records:
            yield Dispute(outage, kind, whole, until, None, own)


def status_of(kind: DecisionKind, record: OutageRecord, *, runs_over: bool) -> DecisionStatus:
    """What the latest decision of a record is worth, where no facts speak of our own fault."""
    if record.latest.is_approved:
        return DecisionStatus.APPROVED
    return DecisionStatus.PROPOSED if runs_over or changes_money(kind, record) else DecisionStatus.NOTED


def changes_money(kind: DecisionKind, record: OutageRecord) -> bool:
    """Whether decisions of this kind about an outage excuse it, or take that back; no other cause excuses anybody."""
    return kind is DecisionKind.EXCLUSION or any(one.code == Cause.PEMANTAU for one in record.decisions)
