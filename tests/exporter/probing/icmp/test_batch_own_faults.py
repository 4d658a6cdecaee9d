"""Our own faults are never the hotspot's: drops, refused sends, a missing family, a stepped clock."""

import errno

import pytest

from exporter.probing.outcome import NO_RTT, Outcome
from tests.exporter.probing.icmp.lab import HOST, Ended, Lab, hosts
from tests.network import MS, SECOND, answers, reply, silent

REPLY, TIMEOUT, INCONCLUSIVE, SEND = Outcome.REPLY, Outcome.TIMEOUT, Outcome.INCONCLUSIVE, Outcome.SEND
HOUR = 3600 * SECOND
V6 = "2001:db8::1"


def test_a_drop_makes_exactly_the_probes_in_flight_inconclusive() -> None:
    """Not the one that ended before, not the one sent after it was noticed."""
    lab = Lab()
    lab.network.default = silent
    before, during, after = hosts(3)
    lab.submit(before, first=0)
    assert lab.outcomes_after(2 * SECOND) == [(0, TIMEOUT)]
    lab.submit(during, first=1)
    lab.network.hosts[HOST] = answers()
    lab.submit(HOST, first=2)
    lab.network.to_lose = 1
    assert lab.after(SECOND) == []
    lab.submit(after, first=3)
    assert lab.outcomes_after(SECOND) == [(1, INCONCLUSIVE), (2, INCONCLUSIVE)]
    assert lab.outcomes_after(SECOND) == [(3, TIMEOUT)]
    assert lab.statistics.receive_drops == 1


def test_a_reply_in_spite_of_drops_is_a_reply() -> None:
    """What was not dropped is as good as ever, RTT and all."""
    lab = Lab()
    lab.network.hosts[HOST] = answers(30 * MS)
    lab.submit(*hosts(3))
    lab.network.to_lose = 2
    assert lab.after(20 * MS) == []
    assert [(ended.target, ended.outcome, ended.rtt_ns) for ended in lab.after(20 * MS)] == [(0, REPLY, 30 * MS)]
    assert lab.outcomes_after(2 * SECOND) == [(1, INCONCLUSIVE), (2, INCONCLUSIVE)]
    assert lab.statistics.receive_drops == 2


def test_a_drop_noticed_with_the_deadline_still_counts() -> None:
    """It is looked at before silence is believed."""
    lab = Lab()
    lab.submit(HOST)
    lab.network.to_lose = 1
    assert lab.outcomes_after(2 * SECOND) == [(0, INCONCLUSIVE)]


def test_a_drop_is_forgotten_with_the_probe_that_it_blurred() -> None:
    """The next probe in the same row of the table is lost if it is silent."""
    lab = Lab(capacity=1)
    lab.submit(HOST, number=1)
    lab.network.to_lose = 1
    assert lab.outcomes_after(2 * SECOND) == [(0, INCONCLUSIVE)]
    lab.network.default = silent
    lab.submit(HOST, number=2)
    assert lab.outcomes_after(2 * SECOND) == [(0, TIMEOUT)]


def test_drops_from_before_our_start_are_not_ours() -> None:
    """Only what is dropped from now on counts."""
    lab = Lab()
    lab.network.to_lose = 1
    lab.network.deliver(reply(lab.submit(HOST)[0]))
    lab.after(20 * MS)
    other = type(lab.engine)([lab.network], lab.clock, 1, 4)
    assert other.collect().target.tolist() == []
    assert other.statistics.receive_drops == 0


@pytest.mark.parametrize("number", [errno.ENOBUFS, errno.ENETUNREACH, errno.EPERM])
def test_a_refused_send_ends_at_once_as_ours(number: int) -> None:
    """SEND, without an RTT, counted by the errno's name; no deadline is waited for."""
    lab = Lab()
    lab.network.refusal = number
    lab.submit(*hosts(2))
    now_ns = lab.clock.monotonic_ns()
    assert lab.collect() == [Ended(0, 1, SEND, NO_RTT, now_ns), Ended(1, 1, SEND, NO_RTT, now_ns)]
    assert lab.statistics.send_errors == {errno.errorcode[number]: 2}
    assert lab.after(5 * SECOND) == []


def test_only_the_refused_ones_of_a_batch_end() -> None:
    """The rest of the batch has left; two errnos are counted apart."""
    lab = Lab()
    first, second, third = hosts(3)
    lab.network.refusals = {first: errno.ENOBUFS, third: errno.EHOSTUNREACH}
    lab.submit(first, second, third)
    assert lab.outcomes_after(0) == [(0, SEND), (2, SEND)]
    assert lab.outcomes_after(20 * MS) == [(1, REPLY)]
    assert lab.statistics.send_errors == {"ENOBUFS": 1, "EHOSTUNREACH": 1}


def test_an_errno_without_a_name_is_counted_by_its_number() -> None:
    """Nothing is lost for want of a name."""
    lab = Lab()
    lab.network.refusal = 9999
    lab.submit(HOST)
    assert lab.statistics.send_errors == {"9999": 1}


def test_a_family_without_a_socket_is_refused() -> None:
    """IPv6 targets on a machine without IPv6; IPv4 goes on."""
    lab = Lab()
    lab.submit(V6, HOST)
    assert lab.outcomes_after(0) == [(0, SEND)]
    assert lab.outcomes_after(20 * MS) == [(1, REPLY)]
    assert lab.statistics.send_errors == {"EAFNOSUPPORT": 1}


def test_an_engine_without_any_socket_refuses_all() -> None:
    """Nothing is in flight and nothing is stuck."""
    lab = Lab(families=())
    lab.submit(V6, HOST)
    assert lab.outcomes_after(0) == [(0, SEND), (1, SEND)]
    assert lab.statistics.send_errors == {"EAFNOSUPPORT": 2}


def test_both_families_go_their_own_way() -> None:
    """One batch of mixed addresses, each answered on its own network, with its own identifier."""
    lab = Lab(families=(4, 6))
    lab.networks[6].identifier = 99
    sent = lab.submit(HOST, V6, "10.77.0.2")
    assert [request.address for request in sent] == [HOST, "10.77.0.2", V6]
    assert [request.packet[:1] + request.packet[4:6] for request in sent] == [b"\x08\x04\xd2"] * 2 + [b"\x80\0\x63"]
    assert lab.outcomes_after(20 * MS) == [(0, REPLY), (1, REPLY), (2, REPLY)]


@pytest.mark.parametrize("step_ns", [HOUR, -HOUR, 300 * MS, -300 * MS])
def test_a_step_of_the_wall_clock_takes_the_rtt_and_not_the_reply(step_ns: int) -> None:
    """A reply that crossed the step is a reply without RTT: neither negative nor an hour."""
    lab = Lab()
    lab.submit(HOST)
    lab.clock.advance(5 * MS)
    lab.network.step_wall(step_ns)
    assert [(ended.outcome, ended.rtt_ns) for ended in lab.after(5 * MS)] == [(REPLY, NO_RTT)]
    assert (lab.statistics.clock_steps, lab.statistics.stepped_ns) == (1, abs(step_ns))
    assert lab.statistics.late_replies == 0


def test_probes_after_a_step_are_timed_again() -> None:
    """The step is counted once and then forgotten."""
    lab = Lab()
    lab.network.step_wall(HOUR)
    lab.collect()
    lab.submit(HOST)
    assert [(ended.outcome, ended.rtt_ns) for ended in lab.after(20 * MS)] == [(REPLY, 10 * MS)]
    assert lab.statistics.clock_steps == 1


def test_a_step_is_forgotten_with_the_probe_that_it_crossed() -> None:
    """The next probe in the same row of the table has its RTT."""
    lab = Lab(capacity=1)
    lab.submit(HOST, number=1)
    lab.network.step_wall(HOUR)
    assert [(ended.round, ended.rtt_ns) for ended in lab.after(20 * MS)] == [(1, NO_RTT)]
    lab.submit(HOST, number=2)
    assert [(ended.round, ended.rtt_ns) for ended in lab.after(20 * MS)] == [(2, 10 * MS)]


def test_a_reply_across_a_step_that_is_read_after_the_deadline_proves_nothing() -> None:
    """Its stamp does not tell whether it came in time: neither a success nor a loss."""
    lab = Lab()
    lab.submit(HOST)
    lab.network.step_wall(300 * MS)
    assert lab.outcomes_after(2 * SECOND + 1) == [(0, INCONCLUSIVE)]
    assert lab.statistics.late_replies == 1


@pytest.mark.parametrize("step_ns", [HOUR, -HOUR])
def test_silence_across_a_step_ends_by_the_monotonic_clock(step_ns: int) -> None:
    """Neither an hour later nor at once."""
    lab = Lab()
    lab.network.default = silent
    lab.submit(HOST)
    lab.network.step_wall(step_ns)
    assert lab.after(2 * SECOND - 1) == []
    assert lab.outcomes_after(1) == [(0, TIMEOUT)]


@pytest.mark.parametrize("step_ns", [HOUR, -HOUR])
def test_a_step_in_the_middle_of_a_send_moves_no_deadline(step_ns: int) -> None:
    """Else a probe would stay in flight for an hour, and soon fill the table."""
    lab = Lab()
    lab.network.default = silent
    lab.network.on_send = lambda: lab.network.step_wall(step_ns)
    (request,) = lab.submit(HOST)
    assert lab.after(2 * SECOND - 1) == []
    assert lab.after(1) == [Ended(0, 1, TIMEOUT, NO_RTT, request.at_ns)]


@pytest.mark.parametrize("step_ns", [HOUR, -HOUR])
def test_a_reply_to_a_probe_that_left_in_a_step_counts_without_rtt(step_ns: int) -> None:
    """The stamps cannot be compared, the answer is real."""
    lab = Lab()
    lab.network.on_send = lambda: lab.network.step_wall(step_ns)
    lab.submit(HOST)
    assert [(ended.outcome, ended.rtt_ns) for ended in lab.after(10 * MS)] == [(REPLY, NO_RTT)]


def test_a_slewing_clock_is_no_step() -> None:
    """NTP's 500 ppm over ten seconds are 5 ms: RTTs go on, nothing is counted."""
    lab = Lab()
    for _ in range(100):
        lab.network.step_wall(50_000)
        lab.submit(HOST)
        (ended,) = lab.after(100 * MS)
        assert (ended.outcome, ended.rtt_ns) == (REPLY, 10 * MS)
    assert lab.statistics.clock_steps == 0


def test_two_stamps_within_one_reading_s_error_are_zero_and_never_negative() -> None:
    """On a loopback the reply's stamp may read a little earlier than the request's."""
    lab = Lab()
    lab.network.default = answers(-1000)
    lab.submit(HOST)
    assert [(ended.outcome, ended.rtt_ns) for ended in lab.collect()] == [(REPLY, 0)]
