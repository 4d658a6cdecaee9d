"""Who owes what for which point in which seconds: point x contract x version of its terms, cut to one month.

segment = month ∩ contract ∩ assignment ∩ service dates ∩ version of the terms
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from zoneinfo import ZoneInfo

from pantau.reports.accounting.calendar import daily
from pantau.reports.accounting.spans import Span, Spans
from pantau.reports.accounting.terms import Denominator, Terms


@dataclass(frozen=True, slots=True)
class TermsVersion:
    """The terms of a contract from `start` on, until the next version begins."""

    start: int
    terms: Terms


@dataclass(frozen=True, slots=True)
class ContractDates:
    """A contract as time: its whole span and the versions of its terms, the first at its start."""

    id: str
    span: Span
    versions: tuple[TermsVersion, ...]
    value: int | None = None
    """Rupiah, all of it."""

    @property
    def periods(self) -> Sequence[tuple[Span, Terms]]:
        """Each version's span; the first holds from the contract's start even if it was written later."""
        ordered = sorted(self.versions, key=lambda version: version.start)
        edges = [self.span[0], *(version.start for version in ordered[1:]), self.span[1]]
        return [
            ((start, end), version.terms) for start, end, version in zip(edges[:-1], edges[1:], ordered, strict=True)
        ]

    def terms_in(self, span: Span) -> Terms | None:
        """The latest terms that hold within `span`; `None` where the contract does not reach into it."""
        held = [terms for period, terms in self.periods if max(period[0], span[0]) < min(period[1], span[1])]
        return held[-1] if held else None


@dataclass(frozen=True, slots=True)
class AssignmentSpan:
    """A point that a contract pays for, from `start` up to `end`."""

    point: str
    contract: str
    start: int
    end: int
    monthly_fee: int
    """Whole rupiah before PPN."""
    objective: Fraction | None = None
    """Instead of the contract's."""
    accepted: int | None = None
    """When the function test was signed; service, and the fee, begin there. `None`: at `start`."""
    stopped: int | None = None
    """When service was ended for good by a signed record."""

    @property
    def service(self) -> Span:
        """When the point is served and paid."""
        start = self.start if self.accepted is None else max(self.start, self.accepted)
        return start, self.end if self.stopped is None else min(self.end, self.stopped)


@dataclass(frozen=True, slots=True)
class ContractSegment:
    """What is measured and paid as one line."""

    point: str
    contract: str
    span: Span
    terms: Terms
    monthly_fee: int
    month: Span
    paid_month: int
    """The seconds that the monthly fee is for: the denominator that the contract chose."""
    counted: Spans
    """The seconds in which service is owed: `span`, cut to the service hours."""
    counted_month: int
    """As `paid_month`, cut to the service hours: what downtime is a share of."""
    version: int = 0

    @property
    def seconds(self) -> int:
        """The seconds under contract."""
        return self.span[1] - self.span[0]

    @property
    def fee(self) -> Fraction:
        """The fee of this segment, exact, in rupiah."""
        return Fraction(self.monthly_fee * self.seconds, self.paid_month)


def segments_of(
    month: Span, contract: ContractDates, assignments: Iterable[AssignmentSpan], zone: ZoneInfo
) -> Iterator[ContractSegment]:
    """The segments of one contract in one month, in the order of `assignments`; service hours are those of `zone`."""
    for assignment in assignments:
        if assignment.contract != contract.id:
            continue
        served = _meet(month, contract.span, assignment.service)
        for number, (span, terms) in enumerate(contract.periods):
            part = _meet(served, span)
            if part[0] < part[1]:
                yield _segment(month, contract, assignment, (part, terms, number), zone)


def _segment(
    month: Span, contract: ContractDates, assignment: AssignmentSpan, part: tuple[Span, Terms, int], zone: ZoneInfo
) -> ContractSegment:
    """`part` is one version's span, its terms and its number."""
    span, terms, version = part
    if assignment.objective is not None:
        terms = replace(terms, objective=assignment.objective)
    paid = month if terms.denominator is Denominator.CALENDAR else _meet(month, contract.span)
    return ContractSegment(
        point=assignment.point,
        contract=contract.id,
        span=span,
        terms=terms,
        monthly_fee=assignment.monthly_fee,
        month=month,
        paid_month=paid[1] - paid[0],
        counted=_hours(span, terms, zone),
        counted_month=_hours(paid, terms, zone).seconds,
        version=version,
    )


def _hours(span: Span, terms: Terms, zone: ZoneInfo) -> Spans:
    return Spans.of([span]) if terms.service_hours is None else daily(span, *terms.service_hours, zone)


def _meet(*spans: Span) -> Span:
    return max(start for start, _ in spans), min(end for _, end in spans)
