"""The city as one pure model: asked for hosts and times, it says what becomes of a probe that leaves then.

The fate of a probe is decided when it leaves. It depends on the seed, the host and the nanosecond alone; what holds at
a moment is computed once and kept while it holds, which changes no answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from exporter.probing.addresses import address_words
from exporter.probing.outcome import NO_RTT, Bool, Int8, Int64, Outcome, Uint64
from pantau.clock import NANOSECONDS
from pantau.inventory.addresses import parse_ip
from pantau.simulator.access import CANARY, JITTER, JITTER_MASK, Links, model_of
from pantau.simulator.hotspots import Hotspots, words_array
from pantau.simulator.randomness import draw, words_of
from pantau.simulator.scenario import Scenario
from pantau.simulator.script import Moment, Script
from pantau.simulator.truth import Interval, Truth

_32 = np.uint64(32)
_REPLY, _TIMEOUT = int(Outcome.REPLY), int(Outcome.TIMEOUT)  # an enum's members are slow to reach and to compare
_SPREAD = np.uint64(0xD6E8_FEB8_6659_FD93)
"""Odd, so that a multiplication loses nothing."""


_Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Answers:
    """What becomes of probes, one row each."""

    outcome: Int8
    """`Outcome.REPLY`, `TIMEOUT` for silence, or the ICMP error."""
    rtt_ns: Int64
    """When the answer or the error comes, after leaving; `NO_RTT` for silence."""


class LinkQuality(NamedTuple):
    """How a host's link is at a moment."""

    rtt_seconds: float
    loss_ratio: float


@dataclass(frozen=True, slots=True)
class _Conditions:
    """All that holds for `from_ns` <= time < `until_ns`; arrays have one row a host."""

    from_ns: int
    until_ns: int
    outcome: Int8
    lost_below: Uint64
    """A probe is lost if 32 random bits are less."""
    floor_ns: Int64
    jitter_ns: NDArray[np.float64]
    send_errno: int


class City:
    """Hotspots under a scenario that starts at `start_ns` (wall time), and canaries that answer whenever we can hear.

    Hosts are numbered: the hotspots' rows, the probed uplinks, the canaries; a canary at the address of another host is
    that host and no more. `ScenarioError` if scenario and inventory do not fit.
    """

    def __init__(
        self,
        hotspots: Hotspots,
        scenario: Scenario,
        start_ns: int,
        seed: int = 0,
        canaries: Sequence[_Address] = (),
    ) -> None:
        self.hotspots = hotspots
        self.scenario = scenario
        self.start_ns = start_ns
        self.seed = seed
        self.canaries = _apart(canaries, hotspots)
        uplinks = hotspots.uplink_addresses
        names = (*hotspots.ids, *uplinks, *(f"canary {address}" for address in self.canaries))
        self.host_count = len(names)
        self._keys = words_of([f"{seed}/{name}" for name in names])
        self._script = Script(hotspots, scenario, start_ns, self._keys, len(names))
        self._links = Links(
            [*map(model_of, hotspots.access), *(CANARY for _ in (*uplinks, *self.canaries))],
            [row for row, access in enumerate(hotspots.access) if access == "starlink"],
            self._keys,
            lossy=scenario.background_loss,
        )
        others = words_array([*uplinks.values(), *self.canaries])
        self._index_addresses(np.concatenate([hotspots.addresses, others]))
        self._moment = self._script.at(start_ns)
        self._conditions = self._conditions_at(start_ns)

    def find(self, addresses: Uint64) -> Int64:
        """The host of each address (n x 2 words); -1 where there is none."""
        if not len(self._sorted_words):
            return np.full(len(addresses), -1, np.int64)
        place = self._sorted_words.searchsorted(_one_word(addresses))
        hosts: Int64 = self._sorted_hosts[np.minimum(place, len(self._sorted_words) - 1)]
        found = self._addresses[hosts] == addresses
        return hosts if found.all() else np.where(found.all(axis=1), hosts, -1)

    def resolve(self, name: str) -> _Address | None:
        """The address of a hotspot's host name; of an address itself; `None` for an unknown name."""
        return parse_ip(name) or self.hotspots.names.get(name)

    def answers(self, hosts: Int64, times_ns: Int64) -> Answers:
        """What becomes of a probe to each host that leaves at each time."""
        if not len(hosts):
            return Answers(np.empty(0, np.int8), np.empty(0, np.int64))
        conditions = self._at(int(times_ns.min()))
        if int(times_ns.max()) < conditions.until_ns:
            return self._under(conditions, hosts, times_ns)
        outcome, rtt_ns = np.empty(len(hosts), np.int8), np.empty(len(hosts), np.int64)
        order = np.argsort(times_ns, kind="stable")
        ascending = times_ns[order]
        first = 0
        while first < len(order):
            conditions = self._at(int(ascending[first]))
            beyond = int(np.searchsorted(ascending, conditions.until_ns))
            rows = order[first:beyond]
            part = self._under(conditions, hosts[rows], times_ns[rows])
            outcome[rows], rtt_ns[rows] = part.outcome, part.rtt_ns
            first = beyond
        return Answers(outcome, rtt_ns)

    def state(self, time_ns: int) -> Int8:
        """Of each hotspot, the scripted `Outcome`: REPLY is up, all else down. Whether we can see it is not asked."""
        return self._script.at(time_ns).state[: len(self.hotspots)]

    @property
    def keys(self) -> Uint64:
        """Of each host, the random word that its chance hangs on."""
        return self._keys

    def moment(self, time_ns: int) -> Moment:
        """What the script says of `time_ns`."""
        if not self._moment.from_ns <= time_ns < self._moment.until_ns:
            self._moment = self._script.at(time_ns)
        return self._moment

    def quality(self, host: int, time_ns: int) -> LinkQuality:
        """How the link of a host is at `time_ns`, whether anything is at its end or not."""
        conditions = self._at(time_ns)
        return LinkQuality(int(conditions.floor_ns[host]) / NANOSECONDS, float(conditions.lost_below[host]) / 2.0**32)

    def send_errno(self, time_ns: int) -> int:
        """The errno with which the kernel refuses to send at `time_ns`; 0 if it does not."""
        return self._at(time_ns).send_errno

    def overflowing(self, times_ns: Int64) -> Bool:
        """At which of these ascending times the receive buffer is full, so that what arrives is dropped."""
        return self._script.overflowing(times_ns)

    def truth(self, from_ns: int, to_ns: int) -> Truth:
        """The scripted down times between `from_ns` and `to_ns`."""
        count = len(self.hotspots)
        down: list[list[Interval]] = [[] for _ in range(count)]
        powerless: list[list[Interval]] = [[] for _ in range(count)]
        blind: list[Interval] = []
        since_ns = np.full(2 * count + 1, -1, np.int64)  # the last row is our own blindness
        everything = [*down, *powerless, blind]
        time_ns = from_ns
        while time_ns < to_ns:
            moment = self._script.at(time_ns)
            is_blind = moment.cut or moment.overflow or moment.send_errno != 0
            off = np.zeros(count, np.bool_)
            off[moment.powerless[moment.powerless < count]] = True
            closed = np.concatenate([moment.state[:count] != _REPLY, off, [is_blind]])
            _note_changes(closed, since_ns, time_ns, everything)
            time_ns = moment.until_ns
        _note_changes(np.zeros(2 * count + 1, np.bool_), since_ns, to_ns, everything)
        return Truth(from_ns, to_ns, tuple(map(tuple, down)), tuple(map(tuple, powerless)), tuple(blind))

    def _index_addresses(self, addresses: Uint64) -> None:
        words = _one_word(addresses)
        self._addresses = addresses
        self._sorted_hosts = np.argsort(words, kind="stable")
        self._sorted_words = words[self._sorted_hosts]
        if (self._sorted_words[1:] == self._sorted_words[:-1]).any():
            raise ValueError("two hosts of the city have the same address; give each its own")

    def _at(self, time_ns: int) -> _Conditions:
        if not self._conditions.from_ns <= time_ns < self._conditions.until_ns:
            self._conditions = self._conditions_at(time_ns)
        return self._conditions

    def _conditions_at(self, time_ns: int) -> _Conditions:
        # Links change far oftener than the script, whose part is kept meanwhile.
        moment, links = self.moment(time_ns), self._links.at(time_ns)
        outcome = np.full_like(moment.state, _TIMEOUT) if moment.cut else moment.state
        if moment.service.filtered:
            outcome = outcome.copy()
            outcome[list(moment.service.filtered)] = _TIMEOUT
        lost = 1 - moment.passing * links.passing
        return _Conditions(
            from_ns=time_ns,
            until_ns=min(moment.until_ns, links.until_ns),
            outcome=outcome,
            lost_below=np.rint(lost * 2.0**32).astype(np.uint64),
            floor_ns=links.floor_ns + moment.delay_ns,
            jitter_ns=links.jitter_ns,
            send_errno=moment.send_errno,
        )

    def _under(self, conditions: _Conditions, hosts: Int64, times_ns: Int64) -> Answers:
        chance = draw(self._keys[hosts], times_ns)
        outcome = conditions.outcome[hosts]
        lost = (chance >> _32) < conditions.lost_below[hosts]
        outcome[lost & (outcome == _REPLY)] = _TIMEOUT
        jitter_ns = conditions.jitter_ns[hosts] * JITTER[(chance & JITTER_MASK).view(np.int64)]
        rtt_ns = conditions.floor_ns[hosts] + jitter_ns.astype(np.int64)
        rtt_ns[outcome == _TIMEOUT] = NO_RTT
        return Answers(outcome, rtt_ns)


def _apart(canaries: Sequence[_Address], hotspots: Hotspots) -> tuple[_Address, ...]:
    """The canaries, each once, that no hotspot and no uplink is."""
    taken = set(map(tuple, hotspots.addresses.tolist()))
    taken |= set(map(address_words, hotspots.uplink_addresses.values()))
    return tuple(canary for canary in dict.fromkeys(canaries) if address_words(canary) not in taken)


def _one_word(addresses: Uint64) -> Uint64:
    """Both words of each address in one that is hardly ever that of another."""
    return addresses[:, 1] + addresses[:, 0] * _SPREAD


def _note_changes(closed: Bool, since_ns: Int64, time_ns: int, intervals: Sequence[list[Interval]]) -> None:
    """Begin the intervals of rows newly closed, and end those of rows no longer so."""
    since_ns[closed & (since_ns < 0)] = time_ns
    for row in np.flatnonzero(~closed & (since_ns >= 0)).tolist():
        intervals[row].append(Interval(int(since_ns[row]), time_ns))
        since_ns[row] = -1
