"""Scrapes over real connections: what they bring, and that no client harms another."""

import asyncio
import gc
import gzip
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, ExitStack
from pathlib import Path

import aiohttp
import pytest

from exporter.metrics.exposition import HotspotExposition
from exporter.metrics.families import FAMILIES
from exporter.web import rendering, scrapes, server
from tests.exporter.metrics.openmetrics import parse_openmetrics
from tests.exporter.web.conftest import RawClient, connect_raw, read_all
from tests.exporter.web.running import FakeState, serving
from tests.patience import PATIENCE_SECONDS, until

OPENMETRICS = "application/openmetrics-text; version=1.0.0"
LARGE = 3000
"""Hotspots whose exposition, 12 MB, fits into no socket buffer."""
STUCK = b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"
LAST = b"GET /-/healthy HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


def hotspot_part(state: FakeState, openmetrics: bool) -> bytes:
    """What the scrape must begin with."""
    return b"".join(HotspotExposition().render(state.snapshot(), openmetrics))


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "text/plain; version=0.0.4; charset=utf-8"),
        (OPENMETRICS, "application/openmetrics-text; version=1.0.0; charset=utf-8"),
    ],
)
async def test_a_scrape_in_each_format_and_encoding(
    client: aiohttp.ClientSession, state: FakeState, accept: str, content_type: str, encoding: str
) -> None:
    """Hotspot families first, then our own, and the end mark once and last in OpenMetrics."""
    async with client.get("/metrics", headers={"Accept": accept, "Accept-Encoding": encoding}) as response:
        body = await response.read()
    assert (response.status, response.headers["Content-Type"]) == (200, content_type)
    assert response.headers["Vary"] == "Accept, Accept-Encoding"
    assert response.headers.get("Content-Encoding", "identity") == encoding
    if encoding == "gzip":
        body = gzip.decompress(body)
    openmetrics = accept == OPENMETRICS
    assert body.startswith(hotspot_part(state, openmetrics))
    assert body.count(b'pantau_build_info{version="1.2.3"} 1.0\n') == 1
    assert body.count(b"# EOF\n") == int(openmetrics)
    assert body.endswith(b"# EOF\n") is openmetrics
    if openmetrics:
        assert len(list(parse_openmetrics(body.decode()))) == len(FAMILIES) + 29


async def test_two_accept_headers_are_one_list(raw_client: RawClient) -> None:
    """A proxy may split a list header."""
    headers = f"Accept: text/plain;q=0.5\r\nAccept: {OPENMETRICS}\r\nConnection: close\r\n"
    answer = await read_all(await raw_client(f"GET /metrics HTTP/1.1\r\nHost: a\r\n{headers}\r\n".encode()))
    assert b"Content-Type: application/openmetrics-text;" in answer


async def test_a_scrape_of_http_1_0(raw_client: RawClient, state: FakeState) -> None:
    """Without chunks; the end of the connection is the end of the body."""
    head, _, body = (await read_all(await raw_client(b"GET /metrics HTTP/1.0\r\n\r\n"))).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.0 200 ")
    assert b"chunked" not in head
    assert body.startswith(hotspot_part(state, False))


async def test_head_renders_nothing(client: aiohttp.ClientSession, state: FakeState) -> None:
    """The headers of a GET, no body, no snapshot."""
    async with client.head("/metrics", headers={"Accept": OPENMETRICS, "Accept-Encoding": "gzip"}) as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8"
        assert response.headers["Content-Encoding"] == "gzip"
        assert await response.read() == b""
    assert state.snapshots == []


async def test_each_scrape_takes_one_snapshot_and_keeps_none(client: aiohttp.ClientSession, state: FakeState) -> None:
    """One picture of the city for a whole scrape, and no memory of it afterwards."""
    for _ in range(3):
        async with client.get("/metrics") as response:
            await response.read()
    assert len(state.snapshots) == 3
    gc.collect()
    assert [reference() for reference in state.snapshots] == [None] * 3


async def test_a_client_that_leaves_is_forgotten(raw_client: RawClient, state: FakeState) -> None:
    """A connection closed in the middle drops its snapshot, and says nothing in the log."""
    state.labels = FakeState(LARGE).labels
    raw = await raw_client(STUCK)
    await until(lambda: state.snapshots)
    raw.close()
    await until(lambda: gc.collect() >= 0 and state.snapshots[0]() is None)


async def test_a_client_that_does_not_read_is_dropped(
    raw_client: RawClient, state: FakeState, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After `SCRAPE_SECONDS` its connection is reset, and its rendering gone with it."""
    monkeypatch.setattr(scrapes, "SCRAPE_SECONDS", 0.3)
    state.labels = FakeState(LARGE).labels
    raw = await raw_client(STUCK)
    await until(lambda: state.snapshots)
    await until(lambda: gc.collect() >= 0 and state.snapshots[0]() is None)
    assert not (await read_all(raw)).endswith(b"0\r\n\r\n")


async def test_stuck_clients_make_way_for_one_that_reads(
    client: aiohttp.ClientSession, raw_client: RawClient, state: FakeState
) -> None:
    """All places are taken by clients that do not read; a real scrape gets one, long before `SCRAPE_SECONDS`."""
    state.labels = FakeState(LARGE).labels
    for number in range(rendering.MOST_LIVE):
        await raw_client(STUCK)
        await until(lambda number=number: len(state.snapshots) > number)  # type: ignore[misc]
    state.labels = FakeState(3).labels
    plain = {"Accept-Encoding": "identity"}
    async with asyncio.timeout(5), client.get("/metrics", headers=plain) as response:
        assert (await response.read()).endswith(b"process_max_fds " + str_of_max_fds(state))


def str_of_max_fds(state: FakeState) -> bytes:
    """The last value of a scrape in text format."""
    return state.own.render(False).rsplit(b" ", 1)[1]


async def test_many_clients_share_a_rendering(
    client: aiohttp.ClientSession, state: FakeState, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forty clients at once are all served, each with figures of after its question, by two renderings.

    The first rendering is held until all have asked, however slowly they come.
    """
    all_asked, portion = threading.Event(), rendering._portion

    def held(wire: Iterator[bytes]) -> object:
        assert all_asked.wait(PATIENCE_SECONDS)
        return portion(wire)

    monkeypatch.setattr(rendering, "_portion", held)
    state.labels = FakeState(200).labels

    async def scrape() -> int:
        async with client.get("/metrics") as response:
            await response.read()
            return response.status

    scrapes_of_all = [asyncio.create_task(scrape()) for _ in range(40)]
    await until(lambda: state.own.scrapes.in_flight == len(scrapes_of_all))
    all_asked.set()
    assert await asyncio.gather(*scrapes_of_all) == [200] * 40
    assert len(state.snapshots) == 2


async def test_the_loop_is_woken_for_portions(
    client: aiohttp.ClientSession, state: FakeState, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand hotspots are a hundred chunks of lines: one by one, handing them on cost as much as making them.

    What the thread has spent is counted, for the share that all renderings together may have.
    """
    portions, portion = [], rendering._portion
    spent, spend = [], rendering.Renderings._spend

    def noted(wire: Iterator[bytes]) -> object:
        portions.append(portion(wire))
        return portions[-1]

    def counted(renderings: rendering.Renderings, seconds: float) -> None:
        spent.append(seconds)
        spend(renderings, seconds)

    monkeypatch.setattr(rendering, "_portion", noted)
    monkeypatch.setattr(rendering.Renderings, "_spend", counted)
    state.labels = FakeState(1000).labels
    body = await read(client.get("/metrics", headers={"Accept-Encoding": "gzip"}))
    assert gzip.decompress(body).startswith(hotspot_part(state, False))
    assert len(portions) <= 25
    assert [one.seconds for one in portions] == spent
    assert sum(spent) > 0


async def test_an_answer_is_never_older_than_its_question(client: aiohttp.ClientSession, state: FakeState) -> None:
    """Who asks while a rendering runs does not get that one: it is of a moment before."""
    state.labels = FakeState(LARGE).labels
    first = asyncio.create_task(read(client.get("/metrics", headers={"Accept-Encoding": "identity"})))
    await until(lambda: state.snapshots)
    state.labels = FakeState(3).labels
    second = await read(client.get("/metrics", headers={"Accept-Encoding": "identity"}))
    assert second.startswith(hotspot_part(state, False))
    assert len(await first) > len(second)


@pytest.mark.alone
async def test_the_stop_waits_for_no_stuck_scrape() -> None:
    """Well under two seconds, and no socket stays, while clients that do not read hold all places."""
    state = FakeState(LARGE)
    with ExitStack() as clients:
        async with serving(state) as address:
            raws = []
            for number in range(rendering.MOST_LIVE):
                raws.append(clients.enter_context(await connect_raw(address, STUCK)))
                await until(lambda number=number: len(state.snapshots) > number)  # type: ignore[misc]
            raws += [clients.enter_context(await connect_raw(address, STUCK)) for _ in range(2)]
            last = clients.enter_context(await connect_raw(address, LAST))
            assert (await read_all(last)).endswith(b"healthy\n")  # so all before it have been accepted
            start = time.monotonic()
        assert time.monotonic() - start < 1.5
        async with asyncio.timeout(1):
            await until(lambda: not sockets_at(address[1]))
        answers = [await read_all(raw) for raw in raws]
    assert [answer[:13] for answer in answers] == [b"HTTP/1.1 200 "] * 6  # the last two share the youngest rendering
    assert not any(answer.endswith(b"0\r\n\r\n") for answer in answers)  # cut, and to be seen as such
    assert len(state.snapshots) == rendering.MOST_LIVE + 1  # for it one that nobody took has made room


def sockets_at(port: int) -> list[str]:
    """The TCP sockets of this local port that a process still holds, as the kernel lists them (proc(5), net/tcp)."""
    rows = (line.split() for line in Path("/proc/self/net/tcp").read_text().splitlines()[1:])
    # One that its process has closed, and that the kernel still tries to empty, has inode 0.
    return [row[1] for row in rows if int(row[1].partition(":")[2], 16) == port and row[9] != "0"]


async def test_a_running_scrape_may_end_before_the_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that reads gets its whole answer although the server is stopping."""
    monkeypatch.setattr(scrapes, "GRACE_SECONDS", 20.0)
    monkeypatch.setattr(server, "STOP_SECONDS", 20.0)
    state = FakeState(300)
    async with (
        aiohttp.ClientSession() as session,
        asyncio.TaskGroup() as tasks,  # waits for the client, after the server has ended
        serving(state) as (host, port),
    ):
        reading = tasks.create_task(read(session.get(f"http://{host}:{port}/metrics")))
        await until(lambda: state.snapshots)
    assert reading.result().startswith(hotspot_part(state, False))


async def read(request: AbstractAsyncContextManager[aiohttp.ClientResponse]) -> bytes:
    """The whole body."""
    async with request as response:
        return await response.read()
