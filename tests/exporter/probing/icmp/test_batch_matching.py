"""A reply counts only if everything about it is ours; what does not count is counted by reason, exactly once."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from exporter.probing.icmp.engine import UNMATCHED_REASONS
from exporter.probing.outcome import Outcome
from tests.exporter.probing.icmp.lab import HOST, Ended, Lab, hosts
from tests.network import MS, SECOND, Arrival, answers, patched, reply, silent

OTHER = "10.77.0.99"


FORGERIES: dict[str, Callable[[Arrival], Arrival]] = {
    "source": lambda honest: replace(honest, address=OTHER),
    "identifier": lambda honest: patched(honest, 4, b"\x00\x01"),
    "sequence": lambda honest: patched(honest, 6, b"\x00\x77"),
    "tag": lambda honest: patched(honest, 8, bytes([honest.data[8] ^ 1])),
    "token": lambda honest: patched(honest, 16, (64).to_bytes(8, "big")),
    "size": lambda honest: replace(honest, data=honest.data[:23]),
}
"""What is wrong with a reply that is right in all else."""
COUNTED = dict.fromkeys(FORGERIES, "mismatch") | {"size": "malformed"}
"""Under which reason: that a message is too short is no secret; of all else nobody learns which check it failed."""


def test_an_honest_reply_is_a_result_with_its_rtt() -> None:
    """Target, round, RTT and the time of leaving come back; nothing is counted as unmatched."""
    lab = Lab()
    lab.submit(HOST, first=7, number=3)
    sent_ns = lab.clock.monotonic_ns()
    assert lab.after(9 * MS) == []
    assert lab.after(5 * MS) == [Ended(7, 3, Outcome.REPLY, 10 * MS, sent_ns)]
    assert lab.unmatched() == {}
    assert lab.after(10 * SECOND) == []


@pytest.mark.parametrize("wrong", FORGERIES)
def test_a_forged_reply_is_counted_once_and_answers_nothing(wrong: str) -> None:
    """The probe goes on waiting and is lost; how near the forgery came is not told."""
    lab = Lab()
    lab.network.default = lambda request: [FORGERIES[wrong](reply(request))]
    lab.submit(HOST)
    assert lab.after(20 * MS) == []
    assert lab.unmatched() == {COUNTED[wrong]: 1}
    assert lab.outcomes_after(2 * SECOND) == [(0, Outcome.TIMEOUT)]


@pytest.mark.parametrize("wrong", FORGERIES)
def test_an_honest_reply_after_a_forged_one_counts(wrong: str) -> None:
    """A forger can raise nobody and hurt nobody."""
    lab = Lab()
    lab.network.default = lambda request: [FORGERIES[wrong](reply(request, 5 * MS)), reply(request)]
    lab.submit(HOST)
    assert lab.outcomes_after(20 * MS) == [(0, Outcome.REPLY)]
    assert lab.unmatched() == {COUNTED[wrong]: 1}


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
    assert lab.unmatched() == {"mismatch": 1}


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


def test_a_reply_to_a_row_that_has_been_taken_again_is_a_mismatch() -> None:
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
    assert lab.unmatched() == {"mismatch": 1}
    assert lab.statistics.late_replies == 0


def test_a_token_of_a_row_never_used_is_never_a_reply() -> None:
    """Token -1 equals the mark of a free row, whose tag is still 0: it answers nothing, and is not late either."""
    lab = Lab()
    (request,) = lab.submit(HOST)
    forged = patched(patched(reply(request), 6, b"\xff\xff"), 8, bytes(8) + b"\xff" * 8)
    lab.network.deliver(forged)
    assert lab.outcomes_after(20 * MS) == [(0, Outcome.REPLY)]
    assert lab.unmatched() == {"mismatch": 1}
    assert lab.statistics.late_replies == 0


def test_each_reason_of_the_contract_exists() -> None:
    """The closed list of label values."""
    assert set(UNMATCHED_REASONS) == {*COUNTED.values(), "duplicate"}
    assert Lab().statistics.unmatched == dict.fromkeys(UNMATCHED_REASONS, 0)


def test_a_padded_reply_that_lost_its_padding_is_malformed() -> None:
    """Who asks with 1000 bytes wants to know that 1000 bytes come back."""
    lab = Lab(padding=984)
    lab.network.default = lambda request: [replace(reply(request), data=reply(request).data[:1007])]
    (request,) = lab.submit(HOST)
    assert len(request.packet) == 8 + 1000
    assert lab.after(20 * MS) == []
    assert lab.unmatched() == {"malformed": 1}
    lab.network.default = answers()
    lab.submit(HOST, first=1)
    assert lab.outcomes_after(20 * MS) == [(1, Outcome.REPLY)]
