"""The shelf and the journal held against each other: what was altered, slipped in, taken away or rewritten is named."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from lab.samples.accounting import APRIL, WITA, span
from lab.samples.journal import Place
from pantau.errors import JournalError, ReportError
from pantau.journal import Kind, Reader
from pantau.journal.chain import digest_of_heads
from pantau.journal.editions import issued_editions
from pantau.journal.sources import Source
from pantau.reports.publishing import ReportRun
from pantau.reports.publishing.manifest import manifest
from pantau.reports.publishing.register import JournalRegister
from pantau.reports.publishing.shelf_check import ShelfCheck, check_shelf
from tests.pantau.journal.rewriting import rechain
from tests.pantau.reports.publishing.town import Town, found, outage

FINAL = {"final": True, "without_second_witness": "uji", "trend_months": 1}
NAME = "maesa-telkom"


def undrawn(patch: pytest.MonkeyPatch) -> None:
    """Neither PDF nor workbook is made: they are bytes like any."""
    patch.setattr("pantau.reports.pdf.pdf", lambda *_: b"pdf")
    patch.setattr("pantau.reports.workbook.workbook", lambda *_: b"xlsx")
    patch.setattr("pantau.reports.workbook.recap.recap_workbook", lambda *_: b"xlsx")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A town whose April is FINAL for all three contracts, which no test changes; no PDF is drawn."""
    town = found(tmp_path_factory.mktemp("made"))
    town.open_office()
    town.allow_one_witness()
    with pytest.MonkeyPatch.context() as patch:
        undrawn(patch)
        assert [one.note for one in town.make(**FINAL).outcomes] == ["", "", ""]
    return town


@pytest.fixture
def issued(made: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    """The same, for one test alone."""
    undrawn(monkeypatch)
    return Town(shutil.copytree(made.folder, tmp_path / "town", symlinks=True))


def check(town: Town) -> ShelfCheck:
    """As `pantau journal verify` does it."""
    with Reader(town.url, town.folder) as reader:
        return check_shelf(reader, town.output)


def told(town: Town) -> list[str]:
    """All that is found, as it is shown."""
    made = check(town)
    return [*map(str, made.journal), *map(str, made.finals)]


def final(town: Town, version: int = 1, contract: str = NAME) -> Path:
    """Where a FINAL lies."""
    return town.contract(contract) / f"final-{version}"


def notes(run: ReportRun) -> dict[str, str]:
    """What is said of each contract's report."""
    return {one.contract: one.note for one in run.outcomes}


def opened(folder: Path) -> Path:
    """A FINAL's folder and files, writable again."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


def resummed(folder: Path) -> None:
    """Make SHA256SUMS fit what lies there, as who altered it would."""
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }
    (folder / "SHA256SUMS").write_bytes(manifest(files))


def test_each_final_is_an_entry_of_the_office(issued: Town) -> None:
    """Contract, month, version and the digests of edition.json and SHA256SUMS; nothing is wrong with it."""
    with Reader(issued.url, issued.folder) as reader:
        known = issued_editions(reader)
        entries = reader.of_kinds(Kind.EDITION)
    assert [one.key for one in known] == [
        (name, "2024-04", 1, "") for name in ("maesa-telkom", "maesa-biznet", "girian-telkom")
    ]
    assert {entry.event.at_ns for entry in entries} == {APRIL.span(WITA)[0] * 10**9}
    checked = check(issued)
    assert (checked.journal, checked.finals, checked.notes, checked.count) == ([], [], [], 3)


def test_a_final_knows_the_ends_that_it_was_made_from(issued: Town) -> None:
    """Per source, number and digest; and that nobody outside vouches for them."""
    edition = json.loads((final(issued) / "edition.json").read_bytes())
    assert [(end["source"], end["shard"]) for end in edition["heads"]] == [("noc-bitung", 0), ("office", None)]
    ends = [
        (Source(end["source"], end["shard"]), end["number"], bytes.fromhex(end["digest"])) for end in edition["heads"]
    ]
    assert digest_of_heads(ends).hex() == edition["journal_hash"]
    assert edition["anchor"] is None


def _altered(name: str, old: bytes, new: bytes) -> Callable[[Path], None]:
    def alter(folder: Path) -> None:
        file = folder / name
        assert old in file.read_bytes()
        file.write_bytes(file.read_bytes().replace(old, new))

    return alter


@pytest.mark.parametrize(
    ("alter", "sums", "names"),
    [
        (_altered("data.json", b"172800", b"172700"), True, {"SHA256SUMS is not the one that was issued"}),
        (_altered("data.json", b"172800", b"172700"), False, {"data.json was changed"}),
        (
            _altered("edition.json", b'"BA-7"', b'"BA-8"'),
            True,
            {"SHA256SUMS is not the one that was issued", "edition.json is not the one that was issued"},
        ),
        (lambda folder: (folder / "annexes/inventory.json").unlink(), False, {"annexes/inventory.json is missing"}),
        (lambda folder: (folder / "more.txt").write_text("x"), False, {"more.txt is not in SHA256SUMS"}),
        (lambda folder: (folder / "SHA256SUMS").unlink(), False, {"SHA256SUMS cannot be read"}),
        (
            lambda folder: (folder / "edition.json").write_text("{"),
            False,
            {"edition.json is not the one", "edition.json is no JSON", "edition.json was changed"},
        ),
        (lambda folder: shutil.rmtree(folder), False, {"was issued (entry "}),
        (lambda folder: folder.rename(folder.with_name("final-7")), False, {"was issued (entry ", "is not known to"}),
    ],
)
def test_what_is_not_as_it_was_issued_is_named(
    issued: Town, alter: Callable[[Path], None], sums: bool, names: set[str]
) -> None:
    """Altered, with its sums or without; damaged, slipped in, taken away. And no FINAL follows it."""
    folder = opened(final(issued))
    alter(folder)
    if sums:
        resummed(folder)
    messages = [str(one) for one in check(issued).finals]
    assert all(message.startswith(f"FINAL {NAME}/2024-04/") for message in messages)
    assert {next(name for name in names if name in message) for message in messages} == names
    issued.note(outage("P-1", span("04-25", "04-26")))
    refused = issued.make(**FINAL)
    assert refused.outcomes[0].edition is None
    assert refused.outcomes[0].note.startswith(
        ("not final: FINAL maesa-telkom/2024-04/", "cannot work in", str(folder))
    )
    # One report's shelf is no other's: they go on, and what is wrong is said.
    assert notes(refused)["maesa-biznet"] == "already final, version 1"
    assert any(NAME in one for one in refused.notes)


def test_a_wholly_different_journal_makes_no_second_version(issued: Town, tmp_path: Path) -> None:
    """Letter K: it proves itself, and it is not the one that FINAL 1 was made from."""
    other = found(_folder(tmp_path / "other"))
    other.note(outage("P-1", span("04-06", "04-07")))
    shutil.copytree(issued.output, other.output, symlinks=True)
    Place(other.url, other.folder).execute("UPDATE entries SET at_ns = at_ns - 1 WHERE number = 9")
    rechain(other.url, other.folder)
    with pytest.raises(ReportError, match=r"not the one that is known outside \(entry 9: .*by FINAL .*/2024-04/1"):
        other.make(**FINAL)
    assert not final(other, 2).exists()


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


@pytest.mark.parametrize(
    ("statement", "first"),
    [
        ("UPDATE entries SET at_ns = at_ns + 1 WHERE number = (SELECT max(number) FROM entries WHERE kind = 4)", None),
        ("UPDATE entries SET recorded_ns = recorded_ns + 1 WHERE number = 1", 9),
    ],
)
def test_a_journal_written_anew_is_refused(issued: Town, statement: str, first: int | None) -> None:
    """A draft too; by the first entry that a FINAL knows to be another."""
    Place(issued.url, issued.folder).execute(statement)
    rechain(issued.url, issued.folder)
    with pytest.raises(ReportError, match=f"known outside .entry {first or ''}"):
        issued.make()


def test_a_journal_that_was_cut_and_went_on_is_refused(issued: Town) -> None:
    """Everything after March was taken away, and the exporter wrote on."""
    place = Place(issued.url, issued.folder)
    place.execute("DELETE FROM entries WHERE number > 10")
    place.execute("DELETE FROM head WHERE source > 1")
    rechain(issued.url, issued.folder)
    with pytest.raises(ReportError, match=r"is missing: the journal was cut off, or is another one, by FINAL"):
        issued.make()


def test_the_office_s_entries_taken_out_leave_finals_that_nobody_issued(issued: Town) -> None:
    """Also where all digests are made to fit: what is on the shelf and not in the journal is named."""
    place = Place(issued.url, issued.folder)
    place.execute("DELETE FROM entries WHERE kind = 22")
    rechain(issued.url, issued.folder)
    assert {one.partition(": ")[2] for one in told(issued)} == {"is not known to the journal: nobody has issued it"}


def test_a_second_entry_for_the_same_version_is_named(issued: Town) -> None:
    """Who alters a FINAL and enters it anew."""
    folder = opened(final(issued))
    _altered("data.json", b"172800", b"172700")(folder)
    resummed(folder)
    register = JournalRegister(issued.url, issued.folder, NAME, "2024-04", APRIL.span(WITA)[0] * 10**9, ())
    register.record(1, "", folder)
    assert [one for one in told(issued) if "once more, with other files" in one]


def test_a_kill_before_the_entry_is_mended_by_the_next_run(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The FINAL lies there and the journal has not heard of it: the same run once more enters it, if it is the same."""
    undrawn(monkeypatch)
    town.open_office()
    town.allow_one_witness()
    record = JournalRegister.record

    def killed(*_: object) -> None:
        raise JournalError("killed")

    monkeypatch.setattr(JournalRegister, "record", killed)
    asked = {**FINAL, "contract": NAME}
    with pytest.raises(JournalError):
        town.make(**asked)
    monkeypatch.setattr(JournalRegister, "record", record)
    assert [str(one) for one in check(town).finals] == [
        f"FINAL {NAME}/2024-04/1: is not known to the journal: nobody has issued it"
    ]
    town.note(outage("P-1", span("04-25", "04-26")))
    assert "move it away" in notes(town.make(**asked))[NAME]


def test_the_same_run_once_more_enters_what_a_kill_left(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Byte by byte what its own edition gives; one that is not is refused."""
    undrawn(monkeypatch)
    town.open_office()
    town.allow_one_witness()
    record = JournalRegister.record
    monkeypatch.setattr(JournalRegister, "record", lambda *_: None)
    asked = {**FINAL, "contract": NAME}
    town.make(**asked)
    monkeypatch.setattr(JournalRegister, "record", record)
    folder = opened(final(town))
    kept = (folder / "annexes/transitions.csv").read_bytes()
    (folder / "annexes/transitions.csv").write_bytes(kept.replace(b"timeout", b"unreach"))
    resummed(folder)
    assert notes(town.make(**asked))[NAME] == f"not final: {folder} was not made from this journal; move it away"
    (folder / "annexes/transitions.csv").write_bytes(kept)
    resummed(folder)
    assert notes(town.make(**asked))[NAME] == "already final, version 1; recorded now"
    assert told(town) == []
    assert notes(town.make(**asked))[NAME] == "already final, version 1"


def test_another_language_is_an_entry_too(issued: Town) -> None:
    """It has sums of its own; altered with them, it is named."""
    issued.make(**FINAL, language="en", contract=NAME)
    assert told(issued) == []
    folder = opened(final(issued)) / "en"
    next(folder.glob("*.pdf")).write_bytes(b"other")
    resummed(folder)
    assert [one.partition(" (entry")[0] for one in told(issued)] == [
        f"FINAL {NAME}/2024-04/1: en: SHA256SUMS is not the one that was issued"
    ]


def test_a_final_of_an_older_version_is_noted_and_held_by_its_hash(issued: Town) -> None:
    """It knows no heads, and the journal has no entry of it: its one digest is held against the journal."""
    place = Place(issued.url, issued.folder)
    place.execute("DELETE FROM entries WHERE kind = 22")
    rechain(issued.url, issued.folder)
    for contract in ("maesa-telkom", "maesa-biznet", "girian-telkom"):
        folder = opened(final(issued, contract=contract))
        facts = json.loads((folder / "edition.json").read_bytes())
        del facts["heads"], facts["anchor"]
        (folder / "edition.json").write_text(json.dumps(facts))
        resummed(folder)
    made = check(issued)
    assert (made.journal, made.finals, len(made.notes)) == ([], [], 3)
    assert notes(issued.make(**FINAL))[NAME] == "already final, version 1"
    place.execute("UPDATE entries SET at_ns = at_ns + 1 WHERE number = 3")
    rechain(issued.url, issued.folder)
    assert any("is not the one that FINAL girian-telkom/2024-04/1 was made from" in one for one in told(issued))
    with pytest.raises(ReportError, match="known outside"):
        issued.make()


def test_another_output_makes_no_second_first_version(issued: Town, tmp_path: Path) -> None:
    """The journal knows version 1: who writes elsewhere is told so, and gets drafts."""
    refused = issued.make(**FINAL, output=tmp_path / "elsewhere")
    assert {one.note.partition(" and is missing")[0].partition("(")[0] for one in refused.outcomes} == {
        f"not final: FINAL {name}/2024-04/1: was issued " for name in ("maesa-telkom", "maesa-biznet", "girian-telkom")
    }
    assert all(one.edition for one in issued.make(output=tmp_path / "elsewhere").outcomes)
