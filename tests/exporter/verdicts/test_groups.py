"""Counters added up by kecamatan, ISP and contract: never less than before, whoever comes, goes or changes sides."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from exporter.planning.labels import Grouping, GroupLabels, HotspotLabels
from exporter.verdicts.counters import RTT_BUCKETS_SECONDS
from exporter.verdicts.groups import Counts, GroupCounters, counts_of
from pantau.states import State

GROUPS = st.sampled_from([("maesa", "telkom", ""), ("maesa", "telkom", "K-1"), ("girian", "icon", "K-2")])
CITY = st.dictionaries(st.integers(0, 9), GROUPS)


def counts(values: list[int]) -> Counts:
    """n hotspots, each with this many of everything."""
    column = np.array(values, np.int64)
    states, buckets = len(State), len(RTT_BUCKETS_SECONDS) + 1
    return counts_of(column, column, column, np.tile(column, (states, 1)).T, np.tile(column, (buckets, 1)).T)


def grouping(city: dict[int, tuple[str, str, str]]) -> Grouping:
    """Hotspots by number, with their kecamatan, ISP and contract."""
    return Grouping.of([HotspotLabels(str(name), k, i, contract=c) for name, (k, i, c) in city.items()])


def test_the_figures_of_a_group_are_the_sums_of_its_hotspots() -> None:
    """Two groups of the same kecamatan and ISP are told apart by their contract; each sum stands in its place."""
    groups = GroupCounters(
        grouping({0: ("maesa", "telkom", ""), 1: ("maesa", "telkom", "K"), 2: ("maesa", "telkom", "")})
    )
    spent_ns = np.zeros((3, len(State)), np.int64)
    spent_ns[:, State.DOWN] = [10**9, 5 * 10**8, 3 * 10**9]
    buckets = np.zeros((3, 12), np.int64)
    buckets[:, 11] = [1, 2, 3]
    counted = counts_of(np.array([10, 20, 30]), np.array([9, 20, 27]), np.array([10**8, 0, 10**8]), spent_ns, buckets)
    figures = groups.figures(counted, np.array([State.DOWN, State.UP, State.UP], np.int8))
    assert figures.labels == (GroupLabels("maesa", "telkom", ""), GroupLabels("maesa", "telkom", "K"))
    assert (figures.requests.tolist(), figures.replies.tolist()) == ([40, 20], [36, 20])
    assert figures.hotspots[:, State.DOWN].tolist() == [1, 0]
    assert figures.hotspots[:, State.UP].tolist() == [1, 1]
    assert figures.hotspots.sum() == 3
    assert figures.state_seconds[:, State.DOWN].tolist() == [4.0, 0.5]
    assert figures.state_seconds.sum() == 4.5
    assert figures.rtt_buckets[:, 11].tolist() == [4, 2]
    assert figures.rtt_buckets.sum() == 6
    assert figures.rtt_sum_seconds.tolist() == [0.2, 0.0]


def test_nobody_is_no_group() -> None:
    """An empty inventory has no figures, and the first hotspot after it begins at 0."""
    groups = GroupCounters(grouping({}))
    assert groups.totals(counts([])).shape == (0, 15 + len(State))
    joined = groups.regrouped(grouping({0: ("maesa", "telkom", "")}), groups.totals(counts([])), counts([7]))
    assert joined.totals(counts([9]))[0, 0] == 2


@given(st.lists(st.tuples(CITY, st.integers(0, 5)), min_size=1, max_size=8))
def test_a_group_s_counter_is_what_was_counted_in_it(days: list[tuple[dict[int, tuple[str, str, str]], int]]) -> None:
    """Over any reloads: what hotspots counted while they were in the group, since it has been there without a break."""
    own: dict[int, int] = {}
    expected: dict[GroupLabels, int] = {}
    groups = GroupCounters(grouping({}))
    totals, before = groups.totals(counts([])), Grouping.of([])
    for city, counted in days:
        after = grouping(city)
        own = {name: own.get(name, 0) for name in city}  # those that stay keep their own counters
        groups = groups.regrouped(after, totals, counts(list(own.values())))
        expected = {labels: expected.get(labels, 0) if labels in before.labels else 0 for labels in after.labels}
        own = {name: value + counted for name, value in own.items()}
        for row in after.of_row.tolist():
            expected[after.labels[row]] += counted
        totals = groups.totals(counts(list(own.values())))
        assert dict(zip(after.labels, totals[:, 0].tolist(), strict=True)) == expected
        assert (totals == totals[:, :1]).all()
        before = after
