"""The error that a statement prints of its own lines: whatever the edges of outages are, the truth lies within it."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from lab.samples.accounting import APRIL, FEE, WITA, at, point
from pantau.reports.accounting import (
    AssignmentSpan,
    Condition,
    ContractDates,
    Level,
    Method,
    RestitutionStep,
    SettlementLine,
    Span,
    Stretch,
    Terms,
    TermsVersion,
    account,
    segments_of,
    settle,
)
from pantau.reports.statement.error_bounds import error_bounds

STEPS = (RestitutionStep(Fraction(98, 100), Fraction(1, 10)), RestitutionStep(Fraction(9, 10), Fraction(1, 3)))
INTERVAL = 10


def lines_of(points: list[list[Stretch]], terms: Terms) -> list[SettlementLine]:
    """The contract's lines over April."""
    span = APRIL.span(WITA)
    dates = ContractDates("c", span, (TermsVersion(span[0], terms),))
    accounts = []
    for number, stretches in enumerate(points):
        (segment,) = segments_of(span, dates, [AssignmentSpan(f"P-{number}", "c", *span, FEE)], WITA)
        accounts.append(account(segment, stretches, WITA))
    return settle(accounts)


def shifted(downs: list[Span], late: list[tuple[int, int]]) -> list[Span]:
    """The true outages, of which begin and end were booked up to an interval late."""
    return [(start - begin, end - finish) for (start, end), (begin, finish) in zip(downs, late, strict=True)]


outages = st.lists(
    st.tuples(st.integers(0, 59), st.integers(200, 42_000)), min_size=1, max_size=6, unique_by=lambda o: o[0]
)
terms = st.builds(
    Terms,
    objective=st.sampled_from([Fraction(98, 100), Fraction(995, 1000), Fraction(9, 10)]),
    method=st.sampled_from(list(Method)),
    steps=st.just(STEPS),
    level=st.sampled_from(list(Level)),
    cap=st.sampled_from([Fraction(1), Fraction(1, 4)]),
)
late = st.tuples(st.integers(0, INTERVAL), st.integers(0, INTERVAL))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(outages, min_size=1, max_size=3), terms, st.data())
def test_the_truth_lies_within_the_bound(
    found: list[list[tuple[int, int]]], given_terms: Terms, data: st.DataObject
) -> None:
    """Seconds and rupiah, for every method, level and cap."""
    base = at("04-01") + 100
    booked = [[(base + 43_200 * slot, base + 43_200 * slot + lasts) for slot, lasts in own] for own in found]
    true = [shifted(own, data.draw(st.lists(late, min_size=len(own), max_size=len(own)))) for own in booked]
    ours, theirs = (lines_of([point(own) for own in all_], given_terms) for all_ in (booked, true))
    for line, truth, bound in zip(ours, theirs, error_bounds(ours, INTERVAL), strict=True):
        assert bound.least <= truth.account.charged <= bound.most
        assert abs(line.account.charged - truth.account.charged) <= bound.seconds
        assert line.amounts is not None
        assert truth.amounts is not None
        assert bound.rupiah is not None
        assert abs(line.amounts.restitution - truth.amounts.restitution) <= bound.rupiah + 1


def test_answers_within_an_outage_have_edges_too() -> None:
    """An outage of an hour with two answers in it: three intervals, of the fee's rupiah a second."""
    start, terms_of_r2 = at("04-03"), Terms(objective=Fraction(98, 100), method=Method.R2)
    parts = point([(start, start + 3600)])
    (down,) = [one for one in parts if one.condition is Condition.DOWN]
    cut = [
        replace(down, end=start + 1000),
        replace(down, start=start + 1000, end=start + 1010, condition=Condition.UP, within=True),
        replace(down, start=start + 1010, end=start + 2000),
        replace(down, start=start + 2000, end=start + 2010, condition=Condition.UP, within=True),
        replace(down, start=start + 2010),
    ]
    lines = lines_of([[one for one in parts if one is not down] + cut], terms_of_r2)
    (bound,) = error_bounds(lines, INTERVAL)
    assert lines[0].account.charged == 3580
    assert (bound.seconds, bound.rupiah) == (30, 6)  # 500,000 x 30 / 2,592,000 = 5.8


def test_what_lies_at_the_threshold_may_be_charged_or_not() -> None:
    """305 s are charged, and might have been 295, which are not; 299 s might have been 309."""
    start, r2 = at("04-03"), Terms(objective=Fraction(98, 100), method=Method.R2)
    charged, spared = lines_of([point([(start, start + 305)]), point([(start, start + 299)])], r2)
    assert (charged.account.charged, spared.account.charged) == (305, 0)
    bounds = error_bounds([charged, spared], INTERVAL)
    assert [(one.least, one.most) for one in bounds] == [(0, 315), (0, 309)]


def test_without_rupiah_there_is_no_error_of_rupiah_and_what_is_held_has_none() -> None:
    """The contract is silent; nobody saw the point."""
    start = at("04-03")
    (silent,) = error_bounds(lines_of([point([(start, start + 4000)])], Terms()), INTERVAL)
    assert (silent.seconds, silent.rupiah) == (10, None)
    blind = point([], unseen=[APRIL.span(WITA)])
    (held,) = error_bounds(lines_of([blind], Terms(objective=Fraction(98, 100), method=Method.R1)), INTERVAL)
    assert (held.seconds, held.rupiah) == (0, 0)
