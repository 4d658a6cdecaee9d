"""Slots: each once, at a stable phase, evenly spread, and never made up for when they are late."""

from hashlib import blake2b

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.scheduling.slots import LATE_LIMIT_NS, Slots, SlotSchedule, phases_ns
from pantau.clock import NEVER_NS
from tests.network import MS, SECOND

START_NS = 1_000 * SECOND
INTERVAL_NS = 10 * SECOND

id_lists = st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=12, unique=True)
tick_lists = st.lists(st.integers(1, LATE_LIMIT_NS), min_size=1, max_size=60)
pauses = st.lists(st.integers(1, 40 * SECOND), min_size=1, max_size=40)


def names(count: int) -> list[str]:
    """As an inventory numbers its hotspots."""
    return [f"BTG-{number:04d}" for number in range(count)]


def slots_between(ids: list[str], interval_ns: int, after_ns: int, until_ns: int) -> list[tuple[int, int]]:
    """Every slot in (after, until] as (time, target), found one by one."""
    found = []
    for target, phase in enumerate(phases_ns(ids, interval_ns).tolist()):
        slot_ns = START_NS + phase
        while slot_ns <= until_ns:
            if slot_ns > after_ns:
                found.append((slot_ns, target))
            slot_ns += interval_ns
    return sorted(found)


@pytest.mark.parametrize(
    ("name", "expected"), [("BTG-0001", 5_510_682_894), ("gateway", 4_828_978_215), ("ä", 8_818_196_912)]
)
def test_phases_are_the_same_on_every_machine(name: str, expected: int) -> None:
    """Pinned: another value would move every hotspot's slot at an update."""
    fraction = int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "big") / 2**32
    assert phases_ns([name], INTERVAL_NS).tolist() == [expected] == [int(fraction * INTERVAL_NS)]


def test_a_phase_depends_on_nothing_but_the_id_and_the_interval() -> None:
    """Not on the others, nor on the order; with half the interval it is half."""
    alone = phases_ns(["b"], INTERVAL_NS)[0]
    assert phases_ns(["a", "b", "c"], INTERVAL_NS)[1] == alone
    assert phases_ns(["b"], 2 * INTERVAL_NS)[0] // 2 == alone


@pytest.mark.parametrize("ahead_ns", [0, 40 * MS, 500 * MS])
def test_every_slot_is_handed_out_once_however_far_one_looks_ahead(ahead_ns: int) -> None:
    """Each hotspot once in the interval, at its own phase, before its time where one looks ahead."""
    ids, found = names(500), dict[int, int]()
    schedule = SlotSchedule(Slots.of(ids, INTERVAL_NS), START_NS)
    for now_ns in range(START_NS, START_NS + INTERVAL_NS + 1, 40 * MS):
        due = schedule.take(now_ns, now_ns + ahead_ns)
        assert due.skipped == 0
        assert (due.slot_ns <= now_ns + ahead_ns).all()
        assert (due.slot_ns > now_ns + ahead_ns - 40 * MS).all() or now_ns == START_NS
        found |= dict(zip(due.targets.tolist(), (due.slot_ns - START_NS).tolist(), strict=True))
    phases = phases_ns(ids, INTERVAL_NS).tolist()
    assert {row: phase % INTERVAL_NS for row, phase in found.items()} == dict(enumerate(phases))


def test_looking_ahead_skips_what_is_late_by_now() -> None:
    """Lateness is of the present, however far one looks."""
    schedule = SlotSchedule(Slots.of(["a"], INTERVAL_NS), START_NS)
    slot_ns = START_NS + int(phases_ns(["a"], INTERVAL_NS)[0])
    due = schedule.take(slot_ns + LATE_LIMIT_NS + 1, slot_ns + INTERVAL_NS)
    assert (due.slot_ns.tolist(), due.skipped) == ([slot_ns + INTERVAL_NS], 1)


def test_the_next_slot_is_the_one_that_a_look_then_finds() -> None:
    """Walked from one to the next, no look finds nothing, and all together find every slot."""
    ids, interval_ns = names(70), 5 * SECOND
    schedule = SlotSchedule(Slots.of(ids, interval_ns), START_NS)
    found = list[tuple[int, int]]()
    while (now_ns := schedule.next_ns) < START_NS + 3 * interval_ns:
        due = schedule.take(now_ns)
        assert (due.slot_ns.tolist(), due.skipped) == ([now_ns] * len(due.targets), 0)
        assert len(due.targets)
        found += zip(due.slot_ns.tolist(), due.targets.tolist(), strict=True)
    phases = phases_ns(ids, interval_ns).tolist()
    assert sorted(found) == sorted(
        (START_NS + cycle * interval_ns + phase, row) for cycle in range(3) for row, phase in enumerate(phases)
    )
    assert SlotSchedule(Slots.of([], SECOND), START_NS).next_ns == NEVER_NS


@pytest.mark.parametrize("prefix", ["BTG-", "hotspot-", ""])
def test_a_thousand_hotspots_are_evenly_spread(prefix: str) -> None:
    """Over 20 parts of the interval; chi-square with 19 degrees of freedom exceeds 43.8 once in a thousand times."""
    phases = phases_ns([f"{prefix}{number:04d}" for number in range(1000)], INTERVAL_NS)
    counts, _ = np.histogram(phases, bins=20, range=(0, INTERVAL_NS))
    assert ((counts - 50) ** 2 / 50).sum() < 43.8
    assert phases.min() >= 0
    assert phases.max() < INTERVAL_NS


@settings(deadline=None, derandomize=True, max_examples=100)
@given(id_lists, st.sampled_from([SECOND, 3 * SECOND, INTERVAL_NS]), tick_lists)
def test_each_slot_is_handed_out_once_however_irregular_the_ticks(
    ids: list[str], interval_ns: int, ticks: list[int]
) -> None:
    """With ticks within the limit of lateness: all slots so far, in their order, none skipped, none early."""
    schedule = SlotSchedule(Slots.of(ids, interval_ns), START_NS)
    now_ns = START_NS
    found: list[tuple[int, int]] = []
    for tick_ns in ticks:
        now_ns += tick_ns
        due = schedule.take(now_ns)
        assert due.skipped == 0
        found += zip(due.slot_ns.tolist(), due.targets.tolist(), strict=True)
    assert [slot_ns for slot_ns, _ in found] == sorted(slot_ns for slot_ns, _ in found)
    assert sorted(found) == slots_between(ids, interval_ns, START_NS - 1, now_ns)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(id_lists, pauses)
def test_late_slots_are_skipped_and_counted(ids: list[str], ticks: list[int]) -> None:
    """After any pause: those of the last 200 ms are served, all earlier ones counted, none twice."""
    schedule = SlotSchedule(Slots.of(ids, INTERVAL_NS), START_NS)
    before_ns = START_NS - 1
    now_ns = START_NS
    for tick_ns in ticks:
        now_ns += tick_ns
        due = schedule.take(now_ns)
        all_slots = slots_between(ids, INTERVAL_NS, before_ns, now_ns)
        served = [slot for slot in all_slots if now_ns - slot[0] <= LATE_LIMIT_NS]
        assert sorted(zip(due.slot_ns.tolist(), due.targets.tolist(), strict=True)) == served
        assert due.skipped == len(all_slots) - len(served)
        before_ns = now_ns


def test_a_slot_is_served_up_to_the_limit_and_not_beyond() -> None:
    """To the nanosecond."""
    slot_ns = START_NS + int(phases_ns(["a"], INTERVAL_NS)[0])
    at_limit = SlotSchedule(Slots.of(["a"], INTERVAL_NS), START_NS).take(slot_ns + LATE_LIMIT_NS)
    beyond = SlotSchedule(Slots.of(["a"], INTERVAL_NS), START_NS).take(slot_ns + LATE_LIMIT_NS + 1)
    assert (at_limit.targets.tolist(), at_limit.slot_ns.tolist(), at_limit.skipped) == ([0], [slot_ns], 0)
    assert (beyond.targets.tolist(), beyond.slot_ns.tolist(), beyond.skipped) == ([], [], 1)


def test_the_limit_can_be_set() -> None:
    """A replay takes large steps."""
    due = SlotSchedule(Slots.of(names(50), INTERVAL_NS), START_NS, late_limit_ns=5 * SECOND).take(START_NS + 5 * SECOND)
    assert (due.skipped, len(due.targets)) == (0, len(slots_between(names(50), INTERVAL_NS, 0, START_NS + 5 * SECOND)))


def test_there_are_no_slots_before_the_start() -> None:
    """Nor at a time before it."""
    schedule = SlotSchedule(Slots.of(names(10), INTERVAL_NS), START_NS)
    assert schedule.take(START_NS - 1).targets.tolist() == []
    assert schedule.take(START_NS - 20 * SECOND).skipped == 0


def test_a_clock_that_stands_still_hands_out_nothing_twice() -> None:
    """Two looks at one time."""
    schedule = SlotSchedule(Slots.of(names(1000), INTERVAL_NS), START_NS)
    assert len(schedule.take(START_NS + 100 * MS).targets) == len(
        slots_between(names(1000), INTERVAL_NS, 0, START_NS + 100 * MS)
    )
    assert len(schedule.take(START_NS + 100 * MS).targets) == 0
    assert len(schedule.take(START_NS + 50 * MS).targets) == 0


def test_slots_do_not_drift() -> None:
    """After 100,000 intervals they are where they were."""
    (phase,) = phases_ns(["a"], INTERVAL_NS).tolist()
    schedule = SlotSchedule(Slots.of(["a"], INTERVAL_NS), START_NS)
    slot_ns = START_NS + 100_000 * INTERVAL_NS + phase
    schedule.take(slot_ns - 1)
    assert schedule.take(slot_ns).slot_ns.tolist() == [slot_ns]


def test_a_reload_keeps_the_phase_and_serves_no_slot_twice() -> None:
    """Hotspots that stay go on as if nothing had been, also when a reload comes between a slot and its look."""
    old = SlotSchedule(Slots.of(["a", "b"], INTERVAL_NS), START_NS)
    now_ns = START_NS
    served: dict[str, list[int]] = {"a": [], "b": [], "c": []}
    ids = ["a", "b"]
    for tick in range(400):
        now_ns += 100 * MS
        if tick % 37 == 0:
            ids = ["c", "b", "a"]
            fresh = SlotSchedule(Slots.of(ids, INTERVAL_NS), START_NS)
            fresh.resume(old)
            old = fresh
        due = old.take(now_ns)
        for target, slot_ns in zip(due.targets.tolist(), due.slot_ns.tolist(), strict=True):
            served[ids[target]].append(slot_ns)
    for name, phase in zip(served, phases_ns(list(served), INTERVAL_NS).tolist(), strict=True):
        assert served[name] == [START_NS + cycle * INTERVAL_NS + phase for cycle in range(4)]


def test_resuming_never_goes_back() -> None:
    """What has been served stays served."""
    ahead, fresh = SlotSchedule(Slots.of(["a"], SECOND), START_NS), SlotSchedule(Slots.of(["a"], SECOND), START_NS)
    ahead.take(START_NS + 10 * SECOND)
    ahead.resume(fresh)
    assert ahead.take(START_NS + 10 * SECOND).targets.tolist() == []


def test_a_schedule_of_nobody_is_always_empty() -> None:
    """An inventory without active hotspots."""
    due = SlotSchedule(Slots.of([], INTERVAL_NS), START_NS).take(START_NS + 100 * SECOND)
    assert (due.targets.tolist(), due.slot_ns.tolist(), due.skipped) == ([], [], 0)
