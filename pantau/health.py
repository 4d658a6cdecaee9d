"""Asks an exporter of this machine whether it lives, for container engines and systemd.

It speaks to a socket and to nothing in between: no proxy, whatever the environment says. Whether the answer comes is
what is asked, so a certificate is not verified, and an answer that wants a password is one.
"""

import socket
import ssl

_SECONDS = 4.0
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - nobody listens here
_ALIVE = frozenset({b"200", b"401", b"403", b"429"})
"""It lives, and lets us in or does not."""
_WANTS_CERTIFICATE = frozenset({"TLSV13_ALERT_CERTIFICATE_REQUIRED", "SSLV3_ALERT_HANDSHAKE_FAILURE"})


def ask(host: str, port: int, *, tls: bool, seconds: float = _SECONDS) -> str | None:
    """None where who listens at `host` answers; else one sentence that says why it is not healthy."""
    hosts = [_EVERYWHERE.get(host, host)]
    if host == "::":
        hosts.append("127.0.0.1")
    problem = ""
    for each in hosts:
        try:
            status = _status(each, port, tls, seconds)
        except ssl.SSLError as error:
            if error.reason in _WANTS_CERTIFICATE:
                return None
            problem = f"no TLS at {each} port {port}: {error.reason}"
        except OSError as error:
            problem = f"no answer at {each} port {port}: {error.strerror or error}"
        else:
            return None if status in _ALIVE else f"an answer at {each} port {port} that is none: {status!r}"
    return problem


def _status(host: str, port: int, tls: bool, seconds: float) -> bytes:
    with socket.create_connection((host, port), timeout=seconds) as plain:
        wire = plain if not tls else _unverified().wrap_socket(plain, server_hostname=host)
        with wire:
            wire.sendall(b"GET /-/healthy HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            head = b""
            while b"\r\n" not in head and len(head) < 4096 and (part := wire.recv(4096)):
                head += part
    parts = head.split(maxsplit=2)
    return parts[1] if len(parts) > 1 and parts[0].startswith(b"HTTP/") else head[:40]


def _unverified() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
