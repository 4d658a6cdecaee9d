"""The webhook that Alertmanager notifies: takes each message, keeps a record of it, and hands it on.

It knows the form of the messages (version 4) and not how they are shown.
"""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pantau.stack.errors import StackError

PATH = "/alerts"
_LARGEST_BYTES = 4 << 20  # a hundred alerts are some 100 kB
_FORM = ConfigDict(frozen=True, extra="ignore")

Status = Literal["firing", "resolved"]


class Alert(BaseModel):
    """One alert of a notification."""

    model_config = _FORM
    status: Status
    labels: Mapping[str, str]
    annotations: Mapping[str, str] = Field(default_factory=dict)
    started: datetime = Field(alias="startsAt")
    ended: datetime = Field(alias="endsAt", description="Meaningless while it fires.")


class Notification(BaseModel):
    """One message: what has become of a group of alerts."""

    model_config = _FORM
    status: Status = Field(description="Firing while any of the alerts is.")
    receiver: str
    alerts: tuple[Alert, ...] = Field(min_length=1)
    common_labels: Mapping[str, str] = Field(alias="commonLabels")
    common_annotations: Mapping[str, str] = Field(alias="commonAnnotations")
    truncated: int = Field(0, alias="truncatedAlerts", description="Alerts left out of this message.")

    def of(self, status: Status) -> list[Alert]:
        """Its alerts in that state."""
        return [alert for alert in self.alerts if alert.status == status]


@dataclass(frozen=True, slots=True)
class Receiver:
    """Records every message as a line of JSON in `record`, then calls `told` with it and the time of its coming."""

    record: Path
    told: Callable[[Notification, datetime], None]

    async def receive(self, request: web.Request) -> web.Response:
        """Take one message; 400 says why it is not one."""
        body = await request.read()
        try:
            notification = Notification.model_validate_json(body)
        except ValidationError as error:
            return web.Response(status=400, text=f"not a notification of Alertmanager: {error}\n")
        now = datetime.now(UTC)
        self._record(body, now)
        self.told(notification, now)
        return web.Response(text="ok\n")

    def _record(self, body: bytes, now: datetime) -> None:
        line = json.dumps({"received": now.isoformat(), **json.loads(body)}, ensure_ascii=False)
        with self.record.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    @asynccontextmanager
    async def serve(self, port: int) -> AsyncIterator[None]:
        """Listen on this host alone while the context lasts. Raises `StackError` if the port is taken."""
        app = web.Application(client_max_size=_LARGEST_BYTES)
        app.add_routes([web.post(PATH, self.receive)])
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        try:
            try:
                await web.TCPSite(runner, "127.0.0.1", port).start()
            except OSError as error:
                raise StackError(f"cannot listen on 127.0.0.1:{port}: {error.strerror}") from error
            yield
        finally:
            await runner.cleanup()
