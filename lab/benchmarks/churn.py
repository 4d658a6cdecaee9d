"""Flapping hotspots: what was done to them, when, and whether the exporter's verdicts agree."""

import time
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from lab.benchmarks.network import BenchNetwork

_SHORTEST_SECONDS, _LONGEST_SECONDS = 2.0, 60.0
_TOLERANCE_SECONDS = 0.5


@dataclass(slots=True)
class Cut:
    """A hotspot was silent from `began` to `ended`, Unix seconds; `ended` is infinite while it lasts."""

    hotspot: int
    began: float
    ends_at: float
    """Monotonic time at which it is to end."""
    ended: float = float("inf")


class Churn:
    """Cuts `rate` hotspots a second out of the first `count`, each for 2 to 60 s."""

    def __init__(self, network: BenchNetwork, addresses: list[str], count: int, rate: int, seed: int) -> None:
        self._network, self._addresses = network, addresses
        self._rate, self._random = rate, Random(seed)
        self._free = list(range(count))
        self._open: list[Cut] = []
        self.cuts: list[Cut] = []

    def step(self) -> None:
        """To be called each second: end what is due, and cut some more."""
        now = time.monotonic()
        over = [cut for cut in self._open if cut.ends_at <= now]
        if over:
            self._network.revive([self._addresses[cut.hotspot] for cut in over])
            self._open = [cut for cut in self._open if cut.ends_at > now]
            for cut in over:
                cut.ended = time.time()
                self._free.append(cut.hotspot)
        self._random.shuffle(self._free)
        chosen = [self._free.pop(0) for _ in range(self._rate)]
        began = time.time()
        self._network.kill([self._addresses[hotspot] for hotspot in chosen])
        fresh = [
            Cut(hotspot, began, now + self._random.uniform(_SHORTEST_SECONDS, _LONGEST_SECONDS)) for hotspot in chosen
        ]
        self._open += fresh
        self.cuts += fresh

    def stop(self) -> None:
        """End all."""
        self._network.revive_all()
        for cut in self._open:
            cut.ended = time.time()
        self._open = []


@dataclass(frozen=True, slots=True)
class Agreement:
    """How the exporter's log agrees with what was done."""

    wrong: list[str]
    """What it said that was not so, and what it did not say."""
    unknown: list[str]
    """Where it said that it could not see: no verdict about the hotspot, but a fault of ours."""
    unseen: int
    """Long cuts that it did not find while it said that it could not see that hotspot."""


def compare(cuts: list[Cut], changes: list[dict[str, Any]], detection_seconds: float) -> Agreement:
    """Down only within a cut; answers only outside; every cut of more than `detection_seconds` found."""
    by_hotspot: dict[str, list[Cut]] = {}
    for cut in cuts:
        by_hotspot.setdefault(f"h{cut.hotspot}", []).append(cut)
    wrong, unknown, found, blind = list[str](), list[str](), set[int](), set[int]()
    down: dict[str, float] = {}
    for change in changes:
        decided = datetime.fromisoformat(change["timestamp"])
        since, mine = change["since_timestamp_seconds"], by_hotspot.get(change["hotspot"], [])
        near = {id(cut) for cut in mine if _covers(cut, since, _TOLERANCE_SECONDS)}
        begun = down.pop(change["hotspot"], float("inf"))
        # One that is cut again before two answered rounds have raised it stays down, and nothing more is said.
        found |= {id(cut) for cut in mine if cut.began <= decided.timestamp() and cut.ended >= begun}
        if change["after"] == "down":
            found |= near
            if near:
                down[change["hotspot"]] = since
            else:
                wrong.append(f"{change['hotspot']} down since {since}: it was not cut then")
        elif change["after"] == "unknown":
            blind |= near
            unknown.append(f"{change['hotspot']} unknown since {since}, decided {decided:%H:%M:%S}, {change['reason']}")
        elif any(_covers(cut, since, -_TOLERANCE_SECONDS) for cut in mine):
            wrong.append(f"{change['hotspot']} {change['after']} since {since}: it was cut then")
    for hotspot, begun in down.items():
        found |= {id(cut) for cut in by_hotspot[hotspot] if cut.ended >= begun}
    missed = [cut for cut in cuts if cut.ended - cut.began > detection_seconds and id(cut) not in found]
    wrong += [f"h{cut.hotspot} was cut at {cut.began} and not found" for cut in missed if id(cut) not in blind]
    return Agreement(wrong, unknown, sum(id(cut) in blind for cut in missed))


def _covers(cut: Cut, at: float, tolerance_seconds: float) -> bool:
    return cut.began - tolerance_seconds <= at <= cut.ended + tolerance_seconds
