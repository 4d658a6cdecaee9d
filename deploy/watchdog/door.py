"""The HTTP server that hostile hands may reach: few connections, each for seconds, nothing large, nothing told."""

import hmac
import http.server
import json
import socket
import socketserver
import ssl
import sys
import threading
import time
from typing import Any, cast

from watch import Watch, log

LARGEST_BODY = 1 << 18
MOST_CONNECTIONS, MOST_OF_A_PEER = 32, 8
CONNECTION_SECONDS = 10.0
TEST_SECONDS = 10.0

Alert = tuple[str, dict[str, str], dict[str, str]]
"""Status, labels, annotations."""


def alerts_of(body: bytes) -> list[Alert]:
    """The alerts of a message of Alertmanager, each with labels and annotations of text; ValueError for another."""
    try:
        alerts = json.loads(body)["alerts"]
        plain = [
            (one["status"], {**one["labels"]}, {**one.get("annotations", {})})
            for one in alerts
            if isinstance(one["status"], str)
        ]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ValueError("is no message of Alertmanager") from error
    if not plain or any(not isinstance(v, str) for _, *maps in plain for one in maps for v in one.values()):
        raise ValueError("is no message of Alertmanager")
    return plain


def worded(alerts: list[Alert]) -> str:
    """A short message out of alerts: the first ones, and how many more."""
    head = "SELESAI" if all(status == "resolved" for status, _, _ in alerts) else "GANGGUAN"
    first = [notes.get("what") or notes.get("summary") or labels.get("alertname", "?") for _, labels, notes in alerts]
    more = f" (+{len(first) - 3})" if len(first) > 3 else ""
    return f"{head}: {' | '.join(first[:3])}{more}"


class Door(socketserver.ThreadingMixIn, http.server.HTTPServer):
    """The HTTP server: few connections in all and of a peer, each for seconds, nothing large."""

    daemon_threads, request_queue_size = True, 16

    def __init__(self, address: tuple[str, int], watch: Watch, token: str, tls: ssl.SSLContext | None) -> None:
        self.watch, self.token, self.tls = watch, token.encode(), tls
        self.open: dict[Any, tuple[str, float, Any]] = {}
        self.guard = threading.Lock()
        self.refused = 0
        self.tested = -TEST_SECONDS
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, Asked)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Take it, unless there are too many."""
        with self.guard:
            of_peer = sum(peer == client_address[0] for peer, *_ in self.open.values())
            if len(self.open) >= MOST_CONNECTIONS or of_peer >= MOST_OF_A_PEER:
                self.refused += 1
                request.close()
                return
            self.open[request] = (client_address[0], time.monotonic(), request)
        super().process_request(request, client_address)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """TLS in the thread of the connection: a slow handshake holds nobody else up."""
        request.settimeout(CONNECTION_SECONDS)
        if self.tls is None:
            super().finish_request(request, client_address)
            return
        with self.tls.wrap_socket(request, server_side=True, do_handshake_on_connect=False) as wrapped:
            with self.guard:  # from now on the connection is this socket's, the other has none
                self.open[request] = (*self.open[request][:2], wrapped)
            wrapped.do_handshake()
            super().finish_request(wrapped, client_address)

    def shutdown_request(self, request: Any) -> None:
        """It has ended, however."""
        with self.guard:
            self.open.pop(request, None)
        super().shutdown_request(request)

    def service_actions(self) -> None:
        """Twice a second: end what trickles, tell how many were refused, look whether Pantau is heard."""
        with self.guard:
            late = [one for _, began, one in self.open.values() if time.monotonic() - began > CONNECTION_SECONDS]
            refused, self.refused = self.refused, 0
        for one in late:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it has ended by itself
        if refused:
            log(f"{refused} connections refused: too many at once")

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - the signature is the library's
        """A client that breaks off is no news."""
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            log(f"{client_address[0]}: {error!r}")


class Asked(http.server.BaseHTTPRequestHandler):
    """POST /beat and /page with the token; anything else is told nothing."""

    server_version, sys_version = "watchdog", ""

    @property
    def door(self) -> "Door":
        """The server, by its own name."""
        return cast("Door", self.server)

    def do_POST(self) -> None:
        """Whoever has no token learns that alone; what is too large is not read."""
        scheme, _, given = self.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not hmac.compare_digest(given.encode(errors="replace"), self.door.token):
            return self._answer(401, "no")
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or len(length) > 9 or self.path not in ("/beat", "/page"):
            return self._answer(400, "POST /beat or /page, with a length")
        if int(length) > LARGEST_BODY:
            return self._answer(413, "too large")
        try:
            alerts = alerts_of(self.rfile.read(int(length)))
        except ValueError as error:
            return self._answer(400, str(error))
        return self._beat(alerts) if self.path == "/beat" else self._page(alerts)

    def _beat(self, alerts: list[Alert]) -> None:
        firing = [
            labels for status, labels, _ in alerts if status == "firing" and labels.get("alertname") == "Watchdog"
        ]
        if not firing:
            return self._answer(200, "no beat")
        self.door.watch.beat()
        if not any(labels.get("test") == "true" for labels in firing):
            return self._answer(200, "heard")
        if time.monotonic() - self.door.tested < TEST_SECONDS:
            return self._answer(429, f"one test in {TEST_SECONDS:g} s")
        self.door.tested = time.monotonic()
        name = self.door.watch.name
        return self._told(self.door.watch.page(f"UJI COBA / TEST: penjaga luar {name} sampai kepada Anda."))

    def _page(self, alerts: list[Alert]) -> None:
        return self._told(self.door.watch.relay(worded(alerts)))

    def _told(self, failures: list[str] | None) -> None:
        if failures is None:
            return self._answer(429, "too many pages in an hour")
        return self._answer(502, "not taken by " + " | ".join(failures)) if failures else self._answer(200, "told")

    def _answer(self, status: int, text: str) -> None:
        body = text.encode(errors="replace")
        self.close_connection = True
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody fills a disk by asking."""
