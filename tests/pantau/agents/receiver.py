"""A door that takes heartbeats over TLS and a page that stands for the city's, both on loopback, in a thread."""

import asyncio
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.pantau.agents.wire import read_heartbeat
from tests.patience import PATIENCE_SECONDS

TOKEN = "c3VwZXItc2VjcmV0LXRva2Vu_-7"
SUSPENDED = "<html>Layanan internet Anda di-ISOLIR karena tunggakan</html>"


class Receiver:
    """What was received. `statuses` are the answers to come; 204 when there are none left."""

    def __init__(self, certificates: Path) -> None:
        self.ca = certificates / "ca.pem"
        self.stranger = certificates / "stranger.pem"
        """A certificate that has signed nothing here."""
        self.beats: list[dict[str, Any]] = []
        self.faults: list[str] = []
        """What was not as the wire format says."""
        self.statuses: list[int] = []
        self.url = self.pages = ""
        self.old_url = ""
        """The same door for those who speak TLS as it was ten years ago."""

    def clear(self) -> None:
        """As if nothing had come."""
        self.beats, self.faults, self.statuses = [], [], []

    async def take(self, request: web.Request) -> web.Response:
        """One heartbeat."""
        body = await request.read()
        try:
            assert request.method == "POST"
            assert request.path == "/agent/v1/BTG-0001", request.path
            assert request.headers.getall("Authorization") == [f"Bearer {TOKEN}"]
            assert request.content_type == "application/json"
            assert TOKEN not in str(request.rel_url)
            assert len(body) < 32_768
            self.beats.append(read_heartbeat(body))
        except (AssertionError, ValueError, KeyError) as error:
            self.faults.append(f"{type(error).__name__}: {error}; {body[:300]!r}")
        return web.Response(status=self.statuses.pop(0) if self.statuses else 204)


async def page(request: web.Request) -> web.Response:
    """What stands at the address of the page that the agent knows."""
    match request.match_info["what"]:
        case "ok":
            return web.Response(text="<html>pantau-ok</html>")
        case "login":
            raise web.HTTPFound("/portal")
        case "portal":
            return web.Response(text="<html>Selamat datang, silakan masuk</html>")
        case "suspended":
            return web.Response(text=SUSPENDED)
        case "led-to-suspension":
            raise web.HTTPFound("/isolir/pelanggan")
        case "words-in-vain":  # a page of the city's own that speaks of such things
            return web.Response(text="pantau-ok: cara membayar tunggakan")
        case "broken":
            return web.Response(status=503, text="maintenance")
        case "binary":
            return web.Response(body=b"\0\xff\0" * 60_000)
    return web.Response(text=SUSPENDED)


def make_certificates(folder: Path) -> None:
    """A CA, a certificate of it for loopback, and one that nobody here has signed."""
    extensions = folder / "extensions"
    extensions.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n", "ascii")
    key = ("-newkey", "rsa:2048", "-nodes")
    for name in ("ca", "stranger"):
        where = ("-keyout", f"{name}.key", "-out", f"{name}.pem", "-subj", f"/CN={name}", "-days", "3650")
        _openssl(folder, "req", "-x509", *key, *where)
    _openssl(folder, "req", *key, "-keyout", "door.key", "-out", "door.csr", "-subj", "/CN=localhost")
    signed_by = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "3650", "-extfile", "extensions")
    _openssl(folder, "x509", "-req", "-in", "door.csr", "-out", "door.pem", *signed_by)


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, timeout=PATIENCE_SECONDS)


@contextmanager
def receiving(folder: Path) -> Iterator[Receiver]:
    """The receiver at work; its certificates lie in `folder`."""
    make_certificates(folder)
    receiver, loop, ready = Receiver(folder), asyncio.new_event_loop(), threading.Event()
    stop = asyncio.Event()

    async def serve() -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "door.pem", folder / "door.key")
        door, pages = web.Application(client_max_size=2**20), web.Application()
        door.router.add_route("*", "/{any:.*}", receiver.take)
        pages.router.add_get("/{what}", page)
        pages.router.add_get("/{what}/{more}", page)
        runners = [web.AppRunner(app) for app in (door, pages)]
        for runner in runners:
            await runner.setup()
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)  # busybox 1.35 knows no signature but SHA-1's
        old.load_cert_chain(folder / "door.pem", folder / "door.key")
        old.set_ciphers("DEFAULT:@SECLEVEL=0")
        sites = [
            web.TCPSite(runners[0], "127.0.0.1", 0, ssl_context=context),
            web.TCPSite(runners[0], "127.0.0.1", 0, ssl_context=old),
            web.TCPSite(runners[1], "127.0.0.1", 0),
        ]
        for site in sites:
            await site.start()
        ports = [address[1] for runner in runners for address in runner.addresses]
        receiver.url, receiver.old_url = (f"https://localhost:{port}" for port in ports[:2])
        receiver.pages = f"http://127.0.0.1:{ports[2]}"
        ready.set()
        await stop.wait()
        for runner in runners:
            await runner.cleanup()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(PATIENCE_SECONDS)
        yield receiver
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(PATIENCE_SECONDS)
        loop.close()
