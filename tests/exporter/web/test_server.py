"""The small endpoints, the limits, and the server's start and stop."""

import asyncio
import socket
from contextlib import suppress
from dataclasses import replace

import aiohttp
import pytest

from exporter.listening.sockets import ListenError
from exporter.listening.sockets import reason as sockets_reason
from exporter.web import server
from pantau.errors import PantauError
from tests.exporter.web.conftest import RawClient, read_all
from tests.exporter.web.running import FakeState, serving


async def get(client: aiohttp.ClientSession, path: str) -> tuple[int, str]:
    """Status and body of a GET."""
    async with client.get(path) as response:
        return response.status, await response.text()


async def test_healthy_whatever_the_city_does(client: aiohttp.ClientSession, state: FakeState) -> None:
    """The process answers, so it is healthy, ready or not."""
    state.is_ready = False
    assert await get(client, "/-/healthy") == (200, "sehat / healthy\n")


async def test_ready_after_the_first_round(client: aiohttp.ClientSession, state: FakeState) -> None:
    """503 with a sentence before, 200 after."""
    state.is_ready = False
    assert await get(client, "/-/ready") == (
        503,
        "belum siap: putaran probe pertama belum selesai / not ready: the first round of probes is not complete yet\n",
    )
    state.is_ready = True
    assert await get(client, "/-/ready") == (200, "siap / ready\n")


async def test_a_good_reload(client: aiohttp.ClientSession, state: FakeState) -> None:
    """POST loads anew and says so."""
    async with client.post("/-/reload") as response:
        assert (response.status, await response.text()) == (200, "dimuat ulang / reloaded\n")
    assert state.reloads == 1


async def test_a_bad_reload_names_each_problem(client: aiohttp.ClientSession, state: FakeState) -> None:
    """400, a line a problem."""
    state.problems = ["hotspots.csv:3: isp: no such ISP", "pantau.yml:2: probing.timeout: too long"]
    async with client.post("/-/reload") as response:
        assert response.status == 400
        assert await response.text() == "\n".join(state.problems) + "\n"


async def test_get_reloads_nothing(client: aiohttp.ClientSession, state: FakeState) -> None:
    """A link, or a browser that looks ahead, cannot reload."""
    assert (await get(client, "/-/reload"))[0] == 405
    assert state.reloads == 0


async def test_reloads_come_one_after_the_other(
    client: aiohttp.ClientSession, state: FakeState, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two requests at once never load at the same time."""
    running, most = 0, 0

    async def slow_reload() -> list[str]:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1
        return []

    monkeypatch.setattr(state, "reload", slow_reload)
    answers = await asyncio.gather(*(client.post("/-/reload") for _ in range(5)))
    assert [answer.status for answer in answers] == [200] * 5
    assert most == 1


async def test_one_hotspot_as_json(client: aiohttp.ClientSession) -> None:
    """What is known of a hotspot, and 404 for one that is not."""
    async with client.get("/api/hotspots/BTG-00001") as response:
        assert response.status == 200
        assert await response.json() == {"hotspot": "BTG-00001", "state": "up", "name": "Kafé"}
    async with client.get("/api/hotspots/nowhere") as response:
        assert response.status == 404
        assert await response.json() == {"error": "no such hotspot in the running inventory"}


async def test_targets_of_other_exporters(client: aiohttp.ClientSession) -> None:
    """Prometheus' HTTP service discovery: JSON, and 404 for a job that is not."""
    async with client.get("/sd/snmp") as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "application/json; charset=utf-8"
        assert await response.json() == [{"targets": ["10.77.0.1"], "labels": {"hotspot": "BTG-00001"}}]
    async with client.get("/sd/nowhere") as response:
        assert response.status == 404


async def test_the_page(client: aiohttp.ClientSession) -> None:
    """HTML in UTF-8 that no cache keeps, that may run nothing, and that tells no versions of what serves it."""
    async with client.get("/") as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        assert response.headers["Server"] == "pantau"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "<h1>Pantau</h1>" in await response.text()


@pytest.mark.parametrize("path", ["/nowhere", "/metrics/", "/-/", "/api/hotspots/", "/../etc/passwd"])
async def test_what_is_not_there(client: aiohttp.ClientSession, path: str) -> None:
    """404, and no version in the header either."""
    async with client.get(path) as response:
        assert (response.status, response.headers["Server"]) == (404, "pantau")


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + b"x" * 100_000 + b"\r\n\r\n",
        b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost a\r\n\r\n",
    ],
    ids=["long header", "long path", "no header at all"],
)
async def test_unreasonable_requests_are_refused(
    raw_client: RawClient, request_bytes: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """400, or 431 where the head is too large, the connection is closed, and nothing fills the log."""
    answer = await read_all(await raw_client(request_bytes))
    assert answer.startswith((b"HTTP/1.0 400 ", b"HTTP/1.1 400 ", b"HTTP/1.1 431 "))
    assert caplog.records == []


async def test_a_fault_of_ours_is_logged_and_answered(
    client: aiohttp.ClientSession, state: FakeState, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """500 without a trace for the client, the trace in the log, and the server goes on."""
    monkeypatch.setattr(state, "overview", lambda: 1 / 0)
    async with client.get("/") as response:
        assert response.status == 500
        assert "ZeroDivisionError" not in await response.text()
    assert [(record.name, record.exc_info is not None) for record in caplog.records] == [("pantau.web", True)]
    assert await get(client, "/-/healthy") == (200, "sehat / healthy\n")


async def test_a_body_is_not_waited_for(raw_client: RawClient, state: FakeState) -> None:
    """A reload that announces a body and never sends it is answered all the same."""
    raw = await raw_client(b"POST /-/reload HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
    answer = await asyncio.get_running_loop().sock_recv(raw, 65536)
    assert answer.startswith(b"HTTP/1.1 200 ")


async def test_a_request_that_never_ends_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection whose headers do not end, and one that says nothing, are closed after the time of a head."""
    monkeypatch.setattr(server, "LIMITS", replace(server.LIMITS, head_seconds=0.1))
    async with serving(FakeState()) as address:
        for beginning in (b"GET / HTTP/1.1\r\nHost: a\r\n", b""):
            reader, writer = await asyncio.open_connection(*address)
            writer.write(beginning)
            with suppress(ConnectionResetError):  # either way it is over
                assert await reader.read() == b""
            writer.close()
            with suppress(ConnectionResetError):
                await writer.wait_closed()


async def test_many_idle_connections_keep_nobody_out(
    raw_client: RawClient, client: aiohttp.ClientSession, state: FakeState
) -> None:
    """Two hundred clients that say nothing do not delay one that does."""
    for _ in range(200):
        await raw_client(b"")
    assert (await get(client, "/-/healthy"))[0] == 200
    async with client.get("/metrics") as response:
        assert (response.status, len(await response.read()) > 0) == (200, True)
    assert len(state.snapshots) == 1


async def test_a_taken_port_is_one_sentence() -> None:
    """It says what to do, and is an error to show, not a bug."""
    async with serving(FakeState()) as (host, port):
        with pytest.raises(ListenError) as caught:
            async with serving(FakeState(), host, port):
                pass
    assert isinstance(caught.value, PantauError)
    assert str(caught.value) == (
        f"cannot listen on 127.0.0.1:{port}: address already in use: another exporter? "
        "choose another with --web.listen-address"
    )


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (socket.gaierror(-2, "unknown"), "no such host; choose an address of this machine with --web.listen-address"),
        (
            PermissionError(13, "x"),
            "permission denied: ports below 1024 are for root; choose another with --web.listen-address",
        ),
        (OSError(99, "x"), "this machine has no such address; choose another with --web.listen-address"),
        (OSError(5, "Input/output error"), "Input/output error; choose another with --web.listen-address"),
    ],
)
def test_other_reasons_why_an_address_cannot_be_had(error: OSError, reason: str) -> None:
    """Each says what to do."""
    assert sockets_reason(error) == reason


async def test_an_address_of_another_machine() -> None:
    """Nothing is left open when the start fails."""
    with pytest.raises(ListenError, match=r"cannot listen on \[2001:db8::1\]:9810: this machine has no such address"):
        async with serving(FakeState(), "2001:db8::1", 9810):
            pass


async def test_the_port_is_free_again_after_the_stop() -> None:
    """A restart on the same port works at once."""
    async with serving(FakeState()) as (host, port):
        pass
    async with serving(FakeState(), host, port) as bound:
        assert bound == (host, port)
