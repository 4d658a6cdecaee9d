"""Real pages, ports and name servers on loopback, well-behaved and hostile: each is told for what it is, and soon."""

import asyncio
import datetime
import gzip
import ssl
import struct
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from exporter.probing.checking.prober import Ask
from exporter.probing.checking.questions import Asked, SuspensionPage, UnaskableError
from exporter.probing.checking.reaching import Reaching
from exporter.probing.checking.wording import fits, has
from exporter.probing.dns.asking import ask_dns
from exporter.probing.http.asking import HttpAsker
from exporter.probing.http.message import BODY_BYTES
from exporter.probing.names.reach import ANYWHERE
from exporter.probing.service import Result
from exporter.probing.tcp.asking import ask_tcp
from tests.exporter.monitor.watched import NoNames
from tests.patience import promptly

REACHING = Reaching(NoNames(), ANYWHERE)
PATIENCE = 0.4
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
PAGES = (
    SuspensionPage(url="*isolir.example*"),
    SuspensionPage(text="layanan*dihentikan"),
    SuspensionPage(answer="10.10.*"),
)


async def outcome(ask: Ask, asked: Asked) -> Result:
    """As the prober has it: silence and refusal are no."""
    try:
        async with asyncio.timeout(PATIENCE):
            return (await ask(asked, REACHING)).result
    except UnaskableError:
        return Result.UNKNOWN
    except (TimeoutError, OSError):
        return Result.NO


@asynccontextmanager
async def serving(handler: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A server on loopback; its port."""
    open_ones: set[asyncio.StreamWriter] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_ones.add(writer)
        with suppress(OSError):
            await handler(reader, writer)

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for writer in open_ones:
            writer.transport.abort()


def sending(answer: bytes) -> Handler:
    """Reads a request, sends this, and closes."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    return handle


def endless(head: bytes, part: bytes) -> Handler:
    """Sends parts without end."""

    async def handle(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0)

    return handle


async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A head that never ends, a byte at a time."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"a")
        await writer.drain()
        await asyncio.sleep(0.02)


async def mute(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Takes the connection and says nothing."""
    await reader.read()


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\nSelamat datang"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\nSelamat\r\n7;x=y\r\n datang\r\n0\r\n\r\n"
HUGE_CHUNK = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n"
BOMB = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"Selamat datang" * 10_000_000, 1)


def redirect(place: bytes) -> bytes:
    """A redirect."""
    return b"HTTP/1.1 302 Found\r\nLocation: " + place + b"\r\nContent-Length: 0\r\n\r\n"


ASKED = Asked(text="selamat*datang", pages=PAGES)
ANSWERS = {
    "a page": (sending(OK), ASKED, Result.YES),
    "in chunks": (sending(CHUNKED), ASKED, Result.YES),
    "after an interim answer": (sending(b"HTTP/1.1 103 Early\r\n\r\n" + OK), ASKED, Result.YES),
    "another text": (sending(OK.replace(b"datang", b"malam!")), ASKED, Result.NO),
    "a status that is asked for": (sending(OK.replace(b"200", b"401")), replace(ASKED, status=(401,)), Result.YES),
    "another status": (sending(OK.replace(b"200", b"503")), ASKED, Result.NO),
    "a redirect as it should be": (
        sending(redirect(b"/login")),
        Asked(redirect="http://127.0.0.1:*/login", pages=PAGES),
        Result.YES,
    ),
    "a redirect elsewhere": (sending(redirect(b"http://evil.example/")), Asked(redirect="*/login"), Result.NO),
    "a redirect that nobody asked for": (sending(redirect(b"/")), Asked(), Result.NO),
    "a redirect to itself": (sending(redirect(b"")), Asked(), Result.NO),
    "no redirect where there should be one": (sending(OK), Asked(redirect="*"), Result.NO),
    "a redirect to nowhere": (sending(redirect(b"http://[::1")), Asked(), Result.NO),
    "the suspension page by redirect": (sending(redirect(b"http://isolir.example/x")), ASKED, Result.ISOLATED),
    "the suspension page by text": (
        sending(b"HTTP/1.1 200 OK\r\n\r\n<h1>LAYANAN Anda DIHENTIKAN</h1>"),
        ASKED,
        Result.ISOLATED,
    ),
    "an unpaid bill with its own status": (
        sending(b"HTTP/1.1 402 Pay\r\n\r\nlayanan dihentikan"),
        ASKED,
        Result.ISOLATED,
    ),
    "an endless body": (endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536), ASKED, Result.NO),
    "an endless body with the text": (
        endless(b"HTTP/1.1 200 OK\r\n\r\nSelamat datang", b"x" * 65536),
        ASKED,
        Result.YES,
    ),
    "an endless chunk": (endless(HUGE_CHUNK, b"x" * 65536), ASKED, Result.NO),
    "a body that promises more": (sending(OK.replace(b": 14", b": 99999999999")), ASKED, Result.YES),
    "a length that is none": (sending(OK.replace(b": 14", b": -14")), ASKED, Result.YES),
    "a chunk's length that is none": (sending(CHUNKED.replace(b"\n7\r", b"\n-7\r")), ASKED, Result.NO),
    "a decompression bomb": (sending(BOMB), ASKED, Result.NO),
    "a slow head": (drip, ASKED, Result.NO),
    "silence": (mute, ASKED, Result.NO),
    "an endless head": (endless(b"HTTP/1.1 200 OK\r\n", b"X-A: " + b"a" * 1000 + b"\r\n"), ASKED, Result.NO),
    "a head in one line": (endless(b"HTTP/1.1 200 ", b"a" * 65536), ASKED, Result.NO),
    "interim answers without end": (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), ASKED, Result.NO),
    "no HTTP": (sending(b"SSH-2.0-dropbear\r\n\r\n"), ASKED, Result.NO),
    "nothing": (sending(b""), ASKED, Result.NO),
}


@pytest.mark.parametrize("case", ANSWERS)
async def test_a_page(case: str) -> None:
    """Within its time, whatever comes."""
    handler, asked, expected = ANSWERS[case]
    async with serving(handler) as port:
        with promptly(3 * PATIENCE):
            assert await outcome(HttpAsker(), replace(asked, url=f"http://127.0.0.1:{port}/a?b=c")) is expected


async def test_what_is_sent() -> None:
    """One request for the page, and nothing that asks for packed content."""
    heard: list[bytes] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(OK)
        await writer.drain()

    async with serving(handle) as port:
        assert await outcome(HttpAsker(), Asked(url=f"http://127.0.0.1:{port}/a?b=c")) is Result.YES
    (request,) = heard
    assert request.startswith(b"GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n" % port)
    assert b"Accept-Encoding: identity\r\n" in request


async def test_nobody_there() -> None:
    """A refused connection is no; a name that nobody can look up tells nothing of who was to be asked."""
    async with serving(mute) as port:
        pass
    assert await outcome(HttpAsker(), Asked(url=f"http://127.0.0.1:{port}/")) is Result.NO
    assert await outcome(ask_tcp, Asked(host="127.0.0.1", port=port)) is Result.NO
    assert await outcome(ask_tcp, Asked(host="nowhere.example", port=port)) is Result.UNKNOWN


async def test_a_port() -> None:
    """Whoever takes the connection is there."""
    async with serving(mute) as port:
        assert await outcome(ask_tcp, Asked(host="127.0.0.1", port=port)) is Result.YES


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """Nobody vouches for it, and it expires in ten days."""
    folder = tmp_path_factory.mktemp("tls")
    _make(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def _make(folder: Path) -> None:
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", str(folder / "key.pem")]
    subject = ["-subj", "/CN=router", "-days", "10", "-out", str(folder / "cert.pem")]
    subprocess.run(["openssl", "req", "-x509", *key, *subject], check=True, capture_output=True)


async def test_when_a_certificate_expires(certificate: ssl.SSLContext) -> None:
    """One that nobody vouches for is no, unless it need not be trusted; then its end is told all the same."""
    async with serving(sending(OK), certificate) as port:
        asked = Asked(url=f"https://127.0.0.1:{port}/")
        assert await outcome(HttpAsker(), asked) is Result.NO
        answered = await HttpAsker()(replace(asked, verify=False), REACHING)
    assert answered.result is Result.YES
    in_ten_days = datetime.datetime.now(datetime.UTC).timestamp() + 10 * 86_400
    assert abs(answered.expiry_s - in_ten_days) < 60


class NameServer(asyncio.DatagramProtocol):
    """Answers each question by what is given; another socket answers before it where `forged`."""

    def __init__(self, answer: Callable[[bytes], list[bytes]]) -> None:
        self._answer = answer
        self.forger: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See the base."""
        self.transport = transport

    def datagram_received(self, data: bytes, place: tuple[str, int]) -> None:
        """See the base."""
        if self.forger is not None:
            self.forger.sendto(reply(data, "10.10.1.1"), place)
        for one in self._answer(data):
            self.transport.sendto(one, place)  # type: ignore[attr-defined]


def reply(query: bytes, address: str = "", code: int = 0, number: int | None = None) -> bytes:
    """An answer with one address, or none."""
    question = query[12:]
    end = question.index(b"\0") + 5
    head = struct.pack(">HHHHHH", number or struct.unpack(">H", query[:2])[0], 0x8180 | code, 1, bool(address), 0, 0)
    packed = bytes(int(part) for part in address.split(".")) if address else b""
    record = b"\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04" + packed if address else b""
    return head + question[:end] + record


@asynccontextmanager
async def naming(answer: Callable[[bytes], list[bytes]], *, forged: bool = False) -> AsyncIterator[int]:
    """A name server on loopback; its port."""
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(lambda: NameServer(answer), ("127.0.0.1", 0))
    other, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, ("127.0.0.1", 0))
    server.forger = other if forged else None
    try:
        yield transport.get_extra_info("sockname")[1]
    finally:
        transport.close()
        other.close()


NAMES: dict[str, tuple[Callable[[bytes], list[bytes]], str | None, Result]] = {
    "an address": (lambda query: [reply(query, "103.1.2.3")], None, Result.YES),
    "the right address": (lambda query: [reply(query, "103.1.2.3")], "103.*", Result.YES),
    "another address": (lambda query: [reply(query, "103.1.2.3")], "104.*", Result.NO),
    "the ISP's": (lambda query: [reply(query, "10.10.1.1")], None, Result.ISOLATED),
    "no such name": (lambda query: [reply(query, code=3)], None, Result.NO),
    "a refusal": (lambda query: [reply(query, code=5)], None, Result.NO),
    "no record": (lambda query: [reply(query)], None, Result.NO),
    "silence": (lambda _: [], None, Result.NO),
    "another number": (lambda query: [reply(query, "103.1.2.3", number=1)], None, Result.NO),
    "garbage before the answer": (lambda query: [b"\0" * 7, b"x" * 60, reply(query, "103.1.2.3")], None, Result.YES),
}


@pytest.mark.parametrize("forged", [False, True])
@pytest.mark.parametrize("case", NAMES)
async def test_a_name(case: str, forged: bool) -> None:
    """Only what comes from where we asked counts, with our number."""
    answer, right, expected = NAMES[case]
    async with naming(answer, forged=forged) as port:
        asked = Asked(host="127.0.0.1", port=port, query="bitung.example", answer=right, pages=PAGES)
        assert await outcome(ask_dns, asked) is expected


def test_patterns() -> None:
    """``*`` is anything, parts follow one another, case means nothing; and no text takes long."""
    assert fits("*isolir*", "http://ISOLIR.example/")
    assert fits("http://a/*", "http://a/b")
    assert not fits("http://a/*", "x http://a/b")
    assert not fits("a*a", "a")
    assert fits("a*b*c", "a-b-b-c")
    assert not fits("a", "ab")
    assert has("tagihan*belum", "... Tagihan Anda BELUM dibayar")
    assert not has("belum*tagihan", "tagihan belum")
    with promptly(0.5):
        assert not has("a*" * 50 + "b", "a" * BODY_BYTES)
