"""Several sources in one journal: each has its own chain, its own state of the hotspots, and its own reader's view."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from lab.samples.journal import NOC, Place, change, down, ns, up
from pantau.errors import JournalError
from pantau.journal import LEGACY, OFFICE, Kind, Source, decide, parse_source, verify
from pantau.journal.entries import hour, start
from pantau.journal.sums import HotspotHour
from pantau.journal.verification import parse_expected
from pantau.states import State

UP, DOWN, UNKNOWN = State.UP, State.DOWN, State.UNKNOWN
HILL = Source("bukit", 0)
SECOND_SHARD = Source("noc-bitung", 1)


@pytest.fixture
def two(place: Place) -> Place:
    """Two exporters see h1: `NOC` down from 10 to 40, `HILL` up all the time, and blind from 50 to 60."""
    with place.store() as noc, place.store(HILL) as hill:
        noc.append([start(ns(0), ["h1"], [], {})])  # 1, 2
        hill.append([start(ns(0), ["h1"], [], {})])  # 3, 4
        noc.append([change("h1", 1, UNKNOWN, UP)])  # 5
        hill.append([change("h1", 2, UNKNOWN, UP)])  # 6
        noc.append([down("h1", 10), up("h1", 40)])  # 7, 8
        noc.append([hour(ns(0), ns(50), [HotspotHour("h1", 10, 7, {1: 20_000})])], alive_ns=ns(80))  # 9, 10
        hill.append([hour(ns(0), ns(50), [HotspotHour("h1", 10, 10, {1: 50_000})])], alive_ns=ns(90))  # 11, 12
    return place


def test_each_source_has_its_own_chain_and_head(two: Place) -> None:
    """Numbers are those of the journal; what an entry follows is the one before of its own source."""
    with two.reader() as reader:
        links = [(entry.number, entry.source.name, entry.previous) for entry in reader.entries()]
        assert links == [
            (1, "noc-bitung", 0),
            (2, "noc-bitung", 1),
            (3, "bukit", 0),
            (4, "bukit", 3),
            (5, "noc-bitung", 2),
            (6, "bukit", 4),
            (7, "noc-bitung", 5),
            (8, "noc-bitung", 7),
            (9, "noc-bitung", 8),
            (10, "noc-bitung", 9),
            (11, "bukit", 6),
            (12, "bukit", 11),
        ]
        assert [(head.source, head.number, head.alive_ns) for head in reader.heads()] == [
            (NOC, 10, ns(80)),
            (HILL, 12, ns(90)),
        ]
    assert two.findings() == []


def test_a_reader_sees_the_hotspots_as_one_source_did(two: Place) -> None:
    """States, outages, faults, sums and what is known at all: never a mixture."""
    with two.reader(NOC) as noc, two.reader(HILL) as hill:
        (seen,), (other,) = noc.histories(ns(0), ns(100)), hill.histories(ns(0), ns(100))
        assert [(part.state, part.end_ns) for part in seen.segments] == [
            (UNKNOWN, ns(1)),
            (UP, ns(10)),
            (DOWN, ns(40)),
            (UP, ns(80)),
            (UNKNOWN, ns(100)),
        ]
        assert [(part.state, part.end_ns) for part in other.segments] == [
            (UNKNOWN, ns(2)),
            (UP, ns(90)),
            (UNKNOWN, ns(100)),
        ]
        assert other.outages == ()
        assert (noc.answered(0, ns(99)), hill.answered(0, ns(99))) == ({"h1": (10, 7)}, {"h1": (10, 10)})
        assert [one.number for one in hill.transitions(0, ns(99), ["h1"])] == [4, 6]


def test_a_reader_that_is_not_told_which_source_refuses_and_names_them(two: Place) -> None:
    """Whatever rests on one exporter's view; entries, proof and outages by their number need no choice."""
    with two.reader() as reader:
        for read in (
            lambda: list(reader.histories(0, ns(1))),
            reader.hotspots,
            lambda: reader.faults(0, ns(1)),
            lambda: list(reader.hours(0, ns(99))),
            lambda: reader.answered(0, ns(99)),
        ):
            with pytest.raises(JournalError, match="name one of bukit/0, noc-bitung/0"):
                read()
        outage = reader.outage(7)
        assert outage is not None
        assert (outage.start_ns, outage.end_ns) == (ns(10), ns(40))
        assert list(verify(reader)) == []
    with (
        two.reader(Source("nowhere")) as reader,
        pytest.raises(JournalError, match=r"no source .* called nowhere/0; its"),
    ):
        reader.hotspots()


def test_a_source_takes_up_only_what_it_knew_itself(two: Place) -> None:
    """The last verdict of one is not that of the other, and a third knows nothing."""
    with two.store() as noc, two.store(HILL) as hill, two.store(SECOND_SHARD) as third:
        assert {name: event.at_ns for name, event in noc.last_changes().items()} == {"h1": ns(40)}
        assert {name: event.at_ns for name, event in hill.last_changes().items()} == {"h1": ns(2)}
        assert third.last_changes() == {}
        noc.append([down("h1", 95)])
        (told, *_) = hill.append([up("h1", 3)])
        assert told.event.at_ns == ns(3)  # not moved behind the other's later transition


def test_a_decision_belongs_to_the_outage_of_the_source_that_saw_it(two: Place) -> None:
    """It is in the office's chain; a reader of another source's view does not meet it."""
    with two.reader() as reader:
        outage = reader.outage(7)
    assert outage is not None
    said = decide(outage, Kind.CAUSE, ns(95), code="fo_putus", person="Ani", reason="tiket 7")
    with two.store(OFFICE) as office:
        (entry,) = office.append([said.event])
        assert office.last_changes() == {}
    assert (entry.number, entry.source, entry.run, entry.previous) == (13, OFFICE, 1, 0)
    with two.reader(NOC) as noc, two.reader(HILL) as hill:
        assert [one.outage for one in noc.decisions(0, ns(99))] == [7]
        assert hill.decisions(0, ns(99)) == []
        assert noc.head().alive_ns == ns(90)
    assert two.findings() == []


def test_the_runs_of_a_source_are_counted(place: Place) -> None:
    """One more at each opening that writes, for each source; the head knows the last, and its beat while it lives."""
    beats = []
    for source, second in ((NOC, 1.0), (HILL, 2.0), (NOC, 3.0)):
        with place.store(source) as store:
            assert store.run is None
            store.append([down("h1", second)])
            store.append([up("h1", second + 0.5)], alive_ns=ns(second + 9))
            beats.append(place.ask("SELECT max(beat_ns) FROM head")[0][0])
    assert beats == [ns(10), ns(11), ns(12)]
    with place.reader() as reader:
        assert [(entry.source.name, entry.run) for entry in reader.entries()] == [
            ("noc-bitung", 1),
            ("noc-bitung", 1),
            ("bukit", 1),
            ("bukit", 1),
            ("noc-bitung", 2),
            ("noc-bitung", 2),
        ]
        assert [(head.run, head.beat_ns) for head in reader.heads()] == [(2, 0), (1, 0)]  # given back


def test_the_digest_of_the_end_is_of_all_chains(two: Place) -> None:
    """What was kept fits for good, and tells when either chain was written anew."""
    with two.reader() as reader:
        kept = reader.head()
        digests = {head.source: head.digest for head in reader.heads()}
        assert kept.digest not in digests.values()
    with two.store() as store:
        store.append([down("h1", 95)])
    with two.reader() as reader:
        assert list(verify(reader, parse_expected(f"{kept.number}:{kept.digest.hex()}"))) == []
    two.execute("DELETE FROM entries WHERE number = 13")
    two.execute("DELETE FROM entries WHERE number = 10")  # the last but one of the journal, the end of one chain
    with two.reader() as reader:
        found = [str(one) for one in verify(reader, parse_expected(f"{kept.number}:{kept.digest.hex()}"))]
    assert found[0] == "entry 10: is missing; the next is 11"
    assert "entry 12: has not the digest that was kept: it, or one before it, was written anew" in found


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE entries SET source = 2 WHERE number = 5", "entry 5: was changed"),
        ("UPDATE entries SET source = 77 WHERE number = 5", "entry 5: was changed"),
        ("UPDATE entries SET source = 0, format = 1, run = 0 WHERE number = 5", "entry 5: was changed"),
        ("UPDATE entries SET run = run + 1 WHERE number = 5", "entry 5: was changed"),
        ("UPDATE entries SET format = 3 WHERE number = 5", "entry 5: was changed"),
        ("UPDATE entries SET previous = 1 WHERE number = 5", "entry 5: was changed"),
        ("UPDATE entries SET previous = NULL WHERE number = 5", "entry 5: was changed"),
        ("UPDATE sources SET name = 'hill' WHERE name = 'bukit'", "entry 3: was changed"),
        ("UPDATE sources SET shard = 1 WHERE name = 'bukit'", "entry 3: was changed"),
        ("DELETE FROM sources WHERE name = 'bukit'", "entry 3: was changed"),
        ("DELETE FROM entries WHERE number = 6", "entry 6: is missing; the next is 7"),
        ("DELETE FROM entries WHERE number = 12", "entry 12: is missing, and all up to 12"),
        ("UPDATE head SET number = 8 WHERE number = 10", "entry 8: is not the end that the journal's head knows"),
        (
            "UPDATE head SET digest = (SELECT digest FROM entries WHERE number = 6) WHERE number = 10",
            "entry 10: is not the end that the journal's head knows",
        ),
        ("UPDATE head SET run = 0 WHERE number = 10", "entry 10: is not the end that the journal's head knows"),
        ("DELETE FROM head WHERE number = 10", "entry 10: is not known to the journal's head"),
    ],
)
def test_what_is_changed_by_hand_among_sources_is_found(two: Place, statement: str, found: str) -> None:
    """Who wrote it, in which run, in which form, and what it follows."""
    two.execute(statement)
    assert any(finding.startswith(found) for finding in two.findings()), two.findings()


def test_an_entry_is_proved_from_the_middle_of_every_chain(two: Place) -> None:
    """A part of a journal of several sources; one that its chain follows, but is gone, is told."""
    with two.reader() as reader:
        assert [list(verify(reader, after=after)) for after in range(13)] == [[]] * 13
    two.execute("UPDATE entries SET at_ns = at_ns + 1 WHERE number = 6")
    with two.reader() as reader:
        assert [len(list(verify(reader, after=after))) for after in range(13)] == [1] * 6 + [0] * 7


@pytest.mark.parametrize(
    ("text", "source"),
    [("noc-bitung", NOC), ("noc-bitung/1", SECOND_SHARD), ("a/b", Source("a/b")), ("legacy", Source("legacy", 0))],
)
def test_a_source_is_named_by_its_vantage_and_shard(text: str, source: Source) -> None:
    """A vantage may have any name: none is taken for what is no exporter."""
    assert parse_source(text) == source
    assert source not in (LEGACY, OFFICE)


def test_a_source_without_a_name_is_refused() -> None:
    """With the form that it has."""
    with pytest.raises(JournalError, match="VANTAGE/SHARD"):
        parse_source("/0")


def test_sources_that_come_at_the_same_time_wait_for_one_another(place: Place) -> None:
    """Four that nobody knew, each with a connection of its own: none is refused, and no number is given twice."""

    def write(source: Source) -> None:
        with place.store(source) as store:
            for second in range(5):
                store.append([down(f"{source}", second), up(f"{source}", second + 0.5)])

    place.store().close()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, [NOC, HILL, SECOND_SHARD, Source("pulau")]))
    with place.reader() as reader:
        assert [entry.number for entry in reader.entries()] == list(range(1, 41))
        assert len(reader.heads()) == 4
    assert place.findings() == []


def test_two_sources_that_write_at_once_share_no_number(place: Place) -> None:
    """Turn by turn, both new to the journal: numbers without gaps, two sound chains."""
    with place.store() as noc, place.store(HILL) as hill, place.store(OFFICE) as office:
        for second in range(0, 12, 3):
            noc.append([down("h1", second)])
            hill.append([up("h1", second + 1)])
            office.append([])
    with place.reader() as reader:
        assert [entry.number for entry in reader.entries()] == list(range(1, 9))
    assert place.findings() == []
