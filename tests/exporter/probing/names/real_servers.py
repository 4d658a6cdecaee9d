"""Real name servers on the loopback, at a port of their own: dnsmasq and unbound, set up in a folder of the test's."""

import contextlib
import os
import pwd
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import dns.message
import dns.query

from tests.patience import PATIENCE_SECONDS
from tests.programs import require_program

Records = Mapping[str, str]
"""Addresses by name, with blanks between."""


class Dnsmasq:
    """A dnsmasq for ``example``, whose names can be changed while it runs; `more` are further options of it."""

    def __init__(self, folder: Path, records: Records, more: Sequence[str] = ()) -> None:
        self.port = free_port()
        self._hosts = folder / "dnsmasq.hosts"
        self._write(records)
        program = str(require_program("dnsmasq"))
        own = pwd.getpwuid(os.getuid()).pw_name  # it would become an ordinary user, who may not read the folder
        options = (
            "--conf-file=/dev/null",
            "--no-resolv",
            "--no-hosts",
            f"--user={own}",
            "--pid-file=",
            "--local=/example/",
        )
        listening = (
            f"--port={self.port}",
            "--listen-address=127.0.0.1",
            "--bind-interfaces",
            f"--addn-hosts={self._hosts}",
        )
        self.process = subprocess.Popen([program, "--keep-in-foreground", *options, *listening, *more])

    def change(self, records: Records) -> None:
        """Other names and addresses, from the next question on."""
        self._write(records)
        self.process.send_signal(signal.SIGHUP)
        name, addresses = next(iter(records.items()))
        wait_for(self.port, name, addresses.split())

    def _write(self, records: Records) -> None:
        lines = (f"{address} {name}\n" for name, addresses in records.items() for address in addresses.split())
        self._hosts.write_text("".join(lines))


@contextlib.contextmanager
def dnsmasq(folder: Path, records: Records, *more: str) -> Iterator[Dnsmasq]:
    """A dnsmasq that answers."""
    server = Dnsmasq(folder, records, more)
    with ended(server.process):
        wait_for(server.port)
        yield server


@contextlib.contextmanager
def unbound(folder: Path, *lines: str) -> Iterator[int]:
    """An unbound with these lines of its section ``server``; yields its port."""
    program, port = str(require_program("unbound")), free_port()
    own = ("do-daemonize: no", 'username: ""', 'chroot: ""', 'pidfile: ""', "use-syslog: no", "module-config: iterator")
    listening = ("interface: 127.0.0.1", f"port: {port}", "access-control: 127.0.0.0/8 allow", f'directory: "{folder}"')
    text = "server:\n" + "".join(f"  {line}\n" for line in (*own, *listening, *lines))
    file = folder / "unbound.conf"
    file.write_text(f"{text}remote-control:\n  control-enable: no\n")
    with (folder / "unbound.log").open("wb") as log:
        process = subprocess.Popen([program, "-d", "-c", str(file)], stderr=log)
    with ended(process):
        wait_for(port)
        yield port


@contextlib.contextmanager
def ended(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """The process is ended with the context."""
    try:
        yield
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port of 127.0.0.1 that is free for UDP and TCP."""
    with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        tcp.bind(("127.0.0.1", 0))
        port: int = tcp.getsockname()[1]
        udp.bind(("127.0.0.1", port))
        return port


def wait_for(port: int, name: str = "example", addresses: Sequence[str] = ()) -> None:
    """Wait until the server answers, and with these addresses where any are given."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    record = "AAAA" if any(":" in address for address in addresses) else "A"
    query = dns.message.make_query(name, record)
    while time.monotonic() < deadline:
        with contextlib.suppress(Exception):
            answer = dns.query.udp(query, "127.0.0.1", timeout=0.5, port=port)
            got = {item.to_text() for rrset in answer.answer for item in rrset}
            wanted = {address for address in addresses if (":" in address) == (record == "AAAA")}
            if not addresses or got == wanted:
                return
        time.sleep(0.02)
    raise AssertionError(f"no name server answers at port {port} with {addresses}")
