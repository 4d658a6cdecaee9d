"""What a newcomer has: an empty Debian 12, a list of points as offices keep them, a mailbox, an editor."""

import shutil
import socketserver
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import xlsxwriter

from lab.city.namespace import CityNamespace

HOOK_PORT = 9899
ISPS = ("Telkom", "Icon Plus")

EDITOR = f"""\
#!/bin/sh
# What a person does in an editor: the receiver `page` gets a mailbox and a webhook.
exec sed -i -e '/- name: page/,/- name: ticket/{{
s|^    # email_configs:|    email_configs:|
s|^    #   - to: noc@localhost|      - to: noc@kota.example|
/email_configs/,/telegram_configs/s|^    #     |        |
s|http://127.0.0.1:9811/alerts|http://127.0.0.1:{HOOK_PORT}/alerts|
}}' "$1"
"""
SUDO = '#!/bin/sh\nexec "$@"\n'
NO_SERVICES = "#!/bin/sh\nexit 101\n"
"""Nothing is started by a package: it is a folder, and no machine."""


@contextmanager
def empty_debian(folder: Path, prepared: Path | None) -> Iterator[Path]:
    """The root of a system that has nothing but what debootstrap brings; a copy of `prepared` if that is given."""
    root = folder / "root"
    if prepared is None:
        command = ["debootstrap", "--variant=minbase", "--include=ca-certificates", "bookworm", str(root)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    else:
        subprocess.run(["cp", "-a", str(prepared), str(root)], check=True)
    # Where packages come through a proxy with an authority of its own, this machine knows it, the new system not yet.
    shutil.copy("/etc/ssl/certs/ca-certificates.crt", root / "etc/ssl/certs/ca-certificates.crt")
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    shutil.copy("/etc/hosts", root / "etc/hosts")
    for name, text in (("sudo", SUDO), ("nano", EDITOR)):
        _program(root / "usr/local/bin" / name, text)
    _program(root / "usr/sbin/policy-rc.d", NO_SERVICES)
    subprocess.run(["mount", "-t", "proc", "proc", str(root / "proc")], check=True)
    try:
        yield root
    finally:
        subprocess.run(["umount", "--lazy", str(root / "proc")], check=True)


def lay_list(file: Path) -> None:
    """Twenty points in a workbook, with titles above the head and prefix lengths behind the addresses."""
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet("Data")
        sheet.write(0, 0, "DAFTAR TITIK WIFI PUBLIK")
        sheet.write(1, 0, "Dinas Komunikasi dan Informatika")
        for column, head in enumerate(("No", "Nama Titik", "Kecamatan", "Alamat IP", "ISP")):
            sheet.write(3, column, head)
        for number in range(20):
            isp = number % 2
            row = (number + 1, f"Taman {number + 1}", "Coblong", f"10.77.{isp + 1}.{number + 1}/24", ISPS[isp])
            for column, value in enumerate(row):
                sheet.write(4 + number, column, value)


class Mailbox:
    """A mail server on port 25 and a webhook, both of the namespace; what came."""

    def __init__(self) -> None:
        self.mails: list[str] = []
        self.messages: list[bytes] = []

    def forget(self) -> None:
        """What was a test is no page."""
        self.mails.clear()
        self.messages.clear()

    @contextmanager
    def open(self, city: CityNamespace) -> Iterator[None]:
        """Both listen while the context lasts."""
        mail = city.call(_mail_server, self.mails)
        web = city.call(_web_server, self.messages)
        threads = [threading.Thread(target=one.serve_forever, args=(0.1,)) for one in (mail, web)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            for server, thread in zip((mail, web), threads, strict=True):
                server.shutdown()
                thread.join()
                server.server_close()


def _mail_server(mails: list[str]) -> socketserver.ThreadingTCPServer:
    class Session(socketserver.StreamRequestHandler):
        """As much of RFC 5321 as one sender without login or TLS needs."""

        def handle(self) -> None:
            self.wfile.write(b"220 mailbox\r\n")
            while line := self.rfile.readline():
                command = line[:4].upper()
                if command == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    content = b"".join(iter(self.rfile.readline, b".\r\n"))
                    mails.append(str(message_from_bytes(content, policy=policy.default)["Subject"]))
                self.wfile.write(b"221 bye\r\n" if command == b"QUIT" else b"250 ok\r\n")
                if command == b"QUIT":
                    return

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 25), Session)
    server.daemon_threads = True
    return server


def _web_server(messages: list[bytes]) -> ThreadingHTTPServer:
    class Hook(BaseHTTPRequestHandler):
        """Takes what comes."""

        def do_POST(self) -> None:
            messages.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_ignored: object) -> None:
            """Say nothing."""

    return ThreadingHTTPServer(("127.0.0.1", HOOK_PORT), Hook)


def _program(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    file.chmod(0o755)
