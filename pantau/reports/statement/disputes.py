"""What decisions would excuse: per outage what is in force, what waits for a second signature, and what facts propose.

A decision excuses time and removes nothing: the outage stays in the tables, measured as it was. What waits is listed as
not accepted; what it is worth is found by reckoning with it and without.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from pantau.reports.accounting import Condition, ExclusionClaim, Span, Spans, Stretch, WholeOutage
from pantau.reports.causes import Cause, DecisionKind, DecisionStatus, OutageDecision, OutageRecord, Proposal
from pantau.reports.statement.survey import Survey

AUTOMATIC = "automatic"
"""The id of what no person has proposed yet: our own fault, as falls and rises together show it."""


class Supposing(Enum):
    """Which decisions a reckoning takes for granted."""

    IN_FORCE = auto()
    """Those that two have approved."""
    ALL_THAT_EXCUSE = auto()
    """And each that would excuse more."""
    NONE_THAT_WAITS_TO_GO = auto()
    """Those in force, but for what a later one would take back."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """One outage, and what of it decisions of one kind would excuse."""

    outage: WholeOutage
    kind: DecisionKind
    span: Span
    """The outage as the journal has it: what a decision without a span of its own is about."""
    record: OutageRecord | None
    """All that was decided; `None` where only facts speak."""
    holds: OutageDecision | None
    waits: OutageDecision | None
    proposal: Proposal | None
    """What the facts propose, as long as nobody has decided it."""

    @property
    def point(self) -> str:
        """Whose outage it is."""
        return self.outage.point

    def claims(self, supposing: Supposing) -> list[ExclusionClaim]:
        """The accepted claims under a supposition."""
        holds, waits = (self._claims(one) for one in (self.holds, self.waits))
        if supposing is Supposing.ALL_THAT_EXCUSE:
            return [*holds, *(_accepted(one) for one in waits), *(_accepted(one) for one in self._automatic())]
        if supposing is Supposing.NONE_THAT_WAITS_TO_GO and self.waits is not None:
            kept = _spans(holds) & _spans(waits)
            return [_cut(one, span) for one in holds for span in Spans.of([one.span]) & kept]
        return holds

    def claims_of(self, decision: OutageDecision | None) -> list[ExclusionClaim]:
        """The claims if this decision, and no other of this dispute, were in force; `None`: what the facts propose."""
        found = self._automatic() if decision is None else self._claims(decision)
        return [_accepted(one) for one in found]

    @property
    def listed(self) -> list[ExclusionClaim]:
        """What is proposed, as claims that nobody has accepted: it excuses nothing, and is seen."""
        found = [*self._claims(self.waits), *self._automatic()]
        return [_with(one, "") for one in found]

    def _automatic(self) -> list[ExclusionClaim]:
        proposal = self.proposal
        if proposal is None or proposal.span is None:
            return []
        return [ExclusionClaim(AUTOMATIC, proposal.span, proposal.cause.value)]

    def _claims(self, decision: OutageDecision | None) -> list[ExclusionClaim]:
        """What a decision excuses."""
        if decision is None or not decision.code:
            return []
        if decision.kind is DecisionKind.CAUSE and decision.code != Cause.PEMANTAU:
            return []
        accepted_by = ", ".join(decision.approved_by)
        told = decision.code, decision.document, accepted_by
        # Whatever a list says about its time: a decision about one outage excuses no other.
        spans = Spans.of([decision.span or self.span]) & Spans.of([self.span])
        return [ExclusionClaim(f"#{decision.entry}", span, *told) for span in spans]


def disputes(survey: Survey, point: str) -> Iterator[Dispute]:
    """All that decisions and facts say about a point's outages that would change what is charged."""
    ours = survey.ours if point in survey.points_of_ours else {}
    if not ours and not survey.ledger.has(point):
        return
    for outage in survey.whole.get(point, ()):
        proposal = next((ours[key] for key in outage.keys if key in ours), None)
        for kind in DecisionKind:
            records = list(survey.ledger.about(point, outage.entries, kind))
            own = proposal if kind is DecisionKind.CAUSE else None
            for number, record in records:
                if own is not None or changes_money(kind, record):
                    span = extent(survey.stretches[point], outage, number)
                    facts = own if record.in_force is None else None
                    yield Dispute(outage, kind, span, record, record.in_force, record.pending, facts)
            if own is not None and not records:
                yield Dispute(outage, kind, (outage.start, outage.end), None, None, None, own)


def extent(stretches: Iterable[Stretch], outage: WholeOutage, number: int) -> Span:
    """The part of an outage that is one outage of the journal: down, and what we did not see, around one entry.

    Terms may join several of them into one, where what lies between counts as an outage too.
    """
    within: list[Stretch] = []
    for stretch in sorted(stretches, key=lambda one: one.start):
        if stretch.condition in (Condition.DOWN, Condition.ISOLATED, Condition.UNSEEN):
            within.append(stretch)
        elif any(number in one.entries for one in within):
            break
        else:
            within = []
    down = [one for one in within if one.condition is not Condition.UNSEEN and one.start < outage.end]
    return (max(down[0].start, outage.start), min(down[-1].end, outage.end)) if down else (outage.start, outage.end)


def status_of(kind: DecisionKind, record: OutageRecord) -> DecisionStatus:
    """What the latest decision of a record is worth, where no facts speak of our own fault."""
    if record.latest.is_approved:
        return DecisionStatus.APPROVED
    return DecisionStatus.PROPOSED if changes_money(kind, record) else DecisionStatus.NOTED


def changes_money(kind: DecisionKind, record: OutageRecord) -> bool:
    """Whether decisions of this kind about an outage excuse it, or take that back; no other cause excuses anybody."""
    return kind is DecisionKind.EXCLUSION or any(one.code == Cause.PEMANTAU for one in record.decisions)


def _with(claim: ExclusionClaim, accepted_by: str) -> ExclusionClaim:
    return ExclusionClaim(claim.id, claim.span, claim.cause, claim.document, accepted_by, claim.filed)


def _accepted(claim: ExclusionClaim) -> ExclusionClaim:
    return claim if claim.accepted_by else _with(claim, "?")


def _cut(claim: ExclusionClaim, span: Span) -> ExclusionClaim:
    return ExclusionClaim(claim.id, span, claim.cause, claim.document, claim.accepted_by, claim.filed)


def _spans(claims: Iterable[ExclusionClaim]) -> Spans:
    return Spans.of(claim.span for claim in claims)
