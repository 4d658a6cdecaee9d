"""Knocks at our own public address as an agent does: what it finds can disprove that the door is open, never prove it.

A router that leads our own packets back inside (NAT hairpin) lets us in while nobody comes from outside, so that an
answer tells nothing. That nobody answers, or somebody with a certificate that agents refuse, tells that they cannot
come either; unless one of them came meanwhile, for some routers lead nothing back.
"""

import asyncio
import os
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import urlsplit

import structlog

_EACH_SECONDS = 15.0
_PATIENCE_SECONDS = 5.0
_CONFIRMED = 2
"""Failures in a row: one packet is lost now and then."""
_HTTPS = 443

log = structlog.get_logger(__name__)


class PublicAddress(NamedTuple):
    """Where agents knock."""

    url: str
    ca_file: str | None
    """By which they know us; None for the machine's own certificates."""


class OwnAddress:
    """Knocks until it is cancelled. `wanted` says where, None for nowhere; `heard` when a heartbeat came last."""

    def __init__(
        self,
        wanted: Callable[[], PublicAddress | None],
        heard: Callable[[], float],
        each_seconds: float = _EACH_SECONDS,
    ) -> None:
        self._wanted, self._heard, self._each_seconds = wanted, heard, each_seconds
        self._failures = 0
        self._failing_since = 0.0
        self._told = ""
        """The last reason that was logged."""

    @property
    def disproved(self) -> bool:
        """Whether nobody can come in."""
        return self._failures >= _CONFIRMED and self._heard() < self._failing_since

    async def run(self) -> None:
        """Knock now and then."""
        while True:
            await asyncio.sleep(self._each_seconds)
            address = self._wanted()
            if address is None:
                self._failures, self._told = 0, ""
                continue
            began = time.monotonic()
            reason = await _knock(address)
            if reason is None:
                if self._told:
                    log.info("our own public address answers again", url=address.url)
                self._failures, self._told = 0, ""
                continue
            if not self._failures:
                self._failing_since = began
            self._failures += 1
            if self._failures >= _CONFIRMED and reason != self._told:
                self._told = reason
                log.warning("our own public address lets nobody in", url=address.url, reason=reason)


async def _knock(address: PublicAddress) -> str | None:
    """None where an agent would be heard; else why not."""
    parts = urlsplit(address.url)
    try:
        # Read each time: it is renewed in place, as the server's own is.
        context = await asyncio.to_thread(ssl.create_default_context, cafile=address.ca_file)
        async with asyncio.timeout(_PATIENCE_SECONDS):
            _, writer = await asyncio.open_connection(
                parts.hostname, parts.port or _HTTPS, ssl=context, ssl_handshake_timeout=_PATIENCE_SECONDS
            )
            writer.close()
            with suppress(OSError):  # what is said at the end is no answer to our question
                await writer.wait_closed()
    except TimeoutError:
        return "nobody answers"
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    except OSError as error:
        return os.strerror(error.errno) if error.errno else str(error)
    return None
