"""Staged probes: built when they are planned, sent a few at a time, and answered like all others."""

import numpy as np
import pytest

from exporter.probing.icmp.batch import BatchEngine
from exporter.probing.outcome import Observations, Outcome
from pantau.clock import ManualClock
from tests.network import MS, SECOND, Network, answers, silent, words

NONCE = 0x0123_4567_89AB_CDEF


class Staged:
    """An engine of a small capacity, over a network in memory."""

    def __init__(self, capacity: int = 16) -> None:
        self.clock = ManualClock()
        self.network = Network(self.clock)
        self.engine = BatchEngine([self.network], self.clock, NONCE, capacity)

    def stage(self, *rows: int, family: int = 4) -> int | None:
        """Probes to these targets."""
        address = "10.77.0.{}" if family == 4 else "fd77::{}"
        count = len(rows)
        return self.engine.stage(
            np.array(rows, np.int32),
            np.full(count, 7, np.int64),
            words(*(address.format(row + 1) for row in rows)),
            np.full(count, SECOND, np.int64),
        )

    def ended(self, after_ns: int) -> Observations:
        """Let time pass, and collect."""
        self.clock.advance(after_ns)
        return self.engine.collect()


def test_staged_probes_leave_when_they_are_launched_and_not_before() -> None:
    """Their times and time-outs run from then on."""
    it = Staged()
    first = it.stage(0, 1, 2, 3)
    assert first is not None
    it.network.hosts["10.77.0.2"] = silent
    assert len(it.ended(5 * SECOND)) == 0
    assert it.network.sent == []
    it.engine.launch(first, 2)
    assert [request.address for request in it.network.sent] == ["10.77.0.1", "10.77.0.2"]
    sent_ns = it.clock.monotonic_ns()
    replied = it.ended(20 * MS)
    assert (replied.target.tolist(), replied.sent_ns.tolist()) == ([0], [sent_ns])
    assert it.engine.next_deadline_ns == sent_ns + SECOND
    lost = it.ended(SECOND)
    assert (lost.target.tolist(), lost.outcome.tolist()) == ([1], [Outcome.TIMEOUT])
    it.engine.launch(first + 2, 2)
    assert it.ended(20 * MS).target.tolist() == [2, 3]


def test_they_stay_apart_from_what_is_submitted_meanwhile() -> None:
    """Numbers are in a row whatever leaves in between, also over the end of the table."""
    it = Staged()
    found = list[int]()
    for turn in range(40):
        first = it.stage(0, 1, 2, 3, 4)
        assert first is not None
        it.engine.launch(first, 1)
        it.engine.submit(np.array([9], np.int32), np.array([1], np.int64), words("10.77.0.10"), SECOND)
        it.engine.launch(first + 1, 4)
        found += it.ended((turn % 3 + 1) * 20 * MS).target.tolist()
    assert [found.count(target) for target in (0, 1, 2, 3, 4, 9)] == [40] * 6


def test_what_has_no_room_is_not_staged() -> None:
    """More than the table takes, or IPv6: it is submitted when it leaves. What waits is in nobody's way for ever."""
    it = Staged(capacity=8)
    assert it.stage(0, 1, family=6) is None
    assert it.stage() is None
    assert it.stage(*range(6)) == 0
    assert it.stage(*range(6)) is None
    it.engine.unstage()
    assert it.stage(*range(6)) is not None


def test_what_is_unstaged_is_never_sent_and_never_told() -> None:
    """A reload; who has left already is answered."""
    it = Staged()
    first = it.stage(0, 1, 2)
    assert first is not None
    it.engine.launch(first, 1)
    it.engine.unstage()
    assert it.ended(3 * SECOND).target.tolist() == [0]
    again = it.stage(5)
    assert again is not None
    it.engine.launch(again, 1)
    assert it.ended(20 * MS).target.tolist() == [5]


def test_what_is_skipped_is_not_sent() -> None:
    """Of two staged batches only the second leaves; neither is lost for the table."""
    it = Staged()
    it.stage(0, 1)
    second = it.stage(2, 3)
    assert second is not None
    it.engine.launch(second + 1, 1)
    assert it.ended(20 * MS).target.tolist() == [3]


@pytest.mark.parametrize("errno", [1, 101])
def test_a_refused_one_is_told_and_the_rest_leave(errno: int) -> None:
    """EPERM, ENETUNREACH."""
    it = Staged()
    it.network.refusals["10.77.0.2"] = errno
    it.network.default = answers()
    first = it.stage(0, 1, 2)
    assert first is not None
    it.engine.launch(first, 3)
    ended = it.ended(20 * MS)
    outcome = dict(zip(ended.target.tolist(), ended.outcome.tolist(), strict=True))
    assert outcome == {0: Outcome.REPLY, 1: Outcome.SEND, 2: Outcome.REPLY}
    assert sum(it.engine.statistics.send_errors.values()) == 1


def test_what_is_withdrawn_makes_room_and_never_leaves() -> None:
    """Over and over, as on a machine that is often late by more than it may be: the table is never filled by it."""
    it = Staged()
    for _ in range(40):
        first = it.stage(0, 1, 2, 3, 4)
        assert first is not None
        it.engine.withdraw(first, 3)
        it.engine.launch(first + 3, 2)
        assert it.ended(20 * MS).target.tolist() == [3, 4]
    assert {request.address for request in it.network.sent} == {"10.77.0.4", "10.77.0.5"}
