"""Several exporters of one source: one writes, the others wait; none doubles, none writes over another's word."""

import threading
import time
from collections.abc import Callable

import pytest

from lab.samples.journal import Place, change, down, ns, up
from pantau.journal import Event, Kind, Source
from pantau.journal.entries import start
from pantau.journal.lease import LEASE_SECONDS, LeaseHeldError, LeaseWatch, Pulse
from pantau.journal.spool import Spool
from pantau.journal.writer import Writer
from pantau.states import State
from tests.patience import PATIENCE_SECONDS

UP, DOWN, UNKNOWN = State.UP, State.DOWN, State.UNKNOWN


class Second:
    """A second exporter: its writer, and a clock of its own that is moved by hand."""

    def __init__(self, place: Place, at: float, spool: Spool | None = None) -> None:
        self.seconds = 0.0
        self.writer = Writer(place.store, ns(at), spool, retry_seconds=0.005, now=lambda: self.seconds)
        self.writer.open()
        self.writer.start()

    def live(self, seconds: float, *events: Event) -> None:
        """It tells events, and beats."""
        self.writer.put(events)
        self.writer.beat(ns(seconds))


def until(true: Callable[[], bool]) -> None:
    """Wait for a writer's thread."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def told(place: Place) -> list[tuple[int, Kind, str, float, int | None]]:
    """Run, kind, subject, second and state of each entry."""
    assert place.findings() == []
    with place.reader() as reader:
        return [
            (one.run, one.event.kind, one.event.subject, (one.event.at_ns - ns(0)) / 1e9, one.event.after)
            for one in reader.entries()
        ]


def begin(*names: str, at: float = 0) -> Event:
    """A start that watches these."""
    return start(ns(at), names, [], {})


def test_a_second_exporter_waits_while_the_first_beats_and_takes_over_when_it_is_silent(place: Place) -> None:
    """It tells nothing meanwhile; then the journal goes on, without a gap, at the first one's last chained word."""
    first = place.store()
    first.claim(ns(0), 0)
    first.append([begin("h1", "h2"), change("h1", 1, UNKNOWN, UP), change("h2", 1, UNKNOWN, UP)], alive_ns=ns(20))
    second = Second(place, 10)
    assert (second.writer.waiting, second.writer.up, second.writer.spooled) == (True, False, 0)
    seen = [change("h1", 12, UNKNOWN, UP, late=0), change("h2", 13, UNKNOWN, DOWN, late=0)]
    second.live(20, begin("h1", "h2", at=10), *seen)
    first.append([], alive_ns=ns(40))
    second.live(45, down("h1", 42), up("h2", 43)._replace(recorded_ns=ns(44)))
    time.sleep(0.1)
    assert (second.writer.waiting, len(told(place))) == (True, 7)
    second.seconds = LEASE_SECONDS
    second.live(70)
    until(lambda: not second.writer.waiting and second.writer.spooled == 0 and second.writer.up)
    second.writer.close(PATIENCE_SECONDS)
    assert told(place)[7:] == [
        (2, Kind.START, "", 40, None),
        (2, Kind.TRANSITION, "h1", 40, UNKNOWN),
        (2, Kind.TRANSITION, "h2", 40, UNKNOWN),
        (2, Kind.TRANSITION, "h1", 40, UP),
        (2, Kind.TRANSITION, "h2", 40, DOWN),
        (2, Kind.TRANSITION, "h1", 42, DOWN),
        (2, Kind.TRANSITION, "h2", 43, UP),
        (2, Kind.CHECKPOINT, "", 70, None),
    ]
    with place.reader() as reader:
        assert reader.faults(ns(0), ns(99)) == []
    first.disconnect()


def test_the_first_run_is_refused_once_a_later_one_has_begun_and_waits_itself(place: Place) -> None:
    """A machine that was suspended wakes: what it had not written is not written; when the other ends, it goes on."""
    one = Second(place, 0)
    one.live(5, begin("h1"), change("h1", 1, UNKNOWN, UP, late=0))
    until(lambda: one.writer.spooled == 0)
    place.execute("UPDATE head SET beat_ns = 0")  # its lease has lapsed
    (place.folder / "data" / "journal.sqlite.lease").unlink(missing_ok=True)
    two = Second(place, 100)
    two.live(110, begin("h1", at=100), change("h1", 105, UNKNOWN, UP, late=0))
    until(lambda: two.writer.spooled == 0 and two.writer.up)
    one.live(111, down("h1", 101))
    until(lambda: one.writer.waiting)
    assert (one.writer.up, one.writer.spooled) == (False, 0)
    two.live(125)
    two.writer.close(PATIENCE_SECONDS)  # a clean stop gives the lease back at once
    one.live(130, up("h1", 128)._replace(recorded_ns=ns(129)))
    until(lambda: one.writer.up and one.writer.spooled == 0)
    one.writer.close(PATIENCE_SECONDS)
    kept = [entry for entry in told(place) if entry[1] is not Kind.CHECKPOINT]
    assert [entry[0] for entry in kept] == sorted(entry[0] for entry in kept)
    assert kept[-4:] == [
        (3, Kind.START, "", 125, None),
        (3, Kind.TRANSITION, "h1", 125, UNKNOWN),
        (3, Kind.TRANSITION, "h1", 125, DOWN),
        (3, Kind.TRANSITION, "h1", 128, UP),
    ]


def test_a_store_of_an_older_run_writes_nothing(place: Place) -> None:
    """Not even what it had begun; and it is told why."""
    old, new = place.store(), place.store()
    old.append([down("h1", 1)])
    new.append([up("h1", 20)])
    for _ in range(2):
        with pytest.raises(LeaseHeldError, match=r"run 2.*this one \(run 1\)"):
            old.append([down("h1", 40)])
    new.append([down("h1", 60)])
    old.close()
    with place.reader() as reader:
        assert [(entry.run, entry.event.at_ns) for entry in reader.entries()] == [(1, ns(1)), (2, ns(20)), (2, ns(60))]
        assert [head.run for head in reader.heads()] == [2]
    new.close()


def test_a_source_of_another_name_waits_for_nobody(place: Place) -> None:
    """It has its own state of the same hotspots: one that is down there stays what it is here."""
    first, other = place.store(), place.store(Source("bukit"))
    first.claim(ns(0), 0)
    other.claim(ns(0), 0)
    first.append([begin("h1"), change("h1", 1, UNKNOWN, UP)], alive_ns=ns(9))
    other.append([begin("h1"), change("h1", 1, UNKNOWN, DOWN)], alive_ns=ns(9))
    assert {name: event.after for name, event in first.last_changes().items()} == {"h1": UP}
    assert {name: event.after for name, event in other.last_changes().items()} == {"h1": DOWN}
    first.close()
    other.close()
    assert place.findings() == []


def test_a_process_that_is_gone_holds_nothing(sqlite: Place) -> None:
    """The kernel lets its file go: on one machine a restart after a kill does not wait."""
    killed = sqlite.store()
    killed.claim(ns(0), 0)
    with sqlite.store() as waiting, pytest.raises(LeaseHeldError):
        waiting.claim(ns(1), 0)
    assert killed._file is not None
    killed._file.give_lease_back()  # as the kernel does
    with sqlite.store() as again:
        again.claim(ns(1), 0)
        assert again.run == 2


def test_what_waits_is_not_spooled_and_what_was_spooled_is_taken_back(sqlite: Place) -> None:
    """The journal could not be reached at first: then it shows that another has told of that time."""
    first = sqlite.store()
    first.claim(ns(0), 0)
    first.append([begin("h1"), change("h1", 1, UNKNOWN, UP)], alive_ns=ns(9))
    blocked = threading.Event()
    spool = Spool(sqlite.folder / "spool.jsonl")

    def opened() -> object:
        if not blocked.is_set():
            from pantau.errors import JournalError

            raise JournalError("no route to host")
        return sqlite.store()

    writer = Writer(opened, ns(2), spool, retry_seconds=0.005, now=lambda: 0.0)  # type: ignore[arg-type]
    writer.open()
    writer.start()
    writer.put([begin("h1", at=2), down("h1", 3)])
    until(lambda: spool.count == 2)
    blocked.set()
    until(lambda: writer.waiting)
    assert (spool.count, writer.spooled) == (0, 0)
    assert not (sqlite.folder / "spool.jsonl").exists()
    first.close()
    writer.beat(ns(20))
    until(lambda: writer.up and writer.spooled == 0)
    writer.close(PATIENCE_SECONDS)
    assert [entry[:2] for entry in told(sqlite)][-3:] == [
        (2, Kind.TRANSITION),
        (2, Kind.TRANSITION),
        (2, Kind.CHECKPOINT),
    ]


def test_a_lease_lapses_by_ones_own_clock_or_by_an_old_beat_that_does_not_move() -> None:
    """Whatever the clocks of two machines show: a holder that beats keeps it."""
    watch = LeaseWatch()
    pulse = Pulse(1, 7, ns(0))
    assert not watch.lapsed(pulse, 0, ns(5))
    assert not watch.lapsed(pulse, LEASE_SECONDS - 1, ns(5))
    assert watch.lapsed(pulse, LEASE_SECONDS, ns(5))
    assert not watch.lapsed(pulse._replace(beat_ns=ns(6)), LEASE_SECONDS, ns(5))
    assert LeaseWatch().lapsed(pulse._replace(beat_ns=0), 0, ns(0))
    old = LeaseWatch()  # a minute old: either it died, or its disk was away, or its clock is another
    assert [old.lapsed(pulse, seconds, ns(60)) for seconds in (0, 9, 10)] == [False, False, True]
