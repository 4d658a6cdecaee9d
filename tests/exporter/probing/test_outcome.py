"""Outcomes, batches of results, and addresses as words."""

from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TypeGuard

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.probing.addresses import address_of_words, address_rows, address_words, is_ipv4
from exporter.probing.icmp.transport import no_errors, no_replies
from exporter.probing.outcome import NO_RTT, REASONS, Observations, Outcome, renamed
from tests.network import words


def results(*targets: int) -> Observations:
    """Refused probes of these targets, at rounds 10, 11, ..."""
    numbers = np.arange(10, 10 + len(targets), dtype=np.int64)
    return Observations.unsent(np.array(targets, np.int32), numbers, Outcome.SEND, 7)


def test_the_reasons_are_the_contract_s_closed_list() -> None:
    """Label values in the order of their numbers; those of our own making come last."""
    labels = [
        "timeout",
        "unreachable_net",
        "unreachable_host",
        "prohibited",
        "ttl_exceeded",
        "resolve",
        "send",
        "inconclusive",
    ]
    assert [reason.label for reason in REASONS] == labels
    assert [reason.value for reason in REASONS] == list(range(1, 9))
    assert [outcome.label for outcome in Outcome if outcome.conclusive] == ["reply", *labels[:5]]


def test_what_never_left_has_no_rtt() -> None:
    """All columns of a refused batch."""
    refused = results(3, 4)
    assert (refused.target.tolist(), refused.round.tolist()) == ([3, 4], [10, 11])
    assert (refused.outcome.tolist(), refused.sent_ns.tolist()) == ([Outcome.SEND] * 2, [7, 7])
    assert refused.rtt_ns.tolist() == [NO_RTT, NO_RTT]


def test_batches_are_joined_with_all_their_columns() -> None:
    """None, one and several parts; the dtypes of nothing are those of something."""
    joined = Observations.concatenate([results(1), Observations.empty(), results(2, 3)])
    assert (joined.target.tolist(), joined.round.tolist()) == ([1, 2, 3], [10, 10, 11])
    assert len(Observations.empty()) == 0
    assert Observations.empty().target.dtype == np.int32
    assert results(5).take(np.array([False])).target.tolist() == []


def test_results_follow_their_targets_through_a_reload() -> None:
    """Those of removed targets are dropped; canaries, beyond the list, and the rest stay."""
    renamed_results = results(0, 1, 2, 1 << 30).retargeted(np.array([2, -1, 0], np.int32))
    assert renamed_results.target.tolist() == [2, 0, 1 << 30]
    assert renamed_results.round.tolist() == [10, 12, 13]


def test_a_forgotten_target_stays_forgotten() -> None:
    """-1 is no index from the end."""
    assert renamed(np.array([-1, 0], np.int32), np.array([5], np.int32)).tolist() == [-1, 5]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.77.0.1", (0, 0xFFFF_0A4D_0001)),
        ("255.255.255.255", (0, 0xFFFF_FFFF_FFFF)),
        ("2001:db8::ff", (0x2001_0DB8_0000_0000, 0xFF)),
        ("::1", (0, 1)),
    ],
)
def test_addresses_are_two_words_ipv4_mapped(text: str, expected: tuple[int, int]) -> None:
    """RFC 4291, 2.5.5.2; the way back gives the same address."""
    address = ip_address(text)
    assert address_words(address) == expected
    assert address_of_words(*expected) == address
    assert is_ipv4(words(text)).tolist() == [isinstance(address, IPv4Address)]


def not_mapped(address: IPv4Address | IPv6Address) -> TypeGuard[IPv6Address]:
    """Whether it is of IPv6 and no IPv4 address within it."""
    return isinstance(address, IPv6Address) and address.ipv4_mapped is None


@given(st.lists(st.ip_addresses(v=6).filter(not_mapped)))
def test_network_bytes_of_ipv6_become_the_same_words(addresses: list[IPv6Address]) -> None:
    """As the kernel writes them into a `sockaddr_in6`."""
    data = np.frombuffer(b"".join(address.packed for address in addresses), np.uint8).reshape(-1, 16)
    assert address_rows(data).tolist() == [list(address_words(address)) for address in addresses]


@given(st.lists(st.ip_addresses(v=4)))
def test_network_bytes_of_ipv4_become_mapped_words(addresses: list[IPv4Address]) -> None:
    """As the kernel writes them into a `sockaddr_in`."""
    data = np.frombuffer(b"".join(address.packed for address in addresses), np.uint8).reshape(-1, 4)
    assert address_rows(data).tolist() == [list(address_words(address)) for address in addresses]


def test_nothing_received_has_the_shape_of_something() -> None:
    """So that it can be joined with something."""
    assert (no_replies().data.shape, no_replies().source.shape) == ((0, 24), (0, 2))
    assert (no_errors().quoted.shape, no_errors().destination.shape) == ((0, 24), (0, 2))
