"""Whatever is changed by hand is found, and named."""

import hashlib
import sqlite3
import zlib

import pytest

from lab.samples.journal import NOC, Place, down, ns, up
from pantau.errors import JournalError
from pantau.journal import LEGACY, OFFICE, ChainHead, Entry, Event, HotspotHour, KeptDigest, Kind, fits, verify
from pantau.journal.chain import GENESIS, canonical, chained
from pantau.journal.entries import hour
from pantau.journal.verification import parse_expected
from pantau.states import State

HOUR = hour(ns(0), ns(3600), [HotspotHour("h1", 360, 350, {State.UP: 3_600_000})])


@pytest.fixture
def written(place: Place) -> Place:
    """A journal of eight entries; the sixth holds an hour's sums."""
    with place.store() as store:
        store.append([down("h1", 1), up("h1", 20), down("h2", 30), up("h2", 50), Event(Kind.STOP, ns(60), ns(60))])
        store.append([HOUR, down("h1", 70), up("h1", 90)])
    assert place.findings() == []
    return place


CONTENTS = {
    "replies": zlib.compress(HOUR.blobs[0].replace(b",350,", b",351,")),
    "states": zlib.compress(HOUR.blobs[0].replace(b":3600000", b":3500000")),
    "nonsense": b"nonsense",
}
CHANGES = {
    "UPDATE entries SET at_ns = at_ns + 1 WHERE number = 3": "entry 3: was changed",
    "UPDATE entries SET recorded_ns = recorded_ns - 1 WHERE number = 3": "entry 3: was changed",
    "UPDATE entries SET after = 1 WHERE number = 3": "entry 3: was changed",
    "UPDATE entries SET kind = 99 WHERE number = 3": "entry 3: was changed",
    "UPDATE entries SET unanswered = 3 WHERE number = 7": "entry 7: was changed",
    "UPDATE entries SET subject = 77 WHERE number = 3": "entry 3: was changed",
    "UPDATE entries SET detail = '{}' WHERE number = 5": "entry 5: was changed",
    "UPDATE names SET name = 'h9' WHERE name = 'h2'": "entry 3: was changed",
    "DELETE FROM entries WHERE number = 4": "entry 4: is missing; the next is 5",
    "DELETE FROM entries WHERE number > 6": "entry 7: is missing, and all up to 8",
    "UPDATE blobs SET content = :replies": "entry 6: the sums of this hour were changed",
    "UPDATE blobs SET content = :states": "entry 6: the sums of this hour were changed",
    "UPDATE blobs SET content = :nonsense": "entry 6: the sums of this hour were changed",
    "DELETE FROM blobs": "entry 6: the sums of this hour were changed",
    "UPDATE head SET number = 7": None,
}


@pytest.mark.parametrize("statement", [statement for statement, finding in CHANGES.items() if finding])
def test_a_change_is_found_and_its_entry_named(written: Place, statement: str) -> None:
    """Each way of changing, renaming or removing what stands in the journal."""
    values = {name: value for name, value in CONTENTS.items() if f":{name}" in statement}
    written.execute(statement, **values)
    assert (CHANGES[statement] or "") in written.findings()[0]


def test_an_entry_that_was_changed_together_with_its_digest_is_found_at_the_next(written: Place) -> None:
    """Who computes the digest anew breaks the link to the entry after it."""
    with written.reader() as reader:
        previous, entry = reader.entry(2), reader.entry(3)
    assert previous is not None
    assert entry is not None
    changed = entry._replace(event=entry.event._replace(at_ns=ns(31)))
    digest = chained(previous.digest, changed)
    written.execute("UPDATE entries SET at_ns = :at, digest = :digest WHERE number = 3", at=ns(31), digest=digest)
    assert written.findings() == [f"entry 4: was changed, or the one before it: transition h2 at_ns={ns(50)}"]


def test_a_chain_written_anew_is_found_by_a_digest_that_was_kept(written: Place) -> None:
    """A whole new chain is sound in itself; the digest on paper tells that it is another."""
    with written.reader() as reader:
        kept = reader.head()
    written.execute("DELETE FROM blobs")
    written.execute("DELETE FROM entries")
    written.execute("UPDATE head SET number = 0, digest = :digest, alive_ns = 0", digest=GENESIS)
    with written.store() as store:
        store.append([up("h1", float(second)) for second in range(8)])
    assert written.findings() == []
    with written.reader() as reader:
        (finding,) = verify(reader, KeptDigest(8, kept.digest))
        assert finding.number == 8
        (finding,) = verify(reader, KeptDigest(9, kept.digest))
        assert str(finding) == "entry 9: was kept by its digest, and is missing"


def test_the_kept_digest_of_a_sound_journal_is_no_finding(written: Place) -> None:
    """As printed, so accepted."""
    with written.reader() as reader:
        head = reader.head()
        assert list(verify(reader, parse_expected(f"{head.number}:{head.digest.hex()}"))) == []


@pytest.mark.parametrize("text", ["", "8", "8:abc", "x:" + 64 * "0", "8:" + 64 * "g"])
def test_a_digest_that_is_none_is_refused(text: str) -> None:
    """With the form that it must have."""
    with pytest.raises(JournalError, match="NUMBER:DIGEST"):
        parse_expected(text)


def test_any_flipped_byte_of_an_entry_is_found(sqlite: Place) -> None:
    """A byte of the file itself: the entry that it belongs to is named."""
    with sqlite.store() as store:
        store.append([down(f"titik-{number}", number) for number in range(20)])
    with sqlite3.connect(sqlite.file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")
        (digest,) = connection.execute("SELECT digest FROM entries WHERE number = 11").fetchone()
    connection.close()
    content = bytearray(sqlite.file.read_bytes())
    for distance in (-20, -9, -1, 0, 31):  # in at_ns, recorded_ns, first_ns, and both ends of the digest
        at = content.index(digest) + distance
        content[at] ^= 0x10
        sqlite.file.write_bytes(content)
        assert any(finding.startswith(("entry 11: ", "entry 12: ")) for finding in sqlite.findings()), distance
        content[at] ^= 0x10


def test_the_bytes_that_are_hashed_are_those_of_the_documentation() -> None:
    """An auditor computes them with nothing but the export; what is absent is null."""
    entry = Entry(7, down("h1", 1), b"", NOC, 3, 5, 2)
    expected = (
        b'[2,"noc-bitung",0,3,7,5,"transition","h1",1711900801000000000,1711900807000000000,1,0,0,"timeout",4,4,'
        b'1711900801000000000,null,null,null,null,null,null,""]'
    )
    assert canonical(entry) == expected
    assert chained(GENESIS, entry) == hashlib.sha256(GENESIS + expected).digest()
    rich = entry.event._replace(
        until_ns=1, received_ns=2, answered_ns=3, uptime_seconds=4, evidence="icmp", address="::1", detail="{}"
    )
    late = b'1711900801000000000,1,2,3,4,"icmp","::1","{}"]'
    assert canonical(entry._replace(event=rich)).endswith(late)
    office = entry._replace(source=OFFICE)
    assert canonical(office).startswith(b'[2,"office",null,3,7,5,"transition"')


def test_the_bytes_of_the_first_format_are_as_they_were() -> None:
    """Digests of journals from before there were sources stay valid byte for byte."""
    expected = (
        b'[7,"transition","h1",1711900801000000000,1711900807000000000,1,0,0,"timeout",4,4,1711900801000000000,""]'
    )
    entry = Entry(7, down("h1", 1), b"", LEGACY)
    assert canonical(entry) == expected
    assert chained(GENESIS, entry).hex() == "ff84d3f30b04bc6cbaf8837ec293f8d33d95bc244d7c25d5a4023cb466511860"


@pytest.mark.parametrize("after", [0, 3, 7])
def test_a_journal_that_grows_while_it_is_proved_is_whole(
    written: Place, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exporter writes on beside the one who verifies; what it adds is proved too."""
    with written.reader() as reader, written.store() as store:
        heads = reader.heads

        def growing() -> list[ChainHead]:
            found = heads()
            store.append([down("h3", 100.0 + found[0].number), up("h3", 101.0 + found[0].number)])
            return found

        monkeypatch.setattr(reader, "heads", growing)
        assert list(verify(reader, after=after)) == []


def test_entries_that_the_head_does_not_know_are_found(written: Place) -> None:
    """Somebody who appends by hand, and forgets the head."""
    with written.reader() as reader:
        last = reader.entry(8)
    assert last is not None
    written.execute("UPDATE head SET number = 6, digest = (SELECT digest FROM entries WHERE number = 6)")
    assert written.findings() == ["entry 8: is not known to the journal's head"]


@pytest.mark.parametrize(("after", "found"), [(0, 1), (1, 1), (2, 1), (3, 0), (7, 0)])
def test_a_part_of_the_journal_is_proved_for_itself(written: Place, after: int, found: int) -> None:
    """From an entry on, as following from it: a change before is not seen, one beyond is."""
    written.execute("UPDATE entries SET at_ns = at_ns + 1 WHERE number = 3")
    with written.reader() as reader:
        assert len(list(verify(reader, after=after))) == found


def test_a_part_after_an_entry_that_is_missing_proves_nothing(written: Place) -> None:
    """It says so."""
    written.execute("DELETE FROM entries WHERE number = 3")
    with written.reader() as reader:
        assert [str(one) for one in verify(reader, after=3)][:1] == ["entry 3: is missing"]


def test_one_entry_is_held_against_the_one_before(written: Place) -> None:
    """Of a changed one, and of one whose predecessor is gone, it is said; the first follows from nothing."""
    written.execute("UPDATE entries SET at_ns = at_ns + 1 WHERE number = 3")
    written.execute("DELETE FROM entries WHERE number = 7")
    with written.reader() as reader:
        assert [number for number in range(1, 10) if fits(reader, number)] == [1, 2, 4, 5, 6]
