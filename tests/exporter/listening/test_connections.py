"""The door's budget of the loop: what a crowd costs before it has said anything, and how much is begun in a turn."""

import asyncio
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager

from exporter.listening.connections import _MOST_BEGUN, Connections, reset
from exporter.listening.room import ConnectionLimits
from tests.patience import PATIENCE_SECONDS

LIMITS = ConnectionLimits(most=64, most_of_one=48, reserved=8, makes_room=True, head_seconds=5.0)
CROWD = 150


class Begun(asyncio.Protocol):
    """Says hello to each that is begun."""

    def __init__(self, begun: list[int], turns: list[None]) -> None:
        begun.append(len(turns))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """At once."""
        assert isinstance(transport, asyncio.Transport)
        transport.write(b"hello")


@asynccontextmanager
async def door(limits: ConnectionLimits = LIMITS) -> AsyncIterator[tuple[tuple[str, int], Connections, list[int]]]:
    """An open door, its connections, and in which turn of the loop each was begun. Everybody is known, as here."""
    begun, turns = list[int](), list[None]()

    async def count_turns() -> None:
        while True:
            turns.append(None)
            await asyncio.sleep(0)

    connections = Connections(limits, [], lambda: None, lambda: None, known=lambda _: True)
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        listener.setblocking(False)
        async with asyncio.TaskGroup() as tasks:
            serving = tasks.create_task(connections.serve([listener], lambda: Begun(begun, turns), lambda: None))
            counting = tasks.create_task(count_turns())
            try:
                yield listener.getsockname(), connections, begun
            finally:
                serving.cancel()
                counting.cancel()


def come(opened: ExitStack, address: tuple[str, int], said: bytes) -> socket.socket:
    """A client."""
    one = opened.enter_context(socket.create_connection(address))
    one.sendall(said)
    one.setblocking(False)
    return one


async def test_who_says_nothing_is_a_bare_socket() -> None:
    """Of a crowd three times as large as its places nobody is begun; who speaks then is, whoever came before."""
    async with door() as (address, connections, begun):
        with ExitStack() as opened:
            for _ in range(CROWD):
                come(opened, address, b"")
            await asyncio.sleep(0.3)
            assert begun == []
            assert len(connections._first_bytes.silent) == len(connections._room.held) == LIMITS.most_of_one
            speaker = come(opened, address, b"x")
            async with asyncio.timeout(PATIENCE_SECONDS):
                assert await asyncio.get_running_loop().sock_recv(speaker, 5) == b"hello"
            assert len(begun) == 1
        async with asyncio.timeout(PATIENCE_SECONDS):
            while connections._room.held:  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.01)
        assert connections._first_bytes.silent == {}


async def test_few_are_begun_in_a_turn() -> None:
    """All of a crowd that speaks at once have their turn, and nothing else waits for more than a few of them."""
    async with door() as (address, _, begun):
        with ExitStack() as opened:
            for _ in range(CROWD):
                come(opened, address, b"x")
            async with asyncio.timeout(PATIENCE_SECONDS):
                while len(begun) < CROWD:  # noqa: ASYNC110 - nothing tells of it
                    await asyncio.sleep(0.01)
    assert max(Counter(begun).values()) <= _MOST_BEGUN


async def test_silence_ends_in_its_time() -> None:
    """Where a head has no time of its own a life has, and it counts for who has not begun it."""
    async with door(ConnectionLimits(8, 8, life_seconds=0.2)) as (address, connections, begun):
        with ExitStack() as opened:
            silent = come(opened, address, b"")
            async with asyncio.timeout(PATIENCE_SECONDS):
                assert await asyncio.get_running_loop().sock_recv(silent, 1) == b""
        assert (begun, connections._first_bytes.silent) == ([], {})


def test_tls_that_has_ended_is_ended_without_a_word() -> None:
    """As Debian 12's Python 3.11.2 has it: a transport that was closed twice has no protocol any more."""

    class Ended(asyncio.Transport):
        def is_closing(self) -> bool:
            return True

        def abort(self) -> None:
            raise AttributeError("'NoneType' object has no attribute '_abort'")

    reset(Ended())


async def test_who_waits_to_be_let_in_costs_nothing_meanwhile() -> None:
    """A listener at which somebody waits says so again and again; asked only when he may come in, the loop sleeps."""
    connections = Connections(LIMITS, [], lambda: None, lambda: None, gather_seconds=0.5)
    begun = list[int]()
    with socket.create_server(("127.0.0.1", 0)) as listener, ExitStack() as opened:
        listener.setblocking(False)
        async with asyncio.TaskGroup() as tasks:
            serving = tasks.create_task(connections.serve([listener], lambda: Begun(begun, []), lambda: None))
            await asyncio.sleep(0.01)
            came = time.thread_time()
            for _ in range(3):
                come(opened, listener.getsockname(), b"hello")
            await asyncio.sleep(0.4)
            used, let_in = time.thread_time() - came, len(begun)
            while len(begun) < 3:  # noqa: ASYNC110 - protocols tell of it
                await asyncio.sleep(0.05)
            serving.cancel()
    assert let_in == 0
    assert used < 0.1
