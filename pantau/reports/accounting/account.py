"""Where each second of a segment goes: the five classes that add up to it.

    segment = off hours + unseen + up + tolerated + excluded + charged

`unseen` (we could not look) and `excluded` leave numerator and denominator both; `tolerated` (outages within the
threshold, and answers inside an outage that did not recover) count as service delivered. Of the charged seconds some
may be undecided: they are charged until two people have said otherwise, and their money is held. Of the excluded ones
some may be contested: they are excused until two people have taken that back, and their money is held as well.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pantau.reports.accounting.exclusions import ExclusionClaim, ExclusionRuling, Refusal, rule
from pantau.reports.accounting.instability import Flapping, ShortPart, flapping
from pantau.reports.accounting.outages import Stretch, WholeOutage, counted_conditions, outages_of, seen
from pantau.reports.accounting.segments import ContractSegment
from pantau.reports.accounting.spans import NO_TIME, Spans


@dataclass(frozen=True, slots=True)
class OutageShare:
    """The part of one outage that falls into one segment."""

    outage: WholeOutage
    down: Spans
    excluded: Spans
    charged: Spans
    undecided: Spans = NO_TIME
    """Of the charged seconds those that wait for people's decision."""
    contested: Spans = NO_TIME
    """Of the excluded seconds those that are charged if an excuse is taken back, as somebody has asked."""
    answered: Spans = NO_TIME
    """Within the outage, and no downtime: the seconds in which it answered without recovering."""

    @property
    def tolerated(self) -> int:
        """Seconds that are neither excluded nor charged: the whole outage was within the threshold."""
        return self.down.seconds - self.excluded.seconds - self.charged.seconds


@dataclass(frozen=True, slots=True)
class Account:
    """The seconds of one segment."""

    segment: ContractSegment
    off_hours: int
    unseen: Spans
    excluded: int
    charged: int
    tolerated: int
    shares: tuple[OutageShare, ...]
    rulings: tuple[ExclusionRuling, ...]
    flapping: Flapping
    undecided: int = 0
    """Of the charged seconds those that wait for people's decision."""
    contested: int = 0
    """Of the excluded seconds those whose excuse somebody has asked to take back."""

    @property
    def seconds(self) -> int:
        """All of the segment: T_kontrak."""
        return self.segment.seconds

    @property
    def down(self) -> int:
        """D_total: seconds down of outages above the threshold."""
        return self.excluded + self.charged

    @property
    def up(self) -> int:
        """Seconds seen answering."""
        return self.segment.counted.seconds - self.unseen.seconds - self.excluded - self.charged - self.tolerated

    @property
    def assessed(self) -> int:
        """T_dinilai: what availability is a share of."""
        return self.segment.counted.seconds - self.unseen.seconds - self.excluded

    @property
    def availability(self) -> Fraction | None:
        """1 - charged / assessed; `None`, never 1 and never 0, where nothing could be assessed."""
        return None if self.assessed == 0 else 1 - Fraction(self.charged, self.assessed)

    @property
    def coverage(self) -> Fraction:
        """The share of the owed time in which we could see; 0 where nothing was owed."""
        owed = self.segment.counted.seconds
        return Fraction(owed - self.unseen.seconds, owed) if owed else Fraction(0)

    @property
    def conclusive(self) -> bool:
        """Whether enough was seen to pay by it."""
        return self.availability is not None and self.coverage >= self.segment.terms.minimum_coverage


@dataclass(frozen=True, slots=True)
class Booking:
    """One segment, and all that is to be booked into it."""

    segment: ContractSegment
    outages: Sequence[WholeOutage]
    """The point's, whole."""
    visible: Spans
    """The seconds in which the point was seen."""
    exclusions: Sequence[ExclusionClaim] = ()


def account(
    segment: ContractSegment,
    stretches: Sequence[Stretch],
    zone: ZoneInfo,
    exclusions: Iterable[ExclusionClaim] = (),
    faults: Spans = NO_TIME,
) -> Account:
    """Book each second of `segment`, the only one of its point's month.

    `stretches` are the point's, in any order, from before the segment to after it where an outage crosses its edge (the
    threshold is tested on the whole outage). `faults` is time in which our own monitoring is not relied on.
    """
    outages = outages_of(segment.point, stretches, counted_conditions(segment.terms), faults)
    (only,) = book_month([Booking(segment, outages, seen(stretches, faults), tuple(exclusions))], zone)
    return only


def book_month(bookings: Sequence[Booking], zone: ZoneInfo) -> list[Account]:
    """The accounts of one contract's month, in the order of `bookings`.

    What a contract allows in a month is allowed once for each point, however many segments its month has: maintenance
    uses the allowance up in the order of time, and instability is judged over all segments together.
    """
    by_point: defaultdict[str, list[int]] = defaultdict(list)
    for place, booking in enumerate(bookings):
        by_point[booking.segment.point].append(place)
    found: dict[int, Account] = {}
    for places in by_point.values():
        in_time = sorted(places, key=lambda place: bookings[place].segment.span)
        found |= zip(in_time, _book_point([bookings[place] for place in in_time], zone), strict=True)
    return [found[place] for place in range(len(bookings))]


def _book_point(bookings: Sequence[Booking], zone: ZoneInfo) -> Iterator[Account]:
    """One point's segments in the order of time."""
    parts = [
        [(outage, down) for outage in one.outages if (down := outage.down & one.segment.counted)] for one in bookings
    ]
    short = [
        (_short(own, one.segment), one.segment.terms.instability) for one, own in zip(bookings, parts, strict=True)
    ]
    used = _Used()
    for one, own, unrest in zip(bookings, parts, flapping(short, zone), strict=True):
        booked, used = _account(one, own, unrest, used)
        yield booked


class _Used(NamedTuple):
    """Seconds of the monthly allowance that the point's earlier segments have used."""

    held: int = 0
    withdrawn: int = 0
    """The same, if every excuse were taken back that somebody has asked to take back."""


_Part = tuple[WholeOutage, Spans]
"""An outage, and its downtime in one segment."""


def _short(parts: Sequence[_Part], segment: ContractSegment) -> list[ShortPart]:
    """What counts as instability: outages within the threshold, and answers within any."""
    threshold, counted = segment.terms.threshold_seconds, segment.counted
    return [
        ShortPart(outage.id, NO_TIME if _is_long(outage, threshold) else down, outage.answered & counted)
        for outage, down in parts
    ]


def _is_long(outage: WholeOutage, threshold: int) -> bool:
    """One that goes on while nobody can say how long it will be counts as long: its money is held, not lost."""
    return outage.seconds > threshold or (outage.undecided and not outage.ended)


def _account(one: Booking, parts: Sequence[_Part], unrest: Flapping, used: _Used) -> tuple[Account, _Used]:
    segment, terms = one.segment, one.segment.terms
    owed = [
        (outage, down, down if _is_long(outage, terms.threshold_seconds) else down & unrest.charged)
        for outage, down in parts
    ]
    due = Spans.of(span for _, _, own in owed for span in own)
    rulings = rule(one.exclusions, due, terms, used.held)
    # What other claims excuse as well is not contested: so it is ruled again without those that may be taken back.
    firm = rule([claim for claim in one.exclusions if not claim.contested], due, terms, used.withdrawn)
    awaited = Spans.of(ruling.exclusion.span for ruling in rulings if ruling.refusal is Refusal.PROPOSED)
    shares = tuple(_share(segment, *own, (_excluding(rulings), _excluding(firm), awaited)) for own in owed)
    made = Account(
        segment=segment,
        off_hours=segment.seconds - segment.counted.seconds,
        unseen=segment.counted - one.visible,
        excluded=sum(share.excluded.seconds for share in shares),
        charged=sum(share.charged.seconds for share in shares),
        tolerated=sum(share.tolerated for share in shares),
        shares=shares,
        rulings=tuple(rulings),
        flapping=unrest,
        undecided=sum(share.undecided.seconds for share in shares),
        contested=sum(share.contested.seconds for share in shares),
    )
    return made, _Used(used.held + _of_maintenance(rulings), used.withdrawn + _of_maintenance(firm))


def _excluding(rulings: Iterable[ExclusionRuling]) -> Spans:
    return Spans.of(span for ruling in rulings for span in ruling.excluded)


def _of_maintenance(rulings: Iterable[ExclusionRuling]) -> int:
    return sum(ruling.excluded.seconds for ruling in rulings if ruling.is_maintenance)


def _share(
    segment: ContractSegment, outage: WholeOutage, down: Spans, due: Spans, ruled: tuple[Spans, Spans, Spans]
) -> OutageShare:
    """`ruled`: what is excluded, what is excluded whatever is taken back, and what waits for its second signature."""
    excluding, firm, awaited = ruled
    charged, excluded = due - excluding, due & excluding
    undecided = charged if outage.undecided else charged & awaited
    return OutageShare(outage, down, excluded, charged, undecided, excluded - firm, outage.answered & segment.counted)
