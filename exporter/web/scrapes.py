"""Scrapes: a snapshot rendered and compressed in a thread, chunk by chunk, and streamed to a client that may be slow.

The loop, which probes, only hands chunks on. Few scrapes run at once, for each holds a snapshot; others wait. A client
that does not read gives its place to one that waits, and is dropped after `SCRAPE_SECONDS` in any case.
"""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from aiohttp import web
from isal import isal_zlib

from exporter.metrics.exposition import EOF, HotspotExposition
from exporter.web.negotiation import OPENMETRICS, TEXT, accepts_gzip, wants_openmetrics
from exporter.web.state import WebState

CONCURRENT_SCRAPES = 4
RENDERERS = 2
"""Threads that render, a chunk of one scrape after one of another: each keeps the heap that it once needed."""
SCRAPE_SECONDS = 30.0
"""The longest that a scrape may take; Prometheus itself gives up after 10 s unless it is told otherwise."""
STALLED_SECONDS = 2.0
"""A client that took nothing for so long is dropped as soon as another waits."""
OLD_SECONDS = 10.0
"""So is a scrape that has taken so long, however steadily it trickles."""
GRACE_SECONDS = 0.5
"""What running scrapes are given at the end of the server."""

_CHECK_SECONDS = 0.5
_GZIP_LEVEL = 1  # ISA-L: less than a tenth of the size for 0.6 ns a byte, where zlib takes 2.6 and comes out larger
_GZIP_WINDOW = 16 + isal_zlib.MAX_WBITS  # zlib's way of asking for a gzip header


class Scrapes:
    """Serves ``/metrics``."""

    def __init__(self, state: WebState) -> None:
        self._state = state
        self._exposition = HotspotExposition()
        self._places = asyncio.Semaphore(CONCURRENT_SCRAPES)
        self._renderers = ThreadPoolExecutor(RENDERERS, "scrape")
        self._running: set[_Progress] = set()
        self._closing = False
        self.waiting = 0
        """Scrapes that wait for a place."""

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer a request for metrics, in the format and encoding that it asks for."""
        openmetrics = wants_openmetrics(_header(request, "Accept"))
        response = web.StreamResponse()
        response.headers["Content-Type"] = OPENMETRICS if openmetrics else TEXT
        response.headers["Vary"] = "Accept, Accept-Encoding"
        compressor = None
        if accepts_gzip(_header(request, "Accept-Encoding")):
            response.headers["Content-Encoding"] = "gzip"
            compressor = isal_zlib.compressobj(_GZIP_LEVEL, isal_zlib.DEFLATED, _GZIP_WINDOW)
        if request.method == "HEAD":
            return response
        self.waiting += 1
        try:
            await self._places.acquire()
        finally:
            self.waiting -= 1
        try:
            if self._closing:
                raise web.HTTPServiceUnavailable(text="berhenti / shutting down\n")
            if request.transport is not None:  # else it has gone while it waited
                await self._stream(request, response, self._wire(openmetrics, compressor))
        finally:
            self._places.release()
        return response

    async def close(self) -> None:
        """Let running scrapes end within `GRACE_SECONDS`, and begin no other."""
        self._closing = True
        for progress in self._running:
            progress.drop_after(GRACE_SECONDS)

    async def _stream(self, request: web.Request, response: web.StreamResponse, wire: Iterator[bytes]) -> None:
        try:
            async with asyncio.timeout(SCRAPE_SECONDS) as timeout:
                progress = _Progress(self, timeout)
                self._running.add(progress)
                try:
                    await response.prepare(request)
                    loop = asyncio.get_running_loop()
                    while (data := await loop.run_in_executor(self._renderers, next, wire, None)) is not None:
                        progress.writing()
                        await response.write(data)
                        progress.written()
                finally:
                    progress.end()
                    self._running.discard(progress)
        except TimeoutError:
            if request.transport is not None:
                # Not close(): it would wait for the buffer to drain into a client that does not read.
                request.transport.abort()
        except ConnectionError:
            return  # the client has gone: nothing to mend, nothing to log

    def exposition(self) -> bytes:
        """All that a scrape shows now, in OpenMetrics, rendered at once: for a replay, which has no loop."""
        return b"".join(self._wire(openmetrics=True, compressor=None))

    def _wire(self, openmetrics: bool, compressor: isal_zlib.Compress | None) -> Iterator[bytes]:
        """The chunks of the body, some of them empty. Takes the snapshot at once; iterate in a thread."""
        parts = self._parts(self._exposition.render(self._state.snapshot(), openmetrics), openmetrics)
        return parts if compressor is None else _compressed(parts, compressor)

    def _parts(self, hotspots: Iterator[bytes], openmetrics: bool) -> Iterator[bytes]:
        yield from hotspots
        yield self._state.own.render(openmetrics)
        if openmetrics:
            yield EOF


class _Progress:
    """Watches over one running scrape, and ends it where it keeps others waiting."""

    def __init__(self, scrapes: Scrapes, timeout: asyncio.Timeout) -> None:
        self._scrapes = scrapes
        self._timeout = timeout
        self._loop = asyncio.get_running_loop()
        self._old_at = self._loop.time() + OLD_SECONDS
        self._stalled_at = self._old_at
        self._check = self._loop.call_later(_CHECK_SECONDS, self._drop_if_in_the_way)

    def writing(self) -> None:
        """A chunk is handed to the client."""
        self._stalled_at = self._loop.time() + STALLED_SECONDS

    def written(self) -> None:
        """The client has room for more."""
        self._stalled_at = self._old_at

    def drop_after(self, seconds: float) -> None:
        """End the scrape so many seconds from now."""
        if not self._timeout.expired():
            self._timeout.reschedule(self._loop.time() + seconds)

    def end(self) -> None:
        """The scrape is over."""
        self._check.cancel()

    def _drop_if_in_the_way(self) -> None:
        if self._scrapes.waiting and self._loop.time() >= min(self._stalled_at, self._old_at):
            self.drop_after(0.0)
        else:
            self._check = self._loop.call_later(_CHECK_SECONDS, self._drop_if_in_the_way)


def _compressed(parts: Iterator[bytes], compressor: isal_zlib.Compress) -> Iterator[bytes]:
    for part in parts:
        yield compressor.compress(part)
    yield compressor.flush()


def _header(request: web.Request, name: str) -> str:
    """All fields of that name, as one list (RFC 9110, 5.3)."""
    return ",".join(request.headers.getall(name, []))
