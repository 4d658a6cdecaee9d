"""When a list counts: two people, one key at least, each signature whole; all of it looked at again when it is read."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lab.samples.journal import Place, down, ns, up
from lab.samples.people import Office, list_of, open_office, public_line
from pantau.inventory import Person
from pantau.journal import (
    OFFICE,
    Event,
    ItemKind,
    ListItem,
    approve_by_key,
    approve_by_scan,
    digest_of_list,
    propose_list,
    verify,
)
from pantau.journal.export import export
from pantau.people import (
    ListStatus,
    PeopleHistory,
    SignedList,
    approved_items,
    canonical_people,
    check_signature,
    pending_items,
    signed_lists,
)

WITA = ZoneInfo("Asia/Makassar")
TEXT = list_of([ListItem(ItemKind.EXCLUSION, "1", "h1", 1_711_900_900, None, "kahar", "BA-1", 24_306, "gempa")])
OTHER = list_of([ListItem(ItemKind.EXCLUSION, "1", "h1", 1_711_900_900, None, "kahar", "BA-2", 24_306, "gempa")])
LIST = digest_of_list(TEXT)
SCAN = "cd" * 32


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The people, with keys that are made once."""
    return open_office(tmp_path_factory.mktemp("keys"))


@dataclass
class Desk:
    """A journal, and who decides."""

    place: Place
    office: Office

    def note(self, *events: Event) -> None:
        """People say something."""
        with self.place.store(OFFICE) as store:
            store.append(events)

    def approve(self, *people: str, text: bytes = TEXT) -> None:
        """They approve a list, one after the other."""
        self.note(*(self.office.approval(text, person, ns(200 + n)) for n, person in enumerate(people)))

    def read(self, people: Sequence[Person] | None = None) -> SignedList:
        """The list as it stands."""
        known = PeopleHistory.of_files(self.office.people if people is None else people)
        return self.read_by(known)

    def read_by(self, people: PeopleHistory) -> SignedList:
        """The list as it stands, by the people of then."""
        with self.place.reader() as reader:
            (found,) = signed_lists(reader, people, WITA)
        return found

    def findings(self) -> list[str]:
        """What a proof finds, signatures too."""
        with self.place.reader() as reader:
            return [str(one) for one in verify(reader, signatures=check_signature)]


@pytest.fixture
def desk(tmp_path: Path, office: Office) -> Desk:
    """A list is proposed, and nobody has approved it."""
    made = Desk(Place("sqlite:///data/journal.sqlite", tmp_path), office)
    with made.place.store() as store:
        store.append([down("h1", 100), up("h1", 150)])
    made.note(propose_list(TEXT, (ns(100), None), ns(190)))
    return made


@pytest.mark.parametrize(
    ("people", "binding", "by"),
    [
        ((), None, ()),
        (("ani",), None, ()),
        (("ani", "budi"), "two_keys", ("ani", "budi")),
        (("ani", "citra"), "one_key", ("ani", "citra")),
        (("citra",), None, ()),
        (("citra", "ani"), "one_key", ("ani", "citra")),
    ],
)
def test_it_takes_two_and_a_key(desk: Desk, people: Sequence[str], binding: str | None, by: Sequence[str]) -> None:
    """One is too few; who has no key signs on paper, beside one who has."""
    desk.approve(*people)
    found = desk.read()
    assert (found.binding, found.approved_by) == (binding, tuple(by))
    assert found.status is (ListStatus.APPROVED if binding else ListStatus.PROPOSED)
    assert len(found.scans) == (binding == "one_key")
    assert desk.findings() == []


def forged(office: Office, name: str) -> Event:
    """An approval that must not count, by its name."""
    ani, budi, dedi = (public_line(office.keys[person]) for person in ("ani", "budi", "dedi"))
    signed = {person: office.signature(TEXT, person) for person in ("ani", "budi", "dedi")}
    made: dict[str, Any] = {
        "one key for two": lambda: approve_by_key(LIST, "budi", ani, signed["ani"], ns(300)),
        "another's key": lambda: approve_by_key(LIST, "budi", budi, signed["ani"], ns(300)),
        "of another list": lambda: approve_by_key(LIST, "budi", budi, office.signature(OTHER, "budi"), ns(300)),
        "nonsense": lambda: approve_by_key(LIST, "budi", budi, b"-----BEGIN SSH SIGNATURE-----\n", ns(300)),
        "the same person": lambda: office.approval(TEXT, "ani", ns(300)),
        "an ISP's": lambda: approve_by_key(LIST, "dedi", dedi, signed["dedi"], ns(300)),
        "nobody's": lambda: approve_by_key(LIST, "eka", dedi, signed["dedi"], ns(300)),
        "a key of nobody": lambda: approve_by_key(LIST, "budi", dedi, signed["dedi"], ns(300)),
        "paper of one with a key": lambda: approve_by_scan(LIST, "budi", SCAN, ns(300)),
        "neither": lambda: approve_by_scan(LIST, "citra", "", ns(300)),
        "of a list that is not there": lambda: office.approval(OTHER, "budi", ns(300)),
    }
    event: Event = made[name]()
    return event


FORGED = (
    "one key for two",
    "another's key",
    "of another list",
    "nonsense",
    "the same person",
    "an ISP's",
    "nobody's",
    "a key of nobody",
    "paper of one with a key",
    "neither",
    "of a list that is not there",
)
NAMED = {
    "one key for two": "budi signs with the key of ani (entry 4): two signatures by one key are one",
    "another's key": "the signature of budi is not one of this list by that key",
    "of another list": "the signature of budi is not one of this list by that key",
    "nonsense": "the signature of budi is not one of this list by that key",
    "the same person": "ani has approved this list before (entry 4): it counts once",
    "neither": "the signature of this approval was changed, or is missing",
    "of a list that is not there": "approves a list whose text was changed, or is missing",
}
"""What the proof names; who may approve is a matter of people.yml, and for the report to say."""


@pytest.mark.parametrize("name", FORGED)
def test_an_approval_that_is_not_whole_does_not_count(desk: Desk, name: str) -> None:
    """Whoever writes it into the journal: beside Ani's good one it is still one."""
    desk.approve("ani")
    desk.note(forged(desk.office, name))
    found = desk.read()
    assert (found.status, found.approved_by) == (ListStatus.PROPOSED, ())
    assert len(found.approvers) == 1
    assert len(found.refused) == (name != "of a list that is not there")
    assert desk.findings() == ([f"entry 5: {NAMED[name]}"] if name in NAMED else [])
    assert desk.place.findings() == ([f"entry 5: {NAMED[name]}"] if name in ("neither", FORGED[-1]) else [])


def test_a_bad_approval_does_not_stand_in_the_way_of_a_good_one(desk: Desk) -> None:
    """Somebody approves in Budi's name; Budi himself still can."""
    desk.note(forged(desk.office, "nonsense"))
    desk.approve("ani", "budi")
    assert desk.read().approved_by == ("ani", "budi")


def test_who_left_or_has_a_new_key_has_signed_all_the_same(desk: Desk) -> None:
    """`former_keys` and `until` keep what was signed before; what is signed after does not count."""
    desk.approve("ani", "budi")
    ani, budi, *rest = desk.office.people
    new_key = ani.model_copy(update={"key": public_line(desk.office.keys["dedi"]), "former_keys": (ani.key,)})
    gone = budi.model_copy(update={"until": date(2024, 4, 2)})
    assert desk.read([new_key, gone, *rest]).approved_by == ("ani", "budi")
    assert desk.read([ani.model_copy(update={"key": new_key.key}), gone]).approved_by == ()
    assert desk.read([ani, budi.model_copy(update={"until": date(2024, 4, 1)})]).approved_by == ()


def test_a_signature_is_judged_by_the_people_of_when_it_was_given(desk: Desk) -> None:
    """Proposed by entry 3, approved by 4 and 5: whoever is changed before is asked, whoever is changed after is not."""
    desk.approve("ani", "budi")
    ani, budi, *_ = own = desk.office.people
    other = ani.model_copy(update={"key": public_line(desk.office.keys["dedi"]), "former_keys": ()})
    stolen = ani.model_copy(update={"key": other.key, "former_keys": (ani.key,)})
    isp = budi.model_copy(update={"side": "isp"})
    gone = budi.model_copy(update={"until": date(2024, 3, 1)})
    without = [one for one in own if one.id != "budi"]
    both, alone, nobody = ("ani", "budi"), ("ani",), ()

    def counted(*chained: tuple[int, Sequence[Person]]) -> tuple[str, ...]:
        history = PeopleHistory(tuple((entry, tuple(people)) for entry, people in chained), (other, isp))
        return tuple(one.person for one in desk.read_by(history).approvers)

    later: tuple[Sequence[Person], ...] = ((other, budi), (stolen, budi), (ani, isp), (ani, gone), without, ())
    for people in later:
        assert counted((1, own), (6, people)) == both, "taken out, exchanged or left afterwards"
        assert set(counted((1, people), (6, own))) < set(both), "put in afterwards"
    assert counted((1, (other, budi)), (4, own)) == ("budi",), "chained with the entry's number, not before it"
    assert counted((1, without), (4, own)) == both, "chained between the two"
    assert counted((1, (stolen, budi))) == ("budi",), "a former key signs no more"
    assert counted((9, (stolen, budi))) == both, "the first that were chained, for the time before"
    assert counted((9, without), (10, own)) == alone
    assert counted((1, ())) == nobody, "an inventory without people says that there are none"


@pytest.mark.parametrize("table", ["blobs", "entries"])
def test_a_list_that_was_changed_afterwards_counts_for_nothing(desk: Desk, table: str) -> None:
    """Its text, or the entry that proposed it: the proof names it, and nothing is approved."""
    desk.approve("ani", "budi")
    if table == "blobs":
        desk.place.execute("UPDATE blobs SET content = x'00'")
    else:
        desk.place.execute("UPDATE entries SET detail = '{}' WHERE kind = 24")
    with desk.place.reader() as reader:
        found = signed_lists(reader, PeopleHistory.of_files(desk.office.people), WITA)
    assert [one.status for one in found if one.status is ListStatus.APPROVED] == []
    assert desk.findings() != []


def test_other_parts_ask_for_their_own_items(desk: Desk) -> None:
    """By kind, target and subject; what waits is known too, and of two lists about one thing the later holds."""
    window = ListItem(ItemKind.WINDOW, "w-17", "", None, None, "counts", "BA-3", None, "surat terlambat")
    first, second = list_of([window]), list_of([window._replace(code="refused")])
    desk.note(propose_list(first, (0, None), ns(191)), propose_list(second, (0, None), ns(192)))
    desk.approve("ani", "budi", text=first)
    desk.approve("ani", text=second)
    known = PeopleHistory.of_files(desk.office.people)
    with desk.place.reader() as reader:
        lists = signed_lists(reader, known, WITA)
    assert {key: one.item.code for key, one in approved_items(lists, ItemKind.WINDOW).items()} == {
        ("w-17", ""): "counts"
    }
    assert [one.item.code for one in pending_items(lists, ItemKind.WINDOW).values()] == ["refused"]
    assert pending_items(lists, ItemKind.EXCLUSION).keys() == {("1", "h1")}
    assert approved_items(lists, ItemKind.SETTLEMENT) == {}


@pytest.mark.parametrize(
    "change", ["DELETE FROM blobs WHERE sha256 = ?", "UPDATE blobs SET content = x'00' WHERE sha256 = ?"]
)
def test_a_list_counts_for_nothing_without_the_records_that_it_names(desk: Desk, tmp_path: Path, change: str) -> None:
    """They lie with it, whatever files say later: changed or lost, `verify` names it; whole, an auditor has them."""
    record = b'{"id":"w-17"}'
    named = hashlib.sha256(record).hexdigest()
    window = ListItem(ItemKind.WINDOW, "w-17", "", None, None, f"maintenance:{named}", "BA-3", None, "surat")
    text = list_of([window])
    desk.note(propose_list(text, (0, None), ns(191), [record]))
    desk.approve("ani", "budi", text=text)
    known = PeopleHistory.of_files(desk.office.people)
    with desk.place.reader() as reader:
        export(reader, tmp_path / "out")
        assert [one.approved_by for one in signed_lists(reader, known, WITA, kind=ItemKind.WINDOW)] == [("ani", "budi")]
    assert (tmp_path / "out/blobs" / named).read_bytes() == record
    assert desk.findings() == []
    desk.place.execute(change.replace("?", f"x'{named}'"))
    with desk.place.reader() as reader:
        assert signed_lists(reader, known, WITA, kind=ItemKind.WINDOW) == []
    assert ["a record that this list names" in one for one in desk.findings()] == [True]


def test_a_list_counts_for_nothing_with_other_records_than_it_names(desk: Desk) -> None:
    """Who exchanges the record, and makes all digests fit, cannot make the list name it that two have signed."""
    named, other = b'{"id":"w-17"}', b'{"id":"w-18"}'
    window = ListItem(ItemKind.WINDOW, "w-17", "", None, None, "", "BA-3", None, "surat")
    text = list_of([window._replace(code=f"maintenance:{hashlib.sha256(named).hexdigest()}")])
    desk.note(propose_list(text, (0, None), ns(191), [other]))
    desk.approve("ani", "budi", text=text)
    known = PeopleHistory.of_files(desk.office.people)
    with desk.place.reader() as reader:
        assert signed_lists(reader, known, WITA, kind=ItemKind.WINDOW) == []
    assert ["a record that this list names" in one for one in desk.findings()] == [True]


def test_an_auditor_has_lists_and_signatures_without_pantau(desk: Desk, tmp_path: Path) -> None:
    """What is exported holds the text that was signed, and both signatures, each under its SHA-256."""
    desk.approve("ani", "budi")
    with desk.place.reader() as reader:
        export(reader, tmp_path / "out")
    blobs = {file.name: file.read_bytes() for file in (tmp_path / "out/blobs").iterdir()}
    assert blobs.pop(LIST) == TEXT
    keys = [public_line(desk.office.keys[person]) for person in ("ani", "budi")]
    assert [any(check_signature(TEXT, made, key) for made in blobs.values()) for key in keys] == [True, True]
    assert len(blobs) == 2


def test_people_are_evidence_in_one_way_of_writing(office: Office) -> None:
    """Whatever their order; ids, names, offices and keys, and nothing that is a secret."""
    assert canonical_people(office.people) == canonical_people(office.people[::-1])
    lines = canonical_people(office.people).decode("ascii").splitlines()
    assert [line.split('"id":"')[1].split('"')[0] for line in lines] == ["ani", "budi", "citra", "dedi"]
    assert public_line(office.keys["ani"]) in lines[0]
