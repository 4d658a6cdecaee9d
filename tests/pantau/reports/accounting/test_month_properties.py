"""What holds for every point's month under a contract: of the charge, the fee and the segments it is cut into."""

import itertools
from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from lab.samples.accounting import APRIL, FEE, WITA, at, contract, point
from pantau.reports.accounting import (
    Account,
    AssignmentSpan,
    Booking,
    Condition,
    ContractDates,
    ExclusionClaim,
    Instability,
    Method,
    RepairClock,
    Span,
    Stretch,
    Terms,
    TermsVersion,
    book_month,
    capped,
    counted_conditions,
    late_repairs,
    outages_of,
    seen,
    segments_of,
    settle,
    total,
)
from tests.pantau.reports.accounting.test_properties import (
    END,
    START,
    exclusions,
    few,
    histories,
    terms_of_all_kinds,
)

cuts = st.lists(st.integers(START + 1, END - 1), max_size=4, unique=True)
full_terms = st.builds(
    lambda terms, allowance, per_day, seconds, charged, permille: replace(
        terms,
        allowance_seconds=allowance,
        instability=Instability(per_day, seconds, charged),
        penalty_permille=permille,
        late_repair_penalised=True,
        repair_limit_seconds=21_600,
    ),
    terms_of_all_kinds,
    st.none() | st.integers(0, 100_000),
    st.integers(0, 3),
    st.integers(0, 2000),
    st.booleans(),
    st.fractions(0, 3, max_denominator=7),
)


def booked(
    history: list[Stretch],
    terms: Terms,
    claims: list[ExclusionClaim],
    edges: list[int],
    undecided: frozenset[int] = frozenset(),
) -> list[Account]:
    """The month cut at these edges by addenda that change nothing; `undecided` are outages by their order."""
    versions = tuple(TermsVersion(start, terms) for start in (at("01-01"), *sorted(edges)))
    dates = ContractDates("k", (at("01-01"), at("12-31")), versions)
    outages = [
        replace(one, undecided=number in undecided)
        for number, one in enumerate(outages_of("p", history, counted_conditions(terms)))
    ]
    whole = [AssignmentSpan("p", "k", at("01-01"), at("12-31"), FEE)]
    segments = segments_of(APRIL.span(WITA), dates, whole, WITA)
    return book_month([Booking(one, outages, seen(history), claims) for one in segments], WITA)


def sums(accounts: list[Account]) -> tuple[int, ...]:
    """All classes over all segments, and what is said of the month."""
    return (
        sum(one.off_hours for one in accounts),
        sum(one.unseen.seconds for one in accounts),
        sum(one.up for one in accounts),
        sum(one.tolerated for one in accounts),
        sum(one.excluded for one in accounts),
        sum(one.charged for one in accounts),
        sum(one.undecided for one in accounts),
        sum(one.flapping.episodes for one in accounts),
        max(one.flapping.worst_day_episodes for one in accounts),
        max(one.flapping.unstable for one in accounts),
    )


def penalty_days(accounts: list[Account], terms: Terms) -> int:
    """All days of late repairs."""
    dates = contract(terms)
    return sum(one.days for part in accounts for one in late_repairs(part, dates, RepairClock()))


@few
@given(histories, full_terms, exclusions, cuts)
def test_addenda_that_change_nothing_change_no_sum(
    history: list[Stretch], terms: Terms, claims: list[ExclusionClaim], edges: list[int]
) -> None:
    """Allowance and instability are those of the month, however it is cut: before, each piece had its own."""
    whole, pieces = booked(history, terms, claims, []), booked(history, terms, claims, edges)
    assert sums(pieces) == sums(whole)
    assert len(pieces) == len(edges) + 1
    for cut_at in itertools.pairwise(sorted([START, *edges, END])):
        assert cut_at[0] < cut_at[1]


@few
@given(histories, full_terms, cuts)
def test_late_days_are_those_of_the_month(history: list[Stretch], terms: Terms, edges: list[int]) -> None:
    """Without exclusions, whose part in one segment the next one's clock is told of elsewhere."""
    by_condition = replace(terms, instability=Instability())
    whole, pieces = booked(history, by_condition, [], []), booked(history, by_condition, [], edges)
    assert penalty_days(pieces, by_condition) == penalty_days(whole, by_condition)


@few
@given(histories, full_terms, exclusions, cuts, st.frozensets(st.integers(0, 6)))
def test_what_is_payable_is_between_nothing_and_the_fee(
    history: list[Stretch], terms: Terms, claims: list[ExclusionClaim], edges: list[int], undecided: frozenset[int]
) -> None:
    """Of each line and of the month, with penalties and without; the five classes are the segment."""
    accounts = booked(history, terms, claims, edges, undecided)
    for one in accounts:
        parts = one.off_hours, one.unseen.seconds, one.up, one.tolerated, one.excluded, one.charged
        assert sum(parts) == one.seconds
        assert min(parts) >= 0
        assert 0 <= one.undecided <= one.charged
    lines = settle(accounts)
    for line in lines:
        assert line.amounts is not None
        assert 0 <= line.amounts.payable <= line.amounts.gross
        assert min(line.amounts.restitution, line.amounts.held) >= 0
    totals = total(lines)
    dates = contract(terms, value=10**12)
    penalties = [one for part in accounts for one in late_repairs(part, dates)]
    assert totals.amounts is not None
    assert 0 <= capped(penalties, terms.penalty_cap, totals) <= totals.amounts.payable


@few
@given(histories, full_terms, exclusions, st.integers(START, END - 1))
def test_an_excused_second_never_raises_the_charge(
    history: list[Stretch], terms: Terms, claims: list[ExclusionClaim], second: int
) -> None:
    """One more second that is excused: neither more seconds are charged, nor is more deducted."""
    more = [*claims, ExclusionClaim("one more", (second, second + 1), "kahar", "BA/1", "Camat")]
    before, after = booked(history, terms, claims, []), booked(history, terms, more, [])
    assert after[0].charged <= before[0].charged
    paid = [settle(accounts)[0].amounts for accounts in (before, after)]
    if all(one is not None and not one.held for one in paid):
        assert paid[1] is not None
        assert paid[0] is not None
        assert paid[1].restitution <= paid[0].restitution


@few
@given(
    st.integers(1, 400_000),
    st.integers(0, 400_000),
    st.sampled_from([Method.R1, Method.R1B, Method.R2, Method.R3, Method.R4]),
    st.fractions(0, 1, max_denominator=100),
)
def test_a_longer_outage_never_costs_less(seconds: int, longer: int, method: Method, objective: Fraction) -> None:
    """By every method: the seconds charged and the rupiah deducted of an outage that lasted longer."""
    found = []
    for length in (seconds, seconds + longer):
        terms = Terms(objective=objective, method=method)
        (only,) = booked(point([(at("04-03"), at("04-03") + length)]), terms, [], [])
        (line,) = settle([only])
        assert line.amounts is not None
        found.append((only.charged, line.amounts.restitution))
    assert found[0] <= found[1]
    assert found[0][1] <= found[1][1]


@few
@given(histories, full_terms, exclusions, st.frozensets(st.integers(0, 6)))
def test_what_is_held_is_what_a_decision_may_change(
    history: list[Stretch], terms: Terms, claims: list[ExclusionClaim], undecided: frozenset[int]
) -> None:
    """As if all were charged, the same is payable; and what is certain to be deducted is never more than that."""
    waiting, decided = booked(history, terms, claims, [], undecided), booked(history, terms, claims, [])
    if any(not outage.outage.ended for outage in waiting[0].shares):
        return
    (first,), (second,) = settle(waiting), settle(decided)
    assert first.amounts is not None
    assert second.amounts is not None
    assert first.amounts.payable == second.amounts.payable
    assert first.amounts.restitution <= second.amounts.restitution


def test_rounds_that_were_answered_in_an_outage_are_not_charged_and_are_instability() -> None:
    """Ten seconds up and ten down for six hours: Rp4,165 of 21,590 s were charged; now Rp2,083 of 10,800 s."""
    start, end = at("04-10 06:00"), at("04-10 12:00")
    history = [
        Stretch(at("03-20"), start, Condition.UP, (1,)),
        *(
            Stretch(second, second + 10, Condition.UP if within else Condition.DOWN, (2,), within=within)
            for second in range(start, end, 10)
            for within in [(second - start) % 20 == 10]
        ),
        Stretch(end, at("05-10"), Condition.UP, (3,)),
    ]
    terms = Terms(objective=Fraction(1), method=Method.R2)
    (one,) = booked(history, terms, [], [])
    (line,) = settle([one])
    assert line.amounts is not None
    assert (one.charged, one.tolerated, line.amounts.restitution) == (10_800, 0, 2_083)
    assert (one.flapping.answered, one.flapping.relapses) == (10_800, 1080)
    assert (one.flapping.seconds, one.flapping.unstable, one.flapping.episodes) == (0, True, 0)
    assert one.shares[0].answered.seconds == 10_800
    for edges in ([at("04-10 09:00")], [at("04-10 07:30"), at("04-10 08:00")]):
        assert sums(booked(history, terms, [], edges)) == sums([one])


def test_terms_say_which_states_are_downtime() -> None:
    """Without internet counts by default, as isolated does; a contract may say otherwise of each."""
    down: Span = at("04-10 06:00"), at("04-10 12:00")
    for condition, not_counted in (
        (Condition.ISOLATED, Terms(isolated_counts=False)),
        (Condition.NO_INTERNET, Terms(no_internet_counts=False)),
    ):
        history = point([down], condition=condition)
        assert [booked(history, terms, [], [])[0].charged for terms in (Terms(), not_counted)] == [21_600, 0]
