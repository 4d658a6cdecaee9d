"""Which downtime is not charged: accepted exclusions, and maintenance that was announced as agreed.

A window or a document that came late is no exclusion by itself; it is listed with the reason why it does not count.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from pantau.reports.accounting.spans import NO_TIME, Span, Spans
from pantau.reports.accounting.terms import Terms

OWN_FAULT = "pemantau"
"""The cause that no contract can refuse to admit: we could not see, whatever was noted."""


class Refusal(StrEnum):
    """Why a proposed exclusion does not count, or not wholly."""

    NOT_ACCEPTED = "not_accepted"
    PROPOSED = "proposed"
    """It was said after the fact, or by one alone: until two have signed it, what it would excuse is held."""
    CAUSE_NOT_ADMITTED = "cause_not_admitted"
    FILED_LATE = "filed_late"
    OVER_ALLOWANCE = "over_allowance"


@dataclass(frozen=True, slots=True)
class ExclusionClaim:
    """Time that the ISP asks not to be charged for: an event with its document, or a maintenance window."""

    id: str
    span: Span
    cause: str
    document: str = ""
    accepted_by: str = ""
    """Who accepted it for the kecamatan; empty as long as nobody has."""
    filed: int | None = None
    """When it was announced; `None` where that is not asked, as for an event."""
    letter: int | None = None
    """An earlier announcement that is stated and not proved: what it alone would excuse is proposed."""
    proposed: bool = False
    """Whether two people have yet to sign it."""
    contested: bool = False
    """Whether it holds, and somebody has asked to take it back: until two have signed that, its money is held."""

    @property
    def approved(self) -> "ExclusionClaim":
        """The same as if two people had signed it."""
        filed = self.filed if self.letter is None else self.letter
        return replace(self, filed=filed, letter=None, proposed=False)


@dataclass(frozen=True, slots=True)
class ExclusionRuling:
    """What became of one exclusion in one segment."""

    exclusion: ExclusionClaim
    excluded: Spans
    """The downtime that it excludes and no other before it."""
    refusal: Refusal | None = None

    @property
    def is_maintenance(self) -> bool:
        """Whether it was announced beforehand, and so counts towards the allowance."""
        return self.exclusion.filed is not None


def rule(exclusions: Iterable[ExclusionClaim], down: Spans, terms: Terms, used: int = 0) -> list[ExclusionRuling]:
    """What of `down` each exclusion excludes: a second that two claims exclude is excluded once.

    Events come before maintenance, and each kind in order of time. The monthly allowance is used up by downtime within
    windows, not by the windows: so no exclusion that is added can ever lower availability. `used` are seconds of it
    that the point's earlier segments of the month have used.
    """
    rulings: list[ExclusionRuling] = []
    left = None if terms.allowance_seconds is None else max(0, terms.allowance_seconds - used)
    rest = down
    for exclusion in sorted(exclusions, key=_order):
        refusal = _refusal(exclusion, terms)
        taken = NO_TIME if refusal else rest & Spans.of([exclusion.span])
        if exclusion.filed is not None and left is not None and taken.seconds > left:
            refusal, taken = Refusal.OVER_ALLOWANCE, taken.first(left)
        if exclusion.filed is not None and left is not None:
            left -= taken.seconds
        rest -= taken
        rulings.append(ExclusionRuling(exclusion, taken, refusal))
    return rulings


def admitted(exclusions: Iterable[ExclusionClaim], terms: Terms) -> Spans:
    """The time that accepted exclusions cover, as far as no allowance is asked."""
    return Spans.of(one.span for one in exclusions if _refusal(one, terms) is None)


def _order(one: ExclusionClaim) -> tuple[object, ...]:
    return one.filed is not None, one.span, one.id, one.cause, one.accepted_by, one.filed or 0


def _refusal(exclusion: ExclusionClaim, terms: Terms) -> Refusal | None:
    if not exclusion.accepted_by and not exclusion.proposed:
        return Refusal.NOT_ACCEPTED
    if exclusion.filed is not None:
        latest = exclusion.span[0] - terms.notice_seconds
        if exclusion.filed > latest:
            in_time = exclusion.letter is not None and exclusion.letter <= latest
            return Refusal.PROPOSED if in_time else Refusal.FILED_LATE
    elif terms.admitted_causes is not None and exclusion.cause not in (*terms.admitted_causes, OWN_FAULT):
        return Refusal.CAUSE_NOT_ADMITTED
    return Refusal.PROPOSED if exclusion.proposed else None
