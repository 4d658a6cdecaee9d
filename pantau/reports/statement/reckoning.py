"""One contract's accounts as they are, and under whatever decisions are supposed: what each is worth is found by
reckoning twice, always on all segments of a point's month.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from pantau.inventory import Contract
from pantau.reports.accounting import (
    Account,
    AssignmentSpan,
    Booking,
    ContractDates,
    ExclusionClaim,
    Level,
    SettlementLine,
    book_month,
    segments_of,
    settle,
    total,
)
from pantau.reports.statement.disputes import Dispute, disputes
from pantau.reports.statement.survey import Survey

Claims = Callable[[Dispute], list[ExclusionClaim]]


class Reckoning:
    """The segments of a contract's month, booked as they are, and ready to be booked otherwise."""

    def __init__(
        self, contract: Contract, survey: Survey, dates: ContractDates, assignments: Sequence[AssignmentSpan]
    ) -> None:
        self._zone, self._month = survey.zone, survey.month.span(survey.zone)
        self._bookings: list[Booking] = []
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for segment in segments_of(self._month, dates, assignments, self._zone):
            outages, visible = survey.outages_of(segment.point, segment.terms)
            self._places[segment.point].append(len(self._bookings))
            self._bookings.append(Booking(segment, outages, visible))
        self._listed = {
            point: survey.exclusions.of(point, contract, survey.in_maintenance(point)) for point in self._places
        }
        self.disputes: Mapping[str, Sequence[Dispute]] = {
            point: found for point in self._places if (found := self._disputes(survey, point))
        }
        booked = [self._with(one, self.claims(one.segment.point)) for one in self._bookings]
        self.accounts: Sequence[Account] = book_month(booked, self._zone)
        self.lines: Sequence[SettlementLine] = settle(self.accounts)
        self._settled: list[Account] | None = None
        self._now: dict[str, int | None] = {}
        self._alone = all(one.segment.terms.level is Level.POINT for one in self._bookings)

    def claims(self, point: str) -> list[ExclusionClaim]:
        """All that may excuse a point, of this month and of those before, in which its outages began."""
        return [*self._listed[point], *(claim for own in self.disputes.get(point, ()) for claim in own.claims)]

    def payable_now(self, point: str) -> int | None:
        """What is payable with what is in force, and nothing held for what is not."""
        if point not in self._now:
            self._now[point] = self.payable(point, lambda one: one.in_force)
        return self._now[point]

    def payable(self, point: str, claims_of: Claims) -> int | None:
        """What would be payable if this point's claims were those; of the point alone where its lines stand alone."""
        changed = self._supposed([point], claims_of)
        if self._alone:
            accounts: Iterable[Account] = changed.values()
        else:
            accounts = [changed.get(place, one) for place, one in enumerate(self._in_force())]
        return _payable(accounts)

    @property
    def payable_in_force(self) -> int | None:
        """What is payable of the whole contract with what is in force, and nothing held for what is not."""
        return _payable(self._in_force())

    def payable_under(self, claims_of: Claims) -> int | None:
        """What would be payable of the whole contract if the claims of all disputes were those."""
        changed = self._supposed(self.disputes, claims_of)
        return _payable([changed.get(place, one) for place, one in enumerate(self._in_force())])

    def _in_force(self) -> list[Account]:
        """The accounts as if nothing waited: what is in force holds, and what is charged stays charged."""
        if self._settled is None:
            changed = self._supposed(self.disputes, lambda one: one.in_force)
            self._settled = [changed.get(place, one) for place, one in enumerate(self.accounts)]
        return self._settled

    def _supposed(self, points: Iterable[str], claims_of: Claims) -> dict[int, Account]:
        """The accounts of some points, by their places, with nothing undecided."""
        places = [place for point in points for place in self._places[point]]
        bookings = []
        for place in places:
            one = self._bookings[place]
            own = self.disputes.get(one.segment.point, ())
            claims = [*self._listed[one.segment.point], *(claim for dispute in own for claim in claims_of(dispute))]
            outages = [replace(outage, undecided=False) for outage in one.outages]
            bookings.append(self._with(replace(one, outages=outages), claims))
        return dict(zip(places, book_month(bookings, self._zone), strict=True))

    def _with(self, one: Booking, claims: Iterable[ExclusionClaim]) -> Booking:
        start, end = self._month
        return replace(one, exclusions=[claim for claim in claims if claim.span[0] < end and start < claim.span[1]])

    def _disputes(self, survey: Survey, point: str) -> list[Dispute]:
        outages = {outage.id: outage for place in self._places[point] for outage in self._bookings[place].outages}
        return list(disputes(survey, point, list(outages.values())))


def _payable(accounts: Iterable[Account]) -> int | None:
    amounts = total(settle(list(accounts))).amounts
    return None if amounts is None else amounts.payable
