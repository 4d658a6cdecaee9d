"""The HTTP server: routes, limits, start and stop.

It shares its loop with the prober, so nothing here may take long or trust a client: bodies are not read, and
connections that do no work make room for others (`exporter.listening.room`). The stop does not wait for anyone.
"""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from pathlib import Path
from typing import Any

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from exporter.listening.connections import Connections, by_client, together
from exporter.listening.limits import Buckets
from exporter.listening.room import ConnectionLimits
from exporter.listening.sockets import ListenError, open_listeners, place, reason
from exporter.web.access import WebAccess
from exporter.web.endpoints import Endpoints
from exporter.web.guard import MOST_BODY_BYTES, Guard
from exporter.web.hosts import host_of, origin_of
from exporter.web.scrapes import Scrapes
from exporter.web.state import WebState
from pantau.inventory.listening import Listen

LIMITS = ConnectionLimits(
    most=512,
    most_of_one=128,
    reserved=64,
    makes_room=True,
    head_seconds=10.0,
    head_bytes=32_768,
    idle_seconds=75.0,
    stalled_seconds=10.0,
    busy_seconds=45.0,
)
"""A scrape takes 30 s at most, a reload as long as its disk may."""
CONNECTS_A_SECOND, CONNECTS_AT_ONCE = 50.0, 200.0
"""Of one client that is not known; ..."""
ALL_CONNECTS_A_SECOND, ALL_CONNECTS_AT_ONCE = 200.0, 600.0
"""... and of all of them together: each may cost a TLS handshake."""
STOP_SECONDS = 0.7
"""How long the stop waits for a request in progress before it cancels it, and as long again for the cancellation."""
_TOLD_SECONDS = 60.0

LOGGER = logging.getLogger("pantau.web")
"""Where the server tells what went wrong in our own code."""
log = structlog.get_logger(__name__)

_LIMITS: dict[str, Any] = {
    "max_line_size": 4096,
    "max_field_size": 4096,
    "max_headers": 64,
    "lingering_time": 1.0,
    "auto_decompress": False,  # what is small on the wire may be without bounds behind it
    "keepalive_timeout": 75.0,
}


@dataclass(frozen=True, slots=True)
class WebOptions:
    """What the command line and the settings say of the server."""

    config_file: Path | None = None
    """In exporter-toolkit's format; plain HTTP for everybody without one."""
    lifecycle: bool = False
    """Whether ``POST /-/reload`` is taken."""
    external_urls: tuple[str, ...] = ()
    """By which people and Prometheus come here."""
    scrapers: tuple[IPv4Network | IPv6Network, ...] = ()
    """Whose connections and scrapes have places of their own, beside those of this machine."""
    hosts: tuple[str, ...] = ()
    """Names that lead here."""

    def is_known(self, host: str) -> bool:
        """Whether the address that somebody comes from is one of them."""
        address = ip_address(host.partition("%")[0])
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        return (mapped or address).is_loopback or any((mapped or address) in network for network in self.scrapers)


@dataclass(frozen=True, slots=True)
class WebDoor:
    """The application, and who stands at its door."""

    app: web.Application
    guard: Guard
    access: WebAccess
    options: WebOptions


def build_door(state: WebState, options: WebOptions = WebOptions()) -> WebDoor:
    """All of Pantau's HTTP endpoints over `state`. Raises `ConfigurationError` for a bad web configuration."""
    access = WebAccess(options.config_file)
    state.own.web_config = access
    guard = Guard(access, _names_of(options), {origin_of(url) for url in options.external_urls})
    endpoints, scrapes = Endpoints(state, lifecycle=options.lifecycle), Scrapes(state)

    @web.middleware
    async def guarded(request: web.Request, handler: Any) -> web.StreamResponse:
        return await guard.pass_on(request, handler)

    async def metrics(request: web.Request) -> web.StreamResponse:
        return await scrapes.serve(request, known=guard.known(request))

    app = web.Application(client_max_size=MOST_BODY_BYTES, middlewares=[guarded])
    app.add_routes([web.get("/metrics", metrics), *endpoints.routes])
    app.on_response_prepare.append(guard.set_headers)

    async def run(_app: web.Application) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(scrapes.renderings.run()), tasks.create_task(access.look_after())]
            yield
            for task in running:
                task.cancel()

    async def close_scrapes(_app: web.Application) -> None:
        await scrapes.close()

    app.cleanup_ctx.append(run)
    app.on_shutdown.append(close_scrapes)
    return WebDoor(app, guard, access, options)


@asynccontextmanager
async def serve(door: WebDoor, places: Sequence[Listen]) -> AsyncIterator[tuple[str, int]]:
    """Serve while the context lasts; yields the first address it listens on (port 0: any free one).

    Leaving it, also by cancellation, ends every connection in well under 2 s. Raises `ListenError`.
    """
    LOGGER.addFilter(_is_our_fault)  # adding it again changes nothing
    runner = web.AppRunner(door.app, access_log=None, logger=LOGGER, shutdown_timeout=STOP_SECONDS, **_LIMITS)
    told = _Told()
    rates = [
        by_client(Buckets(CONNECTS_A_SECOND, CONNECTS_AT_ONCE)),
        together(Buckets(ALL_CONNECTS_A_SECOND, ALL_CONNECTS_AT_ONCE)),
    ]
    connections = Connections(LIMITS, rates, told.refused, told.late, door.options.is_known)
    with ExitStack() as opened:
        listeners: list[socket.socket] = []
        for each in places:
            try:
                listeners += opened.enter_context(open_listeners(each.host, each.port))
            except OSError as error:
                raise ListenError(f"cannot listen on {place(each.host, each.port)}: {reason(error)}") from error

        async def accept(_app: web.Application) -> AsyncIterator[None]:
            async with asyncio.TaskGroup() as tasks:
                # The server is made after this has begun, and before anybody is accepted.
                serving = connections.serve(listeners, lambda: runner.server(), lambda: door.access.context)  # type: ignore[misc]
                task = tasks.create_task(serving)
                yield
                task.cancel()

        door.app.cleanup_ctx.append(accept)
        door.guard.connections = connections
        await runner.setup()
        try:
            bound_host, bound_port, *_ = listeners[0].getsockname()
            yield bound_host, bound_port
        finally:
            connections.accept_no_more()
            await runner.cleanup()


class _Told:
    """What happens at the door, told in the log once a minute however often it happens."""

    def __init__(self) -> None:
        self._counts = {"refused": 0, "late": 0}
        self._told_at: float | None = None

    def refused(self) -> None:
        """A connection was closed unheard."""
        self._tell("refused")

    def late(self) -> None:
        """A connection was ended, for it took longer than it may."""
        self._tell("late")

    def _tell(self, what: str) -> None:
        self._counts[what] += 1
        now = asyncio.get_running_loop().time()
        if self._told_at is None or now - self._told_at >= _TOLD_SECONDS:
            log.warning("connections that were closed at the door", **self._counts)
            self._told_at, self._counts = now, dict.fromkeys(self._counts, 0)


def _names_of(options: WebOptions) -> Collection[str]:
    hosts = (host_of(origin_of(url).partition("://")[2].rpartition("@")[2]) for url in options.external_urls)
    return {name.lower() for name in (*hosts, *options.hosts) if name}


def _is_our_fault(record: logging.LogRecord) -> bool:
    """Not what a client sent that is not HTTP: it was answered 400, and a port scan must not fill the log."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))
