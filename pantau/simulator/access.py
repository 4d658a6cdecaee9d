"""How links behave by nature: RTT and loss by access type, hour of the day, and Starlink's change of satellites."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from exporter.probing.outcome import Int64, Uint64
from pantau.clock import NANOSECONDS
from pantau.simulator.randomness import draw_at, uniform
from pantau.simulator.script import DAY_NS, WITA_OFFSET_NS

Floats = NDArray[np.float64]

_MS = 1_000_000.0
_MINUTE_NS = 60 * NANOSECONDS


@dataclass(frozen=True, slots=True)
class AccessModel:
    """One access type. RTT in ms, loss as a ratio; "peak" is what the evening's crowd adds at its height."""

    base_ms: tuple[float, float]
    """The fastest RTT of a hotspot lies between these: its distance."""
    jitter_ms: float
    """Median of what each packet waits beyond that."""
    peak_ms: float
    loss: float
    peak_loss: float


MODELS = {
    "ftth_gpon": AccessModel((2, 6), 0.4, 2, 0.0002, 0.0005),
    "fo_dedicated": AccessModel((2, 5), 0.2, 0.3, 0.0001, 0.0001),
    "metro": AccessModel((2, 5), 0.2, 0.5, 0.0001, 0.0002),
    "radio_ptp": AccessModel((8, 18), 2, 8, 0.002, 0.003),
    "radio_ptmp": AccessModel((10, 25), 4, 20, 0.004, 0.008),
    "starlink": AccessModel((35, 55), 4, 8, 0.003, 0.003),
    "vsat": AccessModel((550, 620), 12, 40, 0.004, 0.004),
    "seluler": AccessModel((30, 80), 8, 40, 0.003, 0.006),
}
CANARY = AccessModel((0.5, 1.5), 0.1, 0, 0, 0)
"""A host near us, which others watch over."""
_UNKNOWN = MODELS["ftth_gpon"]

_CROWD_HOURS = (0, 1.5, 5, 8, 12, 17, 19, 22, 24)
_CROWD = (0.3, 0.1, 0.05, 0.4, 0.5, 0.5, 1.0, 1.0, 0.3)
"""Share of the evening's load by the hour of WITA: the peak is from 19 to 22."""

_SLOT_NS = 15 * NANOSECONDS
_SLOT_OFFSET_NS = 12 * NANOSECONDS
"""Starlink assigns satellites anew at seconds 12, 27, 42 and 57 of each minute."""
_SPIKE_NS = 250_000_000
_SLOT_MS = 20.0
_SPIKE_MS = (40.0, 60.0)

_JITTER_SIGMA = 0.6
_JITTER_BITS = 14
JITTER_MASK = np.uint64((1 << _JITTER_BITS) - 1)


def _lognormal_quantiles() -> NDArray[np.float64]:
    count = 1 << _JITTER_BITS
    normal = NormalDist()
    return np.exp(_JITTER_SIGMA * np.array([normal.inv_cdf((index + 0.5) / count) for index in range(count)]))


JITTER = _lognormal_quantiles()
"""Quantiles of a lognormal distribution of median 1: a random index gives a random jitter without a logarithm."""


def crowd(time_ns: int) -> float:
    """The share of the evening's load, 0 to 1, at the minute of `time_ns`."""
    hour = (time_ns + WITA_OFFSET_NS) % DAY_NS // _MINUTE_NS / 60
    return float(np.interp(hour, _CROWD_HOURS, _CROWD))


@dataclass(frozen=True, slots=True)
class LinkMoment:
    """What holds from the time that was asked for up to, not including, `until_ns`; one row a host."""

    until_ns: int
    floor_ns: Int64
    """The fastest RTT."""
    jitter_ns: Floats
    """Median of what comes on top."""
    passing: Floats
    """Share of probes that are not lost."""


class Links:
    """The links of hosts, given the access type of each (any other word counts as fibre) and a random key."""

    def __init__(self, models: Sequence[AccessModel], starlink: Sequence[int], keys: Uint64, *, lossy: bool) -> None:
        low, span = _column(models, lambda m: m.base_ms[0]), _column(models, lambda m: m.base_ms[1] - m.base_ms[0])
        self._base_ns = (low + span * uniform(draw_at(keys, 0))) * _MS
        self._jitter_ns = _column(models, lambda m: m.jitter_ms) * _MS
        self._peak_ns = _column(models, lambda m: m.peak_ms) * _MS
        self._loss = _column(models, lambda m: m.loss) * lossy
        self._peak_loss = _column(models, lambda m: m.peak_loss) * lossy
        self._starlink = np.array(starlink, np.int64)
        self._starlink_keys = keys[self._starlink]

    def at(self, time_ns: int) -> LinkMoment:
        """What holds at `time_ns`."""
        load = crowd(time_ns)
        floor = self._base_ns + load * self._peak_ns
        until_ns = time_ns - time_ns % _MINUTE_NS + _MINUTE_NS
        if len(self._starlink):
            slot, since_ns = divmod(time_ns - _SLOT_OFFSET_NS, _SLOT_NS)
            floor[self._starlink] += self._satellite_ns(slot, changing=since_ns < _SPIKE_NS)
            until_ns = min(until_ns, time_ns - since_ns + (_SPIKE_NS if since_ns < _SPIKE_NS else _SLOT_NS))
        passing = 1 - (self._loss + load * self._peak_loss)
        return LinkMoment(until_ns, floor.astype(np.int64), self._jitter_ns * (1 + load), passing)

    def _satellite_ns(self, slot: int, *, changing: bool) -> Floats:
        """What the satellite of this slot adds, and while it is being changed the spike."""
        chance = uniform(draw_at(self._starlink_keys, slot))
        added_ms = _SLOT_MS * chance
        if changing:
            added_ms += _SPIKE_MS[0] + (_SPIKE_MS[1] - _SPIKE_MS[0]) * (1 - chance)
        added: Floats = added_ms * _MS
        return added


def model_of(access: str) -> AccessModel:
    """The model of an access type of the inventory."""
    return MODELS.get(access, _UNKNOWN)


def _column(models: Sequence[AccessModel], value: Callable[[AccessModel], float]) -> Floats:
    return np.array([value(model) for model in models], np.float64)
