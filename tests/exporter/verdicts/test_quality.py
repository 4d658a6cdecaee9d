"""Degraded: loss over a window and smoothed RTT, with exact limits, and a lower one to leave it."""

import numpy as np
import pytest

from exporter.planning.policy import QualityLimits, QualityPolicy
from exporter.probing.outcome import NO_RTT, Observations, Outcome
from exporter.verdicts.quality import Limits, Quality
from tests.network import MS

ROW = np.array([0], np.int32)
POLICY = QualityPolicy(loss_ratio=0.1, rtt_ns=500 * MS, window=30)


def record(quality: Quality, *outcomes: Outcome, rtt_ns: int = NO_RTT, at_once: bool = False) -> Quality:
    """Observations of the only hotspot, one batch each or all in one."""
    if at_once:
        count = len(outcomes)
        quality.record(
            Observations(
                np.zeros(count, np.int32),
                np.ones(count, np.int64),
                np.array(outcomes, np.int8),
                np.zeros(count, np.int64),
                np.full(count, rtt_ns, np.int64),
            )
        )
    else:
        for outcome in outcomes:
            record(quality, outcome, rtt_ns=rtt_ns, at_once=True)
    return quality


def losing(lost: int, answered: int) -> Quality:
    """A hotspot that lost so many probes and then answered so many."""
    return record(Quality(1), *[Outcome.TIMEOUT] * lost, *[Outcome.REPLY] * answered)


def degraded(quality: Quality, already: bool = False, policy: QualityPolicy = POLICY) -> bool:
    """Whether the only hotspot is degraded."""
    return bool(quality.degraded(ROW, np.array([already]), Limits(1, policy, {}))[0])


def loss(quality: Quality, window: int = 30) -> float:
    """The loss of the only hotspot."""
    return float(quality.loss_ratio(ROW, window)[0])


@pytest.mark.parametrize(
    ("lost", "answered", "expected"),
    [(0, 10, 0.0), (1, 9, 0.1), (3, 27, 0.1), (10, 0, 1.0), (10, 30, 0.0), (64, 15, 0.5)],
)
def test_loss_is_that_of_the_last_probes_of_the_window(lost: int, answered: int, expected: float) -> None:
    """What is older than 30 probes is forgotten."""
    assert loss(losing(lost, answered)) == expected


def test_fewer_than_ten_probes_say_nothing_of_loss() -> None:
    """Nine lost ones do not make it degraded, the tenth does."""
    assert np.isnan(loss(losing(9, 0)))
    assert not degraded(losing(9, 0))
    assert degraded(losing(10, 0))


def test_the_longest_window_is_64_probes() -> None:
    """All bits of the history count, and no more."""
    assert loss(losing(32, 32), 64) == 0.5
    assert loss(losing(100, 0), 64) == 1.0
    assert loss(losing(1, 64), 64) == 0.0


@pytest.mark.parametrize(
    ("lost", "already", "expected"), [(2, False, False), (3, False, True), (2, True, True), (1, True, False)]
)
def test_loss_has_one_limit_to_enter_and_half_of_it_to_leave(lost: int, already: bool, expected: bool) -> None:
    """10 % of 30 probes are 3; 5 % are 1.5."""
    assert degraded(losing(lost, 30 - lost), already) is expected


@pytest.mark.parametrize(
    ("rtt_ms", "already", "expected"), [(499, False, False), (500, False, True), (400, True, True), (399, True, False)]
)
def test_rtt_has_one_limit_to_enter_and_four_fifths_of_it_to_leave(rtt_ms: int, already: bool, expected: bool) -> None:
    """500 ms and 400 ms."""
    assert degraded(record(Quality(1), Outcome.REPLY, rtt_ns=rtt_ms * MS), already) is expected


def test_rtt_is_smoothed_by_an_eighth() -> None:
    """RFC 6298, 2.3: one slow reply moves it by an eighth of the difference."""
    quality = record(Quality(1), Outcome.REPLY, rtt_ns=80 * MS)
    assert record(quality, Outcome.REPLY, rtt_ns=160 * MS).smoothed_rtt_ns.tolist() == [90 * MS]


def test_a_probe_without_an_rtt_leaves_the_rtt_as_it_is() -> None:
    """Lost, or not to be timed."""
    quality = record(Quality(1), Outcome.REPLY, rtt_ns=80 * MS)
    record(quality, Outcome.TIMEOUT, Outcome.REPLY)
    assert quality.smoothed_rtt_ns.tolist() == [80 * MS]


@pytest.mark.parametrize("outcome", [Outcome.RESOLVE, Outcome.SEND, Outcome.INCONCLUSIVE])
def test_what_is_our_own_failure_is_not_loss(outcome: Outcome) -> None:
    """It is not even a probe of the window."""
    assert loss(record(losing(0, 10), *[outcome] * 20)) == 0.0


def test_an_icmp_error_is_loss() -> None:
    """As good as silence."""
    assert loss(record(losing(0, 9), Outcome.PROHIBITED)) == 0.1


def test_a_batch_counts_in_the_order_of_its_rows() -> None:
    """Ten results at once are as good as one after the other: the newest stay in the window."""
    outcomes = [Outcome.TIMEOUT] * 5 + [Outcome.REPLY] * 10
    assert loss(record(Quality(1), *outcomes, at_once=True), 10) == loss(record(Quality(1), *outcomes), 10) == 0.0


def test_after_a_reset_nothing_is_known() -> None:
    """The loss of an outage does not make the time after it degraded."""
    quality = record(losing(30, 0), Outcome.REPLY, rtt_ns=900 * MS)
    quality.reset(ROW)
    assert not degraded(quality)
    assert not degraded(record(quality, *[Outcome.REPLY] * 10, rtt_ns=MS))


def test_each_target_is_measured_by_its_own_limits() -> None:
    """Three at 600 ms and 20 % loss: one under the policy's limits, one with a higher RTT, one with both higher."""
    quality, rows = Quality(3), np.arange(3, dtype=np.int32)
    for row in range(3):
        for outcome in [Outcome.TIMEOUT] * 2 + [Outcome.REPLY] * 8:
            rtt_ns = 600 * MS if outcome is Outcome.REPLY else NO_RTT
            columns = (np.ones(1, np.int64), np.array([outcome], np.int8), np.zeros(1, np.int64))
            quality.record(Observations(np.array([row], np.int32), *columns, np.array([rtt_ns], np.int64)))
    own = {1: QualityLimits(0.1, 900 * MS), 2: QualityLimits(0.3, 900 * MS)}
    limits = Limits(3, POLICY, own)
    assert quality.degraded(rows, np.zeros(3, np.bool_), limits).tolist() == [True, True, False]
    assert quality.degraded(rows[::-1], np.ones(3, np.bool_), limits).tolist() == [True, True, True]
