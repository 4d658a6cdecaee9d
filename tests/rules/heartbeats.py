"""A small city whose points are heard by agents, alone or beside pings, as its exporter would show it.

Each agent beats once a minute at a second of its own. A point is down three minutes after its last heartbeat, if its
pings are silent too, and up with the next. Three looks that fail make a point unserved, two that work end it. An
exporter that begins anew knows from its journal who was down and who was unserved, but not since when.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal
from zlib import crc32

from pantau.states import State
from tests.rules.observed import City, Point, Value, Which

BEAT_SECONDS = 60
GRACE_SECONDS = 180
CONFIRM, RECOVER = 3, 2
Kind = Literal["isolated", "no_internet"]


@dataclass(frozen=True)
class HeardPoint(Point):
    """A point with an agent; without pings if `alone`."""

    alone: bool = True

    @property
    def beat_phase(self) -> float:
        """Seconds after each full minute at which it beats."""
        return crc32(self.id.encode()[::-1]) % 6000 / 100


@dataclass(frozen=True)
class Unserved:
    """Points whose agents say so from `start` to `end`, in seconds."""

    which: Which
    kind: Kind
    start: float
    end: float = 1e9


@dataclass(frozen=True)
class _Seen:
    """Of one point at one time."""

    heard: float
    replied: float
    down: bool
    down_since: float
    kind: Kind | None
    unserved_since: float
    known: bool
    """Whether a look has told since the exporter began."""
    up_since: float


@dataclass
class HeardCity(City):
    """Points with and without agents."""

    unserved: list[Unserved] = field(default_factory=list)
    door_closed: list[tuple[float, float]] = field(default_factory=list)
    """No heartbeat comes in, and silence is not believed."""

    def series(self) -> dict[str, str]:
        """As of its base; and what says that there are agents."""
        found = super().series()
        times = range(0, self.seconds, 10)
        alive = " ".join("_" if self._dead(t) else "1" for t in times)
        begun = " ".join("_" if self._dead(t) else str(int(self._begun(t))) for t in times)
        for name in ("portal", "agent_dns"):
            found[f'pantau_check_info{{check="{name}", proves="client_path"}}'] = alive
        doors = ("_" if self._dead(t) else str(int(not self._closed(t - 90, t))) for t in times)
        found["pantau_agents_door_up"] = " ".join(doors)
        found['process_start_time_seconds{job="pantau"}'] = begun
        return found

    def _of_point(self, point: Point, times: Iterable[int]) -> dict[str, list[Value]]:
        rows = super()._of_point(point, times)
        if not isinstance(point, HeardPoint):
            replied = rows[f"hotspot_probe_last_reply_timestamp_seconds{{{point.labels}}}"]
            assert len(replied) == len(list(times))
            return rows
        pinged = rows[f"hotspot_probe_last_reply_timestamp_seconds{{{point.labels}}}"]
        for name in (
            *("hotspot_up", "hotspot_state", "hotspot_state_since_timestamp_seconds", "hotspot_awaiting_verdict"),
            *("hotspot_probe_last_reply_timestamp_seconds", "hotspot_down_since_timestamp_seconds"),
            "hotspot_silent_since_timestamp_seconds",
        ):
            rows[f"{name}{{{point.labels}}}"] = []
        for t, ping in zip(times, pinged, strict=True):
            seen = None if self._dead(t) else self._look(point, t, -1e9 if point.alone else float(ping or -1e9))
            for name, value in self._shown(point, seen).items():
                rows.setdefault(name, []).append(value)
        return rows

    def _shown(self, point: HeardPoint, seen: _Seen | None) -> dict[str, Value]:
        labels = point.labels
        absent = dict.fromkeys(("down", "silent", "unserved", "portal"))
        if seen is None:
            told: dict[str, Value] = dict.fromkeys(("up", "state", "since", "replied", "heard", *absent))
        else:
            told = {**absent, "replied": _whole(seen.replied), "heard": _whole(seen.heard)}
            told |= {"up": str(int(not seen.down and seen.kind is None)), "since": _whole(seen.up_since)}
            state = State.DOWN if seen.down else State[seen.kind.upper()] if seen.kind else State.UP
            told["state"] = str(int(State.UNKNOWN if seen.kind and not seen.known and not seen.down else state))
            if seen.down:
                told |= {"down": _whole(seen.down_since), "silent": _whole(seen.replied)}
            else:
                told["portal"] = str(int(seen.kind is None)) if seen.known else None
                told["unserved"] = _whole(seen.unserved_since) if seen.kind else None
        return {
            f"hotspot_up{{{labels}}}": told["up"],
            f"hotspot_state{{{labels}}}": told["state"],
            f"hotspot_state_since_timestamp_seconds{{{labels}}}": told["since"],
            f"hotspot_awaiting_verdict{{{labels}}}": None,
            f"hotspot_probe_last_reply_timestamp_seconds{{{labels}}}": told["replied"],
            f"hotspot_heartbeat_timestamp_seconds{{{labels}}}": told["heard"],
            f"hotspot_down_since_timestamp_seconds{{{labels}}}": told["down"],
            f"hotspot_silent_since_timestamp_seconds{{{labels}}}": told["silent"],
            f"hotspot_unserved_since_timestamp_seconds{{{labels}}}": told["unserved"],
            f'hotspot_service_up{{{labels}, check="portal"}}': told["portal"],
        }

    def _look(self, point: HeardPoint, now: float, ping: float) -> _Seen:
        """What the judge makes of all heartbeats up to `now`."""
        begun = self._begun(now)
        kind: Kind | None = None
        row: list[float] = []
        up_since = unserved_since = -3600.0
        heard, known = -3600.0, now < begun
        down_since = 0.0
        for beat in self._beats(point, now):
            if beat - heard >= GRACE_SECONDS + BEAT_SECONDS / 2 and heard > -3600:
                up_since = beat
            heard = beat
            says = next((one.kind for one in self.unserved if one.which(point) and one.start <= beat < one.end), None)
            if says == kind:
                row = []
                known |= beat >= begun
                continue
            row.append(beat)
            if len(row) >= (CONFIRM if says else RECOVER):
                up_since = unserved_since = row[0]
                kind, row = says, []
                known |= beat >= begun
        if begun > 0:
            unserved_since = max(unserved_since, begun)
        known |= kind is None and heard >= begun
        down_since = max(heard, begun) if begun > 0 else heard
        replied = max(heard, ping)
        # Whoever was away himself gives everybody the time of one heartbeat.
        known_down = any(end == begun and heard + GRACE_SECONDS <= start for start, end in self.dead)
        silent = now - heard >= GRACE_SECONDS and (known_down or now - begun >= 2 * BEAT_SECONDS)
        unproven = any(start <= now < end + BEAT_SECONDS for start, end in self.door_closed)
        silent = silent and now - ping >= 17 and not unproven
        return _Seen(heard, replied, silent, down_since, kind, unserved_since, known, up_since)

    def _beats(self, point: HeardPoint, until: float) -> Iterable[float]:
        first = point.beat_phase - 10 * BEAT_SECONDS
        for number in range(int((until - first) // BEAT_SECONDS) + 1):
            beat = first + number * BEAT_SECONDS
            if self._answers(point, beat) and not self._dead(beat) and not self._closed(beat, beat):
                yield beat

    def _closed(self, since: float, until: float) -> bool:
        return any(start <= since and until < end for start, end in self.door_closed)

    def _begun(self, now: float) -> float:
        """When the exporter began that runs now; long ago if it is the first."""
        return max((end for _, end in self.dead if end <= now), default=-36000.0)


def heard(kecamatan: str, isp: str, number: int, category: str = "rt_lingkungan", *, alone: bool = True) -> list[Point]:
    """So many points of one ISP in one kecamatan with agents."""
    prefix = f"{kecamatan}-{isp}-{'agen' if alone else 'dua'}-{category[:3]}"
    return [HeardPoint(f"{prefix}-{k}", kecamatan, isp, category, alone=alone) for k in range(number)]


def _whole(seconds: float) -> str:
    return str(int(seconds))
