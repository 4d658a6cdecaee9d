"""What a scenario does to the city's hosts at a time: who is silent, who is slow, what we ourselves cannot do.

The hosts are the hotspots and, behind them, the probed uplinks and the canaries.
"""

import errno
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from exporter.probing.outcome import Bool, Int8, Int64, Outcome, Uint64
from pantau.clock import NANOSECONDS
from pantau.simulator import events as kinds
from pantau.simulator.hotspots import Hotspots
from pantau.simulator.randomness import draw_at, uniform, word_of
from pantau.simulator.scenario import Scenario, scenario_error
from pantau.simulator.selection import Selector
from pantau.simulator.service_events import ServiceEvent, ServiceFaults, faults_of
from pantau.simulator.windows import FOREVER_NS, RecurringWindow, RecurringWindows

WITA_OFFSET_NS = 8 * 3600 * NANOSECONDS
"""Central Indonesian Time, UTC+8, no summer time."""
_REPLY = int(Outcome.REPLY)
DAY_NS = kinds.DAY_SECONDS * NANOSECONDS

_ERRORS = {
    "net": Outcome.UNREACHABLE_NET,
    "host": Outcome.UNREACHABLE_HOST,
    "prohibited": Outcome.PROHIBITED,
    "ttl": Outcome.TTL_EXCEEDED,
}


@dataclass(frozen=True, slots=True)
class Moment:
    """What holds from the time `from_ns` that was asked for up to, not including, `until_ns`."""

    from_ns: int
    until_ns: int
    state: Int8
    """Of each host: `Outcome.REPLY` if it is there, `TIMEOUT` if it is silent, or the ICMP error that speaks for it."""
    passing: NDArray[np.float64]
    """Of each host: the share of probes that the script lets pass."""
    delay_ns: Int64
    """Of each host: what the script adds to the RTT."""
    cut: bool
    """Whether we are cut off."""
    send_errno: int
    """What the kernel refuses sends with; 0 if it does not."""
    overflow: bool
    """Whether the receive buffer is full."""
    powerless: Int64
    """The hosts whose devices are without electricity; they are silent too."""
    service: ServiceFaults
    """What becomes of the service of hotspots that can be reached, and of those who tell of it."""
    dark: frozenset[int]
    """The same as `powerless`, to be asked for one."""

    def silent(self, row: int) -> bool:
        """Whether a host is cut off from us."""
        return int(self.state[row]) != _REPLY


class _Part(NamedTuple):
    """A window and what it does to whom."""

    window: RecurringWindow
    event: kinds.ScenarioEvent
    rows: Int64


class Script:
    """A scenario over an inventory; `ScenarioError` if it names what the inventory has not."""

    def __init__(self, hotspots: Hotspots, scenario: Scenario, start_ns: int, keys: Uint64, hosts: int) -> None:
        self._start_ns = start_ns
        self._loop_seconds = scenario.repeat_every_seconds
        self._keys = keys
        self._hosts = hosts
        self._hotspots = hotspots
        selector = Selector(hotspots, scenario, keys)
        self._dead = np.flatnonzero(selector.dead)
        indices = range(len(scenario.events))
        self._parts = [part for index in indices for part in self._compile(selector, scenario, index)]
        if selector.problems:
            raise scenario_error(selector.problems)
        self._windows = RecurringWindows([part.window for part in self._parts])
        overflows = [part.window for part in self._parts if isinstance(part.event, kinds.ReceiveOverflow)]
        self._overflows = RecurringWindows(overflows)
        self._roomy_from_ns = self._roomy_until_ns = start_ns
        """No window of `_overflows` is open between these: most questions need no more."""

    def at(self, time_ns: int) -> Moment:
        """What holds at `time_ns`."""
        state = np.full(self._hosts, Outcome.REPLY, np.int8)
        state[self._dead] = Outcome.TIMEOUT
        passing = np.ones(self._hosts)
        delay_ns = np.zeros(self._hosts, np.int64)
        signs: list[tuple[Int64, Outcome]] = []
        powerless: list[Int64] = []
        of_service: list[tuple[ServiceEvent, frozenset[int]]] = []
        cut, overflow, send_errno = False, False, 0
        for number in np.flatnonzero(self._windows.open_at(time_ns)):
            _, event, rows = self._parts[number]
            match event:
                case kinds.Loss():
                    passing[rows] *= 1 - event.ratio
                case kinds.Latency():
                    delay_ns[rows] += nanoseconds(event.add_seconds)
                case kinds.Unreachable():
                    signs.append((rows, _ERRORS[event.error]))
                case kinds.VantageCut():
                    cut = True
                case kinds.SendFailure():
                    send_errno = getattr(errno, event.errno)
                case kinds.ReceiveOverflow():
                    overflow = True
                case ServiceEvent():
                    of_service.append((event, frozenset(rows.tolist())))
                case _:
                    state[rows] = Outcome.TIMEOUT
                    if isinstance(event, kinds.KelurahanPowerCut) or (
                        isinstance(event, kinds.HotspotDown) and event.power
                    ):
                        powerless.append(rows)
        # A router that reports a hotspot unreachable does so whether or not the hotspot is also dark.
        for rows, outcome in signs:
            state[rows] = outcome
        until_ns = self._windows.next_change_ns(time_ns)
        without_power = _all_of(powerless)
        return Moment(
            *(time_ns, until_ns, state, passing, delay_ns, cut, send_errno, overflow),
            *(without_power, faults_of(of_service), frozenset(without_power.tolist())),
        )

    def overflowing(self, times_ns: Int64) -> Bool:
        """At which of these ascending times the receive buffer is full."""
        first_ns, last_ns = int(times_ns[0]), int(times_ns[-1])
        if not self._roomy_from_ns <= first_ns <= last_ns < self._roomy_until_ns:
            full = self._overflows.open_at(first_ns).any()
            self._roomy_from_ns = first_ns
            self._roomy_until_ns = first_ns if full else self._overflows.next_change_ns(first_ns)
        if last_ns >= self._roomy_until_ns:
            return self._overflows.any_open(times_ns)
        return np.zeros(len(times_ns), np.bool_)

    def _compile(self, selector: Selector, scenario: Scenario, index: int) -> Iterator[_Part]:
        entry = scenario.events[index]
        event, salt = entry.event, f"{index}.{entry.kind}"
        rows = np.empty(0, np.int64)
        if event.where is not None:
            rows = selector.select(event.where, ("events", index, entry.kind, *event.where_path), salt)
        start_ns, duration_ns, period_ns = self._timing(event)
        chance = uniform(draw_at(self._keys[rows], word_of(salt + "/phase") >> 1))
        if isinstance(event, kinds.Flap):
            up_ns, down_ns = nanoseconds(event.up_seconds), nanoseconds(event.down_seconds)
            for row, phase in zip(rows[:, None], chance, strict=True):
                shift_ns = int(phase * (up_ns + down_ns))
                window = RecurringWindow(start_ns, duration_ns, period_ns, up_ns + down_ns, up_ns, shift_ns)
                yield _Part(window, event, row)
        elif isinstance(event, kinds.HotspotDown) and event.spread_seconds is not None:
            for row, part in zip(rows[:, None], chance, strict=True):
                begin_ns = start_ns + nanoseconds(part * event.spread_seconds)
                yield _Part(RecurringWindow(begin_ns, duration_ns, period_ns), event, row)
        else:
            yield _Part(
                RecurringWindow(start_ns, duration_ns, period_ns), event, np.append(rows, self._uplinks_hit(event))
            )

    def _uplinks_hit(self, event: kinds.ScenarioEvent) -> Int64:
        """The hosts of the probed uplinks that fail too: the cut one, what it carries, and all of an ISP that fails."""
        hotspots, hit = self._hotspots, set[str]()
        if isinstance(event, kinds.UplinkCut):
            hit = set(hotspots.uplinks_carried_by(event.uplink))
        elif isinstance(event, kinds.IspOutage) and event.kecamatan is None:
            hit = {uplink for uplink, isp in hotspots.uplink_isps.items() if isp.casefold() == event.isp.casefold()}
        places = [place for place, uplink in enumerate(hotspots.uplink_addresses) if uplink in hit]
        return np.array(places, np.int64) + len(hotspots)

    def _timing(self, event: kinds.ScenarioEvent) -> tuple[int, int, int]:
        """Start, duration and period in nanoseconds."""
        duration_ns = FOREVER_NS if event.for_seconds is None else nanoseconds(event.for_seconds)
        if event.daily_seconds is not None:
            since_midnight_ns = (self._start_ns + WITA_OFFSET_NS) % DAY_NS
            today_ns = self._start_ns - since_midnight_ns + nanoseconds(event.daily_seconds)
            # Two days back, so that what began yesterday (with its spread) still lasts when we start.
            return today_ns - 2 * DAY_NS, duration_ns, DAY_NS
        period_seconds = event.repeat_every_seconds
        if period_seconds is None and event.for_seconds is not None:
            period_seconds = self._loop_seconds
        period_ns = FOREVER_NS if period_seconds is None else nanoseconds(period_seconds)
        return self._start_ns + nanoseconds(event.at_seconds or 0), duration_ns, period_ns


def _all_of(rows: list[Int64]) -> Int64:
    return np.unique(np.concatenate(rows)) if rows else np.empty(0, np.int64)


def nanoseconds(seconds: float) -> int:
    """Seconds as whole nanoseconds."""
    return round(seconds * NANOSECONDS)
