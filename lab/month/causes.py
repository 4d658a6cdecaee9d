"""A scripted month's causes: what is proposed, of devices that tell their uptime and of those that do not.

`python -m lab.month.causes` prints the figures of 1000 hotspots, half of which can be asked. The script tells power
from link; the devices wrap, restart their agents, set their clocks and do not answer, as devices do. Observed is what
an exporter observes at best: the truth, each fall late by chance up to an interval.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import yaml

from exporter.probing.uptime.counters import WRAP_SECONDS, Counters, conclude
from exporter.recording.uptimes import FIRST_SECONDS, MARGIN_SECONDS
from lab.month.story import MONTH, WHOLE_SPAN, Story, make_story
from lab.samples.accounting import WITA
from lab.samples.evidence import Recorded
from pantau.reports.accounting import Condition, Span, Stretch
from pantau.reports.causes import Cause, Proposal
from pantau.reports.statement import DeviceUptime, Survey, survey
from pantau.simulator.city import City
from pantau.simulator.hotspots import Hotspots
from pantau.simulator.scenario import load_scenario
from pantau.simulator.truth import Truth

_NS = 1_000_000_000
INTERVAL = 10
TELLS = 0.5
"""The share of hotspots whose device can be asked."""
POWER = (Cause.LISTRIK_PLN, Cause.LISTRIK_LOKASI)
LINK = (Cause.FO_PUTUS, Cause.CUACA_RADIO)
OPEN = (Cause.BELUM_TERVERIFIKASI, Cause.RESTART)
"""Charged until somebody has verified them."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One outage: what it was, and what is proposed."""

    point: str
    power: bool
    """Whether the device was without electricity, and not only the link."""
    told: bool
    """Whether its hotspot is one of those that can be asked."""
    cause: Cause
    firm: bool
    """Whether it rests on a device that had stayed on."""

    @property
    def wrong_power(self) -> bool:
        """A power cut is proposed for what was none: an ISP would be excused. Never."""
        return self.cause in POWER and not self.power

    @property
    def wrong_link(self) -> bool:
        """The link is blamed by a device that had in truth been without power. Never either."""
        return self.firm and self.power


class Device:
    """One hotspot's device, with the faults that devices have; its counters are what SNMP would give."""

    def __init__(self, chance: Random, span: Span, powerless: Sequence[Span]) -> None:
        self._chance = chance
        # Half of them have been running for so long that a counter may wrap within the month.
        age = chance.choice([chance.uniform(1, 400), chance.uniform(465, 500)]) * 86_400
        self.boots = [span[0] - age, *(end + chance.uniform(15, 60) for _, end in powerless)]
        self._restarts_agent, self._has_host = chance.random() < 0.2, chance.random() < 0.9
        self._has_engine, self._sets_clock = chance.random() < 0.7, chance.random() < 0.1
        self._agent_began = self.boots[0]

    def counters(self, at: float, link_returned: float) -> Counters:
        """What it says at a moment; its link came back then."""
        boot = max(one for one in self.boots if one <= at)
        if self._restarts_agent:
            self._agent_began = max(boot, link_returned)
        self._agent_began = max(self._agent_began, boot)
        engine = at - self._agent_began
        if self._sets_clock:  # its agent began in 1970, and then somebody told it the time
            engine = at - 60
        return Counters(
            (at - boot) % WRAP_SECONDS if self._has_host else None,
            engine if self._has_engine else None,
            (at - self._agent_began) % WRAP_SECONDS,
        )


def observed(truth: Truth, ids: Sequence[str], span: Span, seed: int) -> Recorded:
    """What the journal would hold of it."""
    stretches: dict[str, list[Stretch]] = {}
    told: dict[str, list[DeviceUptime]] = {}
    for name, falls, cuts in zip(ids, truth.down, truth.powerless, strict=True):
        chance = Random(f"{seed}/{name}")
        powerless = [(start / _NS, end / _NS) for start, end in cuts]
        # A device without power is back when it has booted, its link when it is back.
        downs = [(start / _NS + chance.uniform(0, INTERVAL), end / _NS) for start, end in falls]
        boots = Device(chance, span, [(round(start), round(end)) for start, end in powerless])
        ends = [_returned(boots, end, powerless) for _, end in downs]
        seen = [(round(start), round(end)) for (start, _), end in zip(downs, ends, strict=True) if start + 1 < end]
        stretches[name] = list(_stretches(seen, span, hash_of(name)))
        if chance.random() < TELLS:
            told[name] = list(_told(boots, seen, chance))
    return Recorded(by_point=stretches, told=told)


def _returned(device: Device, end: float, powerless: Sequence[tuple[float, float]]) -> float:
    cut = any(abs(end - over) < 1 for _, over in powerless)
    return next(boot for boot in device.boots if boot >= end) + 20 if cut else end


def _stretches(downs: Sequence[Span], span: Span, number: int) -> Iterator[Stretch]:
    at = span[0]
    for start, end in downs:
        if start > at:
            yield Stretch(at, start, Condition.UP, (number,))
        number += 1
        yield Stretch(max(start, at), end, Condition.DOWN, (number,))
        number, at = number + 1, end
    if at < span[1]:
        yield Stretch(at, span[1], Condition.UP, (number,))


def hash_of(name: str) -> int:
    """Where a hotspot's numbers of entries begin."""
    return int.from_bytes(name.encode(), "big") % 10**9 * 10_000


def _told(device: Device, downs: Sequence[Span], chance: Random) -> Iterator[DeviceUptime]:
    """What it answers after each recovery, of what it had said before; now and then nothing."""
    earlier: tuple[float, Counters] | None = None
    for start, end in downs:
        if chance.random() < 0.05:
            continue
        at = end + FIRST_SECONDS + chance.uniform(0, 60)
        counters = device.counters(at, end)
        before, since = (None, 0.0) if earlier is None else (earlier[1], at - earlier[0])
        yield DeviceUptime(round(at), conclude(counters, at - start + MARGIN_SECONDS, before, since).uptime_seconds)
        earlier = at, counters


def judge(story: Story, seed: int = 0) -> list[Judged]:
    """Every outage of the story's month that gets a cause."""
    inventory = story.before.inventory
    hotspots = Hotspots.from_inventory(inventory)
    city = City(hotspots, load_scenario(story.scenario), story.span[0] * _NS, seed)
    truth = city.truth(story.span[0] * _NS, story.span[1] * _NS)
    evidence = observed(truth, hotspots.ids, story.span, seed)
    found = survey(inventory, evidence, MONTH, WITA)
    return judged_of(found, dict(zip(hotspots.ids, truth.powerless, strict=True)), evidence.told)


def judged_of(found: Survey, powerless: Mapping[str, Sequence[tuple[int, int]]], told: Collection[str]) -> list[Judged]:
    """Every outage that gets a cause; `powerless` in nanoseconds, `told` are the hotspots whose devices tell."""
    return [
        _judged(point, (outage.start, outage.end), powerless.get(point, ()), found.proposals[outage.key], point in told)
        for point, outages in found.whole.items()
        for outage in outages
        if outage.key in found.proposals
    ]


def _judged(point: str, span: Span, powerless: Sequence[tuple[int, int]], proposal: Proposal, told: bool) -> Judged:
    power = any(start / _NS < span[1] and span[0] < end / _NS for start, end in powerless)
    return Judged(point, power, told, proposal.cause, "stayed on" in proposal.facts)


def with_restarts(scenario: Path, every: int) -> None:
    """Add to a story's script what it lacks: single devices without power, by turns."""
    script = yaml.safe_load(scenario.read_text(encoding="utf-8"))
    for lasting, spread, again in (("7m", "30h", "37h"), ("95m", "50h", "61h")):
        off = {"random": every, "at": "40m", "spread": spread, "for": lasting, "repeat_every": again, "power": True}
        script["events"].append({"hotspot_down": off})
    scenario.write_text(yaml.safe_dump(script), encoding="utf-8")


def figures(judged: Sequence[Judged]) -> Mapping[str, object]:
    """What there is to say of it."""
    asked = [one for one in judged if one.told]
    return {
        "outages that get a cause": len(judged),
        "of them power": sum(one.power for one in judged),
        "proposed": dict(sorted(Counter(one.cause.value for one in judged).items())),
        "power cuts proposed that were none": sum(one.wrong_power for one in judged),
        "links blamed firmly where power had failed": sum(one.wrong_link for one in judged),
        "left open, of all": f"{_share_open(judged):.3f}",
        "left open, of hotspots that can be asked": f"{_share_open(asked):.3f}",
        "power cuts found, of all power": f"{_share_found(judged):.3f}",
    }


def _share_open(judged: Sequence[Judged]) -> float:
    return sum(one.cause in OPEN for one in judged) / max(len(judged), 1)


def _share_found(judged: Sequence[Judged]) -> float:
    power = [one for one in judged if one.power]
    return sum(one.cause in POWER for one in power) / max(len(power), 1)


def main() -> int:
    """Play, judge, print; 1 where anything is wrong."""
    with tempfile.TemporaryDirectory() as name:
        story = make_story(Path(name), WHOLE_SPAN, part=1, interval=INTERVAL, step=1, scrape=15)
        with_restarts(story.scenario, 60)
        judged = judge(story)
    for what, value in figures(judged).items():
        print(f"{what}: {value}")
    return 1 if any(one.wrong_power or one.wrong_link for one in judged) else 0


if __name__ == "__main__":
    sys.exit(main())
