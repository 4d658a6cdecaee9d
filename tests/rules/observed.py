"""What the exporter would show of a small city in time: faults go in, the input series of promtool come out.

A model of the exporter, probe by probe, with the shipped intervals: a point is probed every 10 s at a phase of its own,
is down 6.5 s after the first lost probe (three re-probes) and up after two answered rounds. So what the rules see is
spread over seconds, in both directions, as in life. It knows nothing of rules.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from zlib import crc32

SCRAPE_SECONDS = 10
PROBING_SECONDS = 10
CONFIRMING_SECONDS = 6.5
UP, DOWN, MAINTENANCE, UNKNOWN = "1", "0", "4", "5"
STATES = {"up": UP, "down": DOWN, "maintenance": MAINTENANCE, "unknown": UNKNOWN}
GONE = "_"
NAMES = {"pc24": "PC24 Telekomunikasi"}
"""Of those whose name is not their id with a capital."""
Value = str | None
"""Of a sample; `None` where there is none."""


@dataclass(frozen=True)
class Point:
    """A hotspot, and the uplinks that carry it, the nearest first."""

    id: str
    kecamatan: str
    isp: str
    category: str = "rt_lingkungan"
    uplinks: tuple[str, ...] = ()

    @property
    def phase(self) -> float:
        """Seconds after each full interval at which it is probed."""
        return crc32(self.id.encode()) % 1000 / 1000 * PROBING_SECONDS

    @property
    def kelurahan(self) -> str:
        """One of two of its kecamatan."""
        return f"{self.kecamatan.title()} {'Atas' if crc32(self.id.encode()) % 2 else 'Bawah'}"

    @property
    def labels(self) -> str:
        """As they stand in a series."""
        return f'hotspot="{self.id}", kecamatan="{self.kecamatan}", isp="{self.isp}"'


Which = Callable[[Point], bool]


@dataclass(frozen=True)
class Fault:
    """Points that do not answer from `start` to `end`, in seconds."""

    which: Which
    start: float
    end: float = 1e9


@dataclass(frozen=True)
class Window:
    """Announced maintenance of what `which` selects."""

    id: str
    scope: str
    target: str
    which: Which
    start: float
    end: float


@dataclass
class City:
    """Points, what happens to them, and what happens to us. Times are seconds."""

    points: list[Point]
    faults: list[Fault] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    blind: list[tuple[float, float]] = field(default_factory=list)
    """Our own path is cut."""
    dead: list[tuple[float, float]] = field(default_factory=list)
    """The exporter does not run."""
    peering: list[tuple[str, float, float]] = field(default_factory=list)
    """Our path to this ISP is cut."""
    never: Which | None = None
    """Points that have never answered, as the exporter knows."""
    removed: list[tuple[Which, float]] = field(default_factory=list)
    """Points that a reload takes out of the inventory."""
    uplinks_down: list[tuple[str, float, float]] = field(default_factory=list)
    """Probed uplinks that do not answer; one with a time of no length is only probed."""
    upstream: Mapping[str, str] = field(default_factory=dict)
    """Of each uplink, the wider one that carries it."""
    seconds: int = 900

    def series(self) -> dict[str, str]:
        """Every input series of promtool: its values by its name and labels."""
        times = range(0, self.seconds, SCRAPE_SECONDS)
        found: dict[str, list[Value]] = {}
        for point in self.points:
            found |= self._of_point(point, times)
        found |= self._counts(found)
        found['up{job="pantau", instance="localhost:9810"}'] = ["0" if self._dead(t) else "1" for t in times]
        own = {
            "pantau_vantage_up": ["0" if within(t, self.blind) else "1" for t in times],
            'pantau_inventory_hotspots{status="active"}': [
                str(sum(not self._removed(point, t) for point in self.points)) for t in times
            ],
            **{
                f'pantau_peering_up{{isp="{isp}"}}': ["0" if start <= t < end else "1" for t in times]
                for isp, start, end in self.peering
            },
            **{
                f'uplink_up{{uplink="{name}"}}': ["0" if start <= t < end else "1" for t in times]
                for name, start, end in self.uplinks_down
            },
            **{
                f'pantau_maintenance_active{{window="{w.id}", scope="{w.scope}", target="{w.target}"}}': [
                    "1" if w.start <= t < w.end else "0" for t in times
                ]
                for w in self.windows
            },
        }
        for name in sorted({name for point in self.points for name in point.uplinks}):
            labels = f'uplink="{name}", upstream="{self.upstream.get(name, "")}", name="Jalur {name}"'
            own[f"uplink_info{{{labels}}}"] = ["1"] * len(times)
        for kind in ("isp", "kecamatan"):
            for value in sorted({getattr(point, kind) for point in self.points}):
                own[f'{kind}_info{{{kind}="{value}", name="{NAMES.get(value, value.title())}"}}'] = ["1"] * len(times)
        found |= {name: self._while_alive(values, times) for name, values in own.items()}
        return {name: _written(values) for name, values in found.items() if any(v is not None for v in values)}

    def _counts(self, found: Mapping[str, list[Value]]) -> dict[str, list[Value]]:
        """How many of each ISP in each kecamatan are in each state, a state that nobody is in included."""
        members: dict[tuple[str, str], list[list[Value]]] = {}
        for point in self.points:
            members.setdefault((point.kecamatan, point.isp), []).append(found[f"hotspot_state{{{point.labels}}}"])
        return {
            f'pantau_hotspots{{kecamatan="{kecamatan}", isp="{isp}", state="{name}"}}': [
                str(now.count(state)) if any(now) else None for now in zip(*rows, strict=True)
            ]
            for (kecamatan, isp), rows in members.items()
            for name, state in STATES.items()
        }

    def _of_point(self, point: Point, times: Iterable[int]) -> dict[str, list[Value]]:
        story = list(self._story(point))
        rows: dict[str, list[Value]] = {}
        names = ["hotspot_up", "hotspot_state", "hotspot_state_since_timestamp_seconds"]
        names += ["hotspot_probe_last_reply_timestamp_seconds"]
        for t in times:
            verdict, state, since, replied = next(entry[1:] for entry in reversed(story) if entry[0] <= t)
            absent = self._dead(t) or self._removed(point, t)
            for name, value in zip(names, (verdict, state, str(int(since)), str(int(replied))), strict=True):
                rows.setdefault(f"{name}{{{point.labels}}}", []).append(None if absent else value)
            hidden = absent or state == MAINTENANCE
            down = verdict == DOWN and not hidden
            down_since = str(int(since)) if down else None
            rows.setdefault(f"hotspot_down_since_timestamp_seconds{{{point.labels}}}", []).append(down_since)
            silent_since = str(int(replied)) if down else None
            rows.setdefault(f"hotspot_silent_since_timestamp_seconds{{{point.labels}}}", []).append(silent_since)
            maintenance = "1" if state == MAINTENANCE and not absent else None
            rows.setdefault(f"hotspot_maintenance{{{point.labels}}}", []).append(maintenance)
            awaiting = "1" if verdict is None and not hidden else None
            rows.setdefault(f"hotspot_awaiting_verdict{{{point.labels}}}", []).append(awaiting)
            for window in self.windows:
                told = verdict == DOWN and state != MAINTENANCE and t >= window.end and window.which(point)
                told = told and since <= window.end
                rows.setdefault(f'hotspot_maintenance_overrun{{{point.labels}, window="{window.id}"}}', []).append(
                    "1" if told and not absent else None
                )
        always: list[Value] = [None if self._dead(t) or self._removed(point, t) else "1" for t in times]
        if self.never is not None:
            rows[f"hotspot_ever_answered{{{point.labels}}}"] = [
                "0" if self.never(point) and one else one for one in always
            ]
        said = f'name="Titik {point.id}", kelurahan="{point.kelurahan}", category="{point.category}"'
        rows[f"hotspot_info{{{point.labels}, {said}}}"] = always
        for hops, name in enumerate(point.uplinks, 1):
            rows[f'hotspot_uplink_info{{{point.labels}, uplink="{name}", hops="{hops}"}}'] = always
        return rows

    def _story(self, point: Point) -> Iterator[tuple[float, Value, str, float, float]]:
        """From when on, verdict, state, since when, last reply. The city has been well for long before time 0."""
        begun = 0.0
        verdict: Value = UP
        since, replied, streak, lost_at = -3600.0, point.phase - PROBING_SECONDS, 2, 0.0
        yield -1e9, verdict, UP, since, replied
        changes = sorted(
            {time for w in self.windows for time in (w.start, w.end)}
            | {time for span in self.blind for time in span}
            | {time for isp, *span in self.peering if isp == point.isp for time in span}
        )
        events = [(point.phase + PROBING_SECONDS * k, True) for k in range(self.seconds // PROBING_SECONDS)]
        for time, probe in sorted(events + [(change, False) for change in changes]):
            if self._dead(time):
                verdict, streak, since, replied, begun = None, 0, time, 0.0, time
                yield time, None, UNKNOWN, since, replied
                continue
            unseen = self._unseen(point, time)
            if probe and not unseen:
                if self._answers(point, time):
                    replied, streak = time, streak + 1
                    if verdict != UP and streak >= 2:
                        verdict, since = UP, time - PROBING_SECONDS
                else:
                    lost_at = time if streak else lost_at
                    streak = 0
                    again = (time + step for step in (2, 3.5, 5))
                    if verdict != DOWN and not any(self._answers(point, moment) for moment in again):
                        yield time, verdict, self._state(point, time, verdict), since, replied
                        verdict, since = DOWN, max(lost_at, begun)
                        yield time + CONFIRMING_SECONDS, verdict, self._state(point, time, verdict), since, replied
                        continue
            yield time, verdict, self._state(point, time, verdict), since, replied

    def _state(self, point: Point, time: float, verdict: Value) -> str:
        if any(w.which(point) and w.start <= time < w.end for w in self.windows):
            return MAINTENANCE
        return UNKNOWN if verdict is None or self._unseen(point, time) else verdict

    def _unseen(self, point: Point, time: float) -> bool:
        return within(time, self.blind) or within(time, [(a, b) for isp, a, b in self.peering if isp == point.isp])

    def _answers(self, point: Point, time: float) -> bool:
        return not any(fault.start <= time < fault.end and fault.which(point) for fault in self.faults)

    def _dead(self, time: float) -> bool:
        return within(time, self.dead)

    def _removed(self, point: Point, time: float) -> bool:
        return any(time >= since and which(point) for which, since in self.removed)

    def _while_alive(self, values: list[str], times: Iterable[int]) -> list[Value]:
        return [None if self._dead(t) else value for t, value in zip(times, values, strict=True)]


def within(time: float, spans: Iterable[tuple[float, float]]) -> bool:
    """Whether `time` lies in one of `spans`, the end of each not counted."""
    return any(start <= time < end for start, end in spans)


def _written(values: list[Value]) -> str:
    """In promtool's notation. A series that ends is marked stale, as a scrape without it does."""
    words: list[str] = []
    for before, value in zip([None, *values], values, strict=False):
        words.append(("stale" if before is not None else GONE) if value is None else value)
    runs: list[str] = []
    for word in words:
        run, _, times = runs[-1].partition("x") if runs else ("", "", "")
        if run == word and word != "stale":
            # `1x2` is three samples, the first and two more; `_x2` is two that are missing.
            runs[-1] = f"{word}x{int(times or (word == GONE)) + 1}"
        else:
            runs.append(word)
    return " ".join(runs)
