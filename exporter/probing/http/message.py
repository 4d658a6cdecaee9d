"""One HTTP/1.1 exchange over streams, of which a stranger decides nothing but the content: no more than a head of
16 KiB and 64 KiB of body are read, nothing is unpacked, no redirect is followed, no cookie kept.
"""

import asyncio
import re
from dataclasses import dataclass

BODY_BYTES = 64 * 1024
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9][0-9])(?: |$)")
_INTERIM_HEADS = 8
"""Heads of 1xx that may come before the answer's own."""


class MalformedError(Exception):
    """What came is no HTTP, or more than anybody needs."""


@dataclass(frozen=True, slots=True)
class HttpPage:
    """What came back."""

    status: int
    location: str
    """Where a redirect leads; empty where it is none."""
    text: str
    """The beginning of the body; empty where it came packed."""


def request(method: str, host: str, target: str) -> bytes:
    """The bytes of a request without a body."""
    lines = (
        f"{method} {target} HTTP/1.1",
        f"Host: {host}",
        "User-Agent: pantau",
        "Accept: */*",
        "Accept-Encoding: identity",
        "Connection: close",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


async def read_page(reader: asyncio.StreamReader) -> HttpPage:
    """The answer; raises `MalformedError`, or `OSError` where the connection breaks. The caller sets the time."""
    for _ in range(_INTERIM_HEADS):
        status, fields = await _head(reader)
        if status >= 200:
            break
    else:
        raise MalformedError("only interim answers")
    packed = fields.get("content-encoding", "identity").lower() != "identity"
    text = "" if packed else await _body(reader, fields)
    return HttpPage(status, fields.get("location", "") if 300 <= status < 400 else "", text)


async def _head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise MalformedError("no head, or one without an end") from error
    first, *lines = head.split(b"\r\n")
    match = _STATUS.match(first)
    if match is None:
        raise MalformedError("no status line")
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.decode("latin-1").partition(":")
        fields.setdefault(name.strip().lower(), value.strip())
    return int(match[1]), fields


async def _body(reader: asyncio.StreamReader, fields: dict[str, str]) -> str:
    if fields.get("transfer-encoding", "").lower().endswith("chunked"):
        raw = await _chunks(reader)
    else:
        length = fields.get("content-length", "")
        raw = await _some(reader, min(int(length), BODY_BYTES) if length.isdigit() else BODY_BYTES)
    return raw.decode("utf-8", "replace")


async def _some(reader: asyncio.StreamReader, most: int) -> bytes:
    """Up to so many bytes, or all until the end."""
    parts, left = [], most
    while left > 0 and (part := await reader.read(left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while len(body) < BODY_BYTES:
        try:
            line = (await reader.readuntil(b"\r\n")).partition(b";")[0].strip()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise MalformedError("a chunk without an end") from error
        if not re.fullmatch(rb"[0-9A-Fa-f]{1,8}", line):
            raise MalformedError("no length of a chunk")
        if not (length := int(line, 16)):
            break
        body += await _some(reader, min(length, BODY_BYTES - len(body)))
        if len(body) < BODY_BYTES:
            await _some(reader, 2)
    return body
