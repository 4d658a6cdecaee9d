"""A server on a free port of the loopback, and raw clients that need not behave."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import aiohttp
import pytest

from tests.exporter.web.running import FakeState, serving

RawClient = Callable[[bytes], Awaitable[socket.socket]]


@pytest.fixture
def state() -> FakeState:
    """The running exporter behind the server."""
    return FakeState()


@pytest.fixture
async def address(state: FakeState) -> AsyncIterator[tuple[str, int]]:
    """Where the server over `state` listens."""
    async with serving(state) as bound:
        yield bound


@pytest.fixture
async def client(address: tuple[str, int]) -> AsyncIterator[aiohttp.ClientSession]:
    """A well-behaved client, which shows a body as it came over the wire."""
    base = "http://{}:{}".format(*address)
    async with aiohttp.ClientSession(base, auto_decompress=False) as session:
        yield session


@pytest.fixture
def raw_client(address: tuple[str, int]) -> Iterator[RawClient]:
    """Opens a connection with a small receive buffer, sends what it is given, and reads nothing by itself."""
    opened: list[socket.socket] = []

    async def connect(request: bytes) -> socket.socket:
        opened.append(await connect_raw(address, request))
        return opened[-1]

    yield connect
    for raw in opened:
        raw.close()


async def connect_raw(address: tuple[str, int], request: bytes) -> socket.socket:
    """A connection with a small receive buffer over which `request` was sent; the caller closes it."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.setblocking(False)
    await asyncio.get_running_loop().sock_connect(raw, address)
    await asyncio.get_running_loop().sock_sendall(raw, request)
    return raw


async def read_all(raw: socket.socket) -> bytes:
    """All that comes until the server closes or resets the connection."""
    loop, parts = asyncio.get_running_loop(), []
    try:
        while part := await loop.sock_recv(raw, 65536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)
