"""What a report reads: lives without gaps, outages as a whole, faults of our own, decisions, sums."""

from lab.samples.journal import SECOND, Place, change, down, ns, unknown, up
from pantau.journal import Event, HotspotHour, Kind, MonitoringGap, Outage, Segment, decide, state_map
from pantau.journal.entries import detail_of, hour, start
from pantau.states import State

UP, DOWN, UNKNOWN, INACTIVE, MAINTENANCE = State.UP, State.DOWN, State.UNKNOWN, State.INACTIVE, State.MAINTENANCE


def alive(place: Place, seconds: float, *events: Event) -> None:
    """Write events, and that the exporter lived until then."""
    with place.store() as store:
        store.append(events, alive_ns=ns(seconds))


def told(segments: tuple[Segment, ...]) -> list[tuple[float, float, State, str]]:
    """Segments in seconds since `T0`."""
    return [((s.start_ns - ns(0)) / SECOND, (s.end_ns - ns(0)) / SECOND, s.state, s.reason) for s in segments]


def test_segments_cover_the_span_without_gap(place: Place) -> None:
    """Down for 20 s of a hundred; before its first entry, and after the last sign of life, a hotspot is unknown."""
    alive(place, 90, change("h1", 10, UNKNOWN, UP), down("h1", 30), up("h1", 50))
    with place.reader() as reader:
        (history,) = reader.histories(ns(0), ns(100))
    assert history.hotspot == "h1"
    assert told(history.segments) == [
        (0, 10, UNKNOWN, "added"),
        (10, 30, UP, "reply"),
        (30, 50, DOWN, "timeout"),
        (50, 90, UP, "reply"),
        (90, 100, UNKNOWN, "not_running"),
    ]
    assert [segment.entry for segment in history.segments] == [0, 1, 2, 3, 3]


def test_a_span_cuts_segments_but_not_outages(place: Place) -> None:
    """An outage from before the span to after it is told whole, with its entries; segments end with the span."""
    alive(place, 500, change("h1", 0, UNKNOWN, UP), down("h1", 100), up("h1", 300), down("h1", 400), up("h1", 450))
    with place.reader() as reader:
        (history,) = reader.histories(ns(150), ns(200))
    assert told(history.segments) == [(150, 200, DOWN, "timeout")]
    (outage,) = history.outages
    assert (outage.start_ns, outage.end_ns, outage.down_ns) == (ns(100), ns(300), 200 * SECOND)
    assert (outage.number, outage.entries) == (2, (2,))


def test_an_outage_that_spans_a_restart_is_one_and_the_gap_is_not_down(place: Place) -> None:
    """Down at 10, killed at 60, running again at 100, down seen again at 103, up at 200: one outage, 40 s unknown."""
    alive(place, 60, start(ns(0), ["h1"], [], {}), change("h1", 1, UNKNOWN, UP), down("h1", 10))
    alive(place, 300, start(ns(100), ["h1"], [], {}), change("h1", 103, UNKNOWN, DOWN), up("h1", 200))
    with place.reader() as reader:
        (history,) = reader.histories(ns(0), ns(300))
    (outage,) = history.outages
    assert told(outage.segments) == [
        (10, 60, DOWN, "timeout"),
        (60, 103, UNKNOWN, "not_running"),
        (103, 200, DOWN, "timeout"),
    ]
    assert outage.down_ns == (50 + 97) * SECOND
    assert outage.entries == (4, 7, 8)  # 5 is the checkpoint at 60


def test_an_outage_that_a_restart_finds_mended_ends_with_the_first_answer(place: Place) -> None:
    """What lay between is unknown: down up to the last sign of life only."""
    alive(place, 60, start(ns(0), ["h1"], [], {}), change("h1", 1, UNKNOWN, UP), down("h1", 10))
    alive(place, 300, start(ns(100), ["h1"], [], {}), change("h1", 104, UNKNOWN, UP))
    with place.reader() as reader:
        (history,) = reader.histories(ns(0), ns(300))
    (outage,) = history.outages
    assert (outage.end_ns, outage.down_ns) == (ns(104), 50 * SECOND)


def test_an_outage_that_lasts_has_no_end(place: Place) -> None:
    """It is down up to the journal's last sign of life."""
    alive(place, 60, change("h1", 1, UNKNOWN, UP), down("h1", 10))
    with place.reader() as reader:
        (history,) = reader.histories(ns(0), ns(1000))
    (outage,) = history.outages
    assert (outage.end_ns, outage.down_ns) == (None, 50 * SECOND)
    assert told(history.segments)[-1] == (60, 1000, UNKNOWN, "not_running")


def window(kind: Kind, hotspot: str, seconds: float) -> Event:
    """A window begins or ends to hide a hotspot."""
    return Event(kind, ns(seconds), ns(seconds), hotspot, detail=detail_of({"window": "tower"}))


def test_a_maintenance_window_keeps_what_the_probes_show_beneath(place: Place) -> None:
    """Down from 10 to 50, hidden from 20 to 40: state maintenance, beneath down; the outage goes on."""
    alive(
        place,
        90,
        change("h1", 1, UNKNOWN, UP),
        down("h1", 10),
        window(Kind.MAINTENANCE_BEGIN, "h1", 20),
        window(Kind.MAINTENANCE_END, "h1", 40),
        up("h1", 50),
    )
    with place.reader() as reader:
        (history,) = reader.histories(ns(0), ns(60))
    assert [(s.state, s.beneath, s.window, s.entry) for s in history.segments[2:5]] == [
        (DOWN, DOWN, "", 2),
        (MAINTENANCE, DOWN, "tower", 2),
        (DOWN, DOWN, "", 2),
    ]
    (outage,) = history.outages
    assert [segment.state for segment in outage.segments] == [DOWN, MAINTENANCE, DOWN]
    assert (outage.start_ns, outage.end_ns, outage.down_ns) == (ns(10), ns(50), 40 * SECOND)


def test_a_change_dated_before_the_window_stays_before_it(place: Place) -> None:
    """Down since 18, decided under a window that began at 20: two seconds are down, not maintenance."""
    alive(place, 90, change("h1", 1, UNKNOWN, UP), window(Kind.MAINTENANCE_BEGIN, "h1", 20), down("h1", 18))
    with place.reader() as reader:
        (history,) = reader.histories(ns(10), ns(30))
    assert told(history.segments) == [
        (10, 18, UP, "reply"),
        (18, 20, DOWN, "timeout"),
        (20, 30, MAINTENANCE, "timeout"),
    ]


def test_a_kill_ends_a_window_that_nobody_could_end(place: Place) -> None:
    """Killed at 30 under a window, started at 50 after its end: maintenance until 30, then unknown, then up."""
    alive(
        place, 30, start(ns(0), ["h1"], [], {}), change("h1", 1, UNKNOWN, UP), window(Kind.MAINTENANCE_BEGIN, "h1", 20)
    )
    alive(place, 90, start(ns(50), ["h1"], [], {}), change("h1", 52, UNKNOWN, UP))
    with place.reader() as reader:
        (history,) = reader.histories(ns(10), ns(60))
    assert told(history.segments) == [
        (10, 20, UP, "reply"),
        (20, 30, MAINTENANCE, "reply"),
        (30, 52, UNKNOWN, "not_running"),
        (52, 60, UP, "reply"),
    ]


def test_a_hotspot_that_is_removed_is_inactive_and_its_outage_over(place: Place) -> None:
    """Inactive also beyond the last sign of life: nobody was to watch it."""
    gone = change("h1", 20, DOWN, INACTIVE, -1)._replace(reason="removed")
    alive(place, 90, change("h1", 1, UNKNOWN, UP), down("h1", 10), gone)
    with place.reader() as reader:
        (history,) = reader.histories(ns(15), ns(100))
    assert told(history.segments) == [
        (15, 20, DOWN, "timeout"),
        (20, 90, INACTIVE, "removed"),
        (90, 100, INACTIVE, "removed"),
    ]
    assert [(outage.start_ns, outage.end_ns) for outage in history.outages] == [(ns(10), ns(20))]


def test_hotspots_can_be_named_and_one_that_is_not_known_is_unknown(place: Place) -> None:
    """In the order asked for; without names, all there are."""
    alive(place, 90, change("h1", 1, UNKNOWN, UP), change("h2", 1, UNKNOWN, UP))
    with place.reader() as reader:
        histories = list(reader.histories(ns(0), ns(50), ["h2", "h9"]))
        assert [history.hotspot for history in histories] == ["h2", "h9"]
        assert told(histories[1].segments) == [(0, 50, UNKNOWN, "added")]
        assert [history.hotspot for history in reader.histories(ns(0), ns(50))] == ["h1", "h2"]


def test_an_outage_is_found_by_the_number_of_the_entry_that_began_it(place: Place) -> None:
    """Any other number is none."""
    alive(place, 90, change("h1", 1, UNKNOWN, UP), down("h1", 10), up("h1", 30), Event(Kind.STOP, ns(90), ns(90)))
    with place.reader() as reader:
        outage = reader.outage(2)
        assert isinstance(outage, Outage)
        assert (outage.hotspot, outage.start_ns, outage.end_ns) == ("h1", ns(10), ns(30))
        assert [reader.outage(number) for number in (1, 3, 4, 99)] == [None] * 4


def fault(what: str, kind: Kind, seconds: float, since: float | None = None) -> Event:
    """Begin or end of a fault."""
    facts = {} if since is None else {"since_ns": ns(since)}
    return Event(kind, ns(seconds), ns(seconds), what, detail=detail_of(facts) if facts else "")


def test_faults_are_what_we_did_not_see(place: Place) -> None:
    """Two paths at once, a loss, a kill, and a fault that the kill left open."""
    alive(
        place,
        100,
        start(ns(0), [], [], {}),
        fault("vantage", Kind.FAULT_BEGIN, 10),
        fault("peering:telkom", Kind.FAULT_BEGIN, 12),
        fault("peering:telkom", Kind.FAULT_END, 20, 12),
        fault("vantage", Kind.FAULT_END, 30, 10),
        fault("", Kind.LOSS, 70, 60),
        fault("vantage", Kind.FAULT_BEGIN, 90),
    )
    alive(place, 200, start(ns(150), [], [], {}), fault("vantage", Kind.FAULT_BEGIN, 180))
    with place.reader() as reader:
        assert reader.faults(ns(0), ns(300)) == [
            MonitoringGap("vantage", ns(10), ns(30), (2, 5)),
            MonitoringGap("peering:telkom", ns(12), ns(20), (3, 4)),
            MonitoringGap("journal_lost", ns(60), ns(70), (6,)),
            MonitoringGap("vantage", ns(90), ns(100), (7, 9)),  # 8 is the checkpoint at 100
            MonitoringGap("not_running", ns(100), ns(150), (9,)),
            MonitoringGap("vantage", ns(180), None, (10,)),
        ]
        assert [found.what for found in reader.faults(ns(15), ns(18))] == ["vantage", "peering:telkom"]
        assert [found.what for found in reader.faults(ns(95), ns(100))] == ["vantage"]
        assert reader.faults(ns(30), ns(60)) == []


def test_decisions_are_added_and_never_edited(place: Place) -> None:
    """Two people name two causes: both stand there, in their order, and the outage's own entry is as it was."""
    alive(place, 90, change("h1", 1, UNKNOWN, UP), down("h1", 10), up("h1", 30))
    with place.reader() as reader, place.store() as store:
        outage = reader.outage(2)
        assert outage is not None
        for code, person in (("fo_putus", "Ani"), ("listrik_pln", "Budi")):
            store.append([decide(outage, Kind.CAUSE, ns(95), code=code, person=person, reason="tiket 7").event])
        decisions = reader.decisions(ns(0), ns(20))
        assert [(one.number, one.outage, one.hotspot, one.code, one.person) for one in decisions] == [
            (5, 2, "h1", "fo_putus", "Ani"),
            (6, 2, "h1", "listrik_pln", "Budi"),
        ]
        assert reader.decisions(ns(11), ns(200)) == []
        assert reader.head().alive_ns == ns(90)
    assert place.findings() == []


def test_hourly_sums_come_back_for_a_span_and_a_hotspot(place: Place) -> None:
    """Those written in the span, with the entry that vouches for them."""
    rows = [HotspotHour(name, 360, 350 + n, state_map((n, 3_600_000 - n))) for n, name in enumerate(("h1", "h2"))]
    alive(place, 7200, hour(ns(0), ns(3600), rows), hour(ns(3600), ns(7200), rows[:1]))
    with place.reader() as reader:
        assert [found.sums for found in reader.hours(ns(0), ns(7200))] == [*rows, rows[0]]
        (found,) = reader.hours(ns(3600), ns(7200))
        assert (found.start_ns, found.end_ns, found.entry, found.sums) == (ns(3600), ns(7200), 2, rows[0])
        assert [found.sums for found in reader.hours(ns(0), ns(7200), ["h2", "h9"])] == [rows[1]]
    assert place.findings() == []


def test_unknown_within_an_outage_is_part_of_it_but_not_down(place: Place) -> None:
    """A fault of ours while a hotspot is down: the verdict stays, so the outage is one."""
    alive(
        place,
        90,
        change("h1", 1, UNKNOWN, UP),
        down("h1", 10),
        unknown("h1", 20, DOWN, 0),
        change("h1", 25, UNKNOWN, DOWN),
        up("h1", 40),
    )
    with place.reader() as reader:
        (history,) = reader.histories(ns(0), ns(90))
    (outage,) = history.outages
    assert (outage.start_ns, outage.end_ns, outage.down_ns) == (ns(10), ns(40), 25 * SECOND)


def test_transitions_are_told_whole_and_of_the_hotspots_asked_for(place: Place) -> None:
    """In the span, one hotspot after the other, with the evidence of their rounds; an unknown one has none."""
    alive(place, 900, down("h2", 100), down("h1", 200), up("h2", 300), up("h1", 400), down("h1", 500), down("h3", 250))
    with place.reader() as reader:
        found = list(reader.transitions(ns(200), ns(500), ["h1", "nowhere", "h2"]))
        assert [(one.event.subject, one.event.at_ns) for one in found] == [
            ("h1", ns(200)),
            ("h1", ns(400)),
            ("h2", ns(300)),
        ]
        assert found == [reader.entry(one.number) for one in found]


def test_requests_and_replies_are_added_up_over_the_hours(place: Place) -> None:
    """As the hours tell them one by one."""
    times: dict[int, int] = {}
    with place.store() as store:
        for number in range(4):
            rows = [HotspotHour("h1", 10, 9, times), HotspotHour("h2", 20 + number, number, times)]
            store.append([hour(ns(3600 * number), ns(3600 * (number + 1)), rows)])
    with place.reader() as reader:
        assert reader.answered(ns(3600), ns(3 * 3600)) == {"h1": (20, 18), "h2": (43, 3)}
        assert reader.answered(ns(0), ns(3600)) == {"h1": (10, 9), "h2": (20, 0)}
        assert reader.answered(ns(9 * 3600), ns(10 * 3600)) == {}


def test_who_has_ever_been_up_is_known_whatever_came_after(place: Place) -> None:
    """h1 was up once, h2 never, h3 is not known; h4 was seen up by an earlier run and is down since before this one."""
    alive(place, 90, change("h1", 10, UNKNOWN, UP), down("h1", 30), change("h4", 5, UNKNOWN, UP), down("h4", 6))
    alive(place, 500, down("h2", 40), unknown("h4", 95, DOWN, 0), down("h4", 400))
    with place.reader() as reader:
        assert reader.ever_up(["h1", "h2", "h3", "h4"]) == {"h1", "h4"}
        assert reader.ever_up([]) == set()
