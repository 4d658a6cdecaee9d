"""Minutes that are told late mend what was unknown, and nothing that was judged."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import structlog

from exporter.probing.agent.beats import Beat, LateMinute, Minute, NoBeats
from exporter.recording.late_minutes import LateSpan, late_spans, mended
from exporter.recording.mending import Mending
from pantau.clock import ManualClock
from pantau.inventory import Configuration, load
from pantau.journal import Event, Store
from pantau.journal.editions import IssuedEdition
from pantau.journal.entries import Kind, checkpoint, moved, start
from pantau.journal.sources import Source
from pantau.states import State

MINUTE_NS = 60_000_000_000
NOW_NS = 1_711_929_600_000_000_000
OK, SUSPENDED, NOTHING = Minute(portal="ok", dns="ok"), Minute(portal="isolir"), Minute(uptime=60)
FAIL = Minute(portal="fail")


def beat_of(*told: tuple[float, Minute], hotspot: str = "BTG-1", at_ns: int = NOW_NS) -> Beat:
    """A heartbeat with these late minutes, by their age in minutes."""
    late = tuple(LateMinute(age * 60, minute) for age, minute in told)
    return Beat(hotspot, 0, at_ns, "ab" * 8, 1, Minute(), late)


def minutes(spans: list[LateSpan]) -> list[tuple[float, float, State]]:
    """The spans, in minutes before now."""
    return [((NOW_NS - one.start_ns) / MINUTE_NS, (NOW_NS - one.end_ns) / MINUTE_NS, one.state) for one in spans]


def test_minutes_in_a_row_are_one_span() -> None:
    """Also where each was measured a second late; one that says nothing of service parts them, and mends nothing."""
    beat = beat_of(
        (10, OK), (9 - 1 / 60, OK), (8 - 2 / 60, OK), (6, NOTHING), (5, OK), (4, SUSPENDED), (3, Minute(dns="fail"))
    )
    spans = minutes(late_spans([beat], MINUTE_NS, hearsay=False))
    assert [state for _, _, state in spans] == [State.UP, State.UP, State.ISOLATED, State.NO_INTERNET]
    assert [round(begin, 2) for begin, _, _ in spans] == [11, 6, 5, 4]
    assert [round(end, 2) for _, end, _ in spans] == [7.97, 5, 4, 3]


def test_the_device_of_an_isp_lifts_nothing() -> None:
    """Where the point can be seen without it: that it was suspended is believed, that it was up is not."""
    spans = late_spans([beat_of((10, OK), (9, SUSPENDED))], MINUTE_NS, hearsay=True)
    assert [(begin, state) for begin, _, state in minutes(spans)] == [(10, State.ISOLATED)]


def test_only_what_was_unknown_and_not_mended_is_mended() -> None:
    """The rest of a span stays as it is."""
    (span,) = late_spans([beat_of(*((age, OK) for age in range(1, 21)))], MINUTE_NS, hearsay=False)
    unknown = [(NOW_NS - 15 * MINUTE_NS, NOW_NS - 5 * MINUTE_NS), (NOW_NS - 3 * MINUTE_NS, NOW_NS)]
    before = [(NOW_NS - 12 * MINUTE_NS, NOW_NS - 10 * MINUTE_NS)]
    found = minutes(list(mended([span], unknown, before)))
    assert found == [(15, 12, State.UP), (10, 5, State.UP), (3, 1, State.UP)]


@pytest.fixture
def city(tmp_path: Path) -> Configuration:
    """Three points, and a journal in which all were unknown from 30 to 10 minutes ago, and down before."""
    (tmp_path / "inventory.yml").write_text(
        "isps: [{id: telkom, name: Telkom}, {id: lain, name: Lain}]\nkecamatan: [{id: maesa, name: Maesa}]\n"
        "contracts: [{id: c1, kecamatan: maesa, isp: telkom, start: 2024-01-01, end: 2024-12-31}]\n"
        "hotspots:\n"
        + "".join(
            f"  - {{id: {name}, name: {name}, kecamatan: maesa, isp: {isp}, ping: none, agent: true{more}}}\n"
            for name, isp, more in (
                ("BTG-1", "telkom", ""),
                ("BTG-2", "telkom", ", contract: c1"),
                ("BTG-3", "lain", ""),
            )
        )
    )
    (tmp_path / "pantau.yml").write_text("inventory: [inventory.yml]\nagents: {key_files: [key]}\n")
    ago = {number: NOW_NS - number * MINUTE_NS for number in (60, 40, 30, 10, 0)}
    with Store("sqlite:///journal.sqlite", tmp_path, Source("noc", 0)) as store:
        told: list[Event] = [start(ago[60], ["BTG-1", "BTG-2", "BTG-3"], [], {})]
        for name in ("BTG-1", "BTG-2", "BTG-3"):
            told += [
                moved(name, ago[60], ago[60], State.UNKNOWN, State.UP, 1, "reply"),
                moved(name, ago[40], ago[40], State.UP, State.DOWN, 0, "timeout"),
                moved(name, ago[30], ago[30], State.DOWN, State.UNKNOWN, 0, "vantage"),
                moved(name, ago[10], ago[10], State.UNKNOWN, State.UP, 1, "reply"),
            ]
        store.append([*told, checkpoint(ago[0], {})])
    return load(tmp_path / "pantau.yml", NOW_NS)


class Told:
    """A `Sink` that keeps what it is given."""

    waiting = False

    def __init__(self) -> None:
        self.events: list[Event] = []

    def put(self, events: Iterable[Event]) -> None:
        """See `Sink`."""
        self.events += events

    def beat(self, at_ns: int) -> None:
        """See `Sink`."""


class JustCome(NoBeats):
    """A `BeatSource` to which these heartbeats have come."""

    def __init__(self, *beats: Beat) -> None:
        self._come: Sequence[Beat] = beats

    def come(self, *beats: Beat) -> None:
        """Others have come since."""
        self._come = [*self._come, *beats]

    def take_late(self) -> Sequence[Beat]:
        """See `BeatSource`."""
        taken, self._come = self._come, []
        return taken


async def test_what_waits_at_a_stop_is_mended_at_once(city: Configuration) -> None:
    """Its agent has dropped those minutes: they do not wait two minutes for an exporter that is no more."""
    sink, clock = Told(), ManualClock(NOW_NS + 1)
    come = JustCome(beat_of(*((age, OK) for age in range(60))))
    mending = Mending("sqlite:///journal.sqlite", Source("noc", 0), lambda: city, come, sink, clock)
    await mending.look()
    assert sink.events == []
    await mending.finish()
    (found,) = sink.events
    assert ((NOW_NS - found.at_ns) / MINUTE_NS, (NOW_NS - (found.until_ns or 0)) / MINUTE_NS) == (30, 10)
    await mending.finish()
    assert len(sink.events) == 1


@pytest.mark.parametrize(("by_another", "expected"), [(True, [State.NO_INTERNET]), (False, [])])
async def test_who_can_tell_only_hours_later_is_believed_by_what_others_told_then(
    city: Configuration, by_another: bool, expected: list[State]
) -> None:
    """What they told of the page was written long ago; an exporter that heard nobody then knows nothing of it."""
    agents = city.settings.agents
    assert agents is not None
    with_page = agents.model_copy(update={"portal_url": "http://wifi.example.id/known"})
    ours = replace(city, settings=city.settings.model_copy(update={"agents": with_page}))
    sink, clock, heard = Told(), ManualClock(NOW_NS), JustCome()
    mending = Mending("sqlite:///journal.sqlite", Source("noc", 0), lambda: ours, heard, sink, clock)
    if by_another:
        heard.come(beat_of(*((age, OK) for age in range(60)), hotspot="BTG-3"))
    for _ in range(3):
        clock.advance(60 * MINUTE_NS)
        await mending.look()
    assert [one.subject for one in sink.events] == ["BTG-3"] * by_another
    sink.events.clear()
    heard.come(beat_of(*((age, FAIL) for age in range(180, 240)), at_ns=clock.wall_ns()))
    clock.advance(3 * MINUTE_NS)
    await mending.look()
    assert [one.after for one in sink.events] == expected


async def test_a_journal_that_cannot_be_read_holds_up_no_stop(city: Configuration) -> None:
    """What is lost is told, once."""
    come = JustCome(beat_of((20, OK)))
    mending = Mending("sqlite:///none/x.sqlite", Source("noc", 0), lambda: city, come, Told(), ManualClock(NOW_NS + 1))
    with structlog.testing.capture_logs() as logs:
        await mending.finish()
    assert [(one["log_level"], one.get("heartbeats")) for one in logs] == [("warning", None), ("error", 1)]


def test_time_in_which_it_was_not_watched_is_not_mended(city: Configuration) -> None:
    """Before it was added nothing was unknown: nobody was looking."""
    mending = Mending(
        "sqlite:///journal.sqlite", Source("noc", 0), lambda: city, NoBeats(), Told(), ManualClock(NOW_NS)
    )
    beats = [beat_of(*((age, OK) for age in range(61, 90)))]
    assert mending.amendments(city, beats, NOW_NS + 1, beats) == []


def test_entries_for_what_the_journal_does_not_know(city: Configuration) -> None:
    """An hour told late mends the 20 minutes that were unknown; told again, nothing; into a FINAL, nothing."""
    folder, source = city.path.parent, Source("noc", 0)
    mending = Mending("sqlite:///journal.sqlite", source, lambda: city, NoBeats(), Told(), ManualClock(NOW_NS))
    hour = [beat_of(*((age, OK) for age in range(60)), hotspot=name) for name in ("BTG-1", "BTG-2", "BTG-9")]
    found = mending.amendments(city, hour, NOW_NS + 1, hour)
    spans = {
        one.subject: ((NOW_NS - one.at_ns) / MINUTE_NS, (NOW_NS - (one.until_ns or 0)) / MINUTE_NS) for one in found
    }
    assert spans == {"BTG-1": (30, 10), "BTG-2": (30, 10)}
    assert {(one.kind, one.after, one.evidence, one.received_ns) for one in found} == {
        (Kind.AMEND, State.UP, "agent", NOW_NS)
    }
    edition = IssuedEdition("c1", "2024-04", 1, "", "0" * 64, "0" * 64)
    with Store("sqlite:///journal.sqlite", folder, source) as store:
        store.append([*found[:1], edition.event(NOW_NS - 8 * 60 * MINUTE_NS, NOW_NS + 2)])
    assert mending.amendments(city, hour, NOW_NS + 3, ()) == []
