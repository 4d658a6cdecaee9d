"""Clients that mean harm, over real sockets: whatever they do, a scrape is answered and the log stays small.

The limits are made small, so that few clients are many.
"""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import replace

import aiohttp
import pytest

from exporter.web import scrapes, server
from exporter.web.server import WebOptions
from tests.exporter.web.conftest import connect_raw, read_all
from tests.exporter.web.running import FakeState, serving
from tests.patience import promptly

GET = b"GET /metrics HTTP/1.1\r\nHost: a\r\n"
MOST, OF_ONE = 40, 24


@pytest.fixture
async def small(monkeypatch: pytest.MonkeyPatch, state: FakeState) -> AsyncIterator[tuple[str, int]]:
    """A server with few places and short times."""
    limits = replace(server.LIMITS, most=MOST, most_of_one=OF_ONE, reserved=8, head_seconds=1.0, stalled_seconds=2.0)
    monkeypatch.setattr(server, "LIMITS", limits)
    async with serving(state, options=WebOptions()) as bound:
        yield bound


async def scrape(address: tuple[str, int], path: str = "/metrics", seconds: float = 40.0) -> int:
    """The status of one well-behaved request over a connection of its own."""
    async with (
        asyncio.timeout(seconds),
        aiohttp.ClientSession() as session,
        session.get("http://{}:{}{}".format(*address, path)) as response,
    ):
        await response.read()
        return response.status


BEGINNINGS = {
    "says nothing": b"",
    "does not finish its head": GET + b"X-Slow: ",
    "sends half a name": b"GE",
    "does not read": GET + b"\r\n",
    "does not read a hundred answers": (GET + b"\r\n") * 100,
    "announces a body": GET + b"Content-Length: 1000\r\n\r\n",
    "sends chunks without end": GET + b"Transfer-Encoding: chunked\r\n\r\n400\r\n" + b"a" * 1024,
    "speaks TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64,
    "is no HTTP": b"\x00\xff" * 100,
    "has many headers": GET + b"".join(b"X-%d: a\r\n" % number for number in range(500)),
    "has one huge header": GET + b"X-Huge: " + b"a" * 200_000,
}


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
async def test_a_scrape_is_answered_beside_a_crowd(
    small: tuple[str, int], state: FakeState, beginning: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """Three times as many as there are places, from the very address that scrapes."""
    state.labels = FakeState(100).labels
    with ExitStack() as crowd:
        for _ in range(3 * MOST):
            raw = crowd.enter_context(socket.socket())
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            raw.setblocking(False)
            try:
                await asyncio.get_running_loop().sock_connect(raw, small)
                await asyncio.get_running_loop().sock_sendall(raw, beginning)
            except OSError:  # it was closed on meanwhile
                pass
        assert [await scrape(small), await scrape(small, "/-/healthy")] == [200, 200]
    assert len(caplog.records) < 10


async def test_a_kept_connection_outlives_a_crowd(small: tuple[str, int], state: FakeState) -> None:
    """Prometheus keeps its connection: those that never asked for anything make room before it does."""
    async with aiohttp.ClientSession("http://{}:{}".format(*small)) as session:
        for _ in range(3):
            async with session.get("/metrics") as response:
                assert response.status == 200
                port = response.connection and response.connection.transport
                before = port.get_extra_info("sockname") if port else None
                await response.read()
            crowd = [await connect_raw(small, b"") for _ in range(2 * MOST)]
            async with session.get("/-/healthy") as response:
                after = response.connection and response.connection.transport
                assert response.status == 200
                assert after is None or after.get_extra_info("sockname") == before
            for raw in crowd:
                raw.close()


async def test_slow_heads_are_ended_in_time(small: tuple[str, int]) -> None:
    """Slowloris: a byte now and then does not keep a connection."""
    raw = await connect_raw(small, b"GET / HTTP/1.1\r\n")
    loop = asyncio.get_running_loop()
    with promptly(8):
        while True:
            try:
                await loop.sock_sendall(raw, b"a")
            except OSError:
                break
            await asyncio.sleep(0.1)
    raw.close()


async def test_a_half_closed_client_is_gone(small: tuple[str, int], state: FakeState) -> None:
    """Who ends his side gets his answer, or none, and holds nothing."""
    raw = await connect_raw(small, b"GET /-/healthy HTTP/1.1\r\nHost: a\r\n\r\n")
    raw.shutdown(socket.SHUT_WR)
    with promptly(8):
        await read_all(raw)
    raw.close()
    assert await scrape(small) == 200


async def test_beyond_its_places_a_scrape_is_told_so(
    state: FakeState, monkeypatch: pytest.MonkeyPatch, small: tuple[str, int]
) -> None:
    """503 and when to come again; it is counted under its code."""
    monkeypatch.setattr(scrapes, "MOST_SCRAPES", 0)
    assert await scrape(small) == 503
    assert state.own.scrapes.by_code[503] == 1
    assert state.own.scrapes.in_flight == 0


async def test_an_answer_is_in_time_or_says_that_it_is_not(
    state: FakeState, client: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """X-Prometheus-Scrape-Timeout-Seconds: what cannot be rendered by then is 503, and not a connection that hangs."""
    original = state.snapshot

    def slow() -> object:
        time.sleep(0.6)
        return original()

    monkeypatch.setattr(state, "snapshot", slow)
    async with asyncio.timeout(5), client.get("/metrics", headers={scrapes.TIMEOUT_HEADER: "0.2"}) as response:
        assert response.status == 503


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("10", 9.5), ("1", 0.75), ("3600", 30.0), *((wrong, 30.0) for wrong in ("", "a", "nan", "inf", "-1", "0"))],
)
def test_what_a_scraper_says_of_its_patience(header: str, seconds: float) -> None:
    """A little is left for the way; what makes no sense is as if it were not said."""
    assert scrapes.patience(header) == seconds


async def test_a_large_body_is_refused_unread(small: tuple[str, int]) -> None:
    """413 at once, though nothing of it has come."""
    raw = await connect_raw(small, b"POST /-/reload HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
    assert (await read_all(raw)).startswith(b"HTTP/1.1 413 ")
    raw.close()
