"""What came with the sources: each field, kind and content is hashed, stored, read, and found when it was changed."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lab.samples.journal import Place, down, ns, up
from pantau.journal import LEGACY, Event, Kind, Source, verify
from pantau.journal.entries import amend, checkpoint, inventory_taken
from pantau.states import State
from tests.pantau.journal.first_journal import write_first

OF_CONTENTS = (Kind.HOUR, Kind.INVENTORY, Kind.SUCCESSION, Kind.PROPOSAL, Kind.APPROVAL)
"""What vouches for more than itself."""
FULL = [
    down("h1", 1)._replace(uptime_seconds=90, answered_ns=5, evidence="icmp", address="10.77.0.1"),
    amend("h1", (ns(2), ns(9)), State.UP, "agent", ns(20), ns(21)),
    checkpoint(ns(30), {"ntp": "synchronised"}),
    inventory_taken(ns(40), {"hotspots": b'["h1"]', "terms": b"{}"}),
]
"""An entry of each kind and field that came with the sources."""


@pytest.fixture
def full(place: Place) -> Place:
    """A journal of them."""
    with place.store() as store:
        store.append(FULL)
    assert place.findings() == []
    return place


@pytest.mark.parametrize(
    ("number", "column"),
    [
        (1, "uptime_seconds"),
        (1, "answered_ns"),
        (1, "evidence"),
        (1, "address"),
        (2, "until_ns"),
        (2, "received_ns"),
        (2, "evidence"),
        (2, "after"),
        (2, "at_ns"),
        (3, "recorded_ns"),
        (1, "run"),
        (1, "source"),
        (1, "format"),
    ],
)
@pytest.mark.parametrize("value", ["{column} + 1", "NULL"])
def test_each_new_field_is_proved(full: Place, number: int, column: str, value: str) -> None:
    """Changed, or taken away: the entry is named."""
    if value == "NULL" and column in ("run", "source", "format", "at_ns", "recorded_ns"):
        value = "0"  # these cannot be empty
    statement = f"UPDATE entries SET {column} = {value.format(column=column)} WHERE number = {number}"  # noqa: S608
    full.execute(statement)
    assert full.findings()[0].startswith(f"entry {number}: was changed")


@pytest.mark.parametrize(
    "column", ["uptime_seconds", "answered_ns", "evidence", "address", "until_ns", "received_ns", "run", "previous"]
)
def test_what_is_added_to_an_entry_of_the_first_format_is_found(place: Place, column: str) -> None:
    """Its digest does not cover what there was no place for: nothing may stand there."""
    write_first(place, [down("h1", 1), up("h1", 20)])
    place.store().close()
    place.execute(f"UPDATE entries SET {column} = 7 WHERE number = 2")  # noqa: S608 - a name of ours
    assert place.findings()[0].startswith("entry 2: was changed")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE blobs SET content = (SELECT content FROM blobs ORDER BY sha256 LIMIT 1)",
        "DELETE FROM blobs WHERE sha256 = (SELECT sha256 FROM blobs ORDER BY sha256 LIMIT 1)",
        "UPDATE blobs SET content = sha256",
    ],
)
def test_contents_of_the_inventory_are_proved(full: Place, statement: str) -> None:
    """Exchanged, removed, destroyed."""
    full.execute(statement)
    assert full.findings()
    assert all(found.startswith("entry 4: the content of ") for found in full.findings())


def test_a_content_is_kept_once_and_comes_back(full: Place) -> None:
    """The same inventory taken again costs an entry, not its files."""
    with full.store() as store, full.reader() as reader:
        store.append([inventory_taken(ns(50), {"hotspots": b'["h1"]', "terms": b'{"sla":1}'})])
        assert full.ask("SELECT count(*) FROM blobs") == [(3,)]
        (entry,) = reader.entries(4)
        contents = {name: reader.blob(digest) for name, digest in entry.event.facts["files"].items()}
        assert contents == {"hotspots": b'["h1"]', "terms": b'{"sla":1}'}
        assert reader.blob(64 * "0") is None


def test_new_fields_and_kinds_come_back_as_they_went_in(full: Place) -> None:
    """But for the contents, which have a table of their own."""
    with full.reader() as reader:
        assert [entry.event for entry in reader.entries()] == [event._replace(blobs=()) for event in FULL]
        assert reader.head().alive_ns == ns(40)  # a checkpoint and an inventory are signs of life, as all entries are


@pytest.mark.parametrize("detail", ["7", "[1]", "x", '{"sha256":7,"files":[1],"number":"x"}', '{"files":{"a":"zz"}}'])
@pytest.mark.parametrize("kind", OF_CONTENTS)
def test_nonsense_in_an_entry_is_a_finding_and_not_a_crash(full: Place, kind: Kind, detail: str) -> None:
    """Whatever somebody writes into what vouches for more than itself."""
    full.execute("UPDATE entries SET kind = :kind, detail = :detail WHERE number = 4", kind=int(kind), detail=detail)
    assert full.findings()[0].startswith("entry 4: was changed")


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


numbers = st.none() | st.integers(-(2**62), 2**62)
states = st.none() | st.integers(-1, 9)
words = st.none() | texts.filter(bool)
events = st.builds(
    Event,
    st.sampled_from(
        [kind for kind in Kind if kind not in (Kind.START, Kind.TRANSITION, Kind.UPLINK, Kind.AMEND, *OF_CONTENTS)]
    ),
    at_ns=st.integers(-(2**62), 2**62),
    recorded_ns=st.just(ns(0)),
    subject=texts,
    before=states,
    after=states,
    up=states,
    reason=words,
    requests=states,
    unanswered=states,
    first_ns=numbers,
    detail=texts,
    until_ns=numbers,
    received_ns=numbers,
    answered_ns=numbers,
    uptime_seconds=numbers,
    evidence=words,
    address=words,
    blobs=st.just(()),
)
"""An event in anybody's words."""


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.builds(Source, texts, st.none() | st.integers(0, 9)).filter(lambda one: one != LEGACY),
    st.lists(events, min_size=1, max_size=4),
)
def test_any_text_and_any_time_comes_back_as_it_went_in(sqlite: Place, source: Source, written: list[Event]) -> None:
    """Names and details in any script, in every field; the chains of all sources are sound."""
    with sqlite.store(source) as store, sqlite.reader() as reader:
        before = reader.head().number
        store.append(written)
        assert [entry.event for entry in reader.entries(before)] == written
        assert list(verify(reader)) == []
