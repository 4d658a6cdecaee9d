"""The two programs' APIs: one that is not there, or is another, is one sentence with its cure; the command's status."""

import asyncio
import io
import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from rich.console import Console

from pantau.alerting.errors import AlertingError
from pantau.alerting.explaining import explain
from pantau.alerting.explaining.asking import HttpSource
from tests.pantau.alerting.amtool import ROOT
from tests.pantau.alerting.recording import RECORD
from tests.patience import PATIENCE_SECONDS

SETTINGS = ROOT / "examples" / "bitung" / "pantau.yml"
NOBODY = "http://127.0.0.1:1"


async def answer(request: web.Request) -> web.Response:
    """A server that has the recorded answers, a page that is no JSON, and a refusal."""
    path = request.path.removeprefix("/")
    if path == "page":
        return web.Response(text="<html>")
    if path == "refused":
        return web.Response(status=400, text='{"status": "error", "error": "parse error"}')
    query = request.query.get("query")
    recorded = RECORD["answers"].get(path + (f"?{query}" if query else ""))
    return web.Response(text=json.dumps(recorded), status=200 if recorded is not None else 404)


@pytest.fixture
async def address() -> AsyncIterator[str]:
    """Where it listens."""
    app = web.Application()
    app.add_routes([web.get("/{path:.*}", answer)])
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


@pytest.mark.parametrize(
    ("base", "path", "said"),
    [
        (
            NOBODY,
            "x",
            f"Prometheus does not answer at {NOBODY} (no connection); start it, or give its address with --p",
        ),
        (
            "nowhere",
            "x",
            "Prometheus does not answer at nowhere (that is no URL; it begins with http://); start it, or",
        ),
        (None, "page", "what answers at {} is not Prometheus (HTTP 200, no JSON); give its address with --p"),
        (None, "refused", "Prometheus at {} refuses refused (HTTP 400): parse error"),
    ],
)
async def test_what_cannot_be_asked_is_one_sentence(base: str | None, path: str, said: str, address: str) -> None:
    """What does not answer, where, and what to do."""
    with pytest.raises(AlertingError) as error, HttpSource("Prometheus", base or address, "--p") as source:
        await source.get(path)
    assert str(error.value).startswith(said.format(address))


async def test_a_cancelled_question_ends_at_once() -> None:
    """Ctrl-C does not wait for a server that does not answer: no thread goes on asking."""
    asked = asyncio.Event()

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        asked.set()
        await reader.read()
        writer.close()

    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with HttpSource("Prometheus", f"http://127.0.0.1:{port}", "--p") as source:
            question = asyncio.create_task(source.get("x"))
            await asyncio.wait_for(asked.wait(), PATIENCE_SECONDS)
            question.cancel()
            with pytest.raises(asyncio.CancelledError):
                await question
            await asyncio.wait_for(asyncio.get_running_loop().shutdown_default_executor(), PATIENCE_SECONDS)


async def test_the_command_prints_and_leaves_with_0(address: str) -> None:
    """Over HTTP, with the recorded answers."""
    console = Console(width=200, record=True, file=io.StringIO())
    assert await explain("indosat", SETTINGS, address, address, console) == 0
    assert console.export_text().splitlines()[:2] == [
        "indosat · Indosat (isp)",
        "pages: IspOutage fires, and page is told",
    ]


async def test_without_alertmanager_the_rules_are_still_explained(address: str) -> None:
    """And the status says that something is missing."""
    console = Console(width=400, record=True, file=io.StringIO())
    assert await explain("indosat", SETTINGS, address, NOBODY, console) == 2
    text = console.export_text()
    assert "does not page: IspOutage fires, but Alertmanager does not answer and nobody is told" in text
    assert f"! Alertmanager does not answer at {NOBODY} (no connection); start it, or give its address with --a" in text
    assert "✔ isp:outage:ratio   [1]" in text


async def test_without_prometheus_there_is_no_explanation(address: str) -> None:
    """It has all the facts."""
    with pytest.raises(AlertingError, match=r"^Prometheus does not answer"):
        await explain("indosat", SETTINGS, NOBODY, address, Console(quiet=True))
