"""Replies that come and do not count are told: what came, from whom, how often, when last; and nothing more."""

from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_address

import numpy as np
import pytest

from exporter.probing.icmp.unusable import MEANINGS, Defect
from exporter.probing.outcome import Outcome
from tests.exporter.probing.icmp.lab import HOST, Lab, hosts
from tests.network import MS, SECOND, Arrival, Network, Request, answers, fails, patched, reply, silent

OTHER = "10.77.0.99"
V6, OTHER6 = "2001:db8::1", "2001:db8::99"


def elsewhere(request: Request) -> Arrival:
    """A device behind a NAT that answers from the NAT's own address."""
    return replace(reply(request), address=OTHER6 if ":" in request.address else OTHER)


SPOILT: dict[str, tuple[Defect, Callable[[Request], Arrival]]] = {
    "from another address": (Defect.OTHER_ADDRESS, elsewhere),
    "8 of 16 bytes": (Defect.TRUNCATED, lambda request: replace(reply(request), data=reply(request).data[:16])),
    "no payload at all": (Defect.TRUNCATED, lambda request: replace(reply(request), data=reply(request).data[:8])),
    "one byte less": (Defect.TRUNCATED, lambda request: replace(reply(request), data=reply(request).data[:23])),
    "zeroed": (Defect.ALTERED, lambda request: patched(reply(request), 8, bytes(16))),
    "tag zeroed": (Defect.ALTERED, lambda request: patched(reply(request), 8, bytes(8))),
    "token": (Defect.ALTERED, lambda request: patched(reply(request), 16, b"\x55" * 8)),
    "one bit": (Defect.ALTERED, lambda request: patched(reply(request), 23, bytes([request.packet[23] ^ 1]))),
    "identifier": (Defect.ALTERED, lambda request: patched(reply(request), 4, b"\x00\x01")),
    "sequence": (Defect.ALTERED, lambda request: patched(reply(request), 6, b"\xee\xee")),
}


@pytest.mark.parametrize("address", [HOST, V6])
@pytest.mark.parametrize("case", SPOILT)
def test_what_came_is_told(case: str, address: str) -> None:
    """No reply for the verdict, but known by target: defect, sender, probes, time of the last."""
    defect, spoil = SPOILT[case]
    lab = Lab(families=(4, 6))
    for network in lab.networks.values():
        network.default = lambda request: [spoil(request)]
    for number in range(3):
        lab.submit(address, first=5, number=number)
        assert lab.outcomes_after(2 * SECOND) == [(5, Outcome.TIMEOUT)]
    (told,) = lab.engine.unusable_replies(5)
    sender = (OTHER if address == HOST else OTHER6) if defect is Defect.OTHER_ADDRESS else address
    assert (told.defect, told.address, told.probes) == (defect, ip_address(sender), 3)
    assert told.last_wall_ns == lab.clock.wall_ns() - 2 * SECOND + 10 * MS
    assert lab.engine.unusable_replies(4) == ()


@pytest.mark.parametrize("case", SPOILT)
def test_a_hotspot_that_answers_well_has_nothing_told_of_it(case: str) -> None:
    """A forger who spoils copies of replies, before or after the honest one, leaves no trace."""
    spoil = SPOILT[case][1]
    for order in (1 * MS, 20 * MS):
        lab = Lab()

        def host(request: Request, after_ns: int = order) -> list[Arrival]:
            return [replace(spoil(request), at_ns=request.at_ns + after_ns), reply(request)]

        lab.network.default = host
        lab.submit(HOST)
        assert lab.outcomes_after(3 * SECOND) == [(0, Outcome.REPLY)]
        assert lab.engine.unusable_replies(0) == ()


def test_silence_and_errors_leave_nothing() -> None:
    """There is nothing to tell where nothing came."""
    lab = Lab()
    lab.network.hosts[HOST] = silent
    lab.network.default = fails(3, 1)
    lab.submit(HOST, "10.77.0.2")
    lab.after(2 * SECOND)
    assert [lab.engine.unusable_replies(target) for target in (0, 1)] == [(), ()]


def test_padding_that_was_lost_is_truncated() -> None:
    """Tag and token are whole, and the rest is not: an MTU on the way."""
    lab = Lab(padding=984)
    lab.network.default = lambda request: [replace(reply(request), data=reply(request).data[:500])]
    lab.submit(HOST)
    lab.after(2 * SECOND)
    assert [told.defect for told in lab.engine.unusable_replies(0)] == [Defect.TRUNCATED]


@pytest.mark.parametrize("place", [24, 500, 1007])
def test_padding_that_was_changed_is_altered(place: int) -> None:
    """One bit of a thousand bytes: whoever rewrites the payload may rewrite the rest."""
    lab = Lab(padding=984)
    lab.network.default = lambda request: [patched(reply(request), place, b"\x01")]
    lab.submit(HOST)
    assert lab.outcomes_after(2 * SECOND) == [(0, Outcome.TIMEOUT)]
    assert [told.defect for told in lab.engine.unusable_replies(0)] == [Defect.ALTERED]
    assert lab.unmatched() == {"mismatch": 1}


def test_each_defect_is_kept_apart_with_its_last_sender() -> None:
    """A NAT with two addresses beside a firewall that cuts: three probes, two defects."""
    lab = Lab()
    senders = iter(["10.77.0.98", "10.77.0.97"])
    lab.network.default = lambda request: [replace(reply(request), address=next(senders))]
    for number in range(2):
        lab.submit(HOST, number=number)
        lab.after(2 * SECOND)
    lab.network.default = lambda request: [replace(reply(request), data=reply(request).data[:16])]
    lab.submit(HOST, number=2)
    lab.after(2 * SECOND)
    told = [(one.defect, str(one.address), one.probes) for one in lab.engine.unusable_replies(0)]
    assert told == [(Defect.OTHER_ADDRESS, "10.77.0.97", 2), (Defect.TRUNCATED, HOST, 1)]


def test_a_reload_takes_it_along() -> None:
    """To the hotspot's new row; what is gone, or has another address, is forgotten."""
    lab = Lab()
    lab.network.default = lambda request: [elsewhere(request)]
    lab.submit(*hosts(3))
    lab.submit(HOST, first=1 << 30)
    lab.after(2 * SECOND)
    lab.engine.retarget(np.array([2, -1, 0], np.int32))
    known = [len(lab.engine.unusable_replies(target)) for target in (0, 1, 2, 1 << 30)]
    assert known == [1, 0, 1, 1]


@pytest.mark.parametrize("identifier", [b"\x04\xd2", b"\x00\x01"])
def test_what_is_told_does_not_hang_on_the_identifier(identifier: bytes) -> None:
    """Whoever sends guesses from a hotspot's address sees the same whether the identifier was right."""
    lab = Lab()
    lab.network.default = lambda request: [patched(patched(reply(request), 8, bytes(16)), 4, identifier)]
    lab.submit(HOST)
    lab.after(2 * SECOND)
    assert [told.defect for told in lab.engine.unusable_replies(0)] == [Defect.ALTERED]
    assert lab.unmatched() == {"mismatch": 1}


def test_a_flood_costs_no_memory_and_counts_each_probe_once() -> None:
    """A hundred thousand messages from as many addresses: one entry, of the last sender that knew the tag."""
    lab = Lab()
    lab.network.default = silent
    (request,) = lab.submit(HOST)
    for first in range(0, 100_000, 20_000):
        lab.network.deliver(*_flood(lab.network, request, first, 20_000))
        lab.collect()
    assert lab.outcomes_after(2 * SECOND) == [(0, Outcome.TIMEOUT)]
    assert [(told.defect, told.probes) for told in lab.engine.unusable_replies(0)] == [(Defect.OTHER_ADDRESS, 1)]
    assert lab.statistics.unmatched["mismatch"] == 100_000


def _flood(network: Network, request: Request, first: int, count: int) -> list[Arrival]:
    assert network.sent
    honest = reply(request, 0)
    start = ip_address("11.0.0.1")
    return [replace(honest, address=str(start + first + number)) for number in range(count)]


def test_what_arrives_when_nobody_asked_is_of_nobody() -> None:
    """Empty, short, of another type, to a probe that is over: no entry and no error."""
    lab = Lab()
    (request,) = lab.submit(HOST)
    lab.after(20 * MS)
    strays = [b"", b"\0", reply(request).data[:7], b"\x08" + request.packet[1:], reply(request).data[:8] + bytes(16)]
    for data in strays:
        lab.network.deliver(Arrival(lab.clock.monotonic_ns(), HOST, data))
    lab.after(3 * SECOND)
    assert lab.engine.unusable_replies(0) == ()


def test_each_defect_has_its_cure_in_both_languages() -> None:
    """One sentence each, with the address in it."""
    assert set(MEANINGS) == set(Defect) - {Defect.NONE}
    for meanings in MEANINGS.values():
        for sentence in meanings:
            assert sentence.count("{address}") == 1
    assert "put that address into the inventory" in MEANINGS[Defect.OTHER_ADDRESS][1]


def test_honest_answers_cost_nothing() -> None:
    """The usual case never comes here."""
    lab = Lab()
    lab.network.default = answers()
    lab.submit(*hosts(20))
    assert len(lab.after(20 * MS)) == 20
    assert [lab.engine.unusable_replies(target) for target in range(20)] == [()] * 20
