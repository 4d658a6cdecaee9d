"""Agents as a script has them: each speaks at a second of its own, and keeps what it could not tell while it has power.

A stand-in for the door. Power and link are apart: without power nothing is measured and the device boots anew; with a
cut line its agent goes on, sees that a client gets nothing, and tells so late. Our own door is closed while our path is
cut, and while no exporter runs.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from exporter.probing.agent.beats import Beat, DoorPlan, HeardAgent, LateMinute, Minute
from pantau.agents.state import AgentState
from pantau.clock import NANOSECONDS, ManualClock
from pantau.simulator.truth import Interval, Truth

_AGE_SECONDS = 20 * 86_400
"""How long devices have been running when the story begins."""

_SERVED, _NOTHING = Minute(portal="ok", dns="ok"), Minute(portal="fail", dns="fail")


class Spans:
    """Intervals in the order of time, asked for a moment."""

    def __init__(self, intervals: Sequence[Interval] = ()) -> None:
        self.intervals = list(intervals)
        self._starts = [start for start, _ in self.intervals]

    def at(self, at_ns: int) -> Interval | None:
        """The one that a moment lies in."""
        place = bisect_right(self._starts, at_ns) - 1
        found = self.intervals[place] if place >= 0 else None
        return found if found is not None and at_ns < found.end_ns else None

    def last_end_ns(self, at_ns: int) -> int | None:
        """The end of the last one that was over by then."""
        ends = [end for start, end in self.intervals[: bisect_right(self._starts, at_ns)] if end <= at_ns]
        return ends[-1] if ends else None

    def add(self, start_ns: int, end_ns: int) -> None:
        """A later one."""
        self.intervals.append(Interval(start_ns, end_ns))
        self._starts.append(start_ns)


class ScriptedAgents:
    """A `BeatSource`. Agents live on while exporters come and go; `exporter` says which clock is now."""

    open = True
    counts: Mapping[str, int] = MappingProxyType({})

    def __init__(self, clock: ManualClock, interval_seconds: float) -> None:
        self._clock = clock
        self.interval_seconds = interval_seconds
        self._interval_ns = round(interval_seconds * NANOSECONDS)
        self._began_ns = clock.wall_ns() - _AGE_SECONDS * NANOSECONDS
        self._down: dict[str, Spans] = {}
        self._powerless: dict[str, Spans] = {}
        self._blind = Spans()
        self._away = Spans()
        self._next_ns: dict[str, int] = {}
        self._kept: dict[str, list[tuple[int, Minute]]] = {}
        self._known_ns: dict[str, int] = {}
        self.heard: dict[str, HeardAgent] = {}
        self._late: list[Beat] = []
        self.told_late = 0
        """Minutes that were told late, all in all."""

    def follow(self, ids: Sequence[str], truth: Truth) -> None:
        """From now on the script says this of the hotspots with these ids."""
        self._blind = Spans(truth.blind)
        for name, down, off in zip(ids, truth.down, truth.powerless, strict=True):
            self._down[name], self._powerless[name] = Spans(down), Spans(off)

    def nobody_there(self, start_ns: int, end_ns: int) -> None:
        """No exporter ran from then to then."""
        self._away.add(start_ns, end_ns)

    def uptime(self, hotspot: str, at_ns: int) -> int:
        """How long its device has been running, in seconds."""
        booted_ns = self._powerless[hotspot].last_end_ns(at_ns)
        return (at_ns - (self._began_ns if booted_ns is None else booted_ns)) // NANOSECONDS

    def remember(self, known_ns: Mapping[str, int]) -> None:
        """See `BeatSource`."""
        self._known_ns = dict(known_ns)

    def last_heard_ns(self, hotspot: str) -> int | None:
        """See `BeatSource`."""
        return self._known_ns.get(hotspot)

    def configure(self, plan: DoorPlan | None) -> None:
        """See `BeatSource`."""
        points = () if plan is None else plan.points
        now_ns = self._clock.wall_ns()
        for place, name in enumerate(points):
            self._next_ns.setdefault(name, now_ns + (place * 7919 % 1000) * self._interval_ns // 1000)

    def take(self) -> Sequence[Beat]:
        """See `BeatSource`."""
        now_ns, monotonic_ns = self._clock.wall_ns(), self._clock.monotonic_ns()
        found = []
        for name, due_ns in self._next_ns.items():
            while due_ns <= now_ns:
                beat = self._spoken(name, due_ns, monotonic_ns - now_ns)
                if beat is not None:
                    found.append(beat)
                due_ns += self._interval_ns
            self._next_ns[name] = due_ns
        self.heard |= {beat.hotspot: HeardAgent(AgentState(beat.wall_ns)) for beat in found}
        self._late += [beat for beat in found if beat.late]
        return found

    def take_late(self) -> Sequence[Beat]:
        """See `BeatSource`."""
        taken, self._late = self._late, []
        return taken

    async def run(self) -> None:
        """See `BeatSource`."""

    def _spoken(self, name: str, at_ns: int, offset_ns: int) -> Beat | None:
        """What the agent tells at one of its moments; None where it cannot, or nobody hears."""
        kept = self._kept.setdefault(name, [])
        if self._powerless[name].at(at_ns) is not None:
            kept.clear()  # of the boot before: its age is not known
            return None
        cut = self._down[name].at(at_ns) is not None
        minute = (_NOTHING if cut else _SERVED)._replace(uptime=self.uptime(name, at_ns))
        if cut or self._blind.at(at_ns) is not None or self._away.at(at_ns) is not None:
            kept.append((at_ns, minute))
            return None
        late = tuple(LateMinute((at_ns - then_ns) / NANOSECONDS, told) for then_ns, told in kept)
        self.told_late += len(late)
        kept.clear()
        return Beat(name, at_ns + offset_ns, at_ns, "ab" * 8, at_ns // NANOSECONDS, minute, late)
