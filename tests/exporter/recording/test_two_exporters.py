"""Exporters of one journal on the virtual clock: what is charged is the script, within one interval for each outage.

Two hotspots; each outage of the script is silence in both exporters' networks. Whoever writes, and whoever falls silent
meanwhile, the journal's seconds down are those of the script, but for time of which nobody tells.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from exporter.recording.recorder import Recorder
from exporter.verdicts.events import Event
from lab.samples.journal import NOC, Place
from pantau.journal import Kind, Source
from pantau.journal.writer import Writer
from tests.exporter.monitor.watched import EPOCH_SECONDS, TICK_NS, Watched, hotspots, plan_of
from tests.network import SECOND, silent
from tests.patience import PATIENCE_SECONDS

INTERVAL = 10
SCRIPT = {"h0": [(40, 100)], "h1": [(60, 80), (120, 135)]}
"""Seconds in which each is silent."""
END = 160


class Exporter(Watched):
    """One exporter of the script's city, that begins `late` seconds after the script."""

    def __init__(
        self, place: Place, source: Source = NOC, late: int = 0, *, blind: bool = False, fees: bytes = b""
    ) -> None:
        inventory = {"assignments.jsonl": fees} if fees else {}
        super().__init__(replace(plan_of(hotspots(2)), inventory=inventory))
        self.clock.advance(late * SECOND)
        self._blind = blind
        started_ns = self.clock.wall_ns()
        self.writer = Writer(
            lambda: place.store(source), started_ns, retry_seconds=0.002, now=lambda: self.clock.monotonic_ns() / 1e9
        )
        self.monitor.timeline.look()
        self.writer.open()
        self.recorder = Recorder(self.monitor, self.clock, self.writer)
        self.writer.start()

    @property
    def second(self) -> float:
        """Of the script."""
        return self.clock.wall_ns() / 1e9 - EPOCH_SECONDS

    def hear(self, events: Iterable[Event]) -> None:
        """The recorder listens."""
        for event in events:
            self.recorder.hear(event)

    def live(self, until: float) -> None:
        """Probe, record and beat up to a second of the script."""
        while self.second < until:
            for number, outages in enumerate(SCRIPT.values(), 1):
                if self._blind or any(start <= self.second < end for start, end in outages):
                    self.network.hosts[f"10.77.0.{number}"] = silent
                else:
                    self.network.hosts.pop(f"10.77.0.{number}", None)
            for _ in range(10):
                self.clock.advance(SECOND // 10)
                self.tick()
            self.recorder.look()
            if round(self.second) % 5 == 0:
                self.recorder.beat()
                self.settle()

    def settle(self) -> None:
        """Let the writer's thread come to rest: all is written, or it has looked at the lease once more."""
        if self.writer.waiting:
            time.sleep(0.01)
        wait_until(lambda: self.writer.spooled == 0 or self.writer.waiting)

    def end(self) -> None:
        """A clean stop."""
        self.recorder.stop()
        self.writer.close(PATIENCE_SECONDS)


def wait_until(true: Callable[[], bool]) -> None:
    """Wait for a thread."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def charged(place: Place, source: Source = NOC) -> dict[str, list[tuple[float, float, float]]]:
    """Of each hotspot its outages: begin, end, and seconds known to be down; the journal proves itself."""
    assert place.findings() == []
    begin_ns, end_ns = EPOCH_SECONDS * SECOND, (EPOCH_SECONDS + 10_000) * SECOND
    with place.reader(source) as reader:
        return {
            history.hotspot: [
                (one.start_ns / 1e9 - EPOCH_SECONDS, (one.end_ns or 0) / 1e9 - EPOCH_SECONDS, one.down_ns / 1e9)
                for one in history.outages
            ]
            for history in reader.histories(begin_ns, end_ns)
        }


def assert_is_the_script(place: Place, unseen: float = 0, source: Source = NOC) -> None:
    """Every outage is there once, and no other; its seconds are the script's, less what nobody saw, within a round."""
    found = charged(place, source)
    assert {name: len(outages) for name, outages in found.items()} == {name: len(one) for name, one in SCRIPT.items()}
    for name, outages in SCRIPT.items():
        for (start, end), (began, ended, seconds) in zip(outages, found[name], strict=True):
            assert start <= began <= start + INTERVAL
            assert end <= ended <= end + INTERVAL
            assert end - start - INTERVAL - unseen <= seconds <= end - start + INTERVAL


@pytest.fixture
def journal(tmp_path: Path) -> Place:
    """Where they write."""
    return Place("sqlite:///data/journal.sqlite", tmp_path)


def side_by_side(*exporters: Exporter, until: int) -> None:
    """They live at the same time, five seconds each in turn."""
    for second in range(round(min(one.second for one in exporters)) + 5, until + 5, 5):
        for one in exporters:
            one.live(second)


@pytest.mark.long
def test_one_exporter_tells_the_script(journal: Place) -> None:
    """As a measure for the others."""
    only = Exporter(journal)
    only.live(END)
    only.end()
    assert_is_the_script(journal)


@pytest.mark.long
@pytest.mark.parametrize("blind", [False, True])
def test_a_second_one_of_the_same_source_changes_nothing(journal: Place, blind: bool) -> None:
    """Also one to which every hotspot seems dead: it waits, and books nothing down."""
    first = Exporter(journal)
    first.live(20)
    second = Exporter(journal, late=20, blind=blind)
    side_by_side(first, second, until=END)
    assert (first.writer.up, second.writer.waiting, second.writer.spooled) == (True, True, 0)
    second.end()
    first.end()
    assert_is_the_script(journal)
    with journal.reader() as reader:
        assert {entry.run for entry in reader.entries()} == {1}


def test_a_second_one_takes_over_without_a_gap_when_the_first_falls_silent(journal: Place) -> None:
    """Amid an outage: one outage, all its seconds, for the one that waited has seen them."""
    first = Exporter(journal)
    first.live(20)
    second = Exporter(journal, late=20)
    side_by_side(first, second, until=70)
    second.live(END)  # the first is gone
    assert second.writer.up
    second.end()
    assert_is_the_script(journal)
    with journal.reader() as reader:
        assert {entry.run for entry in reader.entries()} == {1, 2}
        assert reader.faults(0, 2**62) == []
        (begun,) = [one.event for one in reader.entries() if one.event.kind is Kind.START and one.run == 2]
        assert 60 <= begun.at_ns / 1e9 - EPOCH_SECONDS <= 70
        spans = [(one.event.since_ns, one.event.at_ns) for one in reader.entries() if one.event.kind is Kind.HOUR]
        assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_a_second_one_chains_its_inventory_when_it_takes_over(journal: Place) -> None:
    """While it waits nothing of it is in the journal; then it is there once, from the takeover on."""
    first = Exporter(journal, fees=b"1\n")
    first.live(10)
    second = Exporter(journal, late=10, fees=b"2\n")
    side_by_side(first, second, until=30)
    with journal.reader() as reader:
        (only,) = reader.inventories()
    first.end()
    second.live(50)
    second.end()
    with journal.reader() as reader:
        before, after = reader.inventories()
        texts = [reader.blob(one.files["assignments.jsonl"]) for one in (before, after)]
    assert (before, texts) == (only, [b"1\n", b"2\n"])
    assert 30 <= after.at_ns / 1e9 - EPOCH_SECONDS <= 40
    assert journal.findings() == []


@pytest.mark.long
def test_a_suspended_machine_finds_another_in_its_place_and_waits(journal: Place) -> None:
    """Asleep from 70 to 110; the other one wrote meanwhile. It is refused, holds, and the script is whole."""
    first = Exporter(journal)
    first.live(20)
    second = Exporter(journal, late=20)
    side_by_side(first, second, until=70)
    second.live(110)
    first.network.forget()
    first.clock.suspend(40 * SECOND)
    first.run(TICK_NS)
    side_by_side(first, second, until=END)
    wait_until(lambda: first.writer.waiting)
    first.end()
    second.end()
    assert_is_the_script(journal)


@pytest.mark.long
def test_a_suspended_machine_alone_charges_nothing_that_it_did_not_see(journal: Place) -> None:
    """Asleep from 60 to 90: what of the outages lies there is unknown."""
    only = Exporter(journal)
    only.live(60)
    only.network.forget()
    only.clock.suspend(30 * SECOND)
    only.live(END)
    only.end()
    found = charged(journal)
    ((_, _, of_h0),), ((began, _, of_h1),) = found["h0"], found["h1"]
    assert 30 - 2 * INTERVAL <= of_h0 <= 30 + INTERVAL
    assert began >= 120
    assert abs(of_h1 - 15) <= INTERVAL


@pytest.mark.long
def test_a_source_of_another_name_has_its_own_state(journal: Place) -> None:
    """One to which every hotspot is dead books them down for itself alone."""
    first, other = Exporter(journal), Exporter(journal, Source("bukit"), blind=True)
    side_by_side(first, other, until=END)
    assert (first.writer.up, other.writer.up, other.writer.waiting) == (True, True, False)
    first.end()
    other.end()
    assert_is_the_script(journal)
    assert [len(outages) for outages in charged(journal, Source("bukit")).values()] == [1, 1]
