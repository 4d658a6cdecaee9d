"""What the settings say of each packet is what goes over the wire: source, DSCP, size, family, of either engine."""

import asyncio
import socket
import struct
import time
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pytest

from exporter.probing.icmp.batch import BatchEngine
from exporter.probing.icmp.opening import open_engine
from exporter.probing.outcome import Observations, Outcome
from lab.city.namespace import CityNamespace
from pantau.clock import SystemClock
from pantau.errors import EngineUnavailableError
from pantau.inventory.settings import Probing
from tests.exporter.probing.icmp.lacking import Option, open_lacking, options_of, probe_loopback
from tests.network import SECOND, words

pytestmark = pytest.mark.city

_ETH_P_ALL = 0x0003
_REQUESTS = {4: 8, 6: 128}
SOURCE4, SOURCE6 = "10.77.9.9", "fd77::9:9"
HOST4, HOST6 = "10.77.0.1", "fd77::1"


class Sent(NamedTuple):
    """An echo request as it went over the wire."""

    source: str
    destination: str
    dscp: int
    payload: int


@pytest.fixture(scope="module")
def city() -> Iterator[CityNamespace]:
    """A city in which datagram sockets are permitted, and whose second address may be a source."""
    with CityNamespace() as namespace:
        namespace.allow_datagram_sockets(True)
        namespace.run("ip", "address", "add", f"{SOURCE4}/32", "dev", "lo")
        namespace.run("ip", "address", "add", f"{SOURCE6}/128", "dev", "lo", "nodad")
        yield namespace


def _requests(settings: dict[str, object], addresses: list[str]) -> tuple[list[Sent], list[Outcome]]:
    """What an engine of these settings sends for a probe of each address, and what becomes of them. Inside the city."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ETH_P_ALL)) as wire:
        wire.setblocking(False)
        engine = open_engine(Probing.model_validate(settings), SystemClock())
        targets = np.arange(len(addresses), dtype=np.int32)
        try:
            engine.submit(targets, np.zeros(len(addresses), np.int64), words(*addresses), SECOND)
            results = _collect(engine, len(addresses)) if isinstance(engine, BatchEngine) else asyncio.run(_run(engine))
        finally:
            engine.close()
        return sorted(_read(wire)), [Outcome(code) for code in results.outcome[np.argsort(results.target)]]


def _collect(engine: BatchEngine, count: int) -> Observations:
    parts: list[Observations] = []
    deadline = time.monotonic() + 5
    while sum(map(len, parts)) < count and time.monotonic() < deadline:
        parts.append(engine.collect())
        time.sleep(0.005)
    return Observations.concatenate(parts)


async def _run(engine: object) -> Observations:
    running = asyncio.create_task(engine.run())  # type: ignore[attr-defined]
    await asyncio.sleep(0.3)
    running.cancel()
    return engine.collect()  # type: ignore[attr-defined,no-any-return]


def _read(wire: socket.socket) -> Iterator[Sent]:
    while True:
        try:
            packet, origin = wire.recvfrom(2048)
        except BlockingIOError:
            return
        if origin[2] != socket.PACKET_HOST:  # a loopback shows each packet twice, leaving and arriving
            continue
        if packet[0] >> 4 == 4 and packet[9] == 1 and packet[20] == _REQUESTS[4]:
            source, destination = (socket.inet_ntoa(packet[at : at + 4]) for at in (12, 16))
            yield Sent(source, destination, packet[1] >> 2, struct.unpack_from("!H", packet, 2)[0] - 28)
        if packet[0] >> 4 == 6 and packet[6] == 58 and packet[40] == _REQUESTS[6]:
            source, destination = (socket.inet_ntop(socket.AF_INET6, packet[at : at + 16]) for at in (8, 24))
            traffic_class = struct.unpack_from("!H", packet)[0] >> 4 & 0xFF
            yield Sent(source, destination, traffic_class >> 2, struct.unpack_from("!H", packet, 4)[0] - 8)


@pytest.mark.parametrize("kind", ["datagram", "raw"])
@pytest.mark.parametrize("size", [16, 17, 100, 1452])
def test_packets_leave_as_the_settings_say(city: CityNamespace, kind: str, size: int) -> None:
    """From the source of each family, marked, so long; and they are answered."""
    settings = {"engine": "batch", "socket": kind, "source": [SOURCE4, SOURCE6], "dscp": 46, "size": size}
    sent, outcomes = city.call(_requests, settings, [HOST4, HOST6])
    assert sent == [Sent(SOURCE4, HOST4, 46, size), Sent(SOURCE6, HOST6, 46, size)]
    assert outcomes == [Outcome.REPLY, Outcome.REPLY]


def test_the_aioping_engine_sends_from_the_source_too(city: CityNamespace) -> None:
    """Marked likewise; its length is its own."""
    settings = {"engine": "aioping", "source": [SOURCE4, SOURCE6], "dscp": 10}
    sent, outcomes = city.call(_requests, settings, [HOST4, HOST6])
    assert sent == [Sent(SOURCE4, HOST4, 10, 192), Sent(SOURCE6, HOST6, 10, 192)]
    assert outcomes == [Outcome.REPLY, Outcome.REPLY]


@pytest.mark.parametrize("engine", ["batch", "aioping"])
def test_of_one_family_alone_the_other_leaves_no_packet(city: CityNamespace, engine: str) -> None:
    """What is not probed is unknown by our own doing, and no fault of the hotspot."""
    for family, host, other in (("ipv4", HOST4, HOST6), ("ipv6", HOST6, HOST4)):
        sent, outcomes = city.call(_requests, {"engine": engine, "family": family}, [host, other])
        assert [one.destination for one in sent] == [host]
        assert outcomes == [Outcome.REPLY, Outcome.SEND]


@pytest.mark.parametrize("engine", ["batch", "aioping"])
def test_an_interface_is_a_source(city: CityNamespace, engine: str) -> None:
    """Out of the loopback everything answers, out of the device to the router nothing of the city is reached."""
    sent, outcomes = city.call(_requests, {"engine": engine, "source": "lo"}, [HOST4, HOST6])
    assert [one.destination for one in sent] == [HOST4, HOST6]
    assert outcomes == [Outcome.REPLY, Outcome.REPLY]
    sent, outcomes = city.call(_requests, {"engine": engine, "source": "outward"}, [HOST4])
    assert Outcome.REPLY not in outcomes
    with pytest.raises(EngineUnavailableError, match="no interface nosuch0"):
        city.call(_requests, {"engine": engine, "source": "nosuch0"}, [HOST4])


@pytest.mark.parametrize("family", [4, 6])
def test_a_datagram_socket_without_one_option_probes(city: CityNamespace, family: int) -> None:
    """Each in turn, and all together; see the fast tests for what is told of it."""

    def probe_without(options: list[Option]) -> tuple[list[int], bool]:
        return probe_loopback(open_lacking(family, socket.SOCK_DGRAM, options, 92))  # type: ignore[arg-type]

    options = options_of(family, socket.SOCK_DGRAM)  # type: ignore[arg-type]
    found = [city.call(probe_without, [option]) for option in options]
    assert found == [([Outcome.REPLY] * 20, True)] * len(options)
    assert city.call(probe_without, options) == ([Outcome.REPLY] * 20, False)
