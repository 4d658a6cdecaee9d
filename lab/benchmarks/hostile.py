"""A hostile HTTP client: reads slowly, opens many connections, sends huge headers and halves of requests."""

import socket
import threading
import time
from contextlib import suppress
from typing import Self

from lab.benchmarks.inside import enter

_CONNECTIONS = 100
_ROUND_SECONDS = 4.0
_GET = b"GET /metrics HTTP/1.1\r\nHost: x\r\n"


class HostileClient:
    """Attacks `address` from a thread in `namespace` until it is stopped."""

    def __init__(self, namespace: str, address: tuple[str, int]) -> None:
        self._namespace, self._address = namespace, address
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.rounds = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        enter(self._namespace)
        while not self._ended.is_set():
            slow = [self._open(_GET + b"\r\n") for _ in range(6)]
            idle = [self._open(_GET if number % 2 else b"") for number in range(_CONNECTIONS)]
            huge = self._open(_GET + b"X-Huge: " + b"a" * (1 << 20) + b"\r\n\r\n")
            ends = time.monotonic() + _ROUND_SECONDS
            while time.monotonic() < ends and not self._ended.is_set():
                for one in slow:
                    with suppress(OSError):
                        one.recv(16)
                time.sleep(0.2)
            for one in (*slow, *idle, huge):
                one.close()
            self.rounds += 1

    def _open(self, text: bytes) -> socket.socket:
        one = socket.socket()
        one.settimeout(1.0)
        with suppress(OSError):
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.connect(self._address)
            one.sendall(text)
        return one
