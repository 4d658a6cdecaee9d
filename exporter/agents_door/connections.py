"""Accepts connections: counted before anything is paid for them, and each ended after its time, whatever it does."""

import asyncio
import socket
import ssl
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from exporter.agents_door.limits import Buckets, client_of

LIFE_SECONDS = 15.0
"""A connection is one request: handshake, head, body and answer have so long together."""
_AT_ONCE = 64
"""Accepted before others have a turn."""
_FINE = 5.0
"""What a handshake that fails costs its client, in connections: some milliseconds of ours were spent on it."""
_FAREWELL_SECONDS = 1.0
"""For the other side to end TLS; what was said was said."""

ProtocolFactory = Callable[[], asyncio.Protocol]


class Connections:
    """The connections of one listener. `refused` is called for each that is closed unheard.

    `most` are all at once, `most_of_one` those of one client; `rates` say how often a client may connect.
    """

    def __init__(
        self,
        rates: Buckets,
        most: int,
        most_of_one: int,
        refused: Callable[[], None],
        late: Callable[[], None],
        life_seconds: float = LIFE_SECONDS,
    ) -> None:
        self._rates, self._most, self._most_of_one = rates, most, most_of_one
        self._refused, self._late, self._life_seconds = refused, late, life_seconds
        self._of_client: Counter[str] = Counter()
        self._open = 0

    async def serve(self, listener: socket.socket, factory: ProtocolFactory, context: ssl.SSLContext | None) -> None:
        """Accept until cancelled; then every connection is gone."""
        loop = asyncio.get_running_loop()
        wake = asyncio.Event()
        loop.add_reader(listener.fileno(), wake.set)
        try:
            async with asyncio.TaskGroup() as group:
                while True:
                    await wake.wait()
                    wake.clear()
                    for _ in range(_AT_ONCE):
                        accepted = self._accept(listener)
                        if accepted is None:
                            break
                        group.create_task(self._live(*accepted, factory, context))
                    else:
                        wake.set()
                        await asyncio.sleep(0)
        finally:
            loop.remove_reader(listener.fileno())

    def _accept(self, listener: socket.socket) -> tuple[socket.socket, str] | None:
        """The next connection that may live; None where none waits."""
        for _ in range(_AT_ONCE):
            try:
                connection, address = listener.accept()
            except (BlockingIOError, InterruptedError):
                return None
            except OSError:  # it has gone again, or there is no descriptor left: those that wait go on waiting
                return None
            client = client_of(address[0])
            if self._has_room(client):
                connection.setblocking(False)
                self._of_client[client] += 1
                self._open += 1
                return connection, client
            connection.close()
            self._refused()
        return None

    def _has_room(self, client: str) -> bool:
        if self._open >= self._most or self._of_client[client] >= self._most_of_one:
            return False
        return self._rates.take(client, asyncio.get_running_loop().time())

    async def _live(
        self, connection: socket.socket, client: str, factory: ProtocolFactory, context: ssl.SSLContext | None
    ) -> None:
        """One connection from its handshake to its end."""
        gone = asyncio.Event()
        transport: asyncio.Transport | None = None
        try:
            async with asyncio.timeout(self._life_seconds):
                loop = asyncio.get_running_loop()
                transport, _ = await loop.connect_accepted_socket(
                    lambda: _Watched(factory(), gone),
                    connection,
                    ssl=context,
                    ssl_handshake_timeout=self._life_seconds if context else None,
                    ssl_shutdown_timeout=_FAREWELL_SECONDS if context else None,
                )
                await gone.wait()
        except TimeoutError:
            self._late()
        except (OSError, ssl.SSLError):
            # It went, or speaks no TLS: nothing was said that could be answered. Whoever does so again and again is
            # soon refused before TLS is begun for him.
            if context is not None:
                self._rates.fine(client, asyncio.get_running_loop().time(), _FINE)
        finally:
            if transport is not None:
                transport.abort()
            with suppress(OSError):
                connection.close()
            self._open -= 1
            self._of_client[client] -= 1
            if not self._of_client[client]:
                del self._of_client[client]


class _Watched(asyncio.Protocol):
    """A protocol that tells when its connection is gone."""

    def __init__(self, protocol: asyncio.Protocol, gone: asyncio.Event) -> None:
        self._protocol, self._gone = protocol, gone

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Hand it on."""
        self._protocol.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Hand it on."""
        self._protocol.data_received(data)

    def eof_received(self) -> bool | None:
        """Hand it on."""
        return self._protocol.eof_received()

    def pause_writing(self) -> None:
        """Hand it on."""
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        """Hand it on."""
        self._protocol.resume_writing()

    def connection_lost(self, error: Exception | None) -> None:
        """Hand it on, and tell."""
        self._protocol.connection_lost(error)
        self._gone.set()
