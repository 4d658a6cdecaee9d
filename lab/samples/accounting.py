"""Short ways to say what a test is about: times in WITA, a point's month, its account."""

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from pantau.reports.accounting import (
    Account,
    AssignmentSpan,
    Condition,
    ContractDates,
    ContractSegment,
    ExclusionClaim,
    Method,
    Month,
    Span,
    Spans,
    Stretch,
    Terms,
    TermsVersion,
    account,
    segments_of,
)
from pantau.reports.accounting.spans import NO_TIME

WITA = ZoneInfo("Asia/Makassar")
APRIL = Month(2024, 4)
FEE = 500_000
TERMS = Terms(objective=Fraction(98, 100), method=Method.R3)


def at(text: str) -> int:
    """The Unix second of a WITA time: ``04-15`` or ``04-15 10:30:05``, of 2024."""
    day, _, clock = text.partition(" ")
    return int(datetime.fromisoformat(f"2024-{day}T{clock or '00:00'}").replace(tzinfo=WITA).timestamp())


def span(start: str, end: str) -> Span:
    """A span of WITA times."""
    return at(start), at(end)


def point(
    down: Iterable[Span] = (),
    *,
    unseen: Iterable[Span] = (),
    over: Span | None = None,
    condition: Condition = Condition.DOWN,
) -> list[Stretch]:
    """The stretches of a point that is up save for `down` and `unseen`, over April and the months beside it."""
    over = over or (Month(2024, 3).span(WITA)[0], Month(2024, 5).span(WITA)[1])
    blind = Spans.of(unseen)
    downs = Spans.of(down) - blind
    ups = Spans.of([over]) - downs - blind
    parts = [(spans, kind) for spans, kind in ((ups, Condition.UP), (downs, condition), (blind, Condition.UNSEEN))]
    stretches = sorted((start, end, kind.value) for spans, kind in parts for start, end in spans)
    return [
        Stretch(start, end, Condition(kind), (number,)) for number, (start, end, kind) in enumerate(stretches, start=1)
    ]


def contract(
    terms: Terms = TERMS, start: str = "01-01", end: str = "12-31", name: str = "k", value: int | None = None
) -> ContractDates:
    """A contract with one version of its terms."""
    return ContractDates(name, span(start, end), (TermsVersion(at(start), terms),), value)


def segment(terms: Terms = TERMS, fee: int = FEE, month: Month = APRIL) -> ContractSegment:
    """A point that one contract serves all month."""
    whole = month.span(WITA)
    dates = ContractDates("k", whole, (TermsVersion(whole[0], terms),))
    (only,) = segments_of(whole, dates, [AssignmentSpan("p", "k", *whole, fee)], WITA)
    return only


def april(
    down: Iterable[Span] = (),
    terms: Terms = TERMS,
    exclusions: Iterable[ExclusionClaim] = (),
    unseen: Iterable[Span] = (),
    faults: Spans = NO_TIME,
) -> Account:
    """The account of a point that one contract serves all April."""
    return account(segment(terms), point(down, unseen=unseen), WITA, exclusions, faults)


def accepted(start: str, end: str, name: str = "x", cause: str = "listrik_pln") -> ExclusionClaim:
    """An event that the kecamatan has accepted as an exclusion."""
    return ExclusionClaim(name, span(start, end), cause, "BA/1/2024", "Camat")
