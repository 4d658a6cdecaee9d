"""What HTTP does of the agents' door: one request a connection, read within bounds, answered in a line."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from aiohttp import web

from exporter.agents_door.gate import Answer, Gate, Opened
from exporter.agents_door.messages import beat_line
from exporter.agents_door.wire import read_body, read_query
from exporter.listening.limits import client_of
from exporter.probing.agent.beats import DoorPlan

PATH = "/agent/v1/"
LIMITS: dict[str, Any] = {
    "max_line_size": 4096,
    "max_field_size": 1024,
    "auto_decompress": False,  # what is small on the wire may be without bounds behind it
    "access_log": None,
    "tcp_keepalive": False,
    "lingering_time": 0.5,
    "keepalive_timeout": 15.0,
}
_HEADERS = {"Server": "pantau", "Cache-Control": "no-store"}


class Doorkeeper:
    """Answers requests. `hand_on` takes a line for the exporter, and tells whether there was room for it."""

    def __init__(self, plan: DoorPlan, gate: Gate, counts: Counter[str], hand_on: Callable[[bytes], bool]) -> None:
        self.plan, self.gate = plan, gate
        self._counts, self._hand_on = counts, hand_on

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """The one request of a connection."""
        found = await self._open(request)
        self._counts[found.label] += 1
        response = web.Response(status=found.status, text=f"{found.label}\n", headers=_HEADERS)
        response.force_close()
        return response

    async def _open(self, request: web.BaseRequest) -> Answer:
        hotspot = self._asked_for(request)
        if hotspot is None:
            return Answer.OTHER
        now = asyncio.get_running_loop().time()
        address = client_of(request.remote or "0.0.0.0")  # noqa: S104 - nobody listens there, it is a name for a bucket
        refused = self.gate.knows(hotspot, request.headers.get("Authorization", ""), address, now)
        if refused is not None:
            return refused
        if request.method == "GET":
            opened = self.gate.hear(hotspot, read_query(dict(request.query)))
        else:
            body = await self._read(request)
            if body is None:
                return Answer.LARGE
            opened = self.gate.hear(hotspot, read_body(body))
        return self._handed_on(hotspot, opened)

    def _asked_for(self, request: web.BaseRequest) -> str | None:
        """The hotspot whose agent speaks; None where nothing of the kind was asked for."""
        methods = ("POST", "GET") if self.plan.allow_get else ("POST",)
        if request.method not in methods or not request.path.startswith(PATH):
            return None
        return request.path.removeprefix(PATH)

    async def _read(self, request: web.BaseRequest) -> bytes | None:
        """The body; None where it is larger than anybody may send, of which no more than that is read."""
        most = self.plan.limits["body_bytes"]
        if (request.content_length or 0) > most:
            return None
        body = bytearray()
        async for part in request.content.iter_any():
            body += part
            if len(body) > most:
                return None
        return bytes(body)

    def _handed_on(self, hotspot: str, opened: Opened) -> Answer:
        if opened.heartbeat is None:
            return opened.answer
        line = beat_line(hotspot, time.monotonic_ns(), time.time_ns(), opened.heartbeat, self.plan.late_seconds)
        return opened.answer if self._hand_on(line) else Answer.BUSY
