"""The page as it is asked from here: as agents ask it, and wherever it is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address

import pytest

from exporter.probing.addresses import Family
from exporter.probing.agent.page import AskedPage, KnownPage, PageSeen, known_page
from exporter.probing.names.resolver import Absent, Answer, Found
from pantau.inventory.agents import Agents

TEXT = b"pantau-ok"


class Names:
    """A `Resolver` of one name, that leads to this very machine."""

    async def resolve(self, name: str, family: Family) -> Answer:
        """See `Resolver`."""
        known = name == "portal.kota.test" and family == 4
        return Found((ip_address("127.0.0.1"),), 60.0) if known else Absent("no such name")


@asynccontextmanager
async def serving(answer: bytes, after_seconds: float = 0.0) -> AsyncIterator[int]:
    """A server that says this to whoever asks, in its time; its port."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        await asyncio.sleep(after_seconds)
        writer.write(answer)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(handle, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


def page_at(url: str) -> KnownPage:
    """The page of settings that name it."""
    page = known_page(Agents.model_validate({"key_files": ["key"], "portal_url": url}))
    assert page is not None
    return page


async def seen_of(url: str) -> PageSeen:
    """What asking once shows."""
    source = AskedPage(Names())
    running = asyncio.create_task(source.run())
    try:
        source.ask(page_at(url), 7)
        for _ in range(2000):
            if seen := source.take():
                return seen[0]
            await asyncio.sleep(0.01)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    raise AssertionError("nothing was seen")


def http(status: str, body: bytes = b"", more: str = "") -> bytes:
    """An answer."""
    return f"HTTP/1.1 {status}\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.mark.parametrize(
    ("answer", "comes"),
    [
        (http("200 OK", b"<p>" + TEXT), True),
        (http("404 Not Found", TEXT), True),
        (http("200 OK", b"account suspended"), False),
        (http("302 Found", TEXT, "Location: http://elsewhere.test/\r\n"), False),
        (http("503 Service Unavailable"), False),
        (http("511 Network Authentication Required", TEXT), False),
        (b"what is this?\r\n\r\n", False),
    ],
)
async def test_the_page_comes_as_agents_have_it(answer: bytes, comes: bool) -> None:
    """The text, under whatever status, and no way elsewhere."""
    async with serving(answer) as port:
        assert await seen_of(f"http://portal.kota.test:{port}/") == PageSeen(7, comes, name=True)


async def test_an_answer_that_takes_its_time_is_not_lost() -> None:
    """It is asked for again and again what there is; what comes between two questions is there at the next."""
    async with serving(http("200 OK", TEXT), after_seconds=0.1) as port:
        assert await seen_of(f"http://portal.kota.test:{port}/") == PageSeen(7, page=True, name=True)


async def test_its_name_is_looked_at_apart() -> None:
    """A name that is gone, a server that is down, and a page that has no name."""
    async with serving(http("200 OK", TEXT)) as port:
        assert await seen_of(f"http://gone.kota.test:{port}/") == PageSeen(7, page=False, name=False)
        assert await seen_of(f"http://127.0.0.1:{port}/") == PageSeen(7, page=True, name=True)
    assert await seen_of(f"http://portal.kota.test:{port}/") == PageSeen(7, page=False, name=True)


def test_agents_without_a_page_have_none_to_vouch_for() -> None:
    """It is asked of nobody."""
    assert known_page(Agents.model_validate({"key_files": ["key"]})) is None
