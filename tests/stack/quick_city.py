"""A city ten times as quick as a real one, as its exporter would show it: probed each second, confirmed after 0.65 s.

What the rules read and nothing else, over HTTP. A point falls silent and answers again when the test says so.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from zlib import crc32

from pantau.states import State

PROBING_SECONDS = 1.0
CONFIRMING_SECONDS = 0.65
RECOVERING_SECONDS = 1.0
"""From the first answered probe to the second, which makes a point up."""
NEVER = float("inf")
ALWAYS = 1.0
"""Long before the test."""


@dataclass(frozen=True)
class QuickPoint:
    """A hotspot and what carries it."""

    id: str
    kecamatan: str
    isp: str
    category: str = "rt_lingkungan"
    uplink: str = ""

    @property
    def phase(self) -> float:
        """Seconds after each full interval at which it is probed."""
        return crc32(self.id.encode()) % 1000 / 1000 * PROBING_SECONDS

    @property
    def labels(self) -> str:
        """As they stand in a series."""
        return f'hotspot="{self.id}",kecamatan="{self.kecamatan}",isp="{self.isp}"'


def some(kecamatan: str, isp: str, number: int, uplink: str = "", category: str = "rt_lingkungan") -> list[QuickPoint]:
    """So many points of one ISP in one kecamatan."""
    prefix = "-".join(filter(None, (kecamatan, isp, uplink, category[:2])))
    return [QuickPoint(f"{prefix}-{k}", kecamatan, isp, category, uplink) for k in range(number)]


@dataclass
class QuickCity:
    """Points, and from when to when each was silent: at most one fault a point at a time. Times are Unix seconds."""

    points: list[QuickPoint]
    _faults: dict[str, tuple[float, float]] = field(default_factory=dict)

    def black_hole(self, points: list[QuickPoint]) -> None:
        """These do not answer from now on."""
        self._faults |= {point.id: (time.time(), NEVER) for point in points}

    def heal(self, points: list[QuickPoint]) -> None:
        """These answer again."""
        self._faults |= {point.id: (self._faults[point.id][0], time.time()) for point in points}

    def exposition(self) -> str:
        """A scrape, now."""
        now = time.time()
        lines = ["pantau_vantage_up 1", f'pantau_inventory_hotspots{{status="active"}} {len(self.points)}']
        counts: Counter[tuple[str, str, str]] = Counter()
        for point in self.points:
            lost, answered = self._down_since(point, now)
            counts[point.kecamatan, point.isp, "up" if lost is None else "down"] += 1
            lines += _of(point, lost, answered)
        for kecamatan, isp in sorted({(point.kecamatan, point.isp) for point in self.points}):
            for state in ("up", "down", "unknown", "maintenance"):
                labels = f'kecamatan="{kecamatan}",isp="{isp}",contract="",state="{state}"'
                lines.append(f"pantau_hotspots{{{labels}}} {counts[kecamatan, isp, state]}")
        for uplink in sorted({point.uplink for point in self.points} - {""}):
            lines.append(f'uplink_info{{uplink="{uplink}",upstream="",name="{uplink}"}} 1')
        return "\n".join(lines) + "\n"

    def _down_since(self, point: QuickPoint, now: float) -> tuple[float | None, float]:
        """The first probe that went unanswered, while the point is down; and the first that was answered since."""
        began, ended = self._faults.get(point.id, (NEVER, NEVER))
        lost, answered = _next_probe(point, began), _next_probe(point, ended)
        down = lost + CONFIRMING_SECONDS <= now < answered + RECOVERING_SECONDS
        return lost if down else None, answered if answered <= now else ALWAYS

    @contextmanager
    def serve(self, port: int) -> Iterator[None]:
        """Be scraped while the context lasts."""
        city = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = city.exposition().encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def _next_probe(point: QuickPoint, moment: float) -> float:
    if moment == NEVER:
        return NEVER
    rounds = (moment - point.phase) // PROBING_SECONDS + 1
    return rounds * PROBING_SECONDS + point.phase


def _of(point: QuickPoint, lost: float | None, answered: float) -> Iterator[str]:
    yield f"hotspot_up{{{point.labels}}} {int(lost is None)}"
    yield f"hotspot_state{{{point.labels}}} {int(State.UP if lost is None else State.DOWN)}"
    yield f"hotspot_state_since_timestamp_seconds{{{point.labels}}} {answered if lost is None else lost:.3f}"
    yield f'hotspot_info{{{point.labels},name="{point.id}",category="{point.category}"}} 1'
    if point.uplink:
        yield f'hotspot_uplink_info{{{point.labels},uplink="{point.uplink}",hops="1"}} 1'
    if lost is not None:
        yield f"hotspot_down_since_timestamp_seconds{{{point.labels}}} {lost:.3f}"
        replied = max(answered, lost - PROBING_SECONDS)
        yield f"hotspot_silent_since_timestamp_seconds{{{point.labels}}} {replied:.3f}"
