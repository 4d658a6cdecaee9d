"""An ICMP error gives a probe its reason and ends nothing; only what is surely about a probe of ours is believed."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.probing.icmp.transport import Family
from exporter.probing.outcome import NO_RTT, Outcome
from tests.exporter.probing.icmp.lab import HOST, Ended, Lab
from tests.network import MS, SECOND, Arrival, Host, Request, answers, fails, patched, reply

OTHER = "10.77.0.99"
V6 = "2001:db8::1"
ADVICE: dict[Family, list[tuple[int, int, str]]] = {
    4: [
        *((5, code, "redirect") for code in range(4)),
        (4, 0, "source_quench"),
        (3, 4, "packet_too_big"),
        *((12, code, "parameter_problem") for code in range(3)),
        (40, 0, "other"),
    ],
    6: [(137, 0, "redirect"), (2, 0, "packet_too_big"), *((4, code, "parameter_problem") for code in range(3))],
}
ALL_ADVICE = [(family, *advice) for family, advices in ADVICE.items() for advice in advices]


def then(*hosts: Host) -> Host:
    """A host with which all of this happens."""
    return lambda request: [arrival for host in hosts for arrival in host(request)]


def lab_of(family: Family, host: Host) -> tuple[Lab, str]:
    """One network of a family, and the address in it that does what `host` says."""
    lab = Lab(families=(family,))
    lab.networks[family].default = host
    return lab, HOST if family == 4 else V6


@pytest.mark.parametrize(("family", "kind", "code", "name"), ALL_ADVICE)
@pytest.mark.parametrize("answered", [True, False])
def test_advice_is_counted_and_changes_nothing(family: Family, kind: int, code: int, name: str, answered: bool) -> None:
    """Neither a reply that follows nor the time-out without one, nor is anything to be confirmed."""
    host = then(fails(kind, code), fails(kind, code)) if not answered else then(fails(kind, code), answers(600 * MS))
    lab, address = lab_of(family, host)
    lab.submit(address)
    assert lab.after(100 * MS) == []
    assert lab.noted() == []
    outcome = Outcome.REPLY if answered else Outcome.TIMEOUT
    assert lab.outcomes_after(1900 * MS) == [(0, outcome)]
    assert lab.ignored() == {name: 1 if answered else 2}
    assert lab.unmatched() == {}


@pytest.mark.parametrize("quoted", [8, 12, 16, 23, 24])
def test_an_error_is_the_reason_of_a_probe_without_a_reply(quoted: int) -> None:
    """With the eight bytes that RFC 792 demands as well as with the whole packet; noted at once, ended in its time."""
    lab = Lab()
    lab.network.default = fails(3, 1, quoted=quoted)
    (request,) = lab.submit(HOST)
    assert lab.after(5 * MS) == []
    assert lab.noted() == [(0, 1)]
    assert lab.after(2 * SECOND - 5 * MS - 1) == []
    assert lab.after(1) == [Ended(0, 1, Outcome.UNREACHABLE_HOST, NO_RTT, request.at_ns)]
    assert lab.noted() == []
    assert lab.unmatched() == {}


@pytest.mark.parametrize(
    ("family", "numbers", "expected"),
    [
        (4, (3, 0), "unreachable_net"),
        (4, (3, 1), "unreachable_host"),
        (4, (3, 3), "unreachable_host"),
        (4, (3, 13), "prohibited"),
        (4, (11, 0), "ttl_exceeded"),
        (6, (1, 0), "unreachable_net"),
        (6, (1, 1), "prohibited"),
        (6, (1, 3), "unreachable_host"),
        (6, (1, 4), "unreachable_host"),
        (6, (3, 0), "ttl_exceeded"),
    ],
)
@pytest.mark.parametrize("after_ms", [0, 6, 600, 1999, 2000])
def test_a_reply_before_the_timeout_wins_whatever_the_error(
    family: Family, numbers: tuple[int, int], expected: str, after_ms: int
) -> None:
    """Before the error, after it, at the last moment; without the reply the error is the reason."""
    lab, address = lab_of(family, then(fails(*numbers), fails(*numbers), answers(after_ms * MS)))
    lab.submit(address)
    assert [(ended.outcome, ended.rtt_ns) for ended in lab.after(2 * SECOND)] == [(Outcome.REPLY, after_ms * MS)]
    lab.networks[family].default = fails(*numbers)
    lab.submit(address)
    assert [ended.outcome.label for ended in lab.after(2 * SECOND)] == [expected]


def test_a_reply_after_the_timeout_is_late_though_an_error_came_first() -> None:
    """The probe has ended with the error's reason; it does not end again."""
    lab = Lab()
    lab.network.default = then(fails(3, 1), answers(2 * SECOND + 1))
    lab.submit(HOST)
    assert lab.outcomes_after(2 * SECOND) == [(0, Outcome.UNREACHABLE_HOST)]
    assert lab.after(SECOND) == []
    assert lab.statistics.late_replies == 1


def test_of_several_errors_the_first_is_the_reason() -> None:
    """In one drain or in two; the others are duplicates."""
    lab = Lab()
    lab.network.default = then(fails(3, 13), fails(3, 1), fails(11, 0, after_ns=50 * MS))
    lab.submit(HOST)
    assert lab.after(5 * MS) == []
    assert lab.after(50 * MS) == []
    assert lab.noted() == [(0, 1)]
    assert lab.unmatched() == {"duplicate": 2}
    assert lab.outcomes_after(2 * SECOND) == [(0, Outcome.PROHIBITED)]


@pytest.mark.parametrize("quoted", [8, 24])
def test_an_error_about_an_answered_probe_is_a_duplicate(quoted: int) -> None:
    """The reply came first; what a router says later changes nothing."""
    lab = Lab()
    lab.network.default = lambda request: [reply(request, 1 * MS), *fails(3, 1, quoted=quoted)(request)]
    lab.submit(HOST)
    assert lab.outcomes_after(5 * MS) == [(0, Outcome.REPLY)]
    assert lab.unmatched() == {"duplicate": 1}
    assert lab.noted() == []


def test_an_error_proves_nothing_where_the_reply_may_have_been_dropped() -> None:
    """Our buffer overflowed while the probe was in flight: there may have been a reply."""
    lab = Lab()
    lab.network.default = fails(3, 1)
    lab.submit(HOST)
    assert lab.after(5 * MS) == []
    lab.network.to_lose = 1
    lab.network.deliver(Arrival(lab.clock.monotonic_ns(), OTHER, b""))
    assert lab.outcomes_after(2 * SECOND) == [(0, Outcome.INCONCLUSIVE)]


def test_an_error_is_forgotten_with_its_probe() -> None:
    """The next probe in the same row of the table is silent, not unreachable."""
    lab = Lab(capacity=1)
    lab.network.default = fails(3, 1)
    lab.submit(HOST)
    assert lab.outcomes_after(2 * SECOND) == [(0, Outcome.UNREACHABLE_HOST)]
    lab.network.default = lambda _: ()
    lab.submit(HOST)
    assert lab.outcomes_after(2 * SECOND) == [(0, Outcome.TIMEOUT)]


FORGERIES: dict[str, Callable[[Arrival], Arrival]] = {
    "destination": lambda honest: replace(honest, address=OTHER),
    "identifier": lambda honest: patched(honest, 4, b"\x00\x01"),
    "sequence": lambda honest: patched(honest, 6, b"\x00\x77"),
    "tag": lambda honest: patched(honest, 8, bytes([honest.data[8] ^ 1])),
    "token": lambda honest: patched(honest, 16, (64).to_bytes(8, "big")),
    "size": lambda honest: replace(honest, data=honest.data[:7]),
    "a reply": lambda honest: patched(honest, 0, b"\x00"),
    "checksum of eight bytes": lambda honest: replace(
        honest, data=honest.data[:2] + bytes([honest.data[2] ^ 1]) + honest.data[3:8]
    ),
    "sequence of eight bytes": lambda honest: replace(honest, data=honest.data[:7] + bytes([honest.data[7] ^ 1])),
}
"""What is wrong with an error that is right in all else."""
COUNTED = dict.fromkeys(FORGERIES, "mismatch") | {"size": "malformed", "a reply": "malformed"}


@pytest.mark.parametrize("kind", [3, 5, 11])
@pytest.mark.parametrize("wrong", FORGERIES)
def test_a_forged_error_is_counted_once_and_changes_nothing(wrong: str, kind: int) -> None:
    """No reason, no confirmation, no count of an advice; the probe goes on waiting, and its reply counts."""
    lab = Lab()

    def host(request: Request) -> list[Arrival]:
        (honest,) = fails(kind, 1)(request)
        return [FORGERIES[wrong](honest)]

    lab.network.default = host
    lab.submit(HOST)
    assert lab.after(6 * MS) == []
    assert (lab.unmatched(), lab.ignored(), lab.noted()) == ({COUNTED[wrong]: 1}, {}, [])
    assert lab.outcomes_after(2 * SECOND) == [(0, Outcome.TIMEOUT)]


def test_eight_bytes_of_ipv6_are_not_enough() -> None:
    """RFC 4443, 2.4 demands all that fits, and the sequence alone can be guessed."""
    lab, address = lab_of(6, fails(1, 3, quoted=8))
    lab.submit(address)
    assert lab.after(6 * MS) == []
    assert (lab.unmatched(), lab.noted()) == ({"malformed": 1}, [])
    lab.networks[6].default = fails(1, 3, quoted=16)
    lab.submit(address, number=2)
    assert lab.after(6 * MS) == []
    assert lab.noted() == [(0, 2)]


def test_an_error_before_anything_was_sent_is_a_mismatch() -> None:
    """A restart may find the errors of its predecessor."""
    lab = Lab()
    lab.network.deliver(Arrival(lab.clock.monotonic_ns(), HOST, b"\x08\x00\x00\x00\x04\xd2\x00\x07", (3, 1)))
    assert lab.collect() == []
    assert lab.unmatched() == {"mismatch": 1}


class Attacker:
    """Sees the probes to his own points alone, and makes up errors about the others from what he knows."""

    def __init__(self, seen: Sequence[Request]) -> None:
        self.seen = seen

    def guesses(self, victim: str, at_ns: int) -> list[Arrival]:
        """Errors about the next probes, of eight bytes and whole, with all that he has seen of his own."""
        last = self.seen[-1].packet
        token = int.from_bytes(last[16:24], "big")
        found = []
        for next_token in range(token - 8, token + 8):
            sequence = (next_token & 0xFFFF).to_bytes(2, "big")
            for request in self.seen:
                head = request.packet[:6] + sequence
                body = request.packet[8:16] + (next_token & (1 << 64) - 1).to_bytes(8, "big")
                found += [Arrival(at_ns, victim, data, (3, 1)) for data in (head, head + body)]
        return found


@settings(deadline=None, derandomize=True, max_examples=30)
@given(st.integers(0, 2**128 - 1), st.integers(1, 30))
def test_who_sees_his_own_probes_can_guess_no_other(key: int, count: int) -> None:
    """Identifier, sequence and token are known to him; the tag, and so the checksum, is not."""
    lab = Lab(capacity=1 << 8, key=key)
    own, victim = "10.77.0.66", "10.77.0.1"
    seen = [request for number in range(count) for request in lab.submit(own, number=number)]
    lab.collect()
    (target,) = lab.submit(victim, first=7, number=99)
    guesses = Attacker(seen).guesses(victim, lab.clock.monotonic_ns())
    assert target.packet[:2] + target.packet[4:8] in {guess.data[:2] + guess.data[4:8] for guess in guesses}
    lab.network.deliver(*guesses)
    lab.collect()
    # Of so many guesses at 16 bits one may be right by chance; a whole quote never is.
    lucky = target.packet[:8] in {guess.data for guess in guesses}
    assert (7, 99) not in lab.noted() or lucky
    assert (7, Outcome.REPLY) in lab.outcomes_after(20 * MS)


def test_tags_of_two_runs_have_nothing_in_common() -> None:
    """The key makes them; addresses and tokens are the same."""
    first, second = Lab(key=1), Lab(key=2)
    tags = [request.packet[8:16] for lab in (first, second) for request in lab.submit(*[HOST] * 50)]
    assert len(set(tags)) == 100


junk = st.tuples(
    st.sampled_from([HOST, OTHER, "10.77.0.66"]),
    st.one_of(st.binary(max_size=40), st.binary(min_size=16, max_size=32).map(lambda data: b"\x00\x00" + data)),
    st.one_of(st.none(), st.tuples(st.sampled_from([3, 5, 11, 12]), st.integers(0, 15))),
)


@settings(deadline=None, derandomize=True, max_examples=150)
@given(st.lists(junk, max_size=30))
def test_junk_ends_nothing_and_is_counted(messages: list[tuple[str, bytes, tuple[int, int] | None]]) -> None:
    """Whatever bytes come as a reply or as a quote: each is counted once, and the honest replies are as ever."""
    lab = Lab()
    lab.submit(HOST, OTHER)
    for address, data, error in messages:
        lab.network.deliver(Arrival(lab.clock.monotonic_ns(), address, data, error))
    assert lab.collect() == []
    assert sum(lab.unmatched().values()) == len(messages)
    assert (lab.noted(), lab.ignored()) == ([], {})
    assert lab.outcomes_after(20 * MS) == [(0, Outcome.REPLY), (1, Outcome.REPLY)]
