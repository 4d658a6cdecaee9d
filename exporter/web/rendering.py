"""One rendering of the metrics for all who ask at the same time.

Whoever asks while nothing is rendered, or while another rendering runs, waits for the next, which is of a moment after
he asked: an answer is never older than its question. However many ask, one is rendered at a time, and of a thread's
time no more than a share is spent so: when that is used up, the last rendering serves all who come for a second. A
rendering that still has readers holds its place and its memory; readers that do not read lose theirs as soon as a
place is wanted.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

MOST_LIVE = 4
"""Renderings that are being made or read; each is as large as the whole answer."""
STALLED_SECONDS = 0.5
"""A client that took nothing for so long is dropped as soon as a place is wanted."""
OLD_SECONDS = 10.0
"""So is one that has taken so long, however steadily it trickles."""
_CHECK_SECONDS = 0.05
_SHARE = 0.25
"""Of one thread's time renderings may have so much, however many ask, ..."""
_BURST_SECONDS = 1.0
"""... after a burst of so much: who asks now and then does not wait."""
_FRESH_SECONDS = 1.0
"""So old an answer may be while more is asked than that."""
_MOST_REST_SECONDS = 1.0
"""Nobody waits longer for a share, however slow the machine is: Prometheus gives up after some seconds."""
_PORTION_SECONDS, _PORTION_BYTES = 0.005, 65_536
"""The thread hands on what it has made after so long, or when it is so much: to be woken costs the loop as much as
some hundred lines, and readers still have the first of a large answer while its last is made."""
_RENDERER = "scrape"


class Taker(Protocol):
    """Somebody who takes a rendering."""

    def in_the_way(self, now: float) -> bool:
        """Whether it takes nothing, or has taken too long."""

    def drop(self) -> None:
        """It gets no more."""


class Rendering:
    """What is rendered, chunk by chunk, and who reads it."""

    def __init__(self) -> None:
        self.chunks: list[bytes] = []
        self.done = False
        self.abandoned = False
        """Whether it ended before its end, for nobody read it any more."""
        self.error: Exception | None = None
        self.readers: set[Taker] = set()
        self._grown = asyncio.Event()

    def add(self, chunk: bytes) -> None:
        """One more chunk."""
        self.chunks.append(chunk)
        self._wake()

    def end(self, error: Exception | None = None) -> None:
        """That was all, or all that there will be."""
        self.done, self.error = True, error
        self._wake()

    def give_up(self) -> None:
        """Nobody will read it any more. Who was cut off is known to his own traceback, and holds it for a while."""
        self.chunks = []

    async def chunk(self, number: int) -> bytes | None:
        """A chunk when it is there; None after the last. Raises what went wrong."""
        while number >= len(self.chunks):
            if self.error is not None:
                raise self.error
            if self.done:
                return None
            await self._grown.wait()
        return self.chunks[number]

    def _wake(self) -> None:
        grown, self._grown = self._grown, asyncio.Event()
        grown.set()


Form = tuple[bool, bool]
"""Whether OpenMetrics, and whether compressed."""


@dataclass(slots=True)
class _Awaited:
    """The next rendering of one format, and who waits for it."""

    begun: asyncio.Future[Rendering]
    readers: set[Taker] = field(default_factory=set)


class _Portion(NamedTuple):
    """Some chunks together."""

    data: bytes
    last: bool
    seconds: float
    """The thread's own, however much else the machine does."""


def _portion(wire: Iterator[bytes]) -> _Portion:
    """The next chunks, as many as are made within `_PORTION_SECONDS` and come to `_PORTION_BYTES`."""
    began, chunks, size = time.thread_time(), list[bytes](), 0
    for chunk in wire:
        chunks.append(chunk)
        size += len(chunk)
        if size >= _PORTION_BYTES or time.thread_time() - began >= _PORTION_SECONDS:
            return _Portion(b"".join(chunks), False, time.thread_time() - began)
    return _Portion(b"".join(chunks), True, time.thread_time() - began)


class Renderings:
    """Renders on demand, one at a time.

    `begin` makes the chunks of a format: it is called on the loop, and they are iterated in a thread.
    """

    def __init__(self, begin: Callable[[Form], Iterator[bytes]]) -> None:
        self._begin = begin
        self._threads = ThreadPoolExecutor(1, _RENDERER)
        self._next: dict[Form, _Awaited] = {}
        self._wanted: asyncio.Queue[Form] = asyncio.Queue()
        self.live: set[Rendering] = set()
        self._last: dict[Form, Rendering] = {}
        """The youngest of each format, while it is fresh."""
        self._seconds, self._spent_at = 0.0, 0.0
        """What had been spent, and when that was so."""

    async def next(self, form: Form, reader: Taker) -> Rendering:
        """The next rendering in this format, as soon as it begins; to be given back by `left`."""
        last = self._last.get(form)
        if last is not None and not last.abandoned and self._spent() > _BURST_SECONDS:
            last.readers.add(reader)
            self.live.add(last)
            return last
        if form not in self._next:
            self._next[form] = _Awaited(asyncio.get_running_loop().create_future())
            self._wanted.put_nowait(form)
        awaited = self._next[form]
        awaited.readers.add(reader)
        try:
            return await asyncio.shield(awaited.begun)
        except asyncio.CancelledError:
            awaited.readers.discard(reader)
            if awaited.begun.done() and not awaited.begun.cancelled():
                self.left(awaited.begun.result(), reader)
            raise

    def left(self, rendering: Rendering, reader: Taker) -> None:
        """It has what it wanted, or is gone."""
        rendering.readers.discard(reader)
        self._tidy(rendering)

    async def run(self) -> None:
        """Render until cancelled."""
        try:
            while True:
                form = await self._wanted.get()
                await self._have_place()
                await asyncio.sleep(min(max(0.0, (self._spent() - _BURST_SECONDS) / _SHARE), _MOST_REST_SECONDS))
                await self._render(form)
        finally:
            self._threads.shutdown(wait=False, cancel_futures=True)

    def _spent(self) -> float:
        """Seconds of rendering that have not been made up for yet."""
        return max(0.0, self._seconds - (time.monotonic() - self._spent_at) * _SHARE)

    def _spend(self, seconds: float) -> None:
        self._seconds = self._spent() + seconds
        self._spent_at = time.monotonic()

    async def _render(self, form: Form) -> None:
        """Portion by portion, for those who have waited; none where nobody reads any more."""
        awaited, rendering, loop = self._next.pop(form), Rendering(), asyncio.get_running_loop()
        rendering.readers = awaited.readers
        self.live.add(rendering)
        self._last[form] = rendering
        loop.call_later(_FRESH_SECONDS, self._forget, form, rendering)
        awaited.begun.set_result(rendering)
        try:
            wire = self._begin(form)
            last = False
            while rendering.readers and not last:
                data, last, seconds = await loop.run_in_executor(self._threads, _portion, wire)
                self._spend(seconds)
                if data:
                    rendering.add(data)
        except Exception as error:  # noqa: BLE001 - a fault of ours is the readers' answer (500), and logged with it
            rendering.abandoned = True
            rendering.end(error)
        else:
            rendering.abandoned = not rendering.readers
            rendering.end()
        self._tidy(rendering)

    async def _have_place(self) -> None:
        """Wait until one is free; readers that are in the way lose theirs."""
        while len(self.live) >= MOST_LIVE:
            now = time.monotonic()
            for rendering in list(self.live):
                for reader in list(rendering.readers):
                    if reader.in_the_way(now):
                        reader.drop()
            await asyncio.sleep(_CHECK_SECONDS)

    def _forget(self, form: Form, rendering: Rendering) -> None:
        if self._last.get(form) is rendering:
            del self._last[form]
        self._tidy(rendering)

    def _tidy(self, rendering: Rendering) -> None:
        if rendering.done and not rendering.readers:
            self.live.discard(rendering)
            if rendering not in self._last.values():
                rendering.give_up()
