"""Reload over HTTP: off unless it is asked for, by no page of somebody else, and once for all who ask at once."""

import asyncio

import aiohttp
import pytest

from exporter.web.endpoints import Coalesced
from exporter.web.server import WebOptions
from tests.exporter.web.running import FakeState, serving

EXTERNAL = WebOptions(lifecycle=True, external_urls=("https://pantau.example.go.id/x",))


async def post(address: tuple[str, int], headers: dict[str, str], method: str = "POST", path: str = "/-/reload") -> int:
    """The status of a request with these headers."""
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, "http://{}:{}{}".format(*address, path), headers=headers) as response,
    ):
        return response.status


async def test_it_is_off_unless_it_is_asked_for(state: FakeState) -> None:
    """403, as Prometheus says it; nothing is loaded."""
    async with serving(state, options=WebOptions()) as address:
        assert [await post(address, {}), await post(address, {}, "PUT")] == [403, 403]
    assert state.reloads == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:9810"}, 200),
        ({"Host": "exporter:9810"}, 200),
        ({"Host": "[::1]:9810"}, 200),
        ({"Host": "pantau.svc.cluster.local"}, 200),
        ({"Host": "pantau.example.go.id"}, 200),
        ({"Host": "PANTAU.example.go.id.:443"}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Host": "localhost.evil.example:9810"}, 403),
        ({"Host": "a b"}, 403),
        ({"Host": "pantau.example.go.id@evil.example"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://pantau.example.go.id"}, 200),
        ({"Host": "localhost:9810", "Origin": "http://localhost:9810"}, 200),
        ({"Host": "localhost:9810", "Origin": "http://localhost:3000"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
    ],
)
async def test_a_page_of_somebody_else_reloads_nothing(state: FakeState, headers: dict[str, str], status: int) -> None:
    """Neither by a name that leads here (DNS rebinding) nor by a form (CSRF); tools say nothing and are let in."""
    async with serving(state, options=EXTERNAL) as address:
        assert await post(address, headers) == status
    assert state.reloads == (status == 200)


@pytest.mark.parametrize(
    ("path", "status"), [("/", 403), ("/metrics", 403), ("/api/hotspots/x", 403), ("/-/healthy", 200)]
)
async def test_a_foreign_name_reads_nothing_either(state: FakeState, path: str, status: int) -> None:
    """What is known of the city is not for a page that has rebound its name; whether we live is for everybody."""
    async with serving(state) as address:
        assert await post(address, {"Host": "evil.example"}, "GET", path) == status


async def test_forty_at_once_are_two() -> None:
    """The first begins at once, and all who come while it runs share the next: each is answered by a later load."""
    loads = 0

    async def slow() -> list[str]:
        nonlocal loads
        loads += 1
        await asyncio.sleep(0.05)
        return [f"load {loads}"]

    reload = Coalesced(slow)
    first = asyncio.create_task(reload.run())
    await asyncio.sleep(0)
    assert await asyncio.gather(*(reload.run() for _ in range(39))) == [["load 2"]] * 39
    assert await first == ["load 1"]
    assert await reload.run() == ["load 3"]


async def test_reloads_of_many_clients_are_few(state: FakeState, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over real connections: each is answered, and by far fewer loads than there are clients."""
    loads = 0

    async def slow() -> list[str]:
        nonlocal loads
        loads += 1
        await asyncio.sleep(0.5)
        return []

    monkeypatch.setattr(state, "reload", slow)
    async with serving(state) as address:
        assert await asyncio.gather(*(post(address, {}) for _ in range(40))) == [200] * 40
    assert loads <= 6
