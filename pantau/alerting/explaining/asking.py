"""The HTTP APIs of Prometheus (v1) and Alertmanager (v2), as far as an explanation asks them.

A program that does not answer, or answers something else, is an `AlertingError` with the option that mends it.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol, Self
from urllib.parse import urlencode

from pantau.alerting.errors import AlertingError
from pantau.prometheus import Connection, Failure, PrometheusError, decoded, short

_SECONDS = 20


class JsonSource(Protocol):
    """Where answers come from."""

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> Any:
        """The decoded JSON at `path`; raises `AlertingError`."""


class HttpSource:
    """A program's web address, asked one question after the other. A context manager."""

    def __init__(self, name: str, address: str, option: str) -> None:
        """`option` of the command line gives another address."""
        self._name = name
        self._address = address
        self._option = option
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._connection is not None:
            self._connection.close()

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> Any:
        """The decoded JSON; 20 s are waited for it."""
        query = f"?{urlencode(params)}" if params else ""
        try:
            self._connection = connection = self._connection or Connection(self._address, _SECONDS)
            status, text = await _exchanged(connection, f"/{path}{query}")
        except PrometheusError as error:
            cure = f"start it, or give its address with {self._option}"
            raise AlertingError(f"{self._name} does not answer at {error.server} ({_reason(error)}); {cure}") from error
        content = decoded(text)
        if content is None:
            said = f"what answers at {connection.name} is not {self._name} (HTTP {status}, no JSON)"
            raise AlertingError(f"{said}; give its address with {self._option}")
        if status != 200:
            refusal = content.get("error") if isinstance(content, dict) else None
            reason = short(refusal or text.decode("utf-8", "replace"))
            raise AlertingError(f"{self._name} at {connection.name} refuses {path} (HTTP {status}): {reason}")
        return content


async def _exchanged(connection: Connection, path: str) -> tuple[int, bytes]:
    """Asked in a thread; a cancellation ends the question, so that nobody waits for a thread that waits."""
    try:
        return await asyncio.to_thread(connection.exchange, "GET", path)
    except asyncio.CancelledError:
        connection.abort()
        raise


def _reason(error: PrometheusError) -> str:
    match error.failure:
        case Failure.UNREACHABLE:
            return "no connection"
        case Failure.SLOW:
            return f"no answer within {_SECONDS} s"
        case Failure.NO_ADDRESS:
            return "that is no URL; it begins with http://"
        case Failure.BROKEN_OFF:
            return "it breaks off"
    return short(error)
