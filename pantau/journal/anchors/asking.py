"""The way to the authority: one POST with a deadline, whatever the other end does."""

import asyncio

import aiohttp

from pantau.errors import AnchorError
from pantau.redaction import redacted

PATIENCE_SECONDS = 20.0
_MOST_BYTES = 100_000
"""A token with a long chain of certificates has some 8 kB."""
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"


def ask(url: str, query: bytes, patience_seconds: float = PATIENCE_SECONDS) -> bytes:
    """What the authority answers; `AnchorError` with the reason where it gives no answer of its kind in time.

    To be called in a thread that may wait: it has an event loop of its own.
    """
    try:
        return asyncio.run(_ask(url, query, patience_seconds))
    except TimeoutError as error:
        raise AnchorError(f"{redacted(url)} gave no answer within {patience_seconds:g} s") from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        reason = redacted(str(error)) or type(error).__name__
        raise AnchorError(f"{redacted(url)} cannot be asked: {reason}") from error


async def _ask(url: str, query: bytes, patience_seconds: float) -> bytes:
    limit = aiohttp.ClientTimeout(total=patience_seconds)
    # Neither a proxy of the environment nor a redirect: what is asked is what the settings name.
    async with (
        aiohttp.ClientSession(timeout=limit) as session,
        session.post(url, data=query, headers={"Content-Type": _QUERY}, allow_redirects=False) as answer,
    ):
        if answer.status != 200:
            raise AnchorError(f"{redacted(url)} answered with HTTP status {answer.status}")
        if answer.content_type != _REPLY:
            raise AnchorError(f"{redacted(url)} answered with {answer.content_type}, not with a time stamp")
        body = bytearray()
        async for piece in answer.content.iter_any():
            body += piece
            if len(body) > _MOST_BYTES:
                raise AnchorError(f"{redacted(url)} answered with more than {_MOST_BYTES} bytes")
        return bytes(body)
