"""Asks an exporter of this machine whether it lives, for container engines and systemd: `python -m pantau.health`.

It speaks to a socket and to nothing in between: no proxy, whatever the environment says, and nothing of ours is loaded
for it, since it is asked four times a minute. TLS is spoken where the exporter speaks it. Whether an answer comes is
what is asked, so a certificate is not verified, and an answer that wants a password, or a certificate, is one.
"""

import os
import socket
import ssl
import sys

ADDRESS_VARIABLE = "PANTAU_WEB_LISTEN_ADDRESS"
"""``HOST:PORT``, several with blanks between, as `pantau run` takes it too: what is said once holds for both."""
USUAL = "127.0.0.1:9810"
_SECONDS = 4.0
_EVERYWHERE = {"0.0.0.0": ("127.0.0.1",), "::": ("::1", "127.0.0.1"), "": ("127.0.0.1", "::1")}  # noqa: S104
_ALIVE = frozenset({b"200", b"401", b"403", b"429"})
"""It lives, and lets us in or does not."""
_WANTS_CERTIFICATE = "CERTIFICATE_REQUIRED"


def main() -> None:
    """The first argument, else the environment, says where. Exit status 1 with a sentence where nobody answers."""
    given = sys.argv[1] if len(sys.argv) > 1 else os.environ.get(ADDRESS_VARIABLE, "")
    problem = ask((given.split() or [USUAL])[0])
    if problem is not None:
        sys.exit(problem)


def ask(address: str) -> str | None:
    """None where an exporter that listens at ``HOST:PORT`` answers; else one sentence that says why not."""
    host, _, port = address.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    problem = f"{address!r} is not HOST:PORT"
    if not port.isdigit():
        return problem
    for each in _EVERYWHERE.get(host, (host,)):
        for tls in (False, True):
            try:
                status = _status(each, int(port), tls=tls)
            except OSError as error:
                if _WANTS_CERTIFICATE in str(getattr(error, "reason", "")):
                    return None
                problem = f"no answer at {each} port {port}: {error.strerror or error}"
                continue
            # Who wants a certificate agrees on TLS, and then ends the connection without a word.
            if status in _ALIVE or (tls and not status):
                return None
            problem = f"an answer at {each} port {port} that is none of health: {status!r}"
    return problem


def _status(host: str, port: int, *, tls: bool) -> bytes:
    with socket.create_connection((host, port), timeout=_SECONDS) as plain:
        wire = _unverified().wrap_socket(plain, server_hostname=host) if tls else plain
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


if __name__ == "__main__":
    main()
