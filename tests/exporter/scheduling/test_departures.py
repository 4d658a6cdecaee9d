"""Which packet leaves when: bursts, rates and order, under any load and however late one looks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.scheduling.departures import DepartureQueue
from exporter.scheduling.pacing import BEHIND_SHARE, REPROBE_SHARE, WINDOW_NS, Pace, ReprobeShare, TokenBucket
from exporter.scheduling.rows import NO_ROWS, ProbeRows
from pantau.clock import NEVER_NS
from pantau.inventory.bursts import default_burst, needed_burst
from tests.network import MS, SECOND

START_NS = 1_000 * SECOND
SPAN_NS = 160 * MS

paces = st.builds(
    lambda base, canaries, more: Pace(base, base + canaries, default_burst(base) + more, SPAN_NS),
    st.sampled_from([0.1, 1.0, 10.0, 33.3, 100.0, 400.0, 1000.0, 6000.0]),
    st.sampled_from([0.0, 2.5, 7.5]),
    st.sampled_from([0, 0, 5, 100]),
)
small_paces = st.builds(lambda burst: Pace(40.0, 45.0, burst, SPAN_NS), st.integers(1, 20))


def rows(at_ns: list[int], first: int = 0) -> ProbeRows:
    """One probe for each time, to targets in a row."""
    count = len(at_ns)
    targets = np.arange(first, first + count, dtype=np.int32)
    return ProbeRows(np.array(at_ns, np.int64), targets, np.ones(count, np.int64))


def left(queue: DepartureQueue, now_ns: int) -> tuple[list[int], list[int]]:
    """The targets that leave now: planned ones and re-probes."""
    groups, extra = queue.take(now_ns)
    return [target for group in groups for target in group.rows.targets.tolist()], extra.targets.tolist()


def drained(queue: DepartureQueue, until_ns: int, late_ns: list[int]) -> list[tuple[int, int, bool]]:
    """Every departure up to `until_ns` as (time, target, re-probe), if one looks so late each time."""
    found, step, now_ns = list[tuple[int, int, bool]](), 0, START_NS
    while (due_ns := queue.next_ns) <= until_ns:
        now_ns = max(due_ns, now_ns) + late_ns[step % len(late_ns)]
        planned, extra = left(queue, now_ns)
        assert planned or extra or queue.next_ns > now_ns, "looked for nothing, and would again at once"
        found += [(now_ns, target, False) for target in planned] + [(now_ns, target, True) for target in extra]
        step += 1
        assert step < 100_000
    return found


def most_within(times: list[int], window_ns: int) -> int:
    """The most that any half-open window of this length holds."""
    sorted_ns = np.sort(np.array(times, np.int64))
    return int((np.searchsorted(sorted_ns, sorted_ns + window_ns) - np.arange(len(sorted_ns))).max(initial=0))


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    st.one_of(paces, small_paces),
    st.lists(st.integers(0, 5 * SECOND), min_size=1, max_size=300),
    st.lists(st.integers(0, 5 * SECOND), max_size=300),
    st.lists(st.sampled_from([0, 0, 1, MS, 5 * MS, 40 * MS, 300 * MS]), min_size=1, max_size=7),
)
def test_no_window_holds_more_than_a_burst_and_everything_leaves_once(
    pace: Pace, slots: list[int], reprobes: list[int], late_ns: list[int]
) -> None:
    """10 ms: a burst. A second: the rate of all together, and a burst. Nothing is lost, doubled, or too early."""
    queue = DepartureQueue(pace, START_NS)
    slot_ns = np.sort(np.array(slots, np.int64)) + START_NS
    planned_ns = queue.plan(slot_ns)
    queue.add(rows(planned_ns.tolist()))
    queue.reprobes.add(rows([START_NS + at_ns for at_ns in reprobes], first=10_000))
    found = drained(queue, NEVER_NS - 1, late_ns)
    times = [at_ns for at_ns, _, _ in found]
    assert most_within(times, WINDOW_NS) <= pace.burst
    assert most_within(times, SECOND) <= pace.total(BEHIND_SHARE) + pace.burst + 1
    if max(late_ns) <= MS and min(np.diff(slot_ns), default=SECOND) >= SECOND // 4:  # nothing is ever behind
        assert most_within([at_ns for at_ns, _, again in found if not again], SECOND) <= pace.planned + pace.depth + 1
    left_ns = {target: at_ns for at_ns, target, _ in found}
    assert len(found) == len(left_ns) == len(slots) + len(reprobes)
    assert all(left_ns[row] >= at_ns - pace.span_ns for row, at_ns in enumerate(slot_ns.tolist()))
    assert all(left_ns[10_000 + row] >= START_NS + at_ns for row, at_ns in enumerate(reprobes))
    assert len(queue) == 0


@settings(deadline=None, derandomize=True, max_examples=40)
@given(st.integers(1, 1000), st.integers(0, 2**31))
def test_rounds_leave_near_their_slots_and_so_evenly_that_a_policer_a_fifth_above_lets_them_pass(
    count: int, seed: int
) -> None:
    """Of any city each 10 s, whose slots lie where chance has put them; policers of 1.2 x and a burst of 20."""
    base = count / 10
    pace = Pace(base, base, default_burst(base), SPAN_NS)
    random, queue, policer = np.random.default_rng(seed), DepartureQueue(pace, START_NS), 20.0
    phases = np.sort(random.integers(0, 10 * SECOND, count))
    late_ns, before_ns = list[int](), START_NS
    for cycle in range(3):
        slot_ns = START_NS + cycle * 10 * SECOND + phases
        planned_ns = queue.plan(slot_ns)
        queue.add(rows(planned_ns.tolist()))
        late_ns += (planned_ns - slot_ns).tolist()
        for now_ns, _, _ in drained(queue, NEVER_NS - 1, [0, MS, 2 * MS]):
            policer = min(policer + (now_ns - before_ns) * max(1.2 * base, 16.0) / SECOND, 20.0) - 1
            assert policer >= 0, "one is dropped"
            before_ns = now_ns
    assert min(late_ns) >= -SPAN_NS
    assert max(late_ns) <= 2 * SECOND
    assert np.median(late_ns) <= SECOND // 4


def test_rounds_are_never_delayed_by_re_probes() -> None:
    """A thousand wait; each group of rounds leaves in its time all the same."""
    pace = Pace(100.0, 105.0, 16, SPAN_NS)
    queue = DepartureQueue(pace, START_NS)
    queue.reprobes.add(rows([START_NS] * 1000, first=10_000))
    planned_ns = queue.plan(START_NS + np.arange(300, dtype=np.int64) * SECOND // 100)
    queue.add(rows(planned_ns.tolist()))
    found = drained(queue, START_NS + 3 * SECOND, [0])
    late_ns = [at_ns - int(planned_ns[target]) for at_ns, target, again in found if not again]
    assert len(late_ns) == 300
    assert max(late_ns[pace.burst :]) == 0  # the first finds the bucket used up
    again = sum(again for _, _, again in found)
    assert 0.8 * 3 * 85 <= again <= 3 * 150 + 16


@pytest.mark.parametrize("ahead_ns", [SECOND // 1000, SECOND // 2, 10 * SECOND])
def test_rounds_do_not_wait_for_a_re_probe_whose_time_has_not_come(ahead_ns: int) -> None:
    """Whoever sleeps until `next_ns` sends each group at its time, also beside one re-probe that is due later."""
    queue = DepartureQueue(Pace(200.0, 202.0, 16, SPAN_NS), START_NS)
    planned_ns = queue.plan(START_NS + np.arange(400, dtype=np.int64) * SECOND // 200)
    queue.add(rows(planned_ns.tolist()))
    queue.reprobes.add(rows([START_NS + ahead_ns], first=10_000))
    found = drained(queue, START_NS + 3 * SECOND, [0])
    late_ns = [at_ns - int(planned_ns[target]) for at_ns, target, again in found if not again]
    assert (len(late_ns), max(late_ns)) == (400, 0)


def test_the_order_within_a_burst_is_drawn_anew_each_time_but_for_the_last() -> None:
    """Else a policer that drops a burst's end would hit the same hotspots again and again."""
    pace, ends = Pace(100.0, 100.0, 16, SPAN_NS), set[int]()
    queue = DepartureQueue(pace, START_NS)
    for turn in range(40):
        burst = rows([START_NS + turn * SECOND] * 14)
        queue.add(burst, last=burst.targets == 3)
        planned, _ = left(queue, START_NS + turn * SECOND)
        assert sorted(planned) == list(range(14))
        assert planned[-1] == 3
        ends.add(planned[-2])
    assert len(ends) > 8


def test_a_burst_that_is_set_is_kept() -> None:
    """One packet at a time, 10 ms apart."""
    queue = DepartureQueue(Pace(50.0, 50.0, 1, SPAN_NS), START_NS)
    queue.add(rows([START_NS] * 5))
    assert np.diff([at_ns for at_ns, _, _ in drained(queue, NEVER_NS - 1, [0])]).min() >= 10 * MS


def test_a_slower_or_faster_pace_after_a_reload_holds_at_once() -> None:
    """What waits leaves in bursts of the new size; what a reload has taken away does not leave."""
    queue = DepartureQueue(Pace(1000.0, 1000.0, 64, SPAN_NS), START_NS)
    queue.add(rows([START_NS] * 60))
    queue.retarget(np.array([-1 if row % 2 else row // 2 for row in range(60)], np.int32))
    queue.adopt(Pace(100.0, 100.0, 8, SPAN_NS), START_NS)
    found = drained(queue, NEVER_NS - 1, [0])
    assert sorted(target for _, target, _ in found) == list(range(30))
    assert most_within([at_ns for at_ns, _, _ in found], WINDOW_NS) <= 8


def test_a_machine_that_wakes_too_rarely_sends_larger_bursts_only_where_none_is_set() -> None:
    """1000/s, looked after each 25 ms: in bursts of 16 it were 640/s, and the rest would pile up."""
    for elastic in (True, False):
        queue = DepartureQueue(Pace(1000.0, 1000.0, 16, SPAN_NS, elastic=elastic), START_NS)
        queue.add(rows(queue.plan(START_NS + np.arange(5000, dtype=np.int64) * MS).tolist()))
        sent = [len(left(queue, START_NS + look * 25 * MS)[0]) for look in range(1, 200)]
        assert (len(queue) < 300) is elastic
        assert (max(sent) <= 16) is not elastic


def test_a_small_city_never_sends_more_than_a_burst_however_late() -> None:
    """A start that takes a second: what is behind leaves in bursts of 16, for there is time enough between them."""
    queue = DepartureQueue(Pace(100.0, 105.0, 16, SPAN_NS, elastic=True), START_NS)
    queue.add(rows(queue.plan(START_NS + np.arange(500, dtype=np.int64) * SECOND // 100).tolist()))
    found = drained(queue, START_NS + 10 * SECOND, [SECOND, 0, 0, 0, 0, 0, 0])
    assert most_within([at_ns for at_ns, _, _ in found], WINDOW_NS) <= 16


def test_what_is_late_beyond_all_measure_is_taken_out_and_uses_nothing_up() -> None:
    """After a pause of ours the present is served first."""
    queue = DepartureQueue(Pace(100.0, 100.0, 16, SPAN_NS), START_NS)
    queue.add(rows([START_NS] * 14))
    queue.add(rows([START_NS + 10 * SECOND] * 14, first=14))
    dropped = [target for group in queue.drop_before(START_NS + 8 * SECOND) for target in group.rows.targets.tolist()]
    assert sorted(dropped) == list(range(14))
    assert sorted(left(queue, START_NS + 10 * SECOND)[0]) == list(range(14, 28))


def test_signs_of_a_policer_slow_re_probes_down_only_where_there_are_many() -> None:
    """One lost packet of a canary is none of theirs, if few have left."""
    pace, per_second = Pace(100.0, 105.0, 16, SPAN_NS), dict[bool, int]()
    for many in (False, True):
        queue = DepartureQueue(pace, START_NS)
        queue.reprobes.add(rows([START_NS] * (600 if many else 1), first=10_000))
        drained(queue, START_NS + 2 * SECOND, [0])
        queue.policed(START_NS + 2 * SECOND)
        queue.reprobes.add(rows([START_NS + 2 * SECOND] * 600, first=20_000))
        now_ns = START_NS + 3 * SECOND
        before = len(drained(queue, now_ns, [0]))
        per_second[many] = len(drained(queue, now_ns + SECOND, [0]))
        assert before
    assert per_second[True] < 0.8 * per_second[False]


def test_the_share_is_cut_and_comes_back() -> None:
    """At most each 2 s, to a tenth at least; back after time without many re-probes; not above what it was."""
    share = ReprobeShare()
    assert (share.at(START_NS), share.at(START_NS, behind=True)) == (REPROBE_SHARE, BEHIND_SHARE)
    for number in range(10):
        share.cut(START_NS + number * SECOND)
    low = share.at(START_NS + 10 * SECOND)
    assert 0.1 <= low < 0.2
    assert share.at(START_NS + 10 * SECOND, behind=True) == low
    share.use(START_NS + 60 * SECOND, pressing=True)
    assert share.at(START_NS + 60 * SECOND) > low  # time has passed until then
    held = share.at(START_NS + 60 * SECOND)
    assert share.at(START_NS + 89 * SECOND) == held
    assert share.at(START_NS + 600 * SECOND) == REPROBE_SHARE


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.floats(0.1, 10_000), st.integers(1, 200), st.lists(st.integers(0, SECOND), min_size=1, max_size=30))
def test_a_bucket_is_ready_when_it_says_so(per_second: float, depth: int, pauses: list[int]) -> None:
    """Not a nanosecond before, but for the rounding of one token in a million."""
    bucket, now_ns = TokenBucket(per_second, depth, START_NS), START_NS
    for number, pause_ns in enumerate(pauses):
        now_ns += pause_ns
        count = number % depth + 1
        ready_ns = bucket.ready_ns(count, now_ns)
        assert bucket.allows(count, ready_ns)
        assert ready_ns == now_ns or not bucket.allows(count, ready_ns - max(2, (ready_ns - now_ns) // 1000) - 10_000)
        bucket.take(count, ready_ns)
        now_ns = ready_ns


def test_the_burst_of_a_rate() -> None:
    """16, or what 10 ms of one and a half times the rate are."""
    assert [default_burst(rate) for rate in (0, 1, 100, 1000, 2000, 10_000)] == [16, 16, 16, 16, 30, 150]
    assert [needed_burst(rate) for rate in (0, 1, 100, 1000, 2000, 10_000)] == [1, 1, 2, 15, 30, 150]


def test_an_empty_queue_waits_for_ever() -> None:
    """And takes nothing."""
    queue = DepartureQueue(Pace(0.0, 0.0, 16, SPAN_NS), START_NS)
    queue.add(NO_ROWS)
    assert (queue.next_ns, left(queue, START_NS), len(queue)) == (NEVER_NS, ([], []), 0)
