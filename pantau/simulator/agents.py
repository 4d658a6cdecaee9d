"""The agents of a simulated city: they stand in for the door, and their heartbeats come out of the script.

A device measures each interval what its clients get. What it cannot send (its link is cut, we are, our door is closed)
it keeps and tells later, each minute with its age; electricity that fails takes that with it, and the uptime begins
anew. A call costs what has fallen due, however many agents there are.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from exporter.agents_door.gate import Answer
from exporter.agents_door.heard import HeardAgents
from exporter.probing.agent.beats import Beat, DoorPlan, HeardAgent, LateMinute, Minute
from pantau.clock import NANOSECONDS, Clock
from pantau.simulator.city import City
from pantau.simulator.crowds import Crowds
from pantau.simulator.randomness import word_of
from pantau.simulator.script import Moment

_KEPT_MINUTES = 1440
_LATE_IN_ONE = 60
"""As the agents for real routers have it."""
_GATEWAY_RTT_SECONDS = 0.0012
_LEAST_DAYS, _DAYS = 1, 90
"""How long devices have been running when the scenario begins: each for between so many days."""
_DAY_SECONDS = 86_400
_VERSION = "sim-1.0"


@dataclass(slots=True)
class _Device:
    """The device of one hotspot, in the time of the city."""

    row: int
    boot_ns: int
    kept: deque[tuple[int, Minute]] = field(default_factory=lambda: deque(maxlen=_KEPT_MINUTES))
    received_bytes: int = 0
    transmitted_bytes: int = 0
    measured_ns: int = 0


class SimulatedAgents:
    """A `BeatSource`: the agents of `city`, in the time of `clock`. A step of the wall clock is ours, not theirs."""

    def __init__(self, city: City, clock: Clock, interval_seconds: float) -> None:
        self._clock = clock
        self._city_ns = clock.wall_ns() - clock.monotonic_ns()
        """Added to a monotonic time it is the city's."""
        self._plan: DoorPlan | None = None
        self._devices: dict[str, _Device] = {}
        self._due: list[tuple[int, str]] = []
        self._late: list[Beat] = []
        self._heard = HeardAgents()
        self._counts: Counter[str] = Counter({answer.label: 0 for answer in Answer})
        self.settle(city, interval_seconds)

    def settle(self, city: City, interval_seconds: float) -> None:
        """Live in this city from now on, and speak so often; who has lived here before stays what he was."""
        self._city, self._interval_ns = city, round(interval_seconds * NANOSECONDS)
        self._crowds = Crowds(city.keys)
        now_ns = self._now_ns()
        self._moment: Moment = city.moment(now_ns)
        self._equip(now_ns)

    @property
    def open(self) -> bool:
        """See `BeatSource`."""
        return self._plan is not None and not self._moment.service.door_closed

    @property
    def counts(self) -> Mapping[str, int]:
        """See `BeatSource`."""
        return self._counts

    @property
    def heard(self) -> Mapping[str, HeardAgent]:
        """See `BeatSource`."""
        return self._heard.agents

    def remember(self, known_ns: Mapping[str, int]) -> None:
        """See `BeatSource`: the simulated begin with the exporter."""

    def last_heard_ns(self, hotspot: str) -> int | None:
        """See `BeatSource`."""
        agent = self._heard.agents.get(hotspot)
        return None if agent is None else agent.state.heard_ns

    def configure(self, plan: DoorPlan | None) -> None:
        """See `BeatSource`."""
        self._plan = plan
        self._equip(self._now_ns())

    async def run(self) -> None:
        """See `BeatSource`: there is nothing to keep open."""
        await asyncio.Event().wait()

    def take(self) -> Sequence[Beat]:
        """See `BeatSource`."""
        now_ns = self._now_ns()
        if now_ns >= self._moment.until_ns:
            self._turn(self._city.moment(now_ns))
        if not self._due or self._due[0][0] > now_ns:
            return ()
        beats = list(self._beats(now_ns))
        for beat in beats:
            self._heard.note(beat)
            self._counts[Answer.TAKEN.label] += 1
        self._late += [beat for beat in beats if beat.late]
        return beats

    def take_late(self) -> Sequence[Beat]:
        """See `BeatSource`."""
        late, self._late = self._late, []
        return late

    def _now_ns(self) -> int:
        return self._clock.monotonic_ns() + self._city_ns

    def _equip(self, now_ns: int) -> None:
        """A device at each hotspot that the plan lets in; each speaks at its own moment of the interval."""
        row_of = {name: row for row, name in enumerate(self._city.hotspots.ids)}
        names = [name for name in (() if self._plan is None else self._plan.points) if name in row_of]
        before, self._devices = self._devices, {}
        for name in names:
            age_seconds = _DAY_SECONDS * (_LEAST_DAYS + word_of(f"{name}/age") % (_DAYS - _LEAST_DAYS))
            begun = _Device(0, self._city.start_ns - age_seconds * NANOSECONDS)
            device = self._devices[name] = before.get(name, begun)
            device.row = row_of[name]
        slot_ns = now_ns - now_ns % self._interval_ns
        self._due = [
            (due_ns if due_ns >= now_ns else due_ns + self._interval_ns, name)
            for name in names
            for due_ns in [slot_ns + word_of(f"{name}/slot") % self._interval_ns]
        ]
        heapify(self._due)

    def _turn(self, moment: Moment) -> None:
        """Another moment of the script: whose electricity has failed has forgotten, and begins anew when it is back."""
        dark, before = set(moment.powerless.tolist()), set(self._moment.powerless.tolist())
        self._moment = moment
        if dark == before:
            return
        for device in self._devices.values():
            if device.row in dark:
                device.kept.clear()
            elif device.row in before:
                device.boot_ns, device.measured_ns = moment.from_ns, 0
                device.received_bytes = device.transmitted_bytes = 0

    def _beats(self, now_ns: int) -> Iterator[Beat]:
        """The heartbeats that fall due and come in."""
        moment = self._moment
        deaf = moment.cut or not self.open
        while self._due and self._due[0][0] <= now_ns:
            due_ns, name = heappop(self._due)
            # Who was not asked for longer than an interval has no beats to make up for.
            heappush(self._due, (due_ns + self._interval_ns * (1 + (now_ns - due_ns) // self._interval_ns), name))
            device = self._devices[name]
            if device.row in moment.service.mute or device.row in moment.dark:
                continue
            minute = self._measure(device, now_ns)
            if deaf or moment.silent(device.row):
                device.kept.append((now_ns, minute))
                continue
            yield self._beat(name, device, minute, now_ns)

    def _beat(self, name: str, device: _Device, minute: Minute, now_ns: int) -> Beat:
        several = [device.kept.popleft() for _ in range(min(len(device.kept), _LATE_IN_ONE))]
        late = tuple(LateMinute((now_ns - at_ns) / NANOSECONDS, kept) for at_ns, kept in several)
        boot = f"{word_of(f'{name}/{device.boot_ns}'):016x}"
        at_ns = self._clock.monotonic_ns()
        return Beat(name, at_ns, self._clock.wall_ns(), boot, minute.uptime, minute, late, _VERSION)

    def _measure(self, device: _Device, now_ns: int) -> Minute:
        """What the device finds at this moment, and counts since the last."""
        row, faults = device.row, self._moment.service
        connected = not self._moment.silent(row)
        online = connected and row not in faults.offline
        served = online and row not in faults.isolated and row not in faults.nameless
        clients, rate = self._crowds.at(row, now_ns, served=served)
        passed_ns = min(now_ns - device.measured_ns, self._interval_ns)
        device.measured_ns = now_ns
        device.received_bytes += rate * passed_ns // NANOSECONDS
        device.transmitted_bytes += rate * passed_ns // NANOSECONDS // 8
        quality = self._city.quality(row, now_ns)
        return Minute(
            uptime=(now_ns - device.boot_ns) // NANOSECONDS,
            clients=clients,
            rx_bytes=device.received_bytes,
            tx_bytes=device.transmitted_bytes,
            portal="isolir" if online and row in faults.isolated else "ok" if online else "fail",
            dns="ok" if online and row not in faults.nameless else "fail",
            gateway_rtt=_GATEWAY_RTT_SECONDS,
            internet_rtt=quality.rtt_seconds if online else None,
            loss=quality.loss_ratio if online else 1.0,
        )
