"""A real door on a loopback port, and clients that knock at it as they please."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from exporter.agents_door.door import Door
from exporter.probing.agent.beats import Beat, DoorPlan
from pantau.agents.tokens import token_of
from tests.patience import PATIENCE_SECONDS, until

KEY = b"0123456789abcdef" * 2
BOOT = "ab" * 8
LIMITS = {
    "body_bytes": 4096,
    "per_token": 30,
    "per_address": 300,
    "connections": 128,
    "connections_per_address": 64,
}


def plan_in(folder: Path, points: Mapping[str, int], **changes: Any) -> DoorPlan:
    """A plan whose key lies in a folder."""
    (folder / "key").write_bytes(KEY + b"\n")
    limits = LIMITS | changes.pop("limits", {})
    given: dict[str, Any] = {"web_config": None, "allow_get": False, "late_seconds": 86_400.0, **changes}
    return DoorPlan(("127.0.0.1", 0), (str(folder / "key"),), points=points, limits=limits, **given)


@asynccontextmanager
async def open_door(plan: DoorPlan) -> AsyncIterator[Door]:
    """A door that is open."""
    door = Door(plan.state_file)
    door.configure(plan)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(door.run())
        await until(lambda: door.port is not None)
        yield door
        running.cancel()


async def answer_to(
    door: Door, request: bytes, tls: ssl.SSLContext | None = None, seconds: float = PATIENCE_SECONDS
) -> int | None:
    """The status that a request gets; None where the connection ends without one."""
    assert door.port is not None
    name = "localhost" if tls else None
    async with asyncio.timeout(seconds):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", door.port, ssl=tls, server_hostname=name)
            try:
                writer.write(request)
                await writer.drain()
                head = await reader.readline()
            finally:
                writer.transport.abort()
        except ConnectionError:
            return None
    return int(head.split()[1]) if head else None


def request_of(
    hotspot: str, body: object, token: str | None = None, generation: int = 1, method: str = "POST", path: str = ""
) -> bytes:
    """A heartbeat; with the right token unless another is given."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    shown = token_of(KEY, hotspot, generation) if token is None else token
    head = (
        f"{method} {path or f'/agent/v1/{hotspot}'} HTTP/1.1\r\nHost: pantau\r\nAuthorization: Bearer {shown}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    return head.encode("latin-1") + data


def chunked(hotspot: str, body: bytes) -> bytes:
    """A request that does not say how long its body is."""
    head, _, _ = request_of(hotspot, b"").partition(b"Content-Length")
    return head + b"Transfer-Encoding: chunked\r\n\r\n" + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


async def beats_of(door: Door, count: int) -> list[Beat]:
    """So many heartbeats, when they have come."""
    found: list[Beat] = []

    def enough() -> bool:
        found.extend(door.take())
        return len(found) >= count

    await until(enough)
    return found


async def until_answered(door: Door, request: bytes, status: int) -> None:
    """Knock until the door answers so."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await answer_to(door, request) != status:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.05)
