"""One contract's accounts, under whatever decisions are supposed: what each is worth is found by reckoning twice."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pantau.inventory import Contract
from pantau.reports.accounting import (
    Account,
    AssignmentSpan,
    ContractDates,
    ContractSegment,
    ExclusionClaim,
    Level,
    SettlementLine,
    Spans,
    WholeOutage,
    book,
    segments_of,
    settle,
    total,
)
from pantau.reports.statement.disputes import Dispute, Supposing, disputes
from pantau.reports.statement.survey import Survey

Claims = Callable[[Dispute], list[ExclusionClaim]]


@dataclass(frozen=True, slots=True)
class _Part:
    """A segment with what is known of it whatever people decide."""

    segment: ContractSegment
    outages: Sequence[WholeOutage]
    visible: Spans
    claims: Sequence[ExclusionClaim]


class Booking:
    """The segments of a contract's month, ready to be booked."""

    def __init__(
        self, contract: Contract, survey: Survey, dates: ContractDates, assignments: Sequence[AssignmentSpan]
    ) -> None:
        self._survey = survey
        self._parts: list[_Part] = []
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for segment in segments_of(survey.month.span(survey.zone), dates, assignments):
            outages, visible = survey.outages_of(segment.point, segment.terms)
            claims = survey.exclusions.of(segment.point, contract, survey.in_maintenance(segment.point))
            self._places[segment.point].append(len(self._parts))
            self._parts.append(_Part(segment, outages, visible, claims))
        self.disputes: Mapping[str, Sequence[Dispute]] = {
            point: found for point in self._places if (found := list(disputes(survey, point)))
        }
        self.accounts: Sequence[Account] = [
            self._booked(part, lambda dispute: [*dispute.claims(Supposing.IN_FORCE), *dispute.listed])
            for part in self._parts
        ]
        self._now: dict[str, int | None] = {}
        self._alone = all(part.segment.terms.level is Level.POINT for part in self._parts)

    def lines(self, supposing: Supposing) -> Sequence[SettlementLine]:
        """All lines under a supposition."""
        if supposing is Supposing.IN_FORCE:
            return settle(self.accounts)
        return settle(self._supposed(lambda dispute: dispute.claims(supposing)))

    def payable_now(self, point: str) -> int | None:
        """What is payable with what is in force, as `payable` counts it."""
        if point not in self._now:
            self._now[point] = self.payable(point, lambda one: one.claims(Supposing.IN_FORCE))
        return self._now[point]

    def payable(self, point: str, claims_of: Claims) -> int | None:
        """What would be payable if this point's claims were those; of the point alone where its lines stand alone."""
        places = self._places[point]
        changed = {place: self._booked(self._parts[place], claims_of) for place in places}
        if self._alone:
            accounts = [changed[place] for place in places]
        else:
            accounts = [changed.get(place, one) for place, one in enumerate(self.accounts)]
        amounts = total(settle(accounts)).amounts
        return None if amounts is None else amounts.payable

    def difference(self, claims_of: Claims) -> int | None:
        """By how much more is payable, of the whole contract, if the claims of all disputes were those."""
        now, then = total(settle(self.accounts)).amounts, total(settle(self._supposed(claims_of))).amounts
        return None if now is None or then is None else then.payable - now.payable

    def _supposed(self, claims_of: Claims) -> list[Account]:
        accounts = list(self.accounts)
        for point in self.disputes:
            for place in self._places[point]:
                accounts[place] = self._booked(self._parts[place], claims_of)
        return accounts

    def _booked(self, part: _Part, claims_of: Claims) -> Account:
        own = self.disputes.get(part.segment.point, ())
        claims = [*part.claims, *(claim for dispute in own for claim in claims_of(dispute))]
        return book(part.segment, part.outages, part.visible, claims, self._survey.zone)
