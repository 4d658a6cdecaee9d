"""What decides money is chained at a start, and at each reload that changes it."""

from dataclasses import replace

from exporter.planning.plan import Plan
from lab.samples.journal import ns
from pantau.journal import Event, Kind
from pantau.journal.backlog import Backlog
from pantau.journal.entries import hour, inventory_taken
from tests.exporter.monitor.watched import hotspots, plan_of
from tests.exporter.recording.heard import Heard

HOUR_NS = 3600 * 10**9
FEES = {"assignments.jsonl": b'{"monthly_fee":500000}\n', "hotspots.jsonl": b"{}\n"}
DEARER = {**FEES, "assignments.jsonl": b'{"monthly_fee":600000}\n'}


def with_inventory(contents: dict[str, bytes], digest: str = "one") -> Plan:
    """A plan of two hotspots, and what of its configuration decides money."""
    return replace(plan_of(hotspots(2), digest=digest), inventory=contents)


def test_a_start_tells_it_beside_what_is_watched() -> None:
    """At the same moment, with its contents."""
    city = Heard(with_inventory(FEES))
    began, event = city.told
    assert (began.kind, event.kind, event.at_ns) == (Kind.START, Kind.INVENTORY, city.began_ns)
    assert set(event.blobs) == set(FEES.values())
    assert event.facts["files"].keys() == FEES.keys()


def test_a_reload_tells_what_it_changes_and_nothing_else() -> None:
    """Another comment or contact is another digest of the files, and no other inventory; another fee is one."""
    city = Heard(with_inventory(FEES))
    city.reload(with_inventory(FEES, "two"))
    assert [event.kind for event in city.told[2:]] == [Kind.RELOAD]
    city.reload(with_inventory(DEARER, "three"))
    assert [event.kind for event in city.told[3:]] == [Kind.RELOAD, Kind.INVENTORY]
    city.reload(with_inventory(FEES, "four"))
    assert [set(event.blobs) for event in city.of(Kind.INVENTORY)] == [
        set(FEES.values()),
        set(DEARER.values()),
        set(FEES.values()),
    ]


def test_each_day_begins_with_the_inventory_in_force() -> None:
    """Beside the sums of the hour in which the day changed, so that nobody looks for it far back."""
    city = Heard(with_inventory(FEES))
    city.reload(with_inventory(DEARER))
    for at_ns in (23 * HOUR_NS, 24 * HOUR_NS, 25 * HOUR_NS):
        city.recorder.put_sums(hour(at_ns - HOUR_NS, at_ns, []))
    assert [event.kind for event in city.told[4:]] == [Kind.HOUR, Kind.HOUR, Kind.INVENTORY, Kind.HOUR]
    assert (city.told[6].at_ns, set(city.told[6].blobs)) == (24 * HOUR_NS, set(DEARER.values()))


def test_the_latest_inventory_is_not_lost_when_the_backlog_is_full() -> None:
    """While the journal takes nothing, of several the last is kept; the others are counted as lost."""
    backlog = Backlog(1)
    first, second = (inventory_taken(ns(at), contents) for at, contents in ((2, FEES), (3, DEARER)))
    backlog.add([Event(Kind.RELOAD, ns(1), ns(1)), first, second])
    assert (len(backlog), backlog.lost) == (2, 1)
    backlog.drop(1)
    assert [one.event.kind for one in backlog.first(9)] == [Kind.LOSS, Kind.INVENTORY]
    assert backlog.first(9)[1].event == second
