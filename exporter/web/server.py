"""The HTTP server: routes, limits, start and stop.

It shares its loop with the prober, so nothing here may take long or trust a client: bodies are not read, header sizes
and idle connections are limited, and the stop does not wait for anyone.
"""

import asyncio
import errno
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from exporter.web.page import render_page
from exporter.web.scrapes import Scrapes
from exporter.web.state import WebState
from pantau.errors import PantauError

KEEPALIVE_SECONDS = 75.0
"""An idle connection, or one that does not finish its request's headers, is closed after so long."""
STOP_SECONDS = 0.7
"""How long the stop waits for a request in progress before it cancels it, and as long again for the cancellation."""

LOGGER = logging.getLogger("pantau.web")
"""Where the server tells what went wrong in our own code."""

_LIMITS: dict[str, Any] = {
    "max_line_size": 4096,
    "max_field_size": 4096,
    "lingering_time": 1.0,
    "keepalive_timeout": KEEPALIVE_SECONDS,
}
_HEADERS = {
    "Server": "pantau",  # and not the versions of what it is made of
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
}


class ListenError(PantauError):
    """The address to listen on cannot be had; the text says why and what to do."""


def build_app(state: WebState) -> web.Application:
    """All of Pantau's HTTP endpoints over `state`."""
    app = web.Application(client_max_size=1024)
    endpoints, scrapes = _Endpoints(state), Scrapes(state)
    app.add_routes(
        [
            web.get("/", endpoints.page),
            web.get("/metrics", scrapes.serve),
            web.get("/-/healthy", endpoints.healthy),
            web.get("/-/ready", endpoints.ready),
            web.post("/-/reload", endpoints.reload),
            web.get("/api/hotspots/{hotspot}", endpoints.hotspot),
            web.get("/sd/{job}", endpoints.discovery),
        ]
    )
    app.on_response_prepare.append(_set_headers)

    async def close_scrapes(_app: web.Application) -> None:
        await scrapes.close()

    app.on_shutdown.append(close_scrapes)
    return app


@asynccontextmanager
async def serve(app: web.Application, host: str, port: int) -> AsyncIterator[tuple[str, int]]:
    """Serve `app` while the context lasts; yields the address it listens on (port 0: any free one).

    Leaving it, also by cancellation, ends every connection in well under 2 s. Raises `ListenError`.
    """
    LOGGER.addFilter(_is_our_fault)  # adding it again changes nothing
    runner = web.AppRunner(app, access_log=None, logger=LOGGER, shutdown_timeout=STOP_SECONDS, **_LIMITS)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise ListenError(f"cannot listen on {_place(host, port)}: {_reason(error)}") from error
        bound_host, bound_port, *_ = runner.addresses[0]
        yield bound_host, bound_port
    finally:
        await runner.cleanup()


class _Endpoints:
    """The small endpoints."""

    def __init__(self, state: WebState) -> None:
        self._state = state
        self._reloading = asyncio.Lock()

    async def page(self, _request: web.Request) -> web.Response:
        page = render_page(self._state.overview(), ready=self._state.ready())
        return web.Response(text=page, content_type="text/html", charset="utf-8")

    async def healthy(self, _request: web.Request) -> web.Response:
        return web.Response(text="sehat / healthy\n")

    async def ready(self, _request: web.Request) -> web.Response:
        if self._state.ready():
            return web.Response(text="siap / ready\n")
        return web.Response(
            status=503,
            text="belum siap: putaran probe pertama belum selesai / "
            "not ready: the first round of probes is not complete yet\n",
        )

    async def reload(self, _request: web.Request) -> web.Response:
        async with self._reloading:
            problems = await self._state.reload()
        if problems:
            return web.Response(status=400, text="".join(f"{problem}\n" for problem in problems))
        return web.Response(text="dimuat ulang / reloaded\n")

    async def hotspot(self, request: web.Request) -> web.Response:
        found = self._state.hotspot(request.match_info["hotspot"])
        if found is None:
            return web.json_response({"error": "no such hotspot in the running inventory"}, status=404)
        return web.json_response(found)

    async def discovery(self, request: web.Request) -> web.Response:
        found = await self._state.discovery(request.match_info["job"])
        if found is None:
            return web.json_response({"error": "no such job in sd of the running settings"}, status=404)
        return web.Response(body=found, content_type="application/json", charset="utf-8")


async def _set_headers(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(_HEADERS)


def _is_our_fault(record: logging.LogRecord) -> bool:
    """Not what a client sent that is not HTTP: it was answered 400, and a port scan must not fill the log."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


def _place(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _reason(error: OSError) -> str:
    """Why the socket could not be had, and what to do."""
    if isinstance(error, socket.gaierror):
        return "no such host; choose an address of this machine with --listen"
    reasons = {
        errno.EADDRINUSE: "address already in use: another exporter? choose another with --listen",
        errno.EACCES: "permission denied: ports below 1024 are for root; choose another with --listen",
        errno.EADDRNOTAVAIL: "this machine has no such address; choose another with --listen",
    }
    return reasons.get(error.errno or 0, f"{error.strerror}; choose another with --listen")
