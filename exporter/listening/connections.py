"""Accepts connections: counted before anything is paid for them, and each ended after its time, whatever it does.

The loop that accepts is shared with what matters more, so the door has a budget of it. Of who has not sent a byte there
is a bare socket and nothing else: neither HTTP nor TLS is begun for him, and many are taken in at a time, so that a
crowd is soon out of the kernel's queue. Of those who have spoken few are begun at a time. After each turn the door
rests for a multiple of the processor's time that the turn took, and of what those will take who were begun in it. Where
descriptors are short it waits, too.
"""

import asyncio
import errno
import socket
import ssl
import struct
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

from exporter.listening.first_bytes import FirstBytes
from exporter.listening.limits import Buckets, client_of
from exporter.listening.room import ConnectionLimits, OpenConnection, Room
from exporter.listening.watched import ProtocolFactory, Watched

_AT_ONCE = 64
"""Accepted before others have a turn, ..."""
_TURN_SECONDS, _LONGEST_REST_SECONDS = 0.002, 0.01
"""... which lasts at least so long, and at most so much longer, ..."""
_REST = 3.0
"""... so many times as long as the door was busy: a quarter of the loop is its own."""
_BEGUN_AT_ONCE, _MOST_BEGUN, _BEGUN_A_SECOND = 4, 16, 400.0
"""Begun in a turn, and after a turn that came late, as many as it would have been by then."""
_BEGUN_SECONDS = 0.0004
"""What HTTP of one takes of the loop, about; TLS takes more, and strangers' is limited by rates."""
_ROOM_SECONDS, _AGAIN_SECONDS = 2.0, 0.05
"""So long a known client waits for room, and so often it is looked: somebody who works has soon done, or stalls."""
_SHORT_SECONDS = 0.2
"""Without a descriptor, or memory, for another connection: so long nobody is accepted."""
_SHORT = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_NO_LINGERING = struct.pack("ii", 1, 0)
"""socket(7): close resets the connection."""
_FAREWELL_SECONDS = 1.0
"""For the other side to end TLS; what was said was said."""
_SWEEP_SECONDS, _LONGEST_SECONDS = 0.25, 60.0
"""Connections are looked at when one may be overdue, so often at most, and so seldom."""
HANDSHAKE_SECONDS = 10.0


class Connections:
    """The connections of one listener. `refused` is called for each that is closed unheard, `late` for each overdue.

    `rates` say how often a client may connect; those whose address is `known` may always. `unspoken` is told each
    client with whom TLS could not be begun: some milliseconds of ours were spent on him. Who comes waits for others to
    come within `gather_seconds`, where nobody is in a hurry: to be woken for each costs as much as to let him in.
    """

    def __init__(
        self,
        limits: ConnectionLimits,
        rates: Sequence[Callable[[str, float], bool]],
        refused: Callable[[], None],
        late: Callable[[], None],
        known: Callable[[str], bool] = lambda _: False,
        unspoken: Callable[[str], None] = lambda _: None,
        gather_seconds: float = 0.0,
    ) -> None:
        self.limits, self._rates, self._known, self._unspoken = limits, rates, known, unspoken
        self._refused, self._late, self._gather_seconds = refused, late, gather_seconds
        self._room = Room(limits)
        self._first_bytes = FirstBytes(self._wake_up, self._room.leave)
        self._by_transport: dict[asyncio.BaseTransport, OpenConnection] = {}
        self._closing = False
        self._wakes: set[asyncio.Event] = set()
        """Of those that accept: each is set when somebody waits, or nobody is accepted any more."""
        self._short = False
        """Whether there was no descriptor, or memory, for the last one."""

    def of(self, transport: asyncio.BaseTransport | None) -> OpenConnection | None:
        """The connection with this transport, while it is there."""
        return None if transport is None else self._by_transport.get(transport)

    def accept_no_more(self) -> None:
        """Those that are open go on."""
        self._closing = True
        self._wake_up()

    def _wake_up(self) -> None:
        for wake in self._wakes:
            wake.set()

    async def serve(
        self,
        listeners: Sequence[socket.socket],
        factory: ProtocolFactory,
        context: Callable[[], ssl.SSLContext | None],
    ) -> None:
        """Accept until cancelled; then every connection is gone. `context` tells how TLS is spoken from now on."""
        try:
            async with asyncio.TaskGroup() as group:
                for listener in listeners:
                    group.create_task(self._accept_at(listener, group, factory, context))
                loop = asyncio.get_running_loop()
                while True:
                    quiet_seconds = self._room.quiet_until(loop.time()) - loop.time()
                    await asyncio.sleep(min(max(quiet_seconds, _SWEEP_SECONDS), _LONGEST_SECONDS))
                    for held in self._room.overdue(loop.time()):
                        self._room.leave(held)
                        held.end()
                        self._late()
        finally:
            self._first_bytes.end()

    async def _accept_at(
        self,
        listener: socket.socket,
        group: asyncio.TaskGroup,
        factory: ProtocolFactory,
        context: Callable[[], ssl.SSLContext | None],
    ) -> None:
        loop, wake = asyncio.get_running_loop(), asyncio.Event()
        last, more = loop.time(), False
        waiting = _Waiting(listener, wake)
        waiting.watch()
        self._wakes.add(wake)
        try:
            while True:
                await wake.wait()
                if self._gather_seconds and not more:
                    await asyncio.sleep(self._gather_seconds)
                wake.clear()
                if self._closing:
                    return
                began, late = time.thread_time(), (loop.time() - last) * _BEGUN_A_SECOND
                last = loop.time()
                most = min(max(int(late), _BEGUN_AT_ONCE), _MOST_BEGUN)
                more = await self._accept(listener, most)
                begun = self._begin(most, group, factory, context)
                if more or self._first_bytes.spoken:
                    wake.set()
                else:
                    waiting.watch()
                busy = time.thread_time() - began + begun * _BEGUN_SECONDS
                pause, self._short = _SHORT_SECONDS if self._short else _TURN_SECONDS, False
                await asyncio.sleep(pause + min(_REST * busy, _LONGEST_REST_SECONDS))
        finally:
            self._wakes.discard(wake)
            waiting.stop()

    async def _accept(self, listener: socket.socket, most: int) -> bool:
        """Take in who waits, until as many have spoken as will be begun; whether there may be more."""
        for _ in range(_AT_ONCE):
            if len(self._first_bytes.spoken) >= most:
                break
            accepted = self._next_of(listener)
            if accepted is None:
                return False
            if await self._comes_in(*accepted):
                self._first_bytes.await_from(*accepted)
        return True

    def _begin(
        self,
        most: int,
        group: asyncio.TaskGroup,
        factory: ProtocolFactory,
        context: Callable[[], ssl.SSLContext | None],
    ) -> int:
        """Begin with a few of those that have spoken; how many."""
        for begun in range(most):
            spoken = self._first_bytes.next_spoken()
            if spoken is None:
                return begun
            connection, held = spoken
            task = group.create_task(self._live(connection, held, factory, context()))
            held.end = task.cancel
            # A task that is cancelled before its first step closes nothing itself.
            task.add_done_callback(partial(_close, connection))
        return most

    def _next_of(self, listener: socket.socket) -> tuple[socket.socket, OpenConnection] | None:
        """The next connection; None where none waits."""
        try:
            connection, address = listener.accept()
        except (BlockingIOError, InterruptedError):
            return None
        except OSError as error:  # it has gone again, or there is no descriptor left: those that wait go on waiting
            self._short = error.errno in _SHORT
            return None
        client, now = client_of(address[0]), asyncio.get_running_loop().time()
        connection.setblocking(False)
        return connection, OpenConnection(client, self._known(address[0]), now, end=connection.close)

    async def _comes_in(self, connection: socket.socket, held: OpenConnection) -> bool:
        """Whether there is room. A known client waits a while for it; who comes after waits in the kernel's queue."""
        loop = asyncio.get_running_loop()
        came = loop.time()
        if held.known or all(allowed(held.client, came) for allowed in self._rates):
            while not self._room.admit(held, loop.time()):
                if not held.known or loop.time() - came > _ROOM_SECONDS:
                    break
                await asyncio.sleep(_AGAIN_SECONDS)
            else:
                held.since = loop.time()
                return True
        connection.close()
        self._refused()
        return False

    async def _live(
        self, connection: socket.socket, held: OpenConnection, factory: ProtocolFactory, context: ssl.SSLContext | None
    ) -> None:
        """One connection from its handshake to its end."""
        gone = asyncio.Event()
        transport: asyncio.Transport | None = None
        limits = self.limits
        try:
            async with asyncio.timeout(limits.life_seconds):
                transport, _ = await asyncio.get_running_loop().connect_accepted_socket(
                    lambda: Watched(factory(), held, limits, gone, self._by_transport),
                    connection,
                    ssl=context,
                    ssl_handshake_timeout=min(limits.life_seconds or HANDSHAKE_SECONDS, HANDSHAKE_SECONDS)
                    if context
                    else None,
                    ssl_shutdown_timeout=_FAREWELL_SECONDS if context else None,
                )
                await gone.wait()
        except TimeoutError:
            self._late()
        except (OSError, ssl.SSLError):
            if context is not None:  # it went, or speaks no TLS: nothing was said that could be answered
                self._unspoken(held.client)
        finally:
            if transport is not None:
                self._by_transport.pop(transport, None)
                if gone.is_set():
                    abort(transport)
                else:
                    reset(transport)
            with suppress(OSError):
                connection.close()
            self._room.leave(held)


class _Waiting:
    """Sets `wake` when somebody waits at a listener, once: asked on while nobody is let in, the loop would run hot."""

    def __init__(self, listener: socket.socket, wake: asyncio.Event) -> None:
        self._listener, self._wake = listener, wake
        self._loop = asyncio.get_running_loop()

    def watch(self) -> None:
        """Until the next comes."""
        self._loop.add_reader(self._listener.fileno(), self._tell)

    def stop(self) -> None:
        """Look no more."""
        self._loop.remove_reader(self._listener.fileno())

    def _tell(self) -> None:
        self.stop()
        self._wake.set()


def reset(transport: asyncio.Transport) -> None:
    """End a connection that is there, at once. What the other side has not taken is thrown away, by the kernel too."""
    if not transport.is_closing() and (connection := transport.get_extra_info("socket")) is not None:
        with suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)
    abort(transport)


def abort(transport: asyncio.Transport) -> None:
    """End a connection, if it has not ended: TLS that was closed twice says so by an error up to Python 3.11.2."""
    with suppress(AttributeError):  # of Debian 12; a later one does nothing
        transport.abort()


def _close(connection: socket.socket, _task: asyncio.Task[None]) -> None:
    connection.close()


def by_client(buckets: Buckets) -> Callable[[str, float], bool]:
    """A rate for each client."""
    return lambda client, now: buckets.take(client, now)


def together(buckets: Buckets) -> Callable[[str, float], bool]:
    """A rate for all of them together."""
    return lambda _, now: buckets.take("", now)
