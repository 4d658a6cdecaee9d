"""`python -m lab.month.with_agents`: the month of 1000 hotspots, half of them with agents. Twenty minutes and more.

As `lab.month`, and: what our own faults hid is told late by agents that had power, by the real mending and into the
real journal; devices tell their uptime when they come back. The report is held against the script as amended, what is
proposed for a cause against power and link, and Prometheus, which knows of no amendment, beside the amended spans.
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from exporter.probing.agent.beats import Beat
from exporter.probing.uptime.source import UptimeReading, UptimeResult
from exporter.recording.mending import Mending
from exporter.recording.opening import last_heard, last_life_ns
from exporter.verdicts.events import Event, StatesChanged
from lab.history.prometheus import PrometheusServer, prometheus
from lab.month.causes import OPEN, Judged, judged_of
from lab.month.heartbeats import ScriptedAgents
from lab.month.judging import Judgement, Truth, judge, truths
from lab.month.playing import Player
from lab.month.story import MOVING_DAY, STOPPED_SECONDS, WHOLE_SPAN, Story, make_story
from lab.samples.accounting import WITA
from pantau.clock import NANOSECONDS
from pantau.inventory import Configuration, Hotspot
from pantau.inventory.agents import Agents
from pantau.journal import Event as Entered
from pantau.journal import Reader, Source, verify
from pantau.reports.accounting import Spans, local_day
from pantau.simulator.truth import Interval
from pantau.states import JUDGED, NOT_SERVING

_MENDED_SECONDS = 900
"""So often late minutes are looked at; they wait longer than what became of their time."""
_NOT_SEEN = ("send_failure", "receive_overflow")
"""Own faults of the pings alone, which close no door: the month without agents has them."""
CUSTODIES = (("icmp", "city"), ("icmp", "isp"), ("none", "isp"), ("icmp", "isp"))
"""Of those that have an agent, by turns: how they are seen, and whose the device is."""


def with_agents(story: Story, interval: int) -> Story:
    """The same story, every other hotspot with an agent that speaks so often."""
    script = yaml.safe_load(story.scenario.read_text(encoding="utf-8"))
    script["events"] = [one for one in script["events"] if not set(one) & set(_NOT_SEEN)]
    scenario = story.scenario.with_name("agents.yml")
    scenario.write_text(yaml.safe_dump(script), encoding="utf-8")
    before, after = (_equipped(one, interval) for one in (story.before, story.after))
    return replace(story, before=before, after=after, scenario=scenario)


def _equipped(configuration: Configuration, interval: int) -> Configuration:
    inventory = configuration.inventory
    numbers = {hotspot.id: number for number, hotspot in enumerate(inventory.active_hotspots)}
    hotspots = tuple(_with_agent(one, numbers.get(one.id)) for one in inventory.hotspots)
    grace = f"{interval * 5 // 2}s"
    agents = Agents.model_validate({"key_files": ["key"], "interval": f"{interval}s", "grace": grace})
    settings = configuration.settings.model_copy(update={"agents": agents})
    return replace(configuration, settings=settings, inventory=replace(inventory, hotspots=hotspots))


def _with_agent(hotspot: Hotspot, number: int | None) -> Hotspot:
    if number is None or number % 2:
        return hotspot.model_copy(update={"agent": False, "ping": "icmp"})
    ping, custody = CUSTODIES[number // 2 % len(CUSTODIES)]
    return hotspot.model_copy(update={"agent": True, "agent_custody": custody, "ping": ping})


class AgentPlayer(Player):
    """Plays a story whose hotspots have agents."""

    def __init__(self, story: Story, journal: Path, prometheus: PrometheusServer | None) -> None:
        super().__init__(story, journal, prometheus)
        settings = story.before.settings.agents
        assert settings is not None
        self.agents = ScriptedAgents(self._clock, settings.interval_seconds)
        self._waiting: list[Beat] = []
        self._fresh: list[Beat] = []
        self._mending: Mending | None = None
        """The running exporter's: another does not know what was told to the one before it."""
        self._fallen: set[str] = set()
        self._shown: Mapping[str, list[int]] = {}
        """What the last scrape of this run showed: requests, replies and milliseconds in each `State`."""
        self.counted: dict[str, tuple[int, int]] = {}
        """What the counters of all runs showed together, in ms: without service, and seen; as Prometheus knows them.

        Of the last run all that they were.
        """

    def _opened(self, known: Mapping[str, Entered]) -> None:
        now_ns = self._clock.wall_ns()
        if known:
            self.agents.nobody_there(now_ns - STOPPED_SECONDS * NANOSECONDS, now_ns)
        self.agents.remember(last_heard(known, last_life_ns(self._url, self._folder, Source("noc"))))
        self.world.beats = self.agents
        self._follow()

    def powerless(self) -> dict[str, list[Interval]]:
        """When each hotspot's device was without power, as the cities of the script had it."""
        found: dict[str, list[Interval]] = {}
        for (start, end), city in self.played.cities:
            truth = city.truth(start * NANOSECONDS, end * NANOSECONDS)
            for name, intervals in zip(city.hotspots.ids, truth.powerless, strict=True):
                found.setdefault(name, []).extend(intervals)
        return found

    def _reload(self, configuration: Configuration) -> None:
        super()._reload(configuration)
        self._follow()

    def _follow(self) -> None:
        city, end_ns = self.world.city, self._story.span[1] * NANOSECONDS
        self.agents.follow(city.hotspots.ids, city.truth(self._story.span[0] * NANOSECONDS, end_ns))

    def _publish(self, events: Sequence[Event]) -> None:
        super()._publish(events)
        for event in events:
            if isinstance(event, StatesChanged):
                self._tell_uptimes(event)

    def _tell_uptimes(self, event: StatesChanged) -> None:
        """Whoever comes back tells, as a heartbeat does."""
        with_agent = self._present.inventory.hotspot_by_id
        for subject, verdict in zip(event.subjects, event.verdict.tolist(), strict=True):
            name = subject.name
            if verdict == 0:
                self._fallen.add(name)
            elif verdict == 1 and name in self._fallen:
                self._fallen.discard(name)
                if not subject.is_uplink and with_agent[name].agent:
                    uptime = self.agents.uptime(name, self._clock.wall_ns())
                    reading = UptimeReading(UptimeResult.TOLD, uptime)
                    self._recorder.uptime_told(name, "", "agent", reading)

    @property
    def _present(self) -> Configuration:
        return self._story.before if self.now < MOVING_DAY else self._story.after

    def _passed(self, before: int, now: int) -> None:
        super()._passed(before, now)
        if now // _MENDED_SECONDS > before // _MENDED_SECONDS:
            self._mend(settled=_MENDED_SECONDS)

    def _end(self, *, killed: bool) -> None:
        if not killed:
            self._mend(settled=0)
        if self.now >= self._story.span[1]:
            self._note_shown()
        for name, (_, _, *state_ms) in self._shown.items():
            down, seen = self.counted.get(name, (0, 0))
            spent = (
                down + sum(state_ms[state] for state in NOT_SERVING),
                seen + sum(state_ms[state] for state in JUDGED),
            )
            self.counted[name] = spent
        self._mending, self._shown = None, {}
        super()._end(killed=killed)

    def _scrape(self) -> None:
        super()._scrape()
        self._note_shown()

    def _note_shown(self) -> None:
        plan = self._monitor.plan
        self._shown = dict(zip(plan.ids[: plan.hotspots], self._monitor.totals().tolist(), strict=True))

    def _mend(self, settled: int) -> None:
        """As `Mending.look` does, when the writer has written what was told."""
        told = self.agents.take_late()
        self._waiting += told
        self._fresh += told
        ready = [one for one in self._waiting if one.wall_ns <= self._clock.wall_ns() - settled * NANOSECONDS]
        if not ready:
            return
        while self._writer.spooled:
            time.sleep(0.001)
        url = f"sqlite:///{self._folder / self._url.removeprefix('sqlite:///')}"
        if self._mending is None:
            self._mending = Mending(url, Source("noc"), lambda: self._present, self.agents, self._writer, self._clock)
        fresh, self._fresh = self._fresh, []
        self._writer.put(self._mending.amendments(self._present, ready, self._clock.wall_ns(), fresh))
        self._waiting = [one for one in self._waiting if one not in ready]


def amended_truths(story: Story, player: AgentPlayer) -> dict[str, Truth]:
    """What was so of each point, and when nobody could know of it: not even its agent, later."""
    found = truths(story, player.played)
    hotspots, whole = story.before.inventory.hotspot_by_id, player.powerless()
    slack = round(player.agents.interval_seconds) + story.step
    end = story.span[1]
    return {name: _as_told(truth, hotspots[name], whole.get(name, ()), slack, end) for name, truth in found.items()}


def _as_told(truth: Truth, hotspot: Hotspot, powerless: Iterable[Interval], slack: int, end: int) -> Truth:
    """What a device tells late, by the `end`; the ISP's own of a point that can be pinged tells of its faults alone."""
    if not hotspot.agent:
        return truth
    off = Spans.of((gone // NANOSECONDS, back // NANOSECONDS) for gone, back in powerless)
    told = truth.unseen & _told(truth.down | truth.unseen, off, end)
    if hotspot.pinged and hotspot.agent_custody == "isp":
        told = told & Spans.of((start - slack, end + slack) for start, end in truth.down)
    return replace(truth, unseen=truth.unseen - told, slack=slack)


def _told(mute: Spans, off: Spans, end: int) -> Spans:
    """What a device keeps while it can tell nobody, from when it last got power on, and tells before `end`."""
    found = []
    for start, over in mute.spans:
        kept = max([start, *(back for gone, back in off.spans if gone < over and back > start)])
        if kept < over < end:
            found.append((kept, over))
    return Spans.of(found)


@dataclass(frozen=True, slots=True)
class AgentMonth:
    """What became of it."""

    judgement: Judgement
    causes: tuple[Judged, ...]
    findings: tuple[str, ...]
    """What proving the journal finds."""

    @property
    def wrong(self) -> bool:
        """Whether anything is not as the script says."""
        judgement = self.judgement
        causes = any(one.wrong_power or one.wrong_link for one in self.causes)
        return bool(judgement.wrong or causes or judgement.open or self.findings)

    @property
    def figures(self) -> dict[str, object]:
        """What there is to say of it."""
        amended, refused, by_agents = Counter[str](), Counter[str](), Counter[str]()
        for made in self.judgement.statements:
            by_agents.update(made.summary.agent_seconds)
            for row in made.amended:
                (refused if row.refusal else amended)[row.refusal or row.state] += row.seconds
        told = [one for one in self.causes if one.told]
        left = sum(one.cause in OPEN for one in self.causes)
        return {
            **self.judgement.figures,
            "told late, and counted (s)": dict(amended),
            "told late, and refused (s)": dict(refused),
            "by agents alone (s)": dict(by_agents),
            "causes": dict(sorted(Counter(one.cause.value for one in self.causes).items())),
            "power cuts proposed that were none": sum(one.wrong_power for one in self.causes),
            "links blamed firmly where power had failed": sum(one.wrong_link for one in self.causes),
            "left open, of all": f"{left / max(len(self.causes), 1):.3f}",
            "left open, of those with agents": f"{sum(one.cause in OPEN for one in told) / max(len(told), 1):.3f}",
            "what proving finds": len(self.findings),
        }


def judge_agents(story: Story, player: AgentPlayer, journal: Path, server_url: str | None) -> AgentMonth:
    """The report of what was played, held against the script; without a Prometheus no second witness is asked."""
    truth = amended_truths(story, player)
    judgement = judge(story, player.played, journal, server_url, truth)
    with Reader(f"sqlite:///{journal.name}", journal.parent) as reader:
        findings = tuple(str(one) for one in verify(reader))
    agents = {one.id for one in story.after.inventory.hotspots if one.agent}
    return AgentMonth(judgement, tuple(judged_of(judgement.survey, player.powerless(), agents)), findings)


def main() -> int:
    """Play, judge, print; 1 where the report is not what the script says."""
    began = time.process_time()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        story = with_agents(make_story(folder, WHOLE_SPAN, part=1, interval=120, step=20, scrape=240), interval=240)
        with prometheus(folder / "prometheus") as running:
            player = AgentPlayer(story, folder / "journal.sqlite", running)
            player.play(lambda at: print(f"{local_day(at, WITA)} {time.process_time() - began:.0f} s", file=sys.stderr))
            outcome = judge_agents(story, player, folder / "journal.sqlite", running.url)
    for what, value in outcome.figures.items():
        print(f"{what}: {value}")
    print(f"minutes told late: {player.agents.told_late}")
    for one in (*outcome.judgement.wrong, *outcome.findings):
        print(one)
    return 1 if outcome.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
