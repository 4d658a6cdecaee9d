"""Real agents behind a NAT: each hotspot gets exactly its state, its reason and its proposed cause, and nobody else."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from lab.city.natted import Fault
from lab.samples.accounting import WITA
from pantau.journal import Kind, Reader, verify
from pantau.journal.timeline import History, Outage
from pantau.journal.uptimes import ToldUptime
from pantau.reports.causes import Cause, OutageFact, Pattern, Proposal, Site, propose
from pantau.states import State
from tests.city.agents_city import JOURNAL, AgentsCity, Point, agents_city
from tests.city.exporter_process import all_in
from tests.programs import require_program

_NS = 1_000_000_000


@dataclass(frozen=True)
class Story:
    """How many hotspots fare how; a heartbeat comes each `interval_seconds`."""

    cut: int
    mains: int
    """Of a ward that is without electricity, whoever the ISP."""
    rebooted: int
    """Of one ISP, in another ward: for whatever reason."""
    suspended: int
    nameless: int
    killed: int
    """Their agents alone; pings are answered."""
    well: int
    interval_seconds: float
    cut_as: Fault
    """Whoever is ``refused`` learns so at once; who is ``cut`` waits for his time-outs, as in the field."""

    def points(self) -> list[Point]:
        """The hotspots, by their fate."""
        return [
            *_points("cut", self.cut, ("a", "b"), ("w0", "w1", "w2")),
            *_points("mains", self.mains, ("c", "d"), ("listrik",)),
            *_points("rebooted", self.rebooted, ("e",), ("sendiri",)),
            *_points("suspended", self.suspended, ("a", "b", "c"), ("w1", "w2")),
            *_points("nameless", self.nameless, ("b", "c"), ("w0", "w2")),
            *_points("killed", self.killed, ("a", "d"), ("w0", "w1"), pinged=True),
            *_points("well", self.well, ("a", "b", "c", "d", "e"), ("w0", "w1", "w2")),
        ]


SMALL = Story(
    cut=6, mains=2, rebooted=1, suspended=3, nameless=2, killed=1, well=5, interval_seconds=2, cut_as="refused"
)
WHOLE = Story(
    cut=60, mains=15, rebooted=15, suspended=30, nameless=20, killed=10, well=50, interval_seconds=20, cut_as="cut"
)
CAUSES = {
    "cut": (Cause.FO_PUTUS, {Pattern.ISP, Pattern.SINGLE}),
    "mains": (Cause.LISTRIK_PLN, {Pattern.KELURAHAN}),
    "rebooted": (Cause.RESTART, {Pattern.SINGLE}),
}
"""Of those that were down: what is proposed, and by which pattern."""


def _points(
    fate: str, count: int, isps: tuple[str, ...], wards: tuple[str, ...], *, pinged: bool = False
) -> list[Point]:
    return [
        Point(f"{fate}-{number}", isps[number % len(isps)], wards[number % len(wards)], pinged)
        for number in range(count)
    ]


class Rig:
    """A running city and its story."""

    def __init__(self, running: AgentsCity, story: Story) -> None:
        self.running, self.story = running, story
        self.names = [point.name for point in story.points()]
        self.afflicted_ns = 0
        """When the faults began, wall time: outages of before are none of the story."""

    def of(self, *fates: str) -> list[str]:
        """The hotspots that fare so."""
        return [name for name in self.names if name.rpartition("-")[0] in fates]

    def close_the_door(self) -> None:
        """Whom nobody can ping is unknown, and it is our own fault; then all are back."""
        running = self.running
        running.close_door()
        unseen = [point.name for point in running.points if not point.pinged]
        running.wait_for_states(all_in("up", self.names) | all_in("unknown", unseen), 10)
        assert running.exporter.scrape().value("pantau_agents_door_up") == 0
        running.open_door()
        running.wait_for_states(all_in("up", self.names), 10)
        assert running.exporter.scrape().value("pantau_agents_door_up") == 1
        assert running.exporter.ever("down") == set()

    def afflict(self) -> None:
        """Everything at once; and all are as they should be."""
        running, homes = self.running, self.running.homes
        self.afflicted_ns = time.time_ns()
        for name in self.of("mains", "rebooted"):
            running.devices[name].power_off()
        for name in self.of("killed"):
            running.devices[name].kill()
        homes.afflict(self.story.cut_as, self.of("cut"))
        homes.afflict("suspended", self.of("suspended"))
        homes.afflict("nameless", self.of("nameless"))
        wanted = (
            all_in("up", self.names)
            | all_in("down", self.of(*CAUSES))
            | all_in("isolated", self.of("suspended"))
            | all_in("no_internet", self.of("nameless"))
        )
        running.wait_for_states(wanted, 12)
        scrape = running.exporter.scrape()
        reachable = scrape.by("hotspot", "hotspot_reachable")
        assert {name for name, value in reachable.items() if not value} == set(self.of(*CAUSES))
        unserved = scrape.by("hotspot", "hotspot_unserved_since_timestamp_seconds")
        assert set(unserved) == set(self.of("suspended", "nameless"))

    def heal(self) -> None:
        """All are up again, and their devices have told how long they have been running."""
        running, homes = self.running, self.running.homes
        homes.heal(self.story.cut_as, self.of("cut"))
        homes.heal("suspended", self.of("suspended"))
        homes.heal("nameless", self.of("nameless"))
        for name in self.of("mains", "rebooted"):
            running.devices[name].power_on()
        for name in self.of("killed"):
            running.devices[name].start()
        running.wait_for_states(all_in("up", self.names), 12)
        exporter, fallen = running.exporter, len(self.of(*CAUSES))

        def told() -> bool:
            return exporter.scrape().value("pantau_uptime_requests_total", result="told") == fallen

        exporter.wait_until(told, 30 + 3 * self.story.interval_seconds, "hear of all uptimes", 0.3)
        for state, fates in (("down", CAUSES), ("isolated", ["suspended"]), ("no_internet", ["nameless"])):
            assert exporter.ever(state) == set(self.of(*fates))

    def mended(self) -> None:
        """What was unknown while the door was closed is up in the journal: the agents have told it late."""
        unseen = {point.name for point in self.running.points if not point.pinged}

        def all_mended() -> bool:
            with self._reader() as reader:
                return {entry.event.subject for entry in reader.of_kinds(Kind.AMEND)} >= unseen

        self.running.exporter.wait_until(all_mended, 15 + 5 * self.story.interval_seconds, "mend", 0.5)
        with self._reader() as reader:
            amended = [entry.event for entry in reader.of_kinds(Kind.AMEND)]
            moved = [entry.event for entry in reader.of_kinds(Kind.TRANSITION)]
            mended = {event.subject for event in amended if event.after == State.UP}
            # A busy machine sends a ping late, and then it says nothing: others were unknown by that alone.
            others = {event.subject for event in moved if (event.before, event.after) == (State.UP, State.UNKNOWN)}
            assert unseen <= mended <= unseen | others
            # A link's first minute without internet reaches back a whole interval, and so before its last heartbeat.
            assert {event.subject for event in amended if event.after != State.UP} <= set(self.of("cut"))
            assert list(verify(reader)) == []

    def judged(self) -> None:
        """Each that was down has its one outage, with reason and cause; nobody else has any."""
        with self._reader() as reader:
            histories = list(reader.histories(0, time.time_ns(), self.names))
            uptimes = reader.uptimes(0, 2**62)
        found = list(_facts(histories, uptimes, self.afflicted_ns))
        assert sorted(fact.point for fact in found) == sorted(self.of(*CAUSES))
        sites = {point.name: Site(point.name, point.isp, f"pusat/{point.kelurahan}") for point in self.running.points}
        proposals: Mapping[str, Proposal] = propose(found, sites, WITA)
        for fact in found:
            cause, patterns = CAUSES[fact.point.rpartition("-")[0]]
            proposal = proposals[fact.id]
            assert (fact.point, proposal.cause) == (fact.point, cause), proposal.facts
            assert proposal.pattern in patterns
        outages = [outage for history in histories for outage in history.outages]
        begun = [outage.segments[0] for outage in outages if _was(outage, State.DOWN)]
        assert {one.reason for one in begun if one.end_ns > self.afflicted_ns} == {"timeout"}
        for state, fate in ((State.ISOLATED, "suspended"), (State.NO_INTERNET, "nameless")):
            hit = {outage.hotspot for outage in outages if _was(outage, state) and not _was(outage, State.DOWN)}
            assert hit == set(self.of(fate))

    def _reader(self) -> Reader:
        return Reader(JOURNAL, self.running.settings.parent)


def _was(outage: Outage, state: State) -> bool:
    return any(segment.beneath == state for segment in outage.segments)


def _facts(
    histories: Iterable[History], uptimes: Mapping[str, Sequence[ToldUptime]], since_ns: int
) -> Iterator[OutageFact]:
    """The outages since then, each with what its device said first afterwards."""
    for history in histories:
        for outage in history.outages:
            if outage.end_ns is None or outage.end_ns <= since_ns or not _was(outage, State.DOWN):
                continue
            told = [one for one in uptimes.get(history.hotspot, ()) if one.at_ns >= outage.end_ns]
            running = None if not told else told[0].uptime_seconds
            if running is not None:
                running -= (told[0].at_ns - outage.end_ns) // _NS
            span = outage.start_ns // _NS, outage.end_ns // _NS
            yield OutageFact(f"{history.hotspot}/{outage.number}", history.hotspot, *span, uptime=running)


def live_through(folder: Path, story: Story) -> None:
    """The whole story."""
    require_program("busybox")
    require_program("curl")
    with agents_city(folder, story.points(), story.interval_seconds) as running:
        rig = Rig(running, story)
        running.start_agents()
        rig.close_the_door()
        rig.afflict()
        rig.heal()
        rig.mended()
        rig.judged()


@pytest.mark.city
@pytest.mark.story
@pytest.mark.timeout(180)
def test_each_agent_gets_exactly_what_is_its_own(tmp_path: Path) -> None:
    """Twenty of them; the door closed, then all faults at once, then recovery. Who is kept from speaking is silent."""
    live_through(tmp_path, SMALL)


@pytest.mark.city
@pytest.mark.long
@pytest.mark.timeout(900)
def test_two_hundred_agents(tmp_path: Path) -> None:
    """The same of the whole city, at an interval that two cores can bear."""
    live_through(tmp_path, WHOLE)
