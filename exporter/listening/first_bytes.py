"""Connections of which no byte has come: a socket each, and nothing else, until somebody speaks, goes or makes room."""

import asyncio
import socket
from collections import deque
from collections.abc import Callable
from functools import partial

from exporter.listening.room import OpenConnection


class FirstBytes:
    """Waits for the first byte of each. `spoke` is called when one has spoken, `left` with each that goes by itself."""

    def __init__(self, spoke: Callable[[], None], left: Callable[[OpenConnection], None]) -> None:
        self._spoke, self._left = spoke, left
        self.silent: dict[OpenConnection, socket.socket] = {}
        """Those that have not sent a byte."""
        self.spoken: deque[tuple[socket.socket, OpenConnection]] = deque()
        """Those that have, and are not begun yet; of who made room meanwhile the socket is closed."""

    def await_from(self, connection: socket.socket, held: OpenConnection) -> None:
        """Wait for its first byte; it may be there."""
        held.end = partial(self._drop, connection, held)
        self.silent[held] = connection
        if not self._look(connection, held):
            asyncio.get_running_loop().add_reader(connection.fileno(), self._hear, connection, held)

    def next_spoken(self) -> tuple[socket.socket, OpenConnection] | None:
        """The one that spoke first of those that are still there."""
        while self.spoken:
            connection, held = self.spoken.popleft()
            if connection.fileno() >= 0:
                return connection, held
        return None

    def end(self) -> None:
        """End them all."""
        for held in [*self.silent, *(held for _, held in self.spoken)]:
            held.end()

    def _look(self, connection: socket.socket, held: OpenConnection) -> bool:
        """Whether it has spoken, or gone."""
        try:
            byte = connection.recv(1, socket.MSG_PEEK)
        except (BlockingIOError, InterruptedError):
            return False
        except OSError:
            byte = b""
        if byte:
            del self.silent[held]
            self.spoken.append((connection, held))
            self._spoke()
        else:
            held.end()
            self._left(held)
        return True

    def _hear(self, connection: socket.socket, held: OpenConnection) -> None:
        number = connection.fileno()
        if self._look(connection, held):
            asyncio.get_running_loop().remove_reader(number)

    def _drop(self, connection: socket.socket, held: OpenConnection) -> None:
        """End one of which there is nothing but the socket."""
        if self.silent.pop(held, None) is not None:
            asyncio.get_running_loop().remove_reader(connection.fileno())
        connection.close()
