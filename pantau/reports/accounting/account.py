"""Where each second of a segment goes: the five classes that add up to it.

    segment = off hours + unseen + up + tolerated + excluded + charged

`unseen` (we could not look) and `excluded` leave numerator and denominator both; `tolerated` (outages within the
threshold) count as service delivered.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from zoneinfo import ZoneInfo

from pantau.reports.accounting.calendar import WITA
from pantau.reports.accounting.exclusions import ExclusionClaim, ExclusionRuling, rule
from pantau.reports.accounting.instability import Flapping, flapping
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

    @property
    def tolerated(self) -> int:
        """Seconds that are neither excluded nor charged, because the whole outage was within the threshold."""
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


def account(
    segment: ContractSegment,
    stretches: Sequence[Stretch],
    exclusions: Iterable[ExclusionClaim] = (),
    faults: Spans = NO_TIME,
    zone: ZoneInfo = WITA,
) -> Account:
    """Book each second of `segment`.

    `stretches` are the point's, in any order, from before the segment to after it where an outage crosses its edge (the
    threshold is tested on the whole outage). `faults` is time in which our own monitoring is not relied on.
    """
    outages = outages_of(segment.point, stretches, counted_conditions(segment.terms), faults)
    return book(segment, outages, seen(stretches, faults), exclusions, zone)


def book(
    segment: ContractSegment,
    outages: Iterable[WholeOutage],
    visible: Spans,
    exclusions: Iterable[ExclusionClaim] = (),
    zone: ZoneInfo = WITA,
) -> Account:
    """As `account`, from the point's whole outages and the seconds in which it was seen."""
    terms = segment.terms
    parts = [(outage, down) for outage in outages if (down := outage.down & segment.counted)]
    unrest = flapping(
        (down for outage, down in parts if outage.seconds <= terms.threshold_seconds),
        terms.instability,
        zone,
        (outage.answered & segment.counted for outage, _ in parts),
    )
    owed = [
        (outage, down, down if outage.seconds > terms.threshold_seconds else down & unrest.charged)
        for outage, down in parts
    ]
    rulings = rule(exclusions, Spans.of(span for _, _, due in owed for span in due), terms)
    excluding = Spans.of(span for ruling in rulings for span in ruling.excluded)
    shares = tuple(OutageShare(outage, down, due & excluding, due - excluding) for outage, down, due in owed)
    return Account(
        segment=segment,
        off_hours=segment.seconds - segment.counted.seconds,
        unseen=segment.counted - visible,
        excluded=sum(share.excluded.seconds for share in shares),
        charged=sum(share.charged.seconds for share in shares),
        tolerated=sum(share.tolerated for share in shares),
        shares=shares,
        rulings=tuple(rulings),
        flapping=unrest,
    )
