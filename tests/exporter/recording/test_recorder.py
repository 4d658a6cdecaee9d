"""What the journal hears of a monitor over real rounds, faults, windows, reloads and steps of the clock."""

from pantau.journal import Kind
from pantau.states import State
from tests.exporter.monitor.watched import CANARY, TICK_NS, hotspots, plan_of, window_of
from tests.exporter.recording.heard import Heard
from tests.network import SECOND, silent


def test_a_start_names_what_is_watched() -> None:
    """Hotspots and configuration."""
    city = Heard(plan_of(hotspots(2), digest="digest"))
    (event,) = city.told
    assert (event.kind, event.at_ns) == (Kind.START, city.began_ns)
    assert (event.facts["hotspots"], event.facts["uplinks"], event.facts["digest"]) == (["h0", "h1"], [], "digest")


def test_an_outage_is_told_with_the_evidence_of_its_round() -> None:
    """Four probes unanswered, dated back to the first; then up, dated back to the first answer."""
    city = Heard(plan_of(hotspots(1)))
    city.run(20 * SECOND)
    city.network.hosts["10.77.0.1"] = silent
    city.run(20 * SECOND)
    del city.network.hosts["10.77.0.1"]
    city.run(30 * SECOND)
    rose, down, up = city.of(Kind.TRANSITION)
    assert (rose.before, rose.after, rose.up, rose.reason) == (State.UNKNOWN, State.UP, 1, "reply")
    assert (down.subject, down.before, down.after, down.up) == ("h0", State.UP, State.DOWN, 0)
    assert (down.reason, down.requests, down.unanswered, down.first_ns) == ("timeout", 4, 4, down.at_ns)
    assert {rose.evidence, down.evidence, up.evidence} == {"icmp"}
    assert {rose.address, down.address, up.address} == {"10.77.0.1"}
    assert 20 <= city.seconds_since_start(down.at_ns) <= 30
    assert 4 <= (down.recorded_ns - down.at_ns) / SECOND <= 6.5
    assert (up.before, up.after, up.up, up.requests, up.unanswered) == (State.DOWN, State.UP, 1, 1, 0)
    assert (up.recorded_ns - up.at_ns) // SECOND == 10  # the second answered round decides, the first one dates


def test_a_fault_of_ours_is_told_and_named_as_the_reason() -> None:
    """The canary and everything else is silent: begin and end of the fault, and hotspots unknown by it."""
    city = Heard(plan_of(hotspots(3)))
    city.run(20 * SECOND)
    city.network.hosts |= dict.fromkeys([CANARY, "10.77.0.1", "10.77.0.2", "10.77.0.3"], silent)
    city.run(30 * SECOND)
    city.network.hosts.clear()
    city.run(30 * SECOND)
    begun, ended = city.of(Kind.FAULT_BEGIN, Kind.FAULT_END)
    assert (begun.subject, ended.subject, ended.since_ns) == ("vantage", "vantage", begun.at_ns)
    assert 20 <= city.seconds_since_start(begun.at_ns) < 21
    assert 50 <= city.seconds_since_start(ended.at_ns) < 51
    unknown = [event for event in city.of(Kind.TRANSITION) if event.after == State.UNKNOWN]
    assert {(event.subject, event.reason, event.up) for event in unknown} == {(f"h{n}", "vantage", 1) for n in range(3)}


def test_a_window_is_told_by_hotspot_beside_what_the_probes_show() -> None:
    """h0 is hidden from 10 to 40 s; that it is down from 20 s on is told all the same."""
    city = Heard(plan_of(hotspots(2), windows=(window_of("tower", [0], 10, 40),)))
    city.run(20 * SECOND)
    city.network.hosts["10.77.0.1"] = silent
    city.run(30 * SECOND)
    covers = city.of(Kind.MAINTENANCE_BEGIN, Kind.MAINTENANCE_END)
    assert [(event.kind, event.subject, event.facts["window"]) for event in covers] == [
        (Kind.MAINTENANCE_BEGIN, "h0", "tower"),
        (Kind.MAINTENANCE_END, "h0", "tower"),
    ]
    assert [round(city.seconds_since_start(event.at_ns), 1) for event in covers] == [10, 40]
    assert [event.subject for event in city.of(Kind.TRANSITION) if event.after == State.DOWN] == ["h0"]


def test_a_reload_tells_who_comes_and_who_goes() -> None:
    """h0 leaves while it is down; h2 comes."""
    city = Heard(plan_of(hotspots(2)))
    city.network.hosts["10.77.0.1"] = silent
    city.run(30 * SECOND)
    city.reload(plan_of({"h1": "10.77.0.2", "h2": "10.77.0.3"}, digest="other"))
    reload, gone, come = city.told[-3:]
    assert (reload.kind, reload.facts["digest"]) == (Kind.RELOAD, "other")
    assert (reload.facts["added"], reload.facts["removed"]) == (["h2"], ["h0"])
    assert (gone.subject, gone.before, gone.after, gone.reason) == ("h0", State.DOWN, State.INACTIVE, "removed")
    assert (come.subject, come.before, come.after, come.up) == ("h2", State.INACTIVE, State.UNKNOWN, -1)


def test_sums_lose_nothing_over_hours_and_reloads() -> None:
    """Requests, replies and booked time of all sums together are those of the counters, also of a hotspot that left."""
    city = Heard(plan_of(hotspots(2)))
    city.run(60 * SECOND)
    city.recorder.put_sums(city.recorder.take_sums().event())
    city.run(30 * SECOND)
    left = city.monitor.totals()[0]
    city.reload(plan_of({"h2": "10.77.0.3", "h1": "10.77.0.2"}))
    city.run(30 * SECOND)
    city.recorder.stop()
    first, second = city.of(Kind.HOUR)
    assert (first.since_ns, second.since_ns) == (city.began_ns, first.at_ns)
    total: dict[str, list[int]] = {}
    for row in (*first.rows, *second.rows):
        figures = [row.requests, row.replies, *(row.state_ms.get(state, 0) for state in State)]
        total[row.hotspot] = [
            a + b for a, b in zip(total.get(row.hotspot, [0] * (2 + len(State))), figures, strict=True)
        ]
    now = dict(zip(city.monitor.plan.ids, city.monitor.totals().tolist(), strict=True))
    assert total == {"h0": left.tolist(), **now}
    assert city.told[-1].kind is Kind.STOP
    assert city.beats == [city.told[-1].at_ns]


def test_time_before_a_step_of_the_clock_is_told_by_the_clock_of_then() -> None:
    """The clock leaps an hour: everything is unknown from the last look before it, not from an hour later."""
    city = Heard(plan_of(hotspots(1)))
    city.run(20 * SECOND)
    city.clock.step_wall(3600 * SECOND)
    city.clock.advance(11 * SECOND)  # longer than an interval: blind
    city.tick()
    blind = city.of(Kind.TRANSITION)[-1]
    assert (blind.after, blind.reason) == (State.UNKNOWN, "inconclusive")
    assert abs(city.seconds_since_start(blind.at_ns) - 20) < 2 * TICK_NS / SECOND
    city.run(20 * SECOND)
    assert city.seconds_since_start(city.of(Kind.TRANSITION)[-1].at_ns) > 3600
