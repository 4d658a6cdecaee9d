"""How long repairs took and how long service held: MTTR and MTBF of charged outages, and what was late of them.

A repair lasts from where the contract starts its clock to the first answer: that is what MTTR is the mean of. What is
late is another count: of that time only what was seen down, not excused and not answered, while this contract paid for
the point. So nobody is late by hours in which we could not see, by a storm that was excused, or by another ISP's days.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from statistics import median_low

from pantau.reports.accounting.account import Account, OutageShare
from pantau.reports.accounting.outages import WholeOutage
from pantau.reports.accounting.spans import NO_TIME, Spans
from pantau.reports.accounting.terms import RepairStart, Terms


@dataclass(frozen=True, slots=True)
class Repair:
    """One charged outage that ended within its segment."""

    outage: WholeOutage
    seconds: int
    """From where the contract starts the clock to the first answer."""
    over_limit: int
    """Seconds beyond the contract's limit, as `RepairClock` counts them; 0 within it, or without one."""


@dataclass(frozen=True, slots=True)
class Repairs:
    """The repairs of one or many segments."""

    repairs: tuple[Repair, ...]
    outages: int
    """Charged outages, ended or not."""
    served_seconds: int
    """Seconds in which service was delivered, between which the outages fell."""

    @property
    def mttr(self) -> Fraction | None:
        """Mean seconds to repair; `None` where nothing was repaired."""
        return Fraction(sum(r.seconds for r in self.repairs), len(self.repairs)) if self.repairs else None

    @property
    def mtbf(self) -> Fraction | None:
        """Mean seconds of service between outages; `None` where there was no outage."""
        return Fraction(self.served_seconds, self.outages) if self.outages else None

    @property
    def median(self) -> int | None:
        """The median repair in seconds (the lower of the two middle ones)."""
        return median_low(r.seconds for r in self.repairs) if self.repairs else None

    @property
    def longest(self) -> Repair | None:
        """The longest repair; the earliest of equals."""
        return min(self.repairs, key=lambda r: (-r.seconds, r.outage.start, r.outage.point), default=None)

    @property
    def late(self) -> tuple[Repair, ...]:
        """Those beyond the limit."""
        return tuple(repair for repair in self.repairs if repair.over_limit)

    @property
    def unfinished(self) -> int:
        """Charged outages that did not end within their segment."""
        return self.outages - len(self.repairs)


@dataclass(frozen=True, slots=True)
class RepairClock:
    """What counts towards a repair's limit."""

    served: Spans | None = None
    """When this contract paid for the point; `None`: always."""
    excused: Spans = NO_TIME
    """What is excluded, of this month and of those before."""
    tickets: Mapping[str, int] = field(default_factory=dict)
    """The second at which an outage (its id) was reported to the ISP."""

    def begins(self, outage: WholeOutage, terms: Terms) -> int:
        """Where the contract starts the clock."""
        return {
            RepairStart.OUTAGE: outage.start,
            RepairStart.DETECTION: outage.detected,
            RepairStart.TICKET: self.tickets.get(outage.id, outage.detected),
        }[terms.repair_starts]

    def over_limit(self, outage: WholeOutage, terms: Terms, until: int) -> int:
        """Seconds beyond the limit that were counted up to `until`; 0 within it, or without one."""
        if terms.repair_limit_seconds is None:
            return 0
        counted = outage.down - self.excused
        counted &= Spans.of([(self.begins(outage, terms), until)])
        if self.served is not None:
            counted &= self.served
        return max(0, counted.seconds - terms.repair_limit_seconds)


ALWAYS = RepairClock()


def repairs_of(account: Account, clock: RepairClock = ALWAYS) -> Repairs:
    """The repairs of one segment."""
    charged = [share for share in account.shares if share.charged]
    return Repairs(
        repairs=tuple(_repair(account, share, clock) for share in charged if _ends_within(account, share)),
        outages=len(charged),
        served_seconds=account.up + account.tolerated,
    )


def together(parts: Iterable[Repairs]) -> Repairs:
    """The repairs of many segments, as one."""
    found: Sequence[Repairs] = list(parts)
    return Repairs(
        repairs=tuple(repair for part in found for repair in part.repairs),
        outages=sum(part.outages for part in found),
        served_seconds=sum(part.served_seconds for part in found),
    )


def _ends_within(account: Account, share: OutageShare) -> bool:
    start, end = account.segment.span
    return share.outage.ended and start < share.outage.end <= end


def _repair(account: Account, share: OutageShare, clock: RepairClock) -> Repair:
    terms, outage = account.segment.terms, share.outage
    seconds = max(0, outage.end - clock.begins(outage, terms))
    return Repair(outage, seconds, clock.over_limit(outage, terms, outage.end))
