"""Deadlines, late replies, renamed and forgotten targets, and very many probes at once."""

from dataclasses import replace

import numpy as np
import pytest

from exporter.probing.icmp.batch import BatchEngine
from exporter.probing.outcome import NO_RTT, Outcome
from pantau.clock import ManualClock
from tests.exporter.probing.icmp.lab import HOST, KEY, Ended, Lab, hosts
from tests.network import MS, SECOND, Network, answers, fails, loses_every, reply, silent

REPLY, TIMEOUT = Outcome.REPLY, Outcome.TIMEOUT


def test_silence_ends_at_the_deadline_and_not_before() -> None:
    """At exactly the timeout, without an RTT."""
    lab = Lab()
    lab.network.default = silent
    (request,) = lab.submit(HOST)
    assert lab.after(2 * SECOND - 1) == []
    assert lab.after(1) == [Ended(0, 1, TIMEOUT, NO_RTT, request.at_ns)]
    assert lab.after(SECOND) == []


def test_each_probe_has_its_own_deadline() -> None:
    """Mixed timeouts end in the order of their deadlines, whatever the order of sending."""
    lab = Lab()
    lab.network.default = silent
    lab.submit(HOST, first=0, timeout_ns=5 * SECOND)
    lab.submit(HOST, first=1, timeout_ns=1 * SECOND)
    lab.submit(HOST, first=2, timeout_ns=3 * SECOND)
    ends = [lab.outcomes_after(SECOND) for _ in range(6)]
    assert ends == [[(1, TIMEOUT)], [], [(2, TIMEOUT)], [], [(0, TIMEOUT)], []]


def test_a_probe_sent_behind_a_long_one_does_not_wait_for_it() -> None:
    """The earliest deadline is kept right when later probes come and go."""
    lab = Lab()
    lab.network.hosts[HOST] = silent
    lab.submit(HOST, first=9, timeout_ns=60 * SECOND)
    other = "10.77.0.2"
    lab.network.hosts[other] = loses_every(2)
    for number in range(4):
        lab.submit(other, number=number, timeout_ns=SECOND)
        expected = TIMEOUT if number % 2 == 0 else REPLY
        assert lab.outcomes_after(SECOND) == [(0, expected)]
    assert lab.outcomes_after(56 * SECOND) == [(9, TIMEOUT)]


def test_a_reply_exactly_at_the_timeout_is_in_time() -> None:
    """The timeout is how long a reply is waited for, inclusive."""
    lab = Lab()
    lab.network.default = answers(2 * SECOND)
    lab.submit(HOST)
    assert [(ended.outcome, ended.rtt_ns) for ended in lab.after(2 * SECOND)] == [(REPLY, 2 * SECOND)]


def test_a_reply_after_the_timeout_is_late_and_no_success() -> None:
    """It is counted as late once the probe is lost."""
    lab = Lab()
    lab.network.default = answers(2 * SECOND + 1)
    lab.submit(HOST)
    assert lab.outcomes_after(2 * SECOND) == [(0, TIMEOUT)]
    assert lab.after(1) == []
    assert (lab.statistics.late_replies, lab.unmatched()) == (1, {})


def test_a_reply_stamped_late_but_read_in_the_same_drain_is_late() -> None:
    """What counts is the kernel's stamp, not when we get round to reading."""
    lab = Lab()
    lab.network.default = answers(2 * SECOND + 1)
    lab.submit(HOST)
    assert lab.outcomes_after(3 * SECOND) == [(0, TIMEOUT)]
    assert lab.statistics.late_replies == 1


def test_a_reply_in_time_counts_even_if_it_is_read_after_the_deadline() -> None:
    """We were busy; the host was not slow."""
    lab = Lab()
    lab.network.default = answers(1999 * MS)
    lab.submit(HOST)
    assert [(ended.outcome, ended.rtt_ns) for ended in lab.after(9 * SECOND)] == [(REPLY, 1999 * MS)]
    assert lab.statistics.late_replies == 0


def test_the_rtt_begins_when_the_packet_really_left() -> None:
    """Where the transport learns of departures they replace the estimate: a queue of ours is no part of the RTT."""
    lab = Lab()
    lab.network.default = answers(10 * MS)
    lab.network.departs_after_ns = 3 * MS
    lab.submit(*hosts(3))
    assert [ended.rtt_ns for ended in lab.after(10 * MS)] == [7 * MS] * 3


def test_an_empty_batch_sends_nothing() -> None:
    """Nothing leaves and nothing ends."""
    lab = Lab()
    assert lab.submit() == []
    assert lab.after(SECOND) == []


def test_targets_in_flight_are_renamed() -> None:
    """After a reload a result comes under the new number, whether it is a reply or a loss."""
    lab = Lab()
    first, second, third = hosts(3)
    lab.network.hosts[third] = silent
    lab.submit(first, second, third)
    lab.engine.retarget(np.array([2, -1, 0], np.int32))
    assert lab.outcomes_after(20 * MS) == [(2, REPLY)]
    assert lab.outcomes_after(2 * SECOND) == [(0, TIMEOUT)]


def test_a_forgotten_probe_never_ends_and_its_reply_is_recognised() -> None:
    """Its reply is one of ours that came too late, not an unmatched one."""
    lab = Lab()
    lab.submit(HOST)
    lab.engine.retarget(np.array([-1], np.int32))
    assert lab.after(20 * MS) == []
    assert lab.after(5 * SECOND) == []
    assert (lab.statistics.late_replies, lab.unmatched()) == (1, {})


def test_targets_beyond_the_reloaded_ones_keep_their_name() -> None:
    """Those are the canaries'."""
    lab = Lab()
    lab.submit(HOST, first=1 << 30)
    lab.engine.retarget(np.array([-1, -1], np.int32))
    assert lab.outcomes_after(20 * MS) == [(1 << 30, REPLY)]


def test_refused_probes_are_renamed_too() -> None:
    """A reload between a refused send and the next collect gives its result to the right target, or to none."""
    lab = Lab()
    lab.network.refusal = 101
    lab.submit(*hosts(3))
    lab.submit(HOST, first=1 << 30)
    lab.engine.retarget(np.array([-1, 0, -1], np.int32))
    assert lab.outcomes_after(0) == [(0, Outcome.SEND), (1 << 30, Outcome.SEND)]


def test_a_target_may_be_renamed_twice_in_flight() -> None:
    """Two reloads within one timeout."""
    lab = Lab()
    lab.network.default = silent
    lab.submit(*hosts(2))
    lab.engine.retarget(np.array([1, 0], np.int32))
    lab.engine.retarget(np.array([-1, 4], np.int32))
    assert lab.outcomes_after(2 * SECOND) == [(4, TIMEOUT)]


@pytest.mark.parametrize("capacity", [3, 100, 1 << 18])
def test_a_table_of_another_size_is_refused(capacity: int) -> None:
    """A power of two, and not larger than sequences can tell apart."""
    with pytest.raises(ValueError, match="capacity must be a power of two"):
        Lab(capacity=capacity)


def test_a_full_table_refuses_more_and_the_rest_goes_on() -> None:
    """Refused at once as SEND with ENOBUFS; what is in flight is untouched; afterwards there is room again."""
    lab = Lab(capacity=4)
    lab.network.default = silent
    lab.submit(*hosts(4))
    lab.submit(HOST, first=9)
    assert lab.outcomes_after(SECOND) == [(9, Outcome.SEND)]
    assert lab.statistics.send_errors == {"ENOBUFS": 1}
    assert lab.outcomes_after(SECOND) == [(target, TIMEOUT) for target in range(4)]
    lab.network.default = answers()
    lab.submit(HOST, first=9)
    assert lab.outcomes_after(SECOND) == [(9, REPLY)]


def test_more_than_the_table_holds_is_refused_as_a_whole() -> None:
    """No probe takes the place of another one of the same batch."""
    lab = Lab(capacity=4)
    lab.submit(*hosts(5))
    assert lab.outcomes_after(SECOND) == [(target, Outcome.SEND) for target in range(5)]
    assert lab.network.sent == []


def test_a_table_that_wraps_within_one_timeout_ends_each_probe_once() -> None:
    """Answered probes make room long before the first deadline; the second lap's losses are not counted twice."""
    lab = Lab(capacity=4)
    lab.submit(*hosts(4), number=1)
    assert [ended.outcome for ended in lab.after(20 * MS)] == [REPLY] * 4
    lab.network.default = silent
    lab.submit(*hosts(3), number=2)
    assert [(ended.target, ended.round) for ended in lab.after(2 * SECOND)] == [(0, 2), (1, 2), (2, 2)]


def test_sequences_wrap_after_65536_probes() -> None:
    """The token goes on; the sequence on the wire starts anew; replies and eight-byte errors are still matched."""
    lab = Lab(capacity=1 << 10)
    batch = hosts(1 << 10)
    for lap in range(64):
        lab.submit(*batch, number=lap)
        assert len(lab.after(20 * MS)) == len(batch)
    (request,) = lab.submit(HOST, number=99)
    assert (request.packet[6:8], request.packet[16:]) == (b"\0\0", (65536).to_bytes(8, "big"))
    assert [(ended.round, ended.outcome) for ended in lab.after(20 * MS)] == [(99, REPLY)]
    lab.network.default = fails(3, 1, quoted=8)
    lab.submit(HOST, number=100)
    assert [(ended.round, ended.outcome) for ended in lab.after(2 * SECOND)] == [(100, Outcome.UNREACHABLE_HOST)]
    assert lab.unmatched() == {}


def test_a_whole_quote_names_its_probe_even_where_sequences_repeat() -> None:
    """An error 65,536 probes old, of the same host and sequence, does not end the newer probe."""
    lab = Lab(capacity=1 << 10)
    lab.network.default = silent
    (old,) = lab.submit(HOST)
    lab.after(2 * SECOND)
    lab.network.default = answers()
    for _ in range(63):
        lab.submit(*hosts(1 << 10))
        lab.after(20 * MS)
    lab.submit(*hosts((1 << 10) - 1))
    lab.after(20 * MS)
    (new,) = lab.submit(HOST, number=2)
    assert old.packet[6:8] == new.packet[6:8]
    (error,) = fails(3, 1)(old)
    lab.network.deliver(replace(error, at_ns=lab.clock.monotonic_ns()))
    assert lab.after(5 * MS) == []
    assert lab.unmatched() == {"mismatch": 1}
    assert lab.noted() == []
    assert lab.outcomes_after(5 * MS) == [(0, REPLY)]


def test_sixty_thousand_probes_in_flight_end_each_as_it_should() -> None:
    """A third are silent; nothing is mixed up and nothing is lost."""
    count = 60_000
    clock = ManualClock()
    network = Network(clock)
    engine = BatchEngine([network], clock, KEY)
    low = np.arange(count, dtype=np.uint64) + np.uint64(0xFFFF_0A4D_0000)
    addresses = np.stack([np.zeros_like(low), low], axis=1)
    network.default = lambda request: () if request.packet[-1] % 3 == 0 else (reply(request),)
    targets = np.arange(count, dtype=np.int32)
    for part in np.array_split(targets, 60):
        engine.submit(part, np.full(len(part), 5, np.int64), addresses[part], 2 * SECOND)
    clock.advance(10 * MS)
    replied = engine.collect()
    clock.advance(2 * SECOND)
    lost = engine.collect()
    silence = targets[targets % 256 % 3 == 0]
    assert np.array_equal(np.sort(lost.target), silence)
    assert np.array_equal(np.sort(replied.target), np.setdiff1d(targets, silence))
    assert set(replied.rtt_ns.tolist()) == {10 * MS}
    assert set(lost.outcome.tolist()) == {TIMEOUT}


def test_closing_closes_every_transport() -> None:
    """Both families' sockets are given back."""
    lab = Lab(families=(4, 6))
    lab.engine.close()
    assert [network.closed for network in lab.networks.values()] == [True, True]


def test_a_reload_renames_errors_that_nobody_has_fetched() -> None:
    """The confirmation is that of the new row, or of none."""
    lab = Lab()
    lab.network.default = fails(3, 1)
    lab.submit(*hosts(3))
    assert lab.after(5 * MS) == []
    lab.engine.retarget(np.array([2, -1, 0], np.int32))
    assert lab.noted() == [(0, 1), (2, 1)]
    assert lab.noted() == []


def test_the_engine_says_what_it_got() -> None:
    """For `pantau_engine_info`."""
    lab = Lab()
    assert (lab.engine.name, lab.engine.socket) == ("batch", "simulated")
    assert BatchEngine([], ManualClock(), KEY, 2).socket == "none"
