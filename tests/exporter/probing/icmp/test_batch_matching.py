"""A reply counts only if everything about it is ours; what does not count is counted by reason, exactly once."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from exporter.probing.icmp.engine import UNMATCHED_REASONS
from exporter.probing.outcome import NO_RTT, Outcome
from tests.exporter.probing.icmp.lab import HOST, Ended, Lab, hosts
from tests.network import MS, SECOND, Arrival, Request, answers, fails, reply, silent

OTHER = "10.77.0.99"


def patched(arrival: Arrival, offset: int, data: bytes) -> Arrival:
    """The same message with some bytes replaced."""
    return replace(arrival, data=arrival.data[:offset] + data + arrival.data[offset + len(data) :])


FORGERIES: dict[str, Callable[[Arrival], Arrival]] = {
    "source": lambda honest: replace(honest, address=OTHER),
    "identifier": lambda honest: patched(honest, 4, b"\x00\x01"),
    "sequence": lambda honest: patched(honest, 6, b"\x00\x77"),
    "nonce": lambda honest: patched(honest, 8, b"\xff"),
    "stale": lambda honest: patched(honest, 16, (64).to_bytes(8, "big")),
    "malformed": lambda honest: replace(honest, data=honest.data[:23]),
}
"""By reason: what is wrong with a reply that is right in all else."""


def test_an_honest_reply_is_a_result_with_its_rtt() -> None:
    """Target, round, RTT and the time of leaving come back; nothing is counted as unmatched."""
    lab = Lab()
    lab.submit(HOST, first=7, number=3)
    sent_ns = lab.clock.monotonic_ns()
    assert lab.after(9 * MS) == []
    assert lab.after(5 * MS) == [Ended(7, 3, Outcome.REPLY, 10 * MS, sent_ns)]
    assert lab.unmatched() == {}
    assert lab.after(10 * SECOND) == []


@pytest.mark.parametrize("reason", FORGERIES)
def test_a_forged_reply_is_counted_by_reason_and_answers_nothing(reason: str) -> None:
    """The probe goes on waiting and is lost; the forgery is counted once, under one reason."""
    lab = Lab()
    lab.network.default = lambda request: [FORGERIES[reason](reply(request))]
    lab.submit(HOST)
    assert lab.after(20 * MS) == []
    assert lab.unmatched() == {reason: 1}
    assert lab.outcomes_after(2 * SECOND) == [(0, Outcome.TIMEOUT)]


@pytest.mark.parametrize("reason", FORGERIES)
def test_an_honest_reply_after_a_forged_one_counts(reason: str) -> None:
    """A forger can raise nobody and hurt nobody."""
    lab = Lab()
    lab.network.default = lambda request: [FORGERIES[reason](reply(request, 5 * MS)), reply(request)]
    lab.submit(HOST)
    assert lab.outcomes_after(20 * MS) == [(0, Outcome.REPLY)]
    assert lab.unmatched() == {reason: 1}


@pytest.mark.parametrize("kind", [8, 3, 13, 129])
def test_a_message_of_another_type_is_malformed(kind: int) -> None:
    """Our own request seen again on a loopback, an error, a timestamp request, ICMPv6's reply: none answers."""
    lab = Lab()
    lab.network.default = lambda request: [patched(reply(request), 0, bytes([kind]))]
    lab.submit(HOST)
    assert lab.after(20 * MS) == []
    assert lab.unmatched() == {"malformed": 1}


def test_an_empty_message_is_malformed() -> None:
    """Even the shortest message is counted and does no harm."""
    lab = Lab()
    lab.network.deliver(Arrival(lab.clock.monotonic_ns(), HOST, b""))
    assert lab.collect() == []
    assert lab.unmatched() == {"malformed": 1}


def test_a_longer_reply_counts() -> None:
    """Padding behind our 24 bytes is none of our business."""
    lab = Lab()
    lab.network.default = lambda request: [replace(reply(request), data=reply(request).data + b"\0" * 40)]
    lab.submit(HOST)
    assert lab.outcomes_after(20 * MS) == [(0, Outcome.REPLY)]


def test_a_reply_to_another_probe_of_ours_answers_only_that_one() -> None:
    """Host 2 answers with host 1's token: wrong source for host 1, nothing for host 2."""
    lab = Lab()
    first, second = hosts(2)
    lab.network.default = silent
    (asked, _) = lab.submit(first, second)
    lab.network.deliver(replace(reply(asked), address=second))
    assert lab.after(20 * MS) == []
    assert lab.unmatched() == {"source": 1}


def test_copies_in_one_drain_count_once() -> None:
    """Three copies read together: one result, two duplicates."""
    lab = Lab()
    lab.network.default = answers(copies=3)
    lab.submit(HOST)
    assert lab.outcomes_after(20 * MS) == [(0, Outcome.REPLY)]
    assert lab.unmatched() == {"duplicate": 2}


def test_the_first_of_several_copies_gives_the_rtt() -> None:
    """A later copy makes nobody slower."""
    lab = Lab()
    lab.network.default = lambda request: [reply(request, 30 * MS), reply(request, 10 * MS)]
    lab.submit(HOST)
    assert [ended.rtt_ns for ended in lab.after(40 * MS)] == [10 * MS]


def test_a_copy_in_a_later_drain_counts_as_duplicate() -> None:
    """Across drains too, even after the deadline."""
    lab = Lab()
    lab.network.default = lambda request: [reply(request, after * MS) for after in (10, 30, 3000)]
    lab.submit(HOST)
    assert lab.outcomes_after(20 * MS) == [(0, Outcome.REPLY)]
    assert lab.after(20 * MS) == []
    assert lab.unmatched() == {"duplicate": 1}
    assert lab.after(4 * SECOND) == []
    assert lab.unmatched() == {"duplicate": 2}
    assert lab.statistics.late_replies == 0


def test_late_copies_are_one_late_reply_and_duplicates() -> None:
    """The same packet is not late twice, in one drain or in two."""
    lab = Lab()
    lab.network.default = lambda request: [reply(request, after * MS) for after in (3000, 3000, 5000)]
    lab.submit(HOST)
    assert lab.outcomes_after(2 * SECOND) == [(0, Outcome.TIMEOUT)]
    assert lab.after(2 * SECOND) == []
    assert lab.after(2 * SECOND) == []
    assert lab.statistics.late_replies == 1
    assert lab.unmatched() == {"duplicate": 2}


def test_a_reply_to_a_row_that_has_been_taken_again_is_stale() -> None:
    """Once another probe has its place in the table, the old one is forgotten."""
    lab = Lab(capacity=2)
    lab.network.default = silent
    (old,) = lab.submit(HOST)
    lab.after(2 * SECOND)
    for _ in range(2):
        lab.submit(HOST)
        lab.after(2 * SECOND)
    lab.network.deliver(reply(old, 7 * SECOND))
    assert lab.after(SECOND) == []
    assert lab.unmatched() == {"stale": 1}
    assert lab.statistics.late_replies == 0


def test_a_token_of_a_row_never_used_is_never_a_reply() -> None:
    """Token -1 equals the mark of a free row; a forger who knows the nonce still answers nothing."""
    lab = Lab()
    (request,) = lab.submit(HOST)
    forged = patched(patched(reply(request), 6, b"\xff\xff"), 16, b"\xff" * 8)
    lab.network.deliver(forged)
    assert lab.outcomes_after(20 * MS) == [(0, Outcome.REPLY)]
    assert lab.unmatched() == {"source": 1}


def test_each_reason_of_the_contract_exists() -> None:
    """The closed list of label values."""
    assert set(UNMATCHED_REASONS) == {*FORGERIES, "duplicate"}
    assert Lab().statistics.unmatched == dict.fromkeys(UNMATCHED_REASONS, 0)


ERROR_FORGERIES: dict[str, Callable[[Arrival], Arrival]] = {
    "source": lambda honest: replace(honest, address=OTHER),
    "identifier": lambda honest: patched(honest, 4, b"\x00\x01"),
    "nonce": lambda honest: patched(honest, 8, b"\xff"),
    "stale": lambda honest: patched(honest, 16, (64).to_bytes(8, "big")),
    "malformed": lambda honest: replace(honest, data=honest.data[:7]),
}


@pytest.mark.parametrize("reason", ERROR_FORGERIES)
def test_a_forged_error_is_counted_by_reason_and_ends_nothing(reason: str) -> None:
    """The probe goes on waiting, and its reply counts."""
    lab = Lab()

    def host(request: Request) -> list[Arrival]:
        (honest,) = fails(3, 1)(request)
        return [ERROR_FORGERIES[reason](honest), reply(request)]

    lab.network.default = host
    lab.submit(HOST)
    assert lab.after(6 * MS) == []
    assert lab.unmatched() == {reason: 1}
    assert lab.outcomes_after(20 * MS) == [(0, Outcome.REPLY)]


def test_an_error_that_quotes_no_request_is_malformed() -> None:
    """It is about another host's ping that we answered, though identifier, sequence and address are like ours."""
    lab = Lab()

    def host(request: Request) -> list[Arrival]:
        (honest,) = fails(3, 1, quoted=8)(request)
        return [patched(honest, 0, b"\x00")]

    lab.network.default = host
    lab.submit(HOST)
    assert lab.after(20 * MS) == []
    assert lab.unmatched() == {"malformed": 1}


@pytest.mark.parametrize("quoted", [8, 16, 23, 24])
def test_an_error_ends_the_probe_at_once(quoted: int) -> None:
    """With the eight bytes that RFC 792 demands as well as with the whole packet; without an RTT."""
    lab = Lab()
    lab.network.default = fails(3, 1, quoted=quoted)
    (request,) = lab.submit(HOST)
    assert lab.after(5 * MS) == [Ended(0, 1, Outcome.UNREACHABLE_HOST, NO_RTT, request.at_ns)]
    assert lab.after(5 * SECOND) == []
    assert lab.unmatched() == {}


@pytest.mark.parametrize(
    ("numbers", "expected"), [((3, 0), "unreachable_net"), ((3, 13), "prohibited"), ((11, 0), "ttl_exceeded")]
)
def test_an_error_ends_the_probe_with_its_own_reason(numbers: tuple[int, int], expected: str) -> None:
    """Type and code are passed on."""
    lab = Lab()
    lab.network.default = fails(*numbers)
    lab.submit(HOST)
    assert [ended.outcome.label for ended in lab.after(5 * MS)] == [expected]


def test_errors_of_ipv6_are_read_by_its_own_numbers() -> None:
    """Type 1 code 1 is prohibited there; type 129 is the reply."""
    lab = Lab(families=(4, 6))
    lab.networks[6].hosts["2001:db8::1"] = fails(1, 1)
    lab.submit("2001:db8::1", "2001:db8::2")
    assert lab.outcomes_after(20 * MS) == [(0, Outcome.PROHIBITED), (1, Outcome.REPLY)]


def test_copies_of_an_error_end_the_probe_once() -> None:
    """In one drain a duplicate, in a later one stale: the probe is no longer in flight."""
    lab = Lab()
    lab.network.default = lambda request: [
        *fails(3, 1)(request),
        *fails(3, 1)(request),
        *fails(3, 1, after_ns=50 * MS)(request),
    ]
    lab.submit(HOST)
    assert lab.outcomes_after(5 * MS) == [(0, Outcome.UNREACHABLE_HOST)]
    assert lab.after(50 * MS) == []
    assert lab.unmatched() == {"duplicate": 1, "stale": 1}


@pytest.mark.parametrize("quoted", [8, 24])
def test_an_error_about_an_answered_probe_is_stale(quoted: int) -> None:
    """The reply came first; what a router says later changes nothing."""
    lab = Lab()
    lab.network.default = lambda request: [reply(request, 1 * MS), *fails(3, 1, quoted=quoted)(request)]
    lab.submit(HOST)
    assert lab.outcomes_after(5 * MS) == [(0, Outcome.REPLY)]
    assert lab.unmatched() == {"stale": 1}


def test_an_error_before_anything_was_sent_is_stale() -> None:
    """A restart may find the errors of its predecessor."""
    lab = Lab()
    lab.network.deliver(Arrival(lab.clock.monotonic_ns(), HOST, b"\x08\x00\x00\x00\x04\xd2\x00\x07", (3, 1)))
    assert lab.collect() == []
    assert lab.unmatched() == {"stale": 1}


def test_a_reply_after_an_error_is_no_success() -> None:
    """The probe has ended; it does not end again."""
    lab = Lab()
    lab.network.default = lambda request: [*fails(3, 1)(request), reply(request)]
    lab.submit(HOST)
    assert lab.outcomes_after(6 * MS) == [(0, Outcome.UNREACHABLE_HOST)]
    assert lab.after(20 * MS) == []
    assert lab.statistics.late_replies == 1
