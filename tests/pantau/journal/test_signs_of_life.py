"""When an exporter lived is in the chain: what the head claims changes no figure, and clocks that are set are told."""

import pytest

from lab.samples.journal import NOC, SECOND, Place, change, down, ns, up
from pantau.journal import OFFICE, ClockDoubt, Event, Kind
from pantau.journal.entries import CHECKPOINT_NS, checkpoint, clock_step, start
from pantau.states import State

UP, DOWN, UNKNOWN = State.UP, State.DOWN, State.UNKNOWN
CLAIMS = "is the last that tells of a life that the journal's head claims for longer"


def segments(place: Place, seconds: float) -> list[tuple[float, State]]:
    """Ends and states of h1 from the beginning on."""
    with place.reader(NOC) as reader:
        (history,) = reader.histories(ns(0), ns(seconds), ["h1"])
    return [((part.end_ns - ns(0)) / 1e9, part.state) for part in history.segments]


def test_what_the_head_claims_changes_no_figure_and_is_refused(place: Place) -> None:
    """Down and killed at 60: neither is the outage longer nor, with an earlier claim, nine hundred thousand s gone."""
    with place.store() as store:
        store.append([start(ns(0), ["h1"], [], {}), change("h1", 1, UNKNOWN, UP), down("h1", 10)], alive_ns=ns(60))
    before = segments(place, 1000)
    assert before == [(1, UNKNOWN), (10, UP), (60, DOWN), (1000, UNKNOWN)]
    assert place.findings() == []
    for claimed in (ns(900_000), ns(71), ns(0), 0, 2**62):
        place.execute("UPDATE head SET alive_ns = :claimed", claimed=claimed)
        assert segments(place, 1000) == before
        assert place.findings() == ([f"entry 5: {CLAIMS}"] if claimed > ns(70) else [])
    with place.store() as store:
        store.append([start(ns(500), ["h1"], [], {})])
    with place.reader() as reader:
        (gap,) = reader.faults(ns(0), ns(999))
    assert (gap.start_ns, gap.end_ns) == (ns(60), ns(500))


def test_a_beat_is_chained_where_the_chain_would_be_silent(place: Place) -> None:
    """After 10 s without an entry, and only then: what a head may be ahead is less."""
    with place.store() as store:
        store.append([down("h1", 0)._replace(recorded_ns=ns(0))])
        for second in range(5, 60, 5):
            store.append([], alive_ns=ns(second))
        store.append([up("h1", 60)._replace(recorded_ns=ns(60))], alive_ns=ns(62))
    with place.reader() as reader:
        told = [(entry.event.kind, entry.event.recorded_ns) for entry in reader.entries()]
        assert told[1:-1] == [(Kind.CHECKPOINT, ns(second)) for second in range(10, 60, 10)]
        assert reader.head().alive_ns - told[-1][1] == 2 * SECOND < CHECKPOINT_NS
    assert place.findings() == []


def test_nothing_is_recorded_before_what_precedes_it_but_for_a_clock_that_was_set(place: Place) -> None:
    """A little out of order: as late as what precedes; a start with an earlier clock: an entry says by how much."""
    with place.store() as store:
        store.append([down("h1", 10), down("h2", 9.5)])
    with place.store() as store:
        store.append([start(ns(4), ["h1"], [], {})])
    with place.store(OFFICE) as office:
        office.append([Event(Kind.WITNESS, ns(0), ns(50), "h1"), Event(Kind.WITNESS, ns(0), ns(20), "h2")])
    with place.reader() as reader:
        found = [entry.event for entry in reader.entries()]
    steps = [(one.recorded_ns, one.facts) for one in found if one.kind is Kind.CLOCK_STEP]
    assert found[1].recorded_ns == ns(16)
    assert steps == [
        (ns(4), {"step_ns": -12 * SECOND, "why": "start"}),
        (ns(20), {"step_ns": -30 * SECOND, "why": "machine"}),
    ]
    assert place.findings() == []


def test_a_time_of_recording_that_goes_back_is_named(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """As an insider would write it, with digests that fit; not after an entry that says that the clock was set."""
    monkeypatch.setattr("pantau.journal.appending.in_order", lambda event, *_, **__: iter([event]))
    with place.store() as store:
        store.append([down("h1", 100), up("h1", 50), clock_step(ns(20), -36 * SECOND, "set"), down("h1", 15)])
    assert place.findings() == [
        "entry 2: was recorded before the one before it, and no entry says that a clock was set"
    ]


def test_when_nothing_kept_the_clock_is_known(place: Place) -> None:
    """From what is told of NTP: what is not told is not known, and a start tells for itself."""

    def state(at: float, kept: bool | None) -> Event:
        return checkpoint(ns(at), {} if kept is None else {"clock": {"max_error_ms": 1, "synchronised": kept}})

    with place.store() as store:
        store.append([start(ns(10), [], [], {"clock": {"synchronised": True}}), state(20, kept=True)])
        store.append([state(30, kept=False), state(35, kept=None), state(40, kept=False), state(60, kept=True)])
    with place.store() as store:
        store.append([start(ns(80), [], [], {})], alive_ns=ns(100))
    with place.reader() as reader:
        assert reader.clock_doubts(ns(0), ns(100)) == [
            ClockDoubt(ns(0), ns(10), told=False),
            ClockDoubt(ns(30), ns(60), told=True),
            ClockDoubt(ns(80), ns(100), told=False),
        ]
        assert reader.clock_doubts(ns(35), ns(50)) == [ClockDoubt(ns(35), ns(50), told=True)]
        assert reader.clock_doubts(ns(65), ns(75)) == []
