"""Re-probes wait their turn by round, and are evidence of their own: never two of one round at once."""

import numpy as np

from exporter.scheduling.reprobes import FIRST_NS, Reprobes
from exporter.scheduling.rows import ProbeRows
from pantau.clock import NEVER_NS
from tests.network import SECOND


def made(*entries: tuple[float, int]) -> Reprobes:
    """Of (seconds, target), all of the first round."""
    reprobes = Reprobes(np.random.default_rng(0))
    reprobes.add(entered(*entries))
    return reprobes


def entered(*entries: tuple[float, int]) -> ProbeRows:
    """As a batch."""
    at_ns = np.array([round(at * SECOND) for at, _ in entries], np.int64)
    return ProbeRows(at_ns, np.array([target for _, target in entries], np.int32), np.ones(len(entries), np.int64))


def taken(reprobes: Reprobes, at: float, count: int = 100) -> list[int]:
    """The targets that get their turn."""
    targets: list[int] = reprobes.take(round(at * SECOND), count).targets.tolist()
    return targets


def test_each_is_taken_when_it_is_due_and_once() -> None:
    """Not before its time."""
    reprobes = made((1, 7), (2, 7), (3, 7))
    assert reprobes.next_ns == SECOND
    assert [taken(reprobes, at) for at in (0.9, 1, 1, 2, 3, 4)] == [[], [7], [], [7], [7], []]
    assert (len(reprobes), reprobes.next_ns) == (0, NEVER_NS)


def test_one_that_waited_puts_off_those_that_follow_in_its_round() -> None:
    """Two seconds late: the second is not due at once, nor the third a second earlier than it would be."""
    reprobes = made((1, 7), (2, 7), (3, 7))
    assert taken(reprobes, 3.5) == [7]
    assert [taken(reprobes, at) for at in (4.4, 4.5, 5.4, 5.5)] == [[], [7], [], [7]]


def test_the_oldest_round_is_brought_to_its_end_before_another_begins() -> None:
    """One token a second: the three of the first, then the three of the second, whenever theirs were due."""
    reprobes = made((1, 7), (2, 7), (3, 7))
    reprobes.add(entered((1.5, 8), (2.5, 8), (3.5, 8)))
    assert [taken(reprobes, at, 1) for at in (3, 4, 5, 6, 7, 8)] == [[7], [7], [7], [8], [8], [8]]


def test_rounds_of_one_time_come_in_an_order_that_is_drawn() -> None:
    """So that it is not always the same who waits."""
    orders = set[tuple[int, ...]]()
    reprobes = Reprobes(np.random.default_rng(1))
    for turn in range(10):
        reprobes.add(entered(*((turn, target) for target in range(5))))
        orders.add(tuple(taken(reprobes, turn)))
    assert len(orders) > 5


def test_what_hurries_goes_before_all_and_delays_nobody() -> None:
    """A canary that is asked."""
    reprobes = made((1, 7), (1, 8))
    hurried = entered((0, 99))
    assert hurried.at_ns.tolist() == [FIRST_NS]
    reprobes.add(hurried)
    assert (reprobes.hurried, reprobes.waited_ns(2 * SECOND)) == (True, SECOND)
    assert taken(reprobes, 2, 1) == [99]
    assert not reprobes.hurried
    assert sorted(taken(reprobes, 2)) == [7, 8]


def test_a_reload_renames_and_drops() -> None:
    """With the time since when each waits."""
    reprobes = made((1, 0), (2, 1), (3, 2))
    reprobes.retarget(np.array([2, -1, 0], np.int32))
    assert sorted(zip(reprobes.rows.targets.tolist(), reprobes.since_ns.tolist(), strict=True)) == [
        (0, 3 * SECOND),
        (2, SECOND),
    ]
