"""What holds for every history of a point, not only for the cases that somebody thought of."""

import ast
import itertools
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from lab.samples.accounting import APRIL, TERMS, WITA, contract, segment
from pantau.reports.accounting import (
    Account,
    AssignmentSpan,
    Condition,
    ContractSegment,
    ExclusionClaim,
    Instability,
    Method,
    Span,
    Spans,
    Stretch,
    Terms,
    account,
    segments_of,
    settle,
    total,
)

CORE = Path(__file__).parents[4] / "pantau" / "reports" / "accounting"
START, END = APRIL.span(WITA)
WIDE = (START - 7200, END + 7200)

times = st.integers(*WIDE)
spans = st.lists(st.tuples(times, st.integers(0, 200_000)).map(lambda pair: (pair[0], pair[0] + pair[1])), max_size=4)
few = settings(max_examples=50, deadline=None)
"""Each example is a whole month: fifty of them find what is wrong, and the fast tier stays fast."""


def _follow(parts: list[tuple[int, Condition | None]]) -> list[Stretch]:
    """Stretches that follow each other from before the month on; where there is no condition, nothing is known."""
    found, start = [], WIDE[0]
    for number, (seconds, condition) in enumerate(parts):
        end = min(start + seconds, WIDE[1])
        if condition is not None and start < end:
            found.append(Stretch(start, end, condition, (number,)))
        start = end
    return found


histories = st.lists(
    st.tuples(st.sampled_from([60, 240, 299, 300, 301, 7200, 90_000, 700_000]), st.sampled_from([*Condition, None])),
    max_size=20,
).map(_follow)
exclusions = st.lists(
    st.builds(
        lambda start, seconds, cause, by, notice: ExclusionClaim(
            "x", (start, start + seconds), cause, "", by, None if notice is None else start - notice
        ),
        times,
        st.integers(1, 200_000),
        st.sampled_from(["kahar", "listrik_pln"]),
        st.sampled_from(["", "Camat"]),
        st.sampled_from([None, 86_400, 864_000]),
    ),
    max_size=4,
)
"""Events and maintenance, accepted or not, filed in time or not."""
terms_of_all_kinds = st.builds(
    Terms,
    objective=st.fractions(0, 1, max_denominator=1000),
    method=st.sampled_from([Method.R1, Method.R1B, Method.R2, Method.R3, Method.R4]),
    threshold_seconds=st.integers(0, 1000),
    degraded_counts=st.booleans(),
    isolated_counts=st.booleans(),
    no_internet_counts=st.booleans(),
    allowance_seconds=st.none() | st.integers(0, 100_000),
    admitted_causes=st.none() | st.just(frozenset({"kahar"})),
    cap=st.fractions(0, 1, max_denominator=20),
    instability=st.builds(Instability, per_day=st.integers(0, 3), charged=st.booleans()),
)
plain_terms = terms_of_all_kinds.map(lambda terms: replace(terms, instability=Instability(), allowance_seconds=None))


def cut(part: ContractSegment, span: Span) -> ContractSegment:
    """A piece of a segment."""
    return replace(part, span=span, counted=part.counted & Spans.of([span]))


def classes(booked: Account) -> tuple[int, ...]:
    """The seconds of all classes."""
    return booked.off_hours, booked.unseen.seconds, booked.up, booked.tolerated, booked.excluded, booked.charged


@few
@given(histories, terms_of_all_kinds, exclusions, spans)
def test_the_seconds_of_all_classes_add_up_to_the_segment(
    history: list[Stretch], terms: Terms, claims: list[ExclusionClaim], faults: list[Span]
) -> None:
    """Nothing is lost, nothing is counted twice, no class is negative."""
    booked = account(segment(terms), history, WITA, claims, Spans.of(faults))
    assert sum(classes(booked)) == END - START
    assert min(classes(booked)) >= 0
    downs = [span for share in booked.shares for span in (*share.charged, *share.excluded)]
    assert Spans.of([*downs, *booked.unseen]).seconds == booked.down + booked.unseen.seconds


@few
@given(histories, plain_terms, exclusions, spans, st.lists(st.integers(START, END), max_size=4))
def test_splitting_a_month_anywhere_changes_no_sum(
    history: list[Stretch], terms: Terms, claims: list[ExclusionClaim], faults: list[Span], cuts: list[int]
) -> None:
    """The pieces' seconds add up to the month's, class by class."""
    whole = segment(terms)
    edges = sorted({START, END, *cuts})
    pieces = [
        account(cut(whole, piece), history, WITA, claims, Spans.of(faults)) for piece in itertools.pairwise(edges)
    ]
    sums = tuple(map(sum, zip(*map(classes, pieces), strict=True)))
    assert sums == classes(account(whole, history, WITA, claims, Spans.of(faults)))


@few
@given(histories, terms_of_all_kinds, exclusions, exclusions)
def test_an_exclusion_never_lowers_availability(
    history: list[Stretch], terms: Terms, claims: list[ExclusionClaim], more: list[ExclusionClaim]
) -> None:
    """An exclusion that is added never raises the charged seconds."""
    added = [replace(one, id=f"more-{one.id}") for one in more]
    before = account(segment(terms), history, WITA, claims)
    after = account(segment(terms), history, WITA, claims + added)
    assert after.charged <= before.charged
    if before.availability is not None and after.availability is not None:
        assert after.availability >= before.availability


@few
@given(histories, terms_of_all_kinds, exclusions, st.randoms(use_true_random=False))
def test_the_order_of_events_does_not_matter(
    history: list[Stretch], terms: Terms, claims: list[ExclusionClaim], random: Random
) -> None:
    """Stretches and claims in any order give the same account."""
    ordered = account(segment(terms), history, WITA, claims)
    random.shuffle(history)
    random.shuffle(claims)
    assert account(segment(terms), history, WITA, claims) == ordered


@few
@given(st.lists(st.tuples(histories, st.integers(0, 10_000_000)), max_size=4), terms_of_all_kinds)
def test_every_line_and_the_total_add_up_in_whole_rupiah(points: list[tuple[list[Stretch], int]], terms: Terms) -> None:
    """gross = restitution + held + payable; no amount is negative; a total is the sum of its lines."""
    lines = settle([account(segment(terms, fee), history, WITA) for history, fee in points])
    amounts = [line.amounts for line in lines if line.amounts is not None]
    assert len(amounts) == len(points)
    for one in amounts:
        parts = (one.gross, one.restitution, one.held, one.payable)
        assert {type(part) for part in parts} == {int}
        assert min(parts) >= 0
    summed = total(lines).amounts
    assert summed is not None
    assert summed.payable == sum(one.payable for one in amounts)
    assert summed.gross == sum(one.gross for one in amounts)


@few
@given(st.lists(st.integers(START, END), max_size=4), st.integers(0, 10_000_000))
def test_a_month_cut_between_contracts_costs_a_month_s_fee(cuts: list[int], fee: int) -> None:
    """The exact fees of the pieces add up to the monthly fee."""
    edges = sorted({START, END, *cuts})
    pieces = [AssignmentSpan("p", "k", start, end, fee) for start, end in itertools.pairwise(edges)]
    parts = list(segments_of((START, END), contract(TERMS), pieces, WITA))
    assert sum((part.fee for part in parts), Fraction(0)) == fee


@few
@given(spans, spans, spans)
def test_the_algebra_of_spans(one: list[Span], other: list[Span], third: list[Span]) -> None:
    """Union, intersection and difference agree with sets of seconds."""

    def grid(found: list[Span]) -> list[Span]:
        return [((a - START) // 20_000, (b - START) // 20_000) for a, b in found]

    def seconds(of: Spans) -> set[int]:
        return {second for a, b in of for second in range(a, b)}

    a, b, c = (Spans.of(grid(found)) for found in (one, other, third))
    assert seconds(a | b) == seconds(a) | seconds(b)
    assert seconds(a & b) == seconds(a) & seconds(b)
    assert seconds((a | b) - c) == (seconds(a) | seconds(b)) - seconds(c)
    assert a.seconds == len(seconds(a))
    assert seconds((a | b).first(5)) == set(sorted(seconds(a | b))[:5])
    for found in (a | b, a & b, (a | b) - c):
        assert Spans.of(found) == found


def test_no_float_touches_money_or_time() -> None:
    """The accounting core has no float literal, and names neither float nor round nor Decimal."""
    found = []
    for file in sorted(CORE.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Constant(value=float()) | ast.Name(id="float" | "round" | "Decimal"):
                    found.append(f"{file.name}:{node.lineno}")
    assert len(list(CORE.glob("*.py"))) == 15
    assert found == []
