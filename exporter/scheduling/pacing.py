"""How fast probes may leave: the pace, the token buckets that keep it, and how much of it re-probes may take.

Pure: numbers and times. A policer on the way (a token bucket of somebody else's) drops what comes faster than its rate
beyond its burst; what leaves here at a lower rate and in smaller bursts never meets it.
"""

from dataclasses import dataclass, field
from math import ceil

from pantau.clock import NANOSECONDS
from pantau.inventory.bursts import BURST_SECONDS

WINDOW_NS = round(BURST_SECONDS * NANOSECONDS)
"""A burst is what leaves within this time."""
REPROBE_SHARE, BEHIND_SHARE = 0.9, 1.5
"""Of the base rate: what re-probes and canaries together may send beside the rounds, and where they are far behind. A
policer of twice the base rate lets the first pass, and three tenths of a city that fall silent at once need no more."""
_LEAST_SHARE = 0.1
_EASE = 1.8
"""A sign of a policer divides the share by so much; so long without one, and with few re-probes, multiplies it."""
_RECOVERY_NS, _CUT_APART_NS = 30 * NANOSECONDS, 2 * NANOSECONDS
_CATCHING_UP = 1.1
"""Rounds that are behind leave at most so much faster than planned: a policer a fifth above the rate lets them pass."""
_GROUP_SHARE, _REFILL_SECONDS = 8, 0.02
"""An eighth of a burst is left to the re-probes that leave together with a group of rounds, unless the bucket is full
again after so short a time: the pace is then dense."""
_LATE_SHARE = 4
"""A quarter of a burst more may leave within a time somewhat longer than `WINDOW_NS`: a group that was sent a few
milliseconds late does not delay the next."""
_LEAST_BURSTS = 3
_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Pace:
    """What may leave. Rates in packets a second."""

    base: float
    """Of the rounds, were all probes sent evenly."""
    regular: float
    """Of rounds and canaries together: all that is known beforehand."""
    burst: int
    """At most so many leave within `WINDOW_NS`."""
    span_ns: int
    """A probe may leave so much before its time, to leave together with the one before it."""
    elastic: bool = False
    """Whether, at a dense pace, more than a burst may leave at once while the machine is too busy to send so often."""

    planned: float = field(init=False)
    """At which rounds and canaries leave when they are behind; a small city may send a burst a second."""
    dense: bool = field(init=False)
    """Whether a burst is due so often that a machine may be too busy to wake us for each."""
    group: int = field(init=False)
    """How many planned probes leave together at most."""
    depth: int = field(init=False)
    """How many planned probes may leave at once, were it not for the window: the burst of a policer to be borne."""
    chunk: int = field(init=False)
    """How many re-probes are waited for, where many wait, before they leave."""

    def __post_init__(self) -> None:
        """What follows from the rest is asked for at each departure, and found once."""
        planned = max(self.regular * _CATCHING_UP, float(self.burst))
        dense = planned * _REFILL_SECONDS >= self.burst
        found: dict[str, float | int] = {
            "planned": planned,
            "dense": dense,
            "group": self.burst if dense else max(1, self.burst - max(1, self.burst // _GROUP_SHARE)),
            "depth": self.burst + self.burst // _LATE_SHARE,
            "chunk": max(1, self.burst // 4),
        }
        for name, value in found.items():
            object.__setattr__(self, name, value)

    def total(self, share: float = REPROBE_SHARE) -> float:
        """At which all together may leave, where re-probes and canaries have `share` of the base rate.

        In a small city, where that is next to nothing, it is as much as three bursts a second are to `REPROBE_SHARE`.
        """
        small = self.regular + _LEAST_BURSTS * self.burst * share / REPROBE_SHARE
        return max(self.base * (1 + share), self.planned, small)


class TokenBucket:
    """Tokens that come at a rate and gather up to a depth; it begins full."""

    def __init__(self, per_second: float, depth: int, now_ns: int) -> None:
        self._per_second, self._depth = per_second, depth
        self._tokens, self._at_ns = float(depth), now_ns

    def level(self, now_ns: int) -> float:
        """How many tokens there are at a time not before the last one that was asked for."""
        if now_ns <= self._at_ns:
            return self._tokens
        tokens = self._tokens + (now_ns - self._at_ns) * self._per_second / NANOSECONDS
        return tokens if tokens < self._depth else float(self._depth)

    def allows(self, count: float, now_ns: int) -> bool:
        """Whether there are so many."""
        return self.level(now_ns) >= count - _TOLERANCE

    def take(self, count: int, now_ns: int) -> None:
        """Use some up; none are owed where there are too few."""
        left = self.level(now_ns) - count
        self._tokens = max(left, 0.0)
        if now_ns > self._at_ns:
            self._at_ns = now_ns

    def ready_ns(self, count: float, from_ns: int) -> int:
        """The first time, not before `from_ns`, at which there are so many; `count` is at most the depth."""
        missing = count - self.level(from_ns)
        if missing <= _TOLERANCE:
            return from_ns
        return max(from_ns, self._at_ns) + ceil(missing * NANOSECONDS / self._per_second)

    def become(self, per_second: float, depth: int, now_ns: int) -> None:
        """Go on at another rate, with what there is."""
        self._tokens, self._at_ns = min(self.level(now_ns), float(depth)), max(self._at_ns, now_ns)
        self._per_second, self._depth = per_second, depth


class ReprobeShare:
    """What part of the base rate re-probes may take: less when a canary's loss says that a policer is on the way.

    A policer that is narrower than rounds and re-probes together drops both, and losses call for still more re-probes.
    """

    def __init__(self) -> None:
        self._share = REPROBE_SHARE
        self._cut_ns = self._held_ns = -_RECOVERY_NS

    def cut(self, now_ns: int) -> None:
        """Canaries that had answered have lost probes. What left before the last cut tells nothing new."""
        if now_ns - self._cut_ns >= _CUT_APART_NS:
            self._share = max(self.at(now_ns) / _EASE, _LEAST_SHARE)
            self._cut_ns = self._held_ns = now_ns

    def use(self, now_ns: int, *, pressing: bool) -> None:
        """Re-probes leave; while there are many, the share stays what it was found to be."""
        if pressing and self._share < REPROBE_SHARE:
            self._share, self._held_ns = self.at(now_ns), now_ns

    def at(self, now_ns: int, *, behind: bool = False) -> float:
        """The share now, more where re-probes are far `behind`; it grows again with time."""
        steps = max(now_ns - self._held_ns, 0) // _RECOVERY_NS
        share = min(self._share * _EASE ** min(steps, 9), REPROBE_SHARE)
        return BEHIND_SHARE if behind and share == REPROBE_SHARE else share
