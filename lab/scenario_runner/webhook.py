"""The webhook of the tests: takes each message that Alertmanager sends, with the time of its coming."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Place(Protocol):
    """Where something can be called: a namespace."""

    def call(self, function: Callable[P, T], /, *arguments: P.args, **options: P.kwargs) -> T:
        """What the function answers there."""


class Here:
    """No namespace of its own."""

    def call(self, function: Callable[P, T], /, *arguments: P.args, **options: P.kwargs) -> T:
        """Call it."""
        return function(*arguments, **options)


_BY_SCOPE = ("hotspot", "window", "uplink", "contract")


@dataclass(frozen=True, slots=True)
class ReceivedNotification:
    """What one message says of one alert in one status. `received` is in monotonic seconds."""

    received: float
    alert: str
    status: str
    severity: str
    about: tuple[str, ...]
    """Ids of what it is about, one an alert of the message."""
    receiver: str
    said: tuple[dict[str, str], ...] = field(default=(), compare=False)
    """The annotations of each alert."""
    received_at: float = field(default=0.0, compare=False)
    """The same moment in Unix time."""


class Webhook:
    """Messages as they came."""

    def __init__(self) -> None:
        self._notifications: list[ReceivedNotification] = []

    @property
    def notifications(self) -> list[ReceivedNotification]:
        """All so far."""
        return list(self._notifications)

    def take(self, message: dict[str, Any], received: float) -> None:
        """One message of Alertmanager's version 4: told apart by alert, status and severity."""
        about: dict[tuple[str, str, str], list[str]] = {}
        said: dict[tuple[str, str, str], list[dict[str, str]]] = {}
        for alert in message["alerts"]:
            labels = alert["labels"]
            kind = (labels["alertname"], alert["status"], labels["severity"])
            about.setdefault(kind, []).append(_about(labels))
            said.setdefault(kind, []).append(alert.get("annotations", {}))
        self._notifications += [
            ReceivedNotification(
                received, *kind, tuple(sorted(names)), message["receiver"], tuple(said[kind]), time.time()
            )
            for kind, names in about.items()
        ]

    @contextmanager
    def serve(self, place: Place, port: int) -> Iterator[None]:
        """Listen there while the context lasts."""
        webhook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                received = time.monotonic()
                body = self.rfile.read(int(self.headers["Content-Length"]))
                webhook.take(json.loads(body), received)
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
                """Say nothing."""

        server = place.call(ThreadingHTTPServer, ("127.0.0.1", port), Handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def _about(labels: dict[str, str]) -> str:
    for label in _BY_SCOPE:
        if label in labels:
            return labels[label]
    places = [labels[label] for label in ("isp", "kecamatan") if label in labels]
    return "/".join(places) or labels.get("reason", "")
