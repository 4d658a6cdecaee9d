"""The HTTP API of Prometheus, or of a server that answers like it, as far as the comparison asks it.

What comes back is believed only as far as it has the shape that was asked for: a wrong, partial or endless answer is a
`WitnessError` with its cure, never a number.
"""

import base64
import http.client
import json
import math
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Self
from urllib.parse import SplitResult, unquote, urlencode, urlsplit

from pantau.errors import WitnessError

_SECONDS = 120.0
"""What one answer may take."""
_LARGEST_BYTES = 256_000_000
_PIECE_BYTES = 1 << 20
_SHOWN = 200
"""So much of a server's own words stands in a message."""

Values = dict[str, dict[int, float]]
"""Of each hotspot the value at each time (Unix seconds) at which there is one."""


class Server:
    """One server, asked one question after the other. A context manager. Every method raises `WitnessError`."""

    def __init__(self, url: str, seconds: float = _SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        parts, host, port = _split(url)
        place = f"[{host}]" if ":" in host else host
        self.name = f"{parts.scheme}://{place}{f':{port}' if port else ''}{parts.path.rstrip('/')}"
        """Its URL without user and password."""
        self._path = f"{parts.path.rstrip('/')}/api/v1/query_range"
        self._headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        if parts.username is not None:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(host, port, timeout=seconds)
        self._seconds = seconds
        self._clock = clock

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def over(self, expression: str, start: int, end: int, step: int) -> Values:
        """The values of `expression` from `start` to `end`, both included, every `step` seconds, by hotspot."""
        asked = {"query": expression, "start": str(start), "end": str(end), "step": str(step)}
        asked["nocache"] = "1"  # VictoriaMetrics moves the times to where its cache has answers
        answer = self._answer(urlencode(asked))
        if answer.get("warnings") or answer.get("isPartial"):
            said = answer.get("warnings") or "isPartial"
            raise self._wrong(f"says that its answer is not whole ({_short(said)}); mend its storage and ask again")
        try:
            return dict(_series(answer["data"], start, end))
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise self._wrong("does not answer as Prometheus does; give the address of its HTTP API") from error

    def _answer(self, body: str) -> dict[str, Any]:
        status, text = self._exchange(body)
        try:
            answer = json.loads(text)
        except (ValueError, RecursionError):
            answer = None
        if status == 200 and isinstance(answer, dict) and answer.get("status") == "success":
            return answer
        if 300 <= status < 400:
            raise self._wrong(f"sends us elsewhere ({status}); give the address that it leads to")
        if status in (401, 403):
            raise self._wrong(f"does not let us in ({status}); give http://USER:PASSWORD@HOST:PORT")
        if isinstance(answer, dict) and answer.get("error"):
            raise self._wrong(f"refuses the question ({status}): {_short(answer['error'])}")
        raise self._wrong(f"does not answer as Prometheus does ({status}); give the address of its HTTP API")

    def _exchange(self, body: str) -> tuple[int, bytes]:
        deadline = self._clock() + self._seconds
        for last in (False, True):
            try:
                self._connection.request("POST", self._path, body, self._headers)
                return self._read(self._connection.getresponse(), deadline)
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError) as error:
                # A server may close a connection that was kept for the next question: once more over a new one.
                self._connection.close()
                if last:
                    raise self._wrong("breaks off; look at its log, or give it more memory") from error
            except TimeoutError as error:
                self._connection.close()
                raise self._slow() from error
            except (OSError, http.client.HTTPException) as error:
                self._connection.close()
                reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
                raise self._wrong(
                    f"cannot be asked ({_short(reason)}); is it running, and is that its address?"
                ) from error
        raise AssertionError("unreachable")

    def _read(self, response: http.client.HTTPResponse, deadline: float) -> tuple[int, bytes]:
        parts, size = [], 0
        while part := response.read1(_PIECE_BYTES):
            parts.append(part)
            size += len(part)
            if size > _LARGEST_BYTES:
                self._connection.close()
                raise self._wrong(
                    f"sends more than {_LARGEST_BYTES // 1_000_000} MB for one question; is it Prometheus?"
                )
            if self._clock() > deadline:
                self._connection.close()
                raise self._slow()
        response.close()  # `read1` to the end does not: the connection would take no further question
        return response.status, b"".join(parts)

    def _slow(self) -> WitnessError:
        return self._wrong(f"does not answer within {self._seconds:g} s; ask when it has less to do")

    def _wrong(self, what: str) -> WitnessError:
        return WitnessError(f"{self.name} {what}")


def _split(url: str) -> tuple[SplitResult, str, int | None]:
    with suppress(ValueError):
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname and url.isprintable() and " " not in url:
            return parts, parts.hostname, parts.port
    shown = url.rpartition("@")[2][:_SHOWN]
    raise WitnessError(f"'{shown}' is no address of a Prometheus; write it as http://HOST:9090")


def _series(data: Any, start: int, end: int) -> Iterator[tuple[str, dict[int, float]]]:
    if data["resultType"] != "matrix":
        raise ValueError(data["resultType"])
    seen: set[str] = set()
    for one in data["result"]:
        hotspot = one["metric"]["hotspot"]
        if not isinstance(hotspot, str) or hotspot in seen:
            raise ValueError(hotspot)
        seen.add(hotspot)
        yield hotspot, dict(_value(at, text, start, end) for at, text in one["values"])


def _value(at: Any, text: Any, start: int, end: int) -> tuple[int, float]:
    second, value = round(at), float(text)
    if not (start <= second <= end and math.isfinite(value) and value >= 0):
        raise ValueError(f"{at}: {text}")
    return second, value


def _short(said: object) -> str:
    text = "".join(letter if letter.isprintable() else " " for letter in str(said))
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
