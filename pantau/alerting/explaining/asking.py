"""The HTTP APIs of Prometheus (v1) and Alertmanager (v2), as far as an explanation asks them. Knows aiohttp.

A program that does not answer, or answers something else, is an `AlertingError` with the option that mends it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp

from pantau.alerting.errors import AlertingError

_SECONDS = 20


class Source(Protocol):
    """Where answers come from."""

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> Any:
        """The decoded JSON at `path`; raises `AlertingError`."""


@dataclass(frozen=True)
class HttpSource:
    """A program's web address."""

    session: aiohttp.ClientSession
    name: str
    address: str
    option: str
    """Of the command line, that gives another address."""

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> Any:
        """The decoded JSON; 20 s are waited for it."""
        url = f"{self.address.rstrip('/')}/{path}"
        limit = aiohttp.ClientTimeout(total=_SECONDS)
        try:
            async with self.session.get(url, params=params or {}, timeout=limit) as answer:
                text = await answer.text()
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            cure = f"start it, or give its address with {self.option}"
            raise AlertingError(f"{self.name} does not answer at {self.address} ({_reason(error)}); {cure}") from error
        try:
            content = json.loads(text)
        except ValueError as error:
            said = f"what answers at {self.address} is not {self.name} (HTTP {status}, no JSON)"
            raise AlertingError(f"{said}; give its address with {self.option}") from error
        if status != 200:
            reason = content.get("error", text[:200]) if isinstance(content, dict) else text[:200]
            raise AlertingError(f"{self.name} at {self.address} refuses {path} (HTTP {status}): {reason}")
        return content


def _reason(error: Exception) -> str:
    match error:
        case aiohttp.ClientConnectorError():
            return "no connection"
        case TimeoutError():
            return f"no answer within {_SECONDS} s"
        case aiohttp.InvalidURL():
            return "that is no URL; it begins with http://"
    return str(error)
