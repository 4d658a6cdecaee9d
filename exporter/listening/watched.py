"""A protocol under watch: what its connection does is written down where others decide by it."""

import asyncio
from collections.abc import Callable, MutableMapping

from exporter.listening.room import ConnectionLimits, OpenConnection

ProtocolFactory = Callable[[], asyncio.Protocol]

_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Watched(asyncio.Protocol):
    """Hands everything on to another protocol. `gone` is set when the connection is."""

    def __init__(
        self,
        protocol: asyncio.Protocol,
        held: OpenConnection,
        limits: ConnectionLimits,
        gone: asyncio.Event,
        registry: MutableMapping[asyncio.BaseTransport, OpenConnection],
    ) -> None:
        self._protocol, self._held, self._limits = protocol, held, limits
        self._gone, self._registry = gone, registry
        self._transport: asyncio.Transport | None = None
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """TLS, if any, is agreed upon."""
        self._registry[transport] = self._held
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
        self._protocol.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Of a head only so much is read, however many pieces it comes in."""
        held = self._held
        if held.busy_since is None:
            held.head_bytes += len(data)
            if held.head_since is None:
                held.head_since = self._loop.time()
            most = self._limits.head_bytes
            if most is not None and held.head_bytes > most and self._transport is not None:
                self._transport.write(_TOO_LARGE)
                self._transport.close()
                return
        self._protocol.data_received(data)

    def eof_received(self) -> bool | None:
        """Hand it on."""
        return self._protocol.eof_received()

    def pause_writing(self) -> None:
        """The other side does not take what is sent."""
        self._held.stalled_since = self._loop.time()
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        """It does again."""
        self._held.stalled_since = None
        self._protocol.resume_writing()

    def connection_lost(self, error: Exception | None) -> None:
        """Hand it on, and tell."""
        if self._transport is not None:
            self._registry.pop(self._transport, None)
        self._protocol.connection_lost(error)
        self._gone.set()
