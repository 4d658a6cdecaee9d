"""Whoever means the agents' door harm, as a program: `python -m lab.city.hostile HOST PORT SECONDS FACTS`.

FACTS is JSON: ``ca`` (file), ``hotspot``, ``boot`` (of its device), and ``tokens`` by name: its ``own``, that of
``another`` hotspot, one that was ``revoked``. First each kind of request is tried, each on a TLS connection of its own;
what it was answered is printed as JSON. Then follows a flood of connections that say something in the clear, for so
many seconds, and the number of them.
"""

import asyncio
import json
import multiprocessing
import socket
import ssl
import struct
import sys
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

_HUGE_BYTES = 100_000_000
_SILENT = 20
"""Connections that are opened and say nothing."""
_FLOODS = 2


def main() -> None:
    """The attack."""
    host, port, seconds, facts = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), json.loads(sys.argv[4])
    answers = asyncio.run(_each_kind(host, port, facts))
    print(json.dumps(answers), flush=True)
    with multiprocessing.get_context("spawn").Pool(_FLOODS) as pool:
        sent = sum(pool.starmap(_flood, [(host, port, seconds)] * _FLOODS))
    print(json.dumps({"connections": sent}), flush=True)


async def _each_kind(host: str, port: int, facts: dict[str, Any]) -> dict[str, int | None]:
    name, tokens = facts["hotspot"], facts["tokens"]
    old = json.dumps({"boot": facts["boot"], "seq": 1, "uptime": 1}).encode()
    silent = [await asyncio.open_connection(host, port) for _ in range(_SILENT)]
    requests = {
        "wrong token": _request(name, "guessed", old),
        "another's token": _request(name, tokens["another"], old),
        "revoked token": _request(name, tokens["revoked"], old),
        "replay": _request(name, tokens["own"], old),
        "no heartbeat": _request(name, tokens["own"], b"[" * 50_000),
        "huge": _request(name, tokens["own"], b"", _HUGE_BYTES),
    }
    answers = {kind: await _answer(host, port, facts["ca"], [request]) for kind, request in requests.items()}
    head, body = _request(name, tokens["own"], b"", 100), [b"{"] + [b" "] * 40
    answers["slow"] = await _answer(host, port, facts["ca"], [head, *body], pause_seconds=0.5)
    for _, writer in silent:
        writer.transport.abort()
    return answers


def _request(name: str, token: str, body: bytes, length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    head = f"POST /agent/v1/{name} HTTP/1.1\r\nHost: door\r\nAuthorization: Bearer {token}\r\n"
    return f"{head}Content-Length: {size}\r\n\r\n".encode() + body


async def _answer(host: str, port: int, ca: str, parts: list[bytes], pause_seconds: float = 0.0) -> int | None:
    """The status; None where the connection ends without one."""
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(30):
            context = ssl.create_default_context(cafile=ca)
            reader, writer = await asyncio.open_connection(host, port, ssl=context)
            try:
                async for part in _spread(parts, pause_seconds):
                    writer.write(part)
                    await writer.drain()
                head = await reader.readline()
                return int(head.split()[1]) if head else None
            finally:
                writer.transport.abort()
    return None


async def _spread(parts: list[bytes], pause_seconds: float) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
        await asyncio.sleep(pause_seconds)


def _flood(host: str, port: int, seconds: float) -> int:
    """Connect, say something in the clear and be gone, as often as it goes."""
    sent, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(OSError), socket.create_connection((host, port), timeout=1) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.sendall(b"POST /agent/v1/h1 HTTP/1.1\r\nAuthorization: Bearer guessed\r\n\r\n")
        sent += 1
    return sent


if __name__ == "__main__":
    main()
