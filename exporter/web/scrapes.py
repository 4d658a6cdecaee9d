"""Scrapes: a rendering that is shared by all who ask at the same time, streamed to clients that may be slow.

The loop, which probes, only hands chunks on. So many scrapes are answered at once; beyond that a client that does not
read gives way, and where none does the answer is 503. Some places are for known clients alone, and they take those of
unknown ones, so that strangers never keep Prometheus out (`exporter.listening.room` says who is known).
"""

import asyncio
import math
import time
from collections.abc import Iterator

from aiohttp import web
from isal import isal_zlib

from exporter.listening.connections import reset
from exporter.metrics.exposition import EOF, HotspotExposition
from exporter.web.negotiation import OPENMETRICS, TEXT, accepts_gzip, wants_openmetrics
from exporter.web.rendering import OLD_SECONDS, STALLED_SECONDS, Form, Renderings
from exporter.web.state import WebState

MOST_SCRAPES = 128
"""Answered or waiting at once."""
RESERVED_SCRAPES = 16
"""Of them those that only known clients may have."""
SCRAPE_SECONDS = 30.0
"""The longest that a scrape may take; a scraper that says how long it waits gets its answer within that, or 503."""
GRACE_SECONDS = 0.5
"""What running scrapes are given at the end of the server."""
TIMEOUT_HEADER = "X-Prometheus-Scrape-Timeout-Seconds"

_PIECE = 65_536
_MOST_OFFSET_SECONDS = 0.5
"""An answer that is to be in time leaves so much before, or a quarter of a shorter time, for the way."""
_GZIP_LEVEL = 1  # ISA-L: less than a tenth of the size for 0.6 ns a byte, where zlib takes 2.6 and comes out larger
_GZIP_WINDOW = 16 + isal_zlib.MAX_WBITS  # zlib's way of asking for a gzip header
_TOO_MANY = "terlalu banyak permintaan sekaligus / too many scrapes at once\n"
_TOO_LATE = "tidak sempat dalam batas waktu / not rendered within the scrape's timeout\n"
_STOPPING = "berhenti / shutting down\n"


class Scrapes:
    """Serves ``/metrics``."""

    def __init__(self, state: WebState) -> None:
        self._state = state
        self._exposition = HotspotExposition()
        self.renderings = Renderings(lambda form: self._wire(*form))
        self._running: dict[_Scrape, None] = {}
        self._closing = False

    async def serve(self, request: web.Request, *, known: bool = False) -> web.StreamResponse:
        """Answer a request for metrics, in the format and encoding that it asks for, and count the answer."""
        counts = self._state.own.scrapes
        counts.in_flight += 1
        code = 500
        try:
            answer = await self._answer(request, known)
            code = answer.status
        finally:
            counts.in_flight -= 1
            counts.by_code[code] += 1
        return answer

    async def close(self) -> None:
        """Let running scrapes end within `GRACE_SECONDS`, and begin no other."""
        self._closing = True
        for scrape in self._running:
            scrape.drop_after(GRACE_SECONDS)

    def exposition(self) -> bytes:
        """All that a scrape shows now, in OpenMetrics, rendered at once: for a replay, which has no loop."""
        return b"".join(self._wire(openmetrics=True, gzip=False))

    async def _answer(self, request: web.Request, known: bool) -> web.StreamResponse:
        openmetrics = wants_openmetrics(_header(request, "Accept"))
        gzip = accepts_gzip(_header(request, "Accept-Encoding"))
        response = web.StreamResponse()
        response.headers["Content-Type"] = OPENMETRICS if openmetrics else TEXT
        response.headers["Vary"] = "Accept, Accept-Encoding"
        if gzip:
            response.headers["Content-Encoding"] = "gzip"
        if request.method == "HEAD":
            return response
        if self._closing:
            return _unavailable(_STOPPING)
        if not self._has_place(known):
            return _unavailable(_TOO_MANY)
        seconds = patience(request.headers.get(TIMEOUT_HEADER))
        scrape = _Scrape(known)
        self._running[scrape] = None
        try:
            async with asyncio.timeout(seconds) as scrape.timeout:
                return await self._stream(request, response, scrape, (openmetrics, gzip))
        except TimeoutError:
            if not response.prepared:
                return _unavailable(_STOPPING if self._closing else _TOO_LATE)
            if request.transport is not None:
                # Not close(): it would wait for the buffer to drain into a client that does not read.
                reset(request.transport)
        except ConnectionError:
            pass  # the client has gone: nothing to mend, nothing to log
        finally:
            del self._running[scrape]
        return response

    def _has_place(self, known: bool) -> bool:
        """Whether one more may come, if need be in the place of one that does not read, or of a stranger."""
        if len(self._running) < MOST_SCRAPES - (0 if known else RESERVED_SCRAPES):
            return True
        now = time.monotonic()
        slow = max((one for one in self._running if one.in_the_way(now)), key=lambda one: one.slow(now), default=None)
        stranger = next((one for one in self._running if known and not one.known), None)
        gone = slow or stranger
        if gone is not None:
            gone.drop()
        return gone is not None

    async def _stream(
        self, request: web.Request, response: web.StreamResponse, scrape: "_Scrape", form: Form
    ) -> web.StreamResponse:
        rendering = await self.renderings.next(form, scrape)
        try:
            if request.transport is None:  # it has gone while it waited
                raise ConnectionResetError
            number = 0
            while (data := await rendering.chunk(number)) is not None:
                if not response.prepared:
                    await response.prepare(request)
                for start in range(0, len(data), _PIECE):
                    scrape.write_since = time.monotonic()
                    await response.write(data[start : start + _PIECE])
                    scrape.write_since = None
                number += 1
            if not response.prepared:
                await response.prepare(request)
            return response
        finally:
            self.renderings.left(rendering, scrape)

    def _wire(self, openmetrics: bool, gzip: bool) -> Iterator[bytes]:
        """The chunks of the body, some of them empty. Takes the snapshot at once; iterate in a thread."""
        parts = self._parts(self._exposition.render(self._state.snapshot(), openmetrics), openmetrics)
        return _compressed(parts) if gzip else parts

    def _parts(self, hotspots: Iterator[bytes], openmetrics: bool) -> Iterator[bytes]:
        yield from hotspots
        yield self._state.own.render(openmetrics)
        if openmetrics:
            yield EOF


class _Scrape:
    """One scrape, which ends where it keeps others waiting."""

    timeout: asyncio.Timeout

    def __init__(self, known: bool) -> None:
        self.known = known
        self._loop = asyncio.get_running_loop()
        self._since = time.monotonic()
        self.write_since: float | None = None
        """While a chunk waits for the client to take it."""

    def slow(self, now: float) -> float:
        """For how long it has taken nothing."""
        return 0.0 if self.write_since is None else now - self.write_since

    def in_the_way(self, now: float) -> bool:
        """See `Taker`; who waits for a rendering is in nobody's way."""
        return self.slow(now) >= STALLED_SECONDS or (self.write_since is not None and now - self._since >= OLD_SECONDS)

    def drop(self) -> None:
        """See `Taker`."""
        self.drop_after(0.0)

    def drop_after(self, seconds: float) -> None:
        """End the scrape so many seconds from now."""
        if not self.timeout.expired():
            self.timeout.reschedule(self._loop.time() + seconds)


def patience(header: str | None) -> float:
    """How long a scrape may take, of what its scraper says; as long as any, where it says nothing that makes sense."""
    try:
        seconds = float(header or "nan")
    except ValueError:
        return SCRAPE_SECONDS
    if not math.isfinite(seconds) or seconds <= 0:
        return SCRAPE_SECONDS
    return min(seconds - min(_MOST_OFFSET_SECONDS, seconds / 4), SCRAPE_SECONDS)


def _unavailable(text: str) -> web.Response:
    response = web.Response(status=503, text=text, headers={"Retry-After": "1"})
    response.force_close()
    return response


def _compressed(parts: Iterator[bytes]) -> Iterator[bytes]:
    compressor = isal_zlib.compressobj(_GZIP_LEVEL, isal_zlib.DEFLATED, _GZIP_WINDOW)
    for part in parts:
        yield compressor.compress(part)
    yield compressor.flush()


def _header(request: web.Request, name: str) -> str:
    """All fields of that name, as one list (RFC 9110, 5.3)."""
    return ",".join(request.headers.getall(name, []))
