"""One server over HTTP, asked one question after the other, within limits of time and size. It knows no question.

A server may be slow, trickle, send without end, or close a connection that was kept: each is a `PrometheusError`.
"""

import base64
import http.client
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Self
from urllib.parse import SplitResult, unquote, urlsplit

from pantau.prometheus.errors import Failure, PrometheusError

LARGEST_BYTES = 256_000_000
"""A month of a hundred hotspots is 3 MB; no honest answer to one question is larger than this."""
_PIECE_BYTES = 1 << 20
_SHOWN = 200
"""So many characters of a server's own words stand in a message."""


class Connection:
    """A connection that is kept. A context manager; not for several threads at once, but for `abort`."""

    def __init__(
        self,
        url: str,
        seconds: float,
        largest_bytes: int = LARGEST_BYTES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`seconds` is the limit of one answer, from the question to its last byte. `NO_ADDRESS` if `url` is none."""
        parts, host, port = _split(url)
        place = f"[{host}]" if ":" in host else host
        self.name = f"{parts.scheme}://{place}{f':{port}' if port else ''}{parts.path.rstrip('/')}"
        """Its URL without user and password."""
        self._prefix = parts.path.rstrip("/")
        self._headers: dict[str, str] = {}
        if parts.username is not None:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(host, port, timeout=seconds)
        self._seconds = seconds
        self._largest_bytes = largest_bytes
        self._clock = clock
        self._aborted = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connection back; the next question opens a new one."""
        self._connection.close()

    def abort(self) -> None:
        """End the question that another thread is asking, as if the server broke off; it is the connection's last."""
        self._aborted = True
        open_socket: socket.socket | None = self._connection.sock
        if open_socket is not None:
            with suppress(OSError):  # it has ended by itself
                open_socket.shutdown(socket.SHUT_RDWR)

    def exchange(
        self,
        method: str,
        path: str,
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        repeatable: bool = True,
    ) -> tuple[int, bytes]:
        """The status and the body of the answer at `path`, which begins with a slash. Raises `PrometheusError`.

        A server may close a kept connection just as it is used (RFC 9112, 9.3.1): what is `repeatable` is sent once
        more over a new one.
        """
        deadline = self._clock() + self._seconds
        for last in (False, True) if repeatable else (True,):
            try:
                self._connection.request(method, self._prefix + path, body, {**self._headers, **(headers or {})})
                return self._read(self._connection.getresponse(), deadline)
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError) as error:
                self._connection.close()
                if last or self._aborted:
                    raise self.error(Failure.BROKEN_OFF) from error
            except TimeoutError as error:
                self._connection.close()
                raise self._slow() from error
            except (OSError, http.client.HTTPException) as error:
                self._connection.close()
                reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
                raise self.error(Failure.UNREACHABLE, short(reason)) from error
        raise AssertionError("unreachable")

    def error(self, failure: Failure, detail: str = "", status: int | None = None) -> PrometheusError:
        """A failure of this server."""
        return PrometheusError(failure, self.name, detail, status)

    def _read(self, response: http.client.HTTPResponse, deadline: float) -> tuple[int, bytes]:
        parts, size = [], 0
        while part := response.read1(_PIECE_BYTES):
            parts.append(part)
            size += len(part)
            if size > self._largest_bytes:
                self._connection.close()
                raise self.error(Failure.TOO_LARGE, f"{self._largest_bytes // 1_000_000}")
            if self._clock() > deadline:
                self._connection.close()
                raise self._slow()
        response.close()  # `read1` to the end does not: the connection would take no further question
        return response.status, b"".join(parts)

    def _slow(self) -> PrometheusError:
        return self.error(Failure.SLOW, f"{self._seconds:g}")


def short(said: object) -> str:
    """What a server said, fit for one line of a terminal: no control characters, and not without end."""
    text = "".join(letter if letter.isprintable() else " " for letter in str(said))
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _split(url: str) -> tuple[SplitResult, str, int | None]:
    with suppress(ValueError):
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname and url.isprintable() and " " not in url:
            return parts, parts.hostname, parts.port
    raise PrometheusError(Failure.NO_ADDRESS, url.rpartition("@")[2][:_SHOWN])
