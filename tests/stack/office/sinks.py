"""An office's mailbox and its webhook, on free ports of the loopback, and a page of metrics that stands still."""

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Mail:
    """One message as its mailbox got it."""

    recipient: str
    subject: str
    text: str


@dataclass
class Sinks:
    """What has come so far, in its order."""

    mails: list[Mail] = field(default_factory=list)
    messages: list[tuple[datetime, dict[str, Any]]] = field(default_factory=list)
    metrics: str = ""
    """What /metrics answers."""
    smtp_port: int = 0
    web_port: int = 0

    def told(self, receiver: str, alert: str) -> list[tuple[datetime, str]]:
        """When that receiver's webhook heard of the alert, and whether it fired."""
        return [
            (when, message["status"])
            for when, message in self.messages
            if message["receiver"] == receiver and message["commonLabels"].get("alertname") == alert
        ]


@contextmanager
def open_sinks() -> Iterator[Sinks]:
    """Both servers, while the context lasts."""
    sinks = Sinks()
    mail = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _smtp(sinks))
    web = ThreadingHTTPServer(("127.0.0.1", 0), _web(sinks))
    mail.daemon_threads = True
    sinks.smtp_port, sinks.web_port = mail.server_address[1], web.server_address[1]
    threads = [threading.Thread(target=server.serve_forever, args=(0.05,)) for server in (mail, web)]
    for thread in threads:
        thread.start()
    try:
        yield sinks
    finally:
        for server in (mail, web):
            server.shutdown()
            server.server_close()
        for thread in threads:
            thread.join()


def _smtp(sinks: Sinks) -> type[socketserver.StreamRequestHandler]:
    class Session(socketserver.StreamRequestHandler):
        """As much of RFC 5321 as one sender without login or TLS needs."""

        def handle(self) -> None:
            recipient = ""
            self._say("220 sink")
            while line := self.rfile.readline().decode().strip():
                command = line.split(":")[0].split(" ")[0].upper()
                if command == "DATA":
                    self._say("354 go on")
                    sinks.mails.append(_mail(recipient, b"".join(iter(self.rfile.readline, b".\r\n"))))
                elif line.upper().startswith("RCPT TO:"):
                    recipient = line[8:].strip().strip("<>")
                self._say("221 bye" if command == "QUIT" else "250 ok")
                if command == "QUIT":
                    return

        def _say(self, words: str) -> None:
            self.wfile.write(f"{words}\r\n".encode())

    return Session


def _mail(recipient: str, data: bytes) -> Mail:
    message = message_from_bytes(data, policy=policy.default)
    body = message.get_body(("plain",))
    text = body.get_content() if body is not None else ""
    return Mail(recipient, str(message["Subject"]), text.replace("\r\n", "\n").strip())


def _web(sinks: Sinks) -> type[BaseHTTPRequestHandler]:
    class Answer(BaseHTTPRequestHandler):
        """Takes notifications, and gives the metrics."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sinks.messages.append((datetime.now(UTC), json.loads(body)))
            self._answer(b"")

        def do_GET(self) -> None:
            self._answer(sinks.metrics.encode())

        def _answer(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        log_message: Callable[..., None] = lambda *_: None

    return Answer
