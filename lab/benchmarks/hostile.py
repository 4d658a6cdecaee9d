"""A hostile HTTP crowd: idle, slow, silent and greedy clients, huge heads, pipelines, pages of somebody else.

All of it comes from the machine of the exporter itself, whose clients have places of their own: nothing but the rule
that a place is held by work stands against it.
"""

import resource
import socket
import threading
import time
from contextlib import suppress
from typing import Self

from lab.benchmarks.inside import enter

IDLE, SLOW, DEAF, RELOADS = 1137, 60, 40, 40
"""Clients without a byte, with a head that never ends, that do not read; reloads at once."""
_ROUND_SECONDS = 4.0
_DESCRIPTORS = 4096
_GET = b"GET /metrics HTTP/1.1\r\nHost: x\r\n"
_RELOAD = b"POST /-/reload HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n"
_FOREIGN = (b"Origin: https://evil.example\r\n\r\n", b"Sec-Fetch-Site: cross-site\r\n\r\n")


class HostileClient:
    """Attacks `address` from a thread in `namespace` until it is stopped."""

    def __init__(self, namespace: str, address: tuple[str, int]) -> None:
        self._namespace, self._address = namespace, address
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.rounds = 0
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(_DESCRIPTORS, most), most))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        enter(self._namespace)
        while not self._ended.is_set():
            deaf = [self._open(_GET + b"\r\n") for _ in range(DEAF)]
            slow = [self._open(_GET + b"X-Slow: ") for _ in range(SLOW)]
            idle = [self._open(b"") for _ in range(IDLE)]
            greedy = [
                self._open(_GET + b"X-Huge: " + b"a" * (1 << 20) + b"\r\n\r\n"),
                self._open((_GET + b"\r\n") * 500),
                self._open(_GET + b"Content-Length: 1000000000\r\n\r\n"),
                *(self._open(_RELOAD + foreign) for foreign in _FOREIGN),
            ]
            for one in (self._open(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"), self._open(_GET)):
                with suppress(OSError):
                    one.shutdown(socket.SHUT_WR)
                greedy.append(one)
            reloads = [self._open(_RELOAD + b"\r\n") for _ in range(RELOADS)]
            self._dribble(slow)
            for one in (*deaf, *slow, *idle, *greedy, *reloads):
                one.close()
            self.rounds += 1

    def _dribble(self, slow: list[socket.socket]) -> None:
        """A byte now and then, until the round is over."""
        ends = time.monotonic() + _ROUND_SECONDS
        while time.monotonic() < ends and not self._ended.is_set():
            for one in slow:
                with suppress(OSError):
                    one.send(b"a")
            time.sleep(0.5)

    def _open(self, text: bytes) -> socket.socket:
        one = socket.socket()
        one.settimeout(1.0)
        with suppress(OSError):
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.connect(self._address)
            one.sendall(text)
        return one
