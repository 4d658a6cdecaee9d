"""`pantau outage propose` and `approve` as an office meets them: one paper, two people, and what is refused."""

import json
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from lab.samples.people import Office, open_office, public_line
from pantau.cli.main import app
from pantau.errors import JournalError, PantauError, ReportError
from pantau.journal import ItemKind, Reader, digest_of_list, give_reason, read_list
from pantau.people import sign
from tests.pantau.reports.publishing.test_inventory import chain
from tests.pantau.reports.publishing.town import MADE_AT, Town, found


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The people, with keys that are made once."""
    return open_office(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def old_town(tmp_path_factory: pytest.TempPathFactory, office: Office) -> Path:
    """A town with people; its journal is copied for each test."""
    town = found(tmp_path_factory.mktemp("town"))
    (town.folder / "people.yml").write_text(office.file, encoding="utf-8")
    text = town.config.read_text(encoding="utf-8").replace("assignments.csv]", "assignments.csv, people.yml]")
    town.config.write_text(text, encoding="utf-8")
    return town.folder


@pytest.fixture
def town(old_town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    """The same, of this test; reports are made two days after April."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(MADE_AT))
    shutil.copytree(old_town, tmp_path / "town")
    return Town(tmp_path / "town")


def pantau(town: Town, *words: str) -> Result:
    """Run a command in this process; an exception of ours stays one."""
    where = ("--config", str(town.config))
    return CliRunner().invoke(app, [*words, *where], catch_exceptions=False, env={"COLUMNS": "200"})


def number_of(town: Town, point: str, month: str = "2024-04") -> str:
    """The number of the longest outage of a point in a month."""
    listed = pantau(town, "outage", "list", "--month", month, "--hotspot", point)
    return listed.stdout.splitlines()[1].split()[0]


def exclude(town: Town, number: str, code: str = "kahar") -> Result:
    """Ani proposes it."""
    words = ("--document", "BA-12", "--person", "ani", "--reason", "gempa 3 April")
    return pantau(town, "outage", "exclude", number, "--code", code, *words)


def propose(town: Town, *more: str) -> Path:
    """Ani proposes a list; its file."""
    before = set((town.folder / "kep").glob("*.txt"))
    made = pantau(
        town, "outage", "propose", "--month", "2024-04", "--person", "ani", "--output", str(town.folder / "kep"), *more
    )
    assert made.exit_code == 0
    (file,) = set((town.folder / "kep").glob("*.txt")) - before
    return file


def approve(town: Town, office: Office, file: Path, person: str) -> Result:
    """A person signs a list on the own machine, and hands the signature in."""
    made = sign(file, office.keys[person])
    done = pantau(town, "outage", "approve", str(file), "--person", person, "--signature", str(made))
    made.unlink()
    return done


def payment(town: Town) -> tuple[int, int, int]:
    """Deducted, held and payable of Telkom's contract."""
    words = ("--month", "2024-04", "--contract", "maesa-telkom", "--format", "json", "--jobs", "1", "--trend", "1")
    assert pantau(town, "report", *words, "--output", str(town.output)).exit_code == 0
    data: dict[str, Any] = json.loads((town.contract("maesa-telkom") / "draft/data.json").read_bytes())
    return data["payment"]["restitution"], data["payment"]["held"], data["payment"]["payable"]


def test_an_office_decides_by_one_list(town: Town, office: Office) -> None:
    """Rp33,333 for two days: deducted; proposed, held; approved by two, paid. One list for all that waits."""
    assert payment(town) == (50_000, 0, 950_000)
    number = number_of(town, "P-1")
    assert "two have approved it" in exclude(town, number).stderr
    pantau(town, "outage", "classify", number_of(town, "P-2"), "pemantau", "--person", "budi", "--reason", "VPN kita")
    assert payment(town) == (0, 50_000, 950_000)
    file = propose(town)
    made = read_list(file.read_bytes())
    assert [(item.kind, item.subject, item.code, item.effect) for item in made.items] == [
        (ItemKind.CAUSE, "P-2", "pemantau", 16_667),
        (ItemKind.EXCLUSION, "P-1", "kahar", 33_333),
    ]
    assert (made.effect, made.person, made.contract) == (50_000, "ani", "")
    page = file.with_suffix(".html").read_text(encoding="utf-8")
    for words in ("Daftar keputusan", "Ani Lumentut", "Rp50.000", digest_of_list(file.read_bytes()), "Tanda tangan"):
        assert words in page
    assert "one of two" in approve(town, office, file, "budi").stdout
    assert payment(town) == (0, 50_000, 950_000)
    assert "approved by budi and ani: 2 decisions count now" in approve(town, office, file, "ani").stdout
    assert payment(town) == (0, 0, 1_000_000)
    listed = pantau(town, "outage", "list", "--month", "2024-04", "--hotspot", "P-1").stdout
    assert "disetujui dua orang" in listed
    verified = pantau(town, "journal", "verify")
    assert (verified.exit_code, "none changed" in verified.stdout) == (0, True)
    again = pantau(town, "outage", "propose", "--month", "2024-04", "--person", "ani")
    assert again.stdout == "nothing of 2024-04 waits for a decision\n"


def test_paper_and_a_scan_stand_for_the_second_key(town: Town, office: Office) -> None:
    """The scan's SHA-256 is in the journal, and the statement says that there was one key."""
    exclude(town, number_of(town, "P-1"))
    file, scan = propose(town, "--contract", "maesa-telkom"), town.folder / "scan.pdf"
    scan.write_bytes(b"%PDF a signed paper")
    pantau(town, "outage", "approve", digest_of_list(file.read_bytes())[:10], "--person", "citra", "--scan", str(scan))
    assert payment(town)[1] > 0, "one on paper alone"
    approve(town, office, file, "ani")
    assert payment(town)[1] == 0
    data = json.loads((town.contract("maesa-telkom") / "draft/data.json").read_bytes())
    (row,) = [row for row in data["decisions"] if row["status"] == "approved"]
    assert (row["binding"], row["approved_by"]) == ("one_key", ["ani", "citra"])
    assert row["scans"] == [digest_of_list(scan.read_bytes())]
    assert [one["id"] for one in data["people"]] == ["ani", "citra"]


def test_what_two_approved_is_taken_back_by_two(town: Town, office: Office) -> None:
    """And both lists are shown."""
    number = number_of(town, "P-1")
    for code, expected in (("kahar", (16_667, 0, 983_333)), ("", (50_000, 0, 950_000))):
        exclude(town, number, code)
        file = propose(town)
        approve(town, office, file, "ani")
        approve(town, office, file, "budi")
        assert payment(town) == expected
    data = json.loads((town.contract("maesa-telkom") / "draft/data.json").read_bytes())
    assert [(row["status"], row["code"]) for row in data["decisions"]] == [("superseded", "kahar"), ("approved", "")]


@pytest.mark.parametrize(
    ("words", "kind", "told"),
    [
        (
            ("propose", "--month", "2024-04", "--person", "eka"),
            JournalError,
            "nobody in people.yml is 'eka'; it has ani",
        ),
        (("propose", "--month", "April", "--person", "ani"), ReportError, "'April' is not a month"),
        (("propose", "--month", "2024-04", "--person", "ani", "--contract", "x"), ReportError, "'x' is no contract"),
        (("approve", "LIST", "--person", "ani"), JournalError, "give --signature FILE or --scan FILE"),
        (("approve", "LIST", "--person", "ani", "--scan", "SCAN"), JournalError, "ani has a key in people.yml"),
        (("approve", "LIST", "--person", "citra", "--scan", "missing"), JournalError, "missing cannot be read"),
        (("approve", "LIST", "--person", "citra", "--scan", "EMPTY"), JournalError, "is empty: give the scan"),
        (("approve", "LIST", "--person", "citra", "--signature", "SCAN"), JournalError, "citra has no key"),
        (("approve", "LIST", "--person", "ani", "--signature", "SCAN"), JournalError, "is not a signature of ani"),
        (("approve", "LIST", "--person", "dedi", "--signature", "SCAN"), JournalError, "dedi is of an ISP"),
        (("approve", "CHANGED", "--person", "citra", "--scan", "SCAN"), JournalError, "it was changed, or belongs to"),
        (("approve", "abcd", "--person", "citra", "--scan", "SCAN"), JournalError, "is no list that was proposed"),
        (("classify", "2", "kahar", "--person", "Ani L.", "--reason", "x"), JournalError, "nobody in people.yml is"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    old_list: tuple[Town, Path], words: tuple[str, ...], kind: type[PantauError], told: str
) -> None:
    """Nothing is written."""
    town, file = old_list
    changed = town.folder / "changed.txt"
    changed.write_bytes(file.read_bytes().replace(b"kahar", b"pemantau"))
    (town.folder / "empty.pdf").write_bytes(b"")
    (town.folder / "scan.pdf").write_bytes(b"%PDF")
    names = {
        "LIST": file,
        "CHANGED": changed,
        "EMPTY": town.folder / "empty.pdf",
        "SCAN": town.folder / "scan.pdf",
    }
    with Reader(town.url, town.folder) as reader:
        before = reader.head().number
    with pytest.raises(kind, match=told):
        pantau(town, "outage", *(str(names.get(word, word)) for word in words))
    with Reader(town.url, town.folder) as reader:
        assert reader.head().number == before


@pytest.fixture(scope="module")
def old_list(old_town: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Town, Path]:
    """A town in which a list waits; no test changes it."""
    folder = tmp_path_factory.mktemp("listed") / "town"
    shutil.copytree(old_town, folder)
    town = Town(folder)
    exclude(town, number_of(town, "P-1"))
    return town, propose(town)


def test_nobody_approves_twice(town: Town, office: Office) -> None:
    """Not with a key, and not with the same list under another name."""
    exclude(town, number_of(town, "P-1"))
    file = propose(town)
    approve(town, office, file, "ani")
    with pytest.raises(JournalError, match="ani has approved this list already: it takes two people"):
        approve(town, office, file, "ani")
    copy = file.with_name("salinan.txt")
    shutil.copy(file, copy)
    with pytest.raises(JournalError, match="ani has approved this list already"):
        approve(town, office, copy, "ani")


def test_a_reason_for_one_witness_goes_the_same_way(
    town: Town, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reason with its document, on the month's list, approved by two: then a FINAL may be made."""
    monkeypatch.setattr("pantau.reports.pdf.pdf", lambda *_: b"pdf")
    asked = ("--month", "2024-04", "--contract", "girian-telkom", "--final", "--without-second-witness", "x")
    final = (*asked, "--jobs", "1", "--trend", "1", "--output", str(town.output))
    why = ("--document", "BA-7", "--reason", "Prometheus belum ada")
    assert pantau(town, "report", "reason", "--not-asked", "--month", "2024-04", "--person", "ani", *why).exit_code == 0
    file = propose(town)
    (item,) = read_list(file.read_bytes()).items
    assert (item.kind, item.code, item.document, item.reason) == (
        ItemKind.WITNESS,
        "not_asked",
        "BA-7",
        "Prometheus belum ada",
    )
    approve(town, office, file, "ani")
    assert pantau(town, "report", *final).exit_code == 1
    approve(town, office, file, "budi")
    assert pantau(town, "report", *final).exit_code == 0
    edition = json.loads((town.contract("girian-telkom") / "final-1/edition.json").read_bytes())
    assert edition["not_asked"]["approved_by"] == ["ani", "budi"]
    assert edition["without_second_witness"] == "Prometheus belum ada"


def test_a_key_that_the_journal_does_not_know_signs_nothing_yet(town: Town, office: Office) -> None:
    """Refused with the cure, and not written down to count for nothing: Ani has another key since today."""
    chain(town, "03-31")
    exclude(town, number_of(town, "P-1"))
    file = propose(town)
    people = town.folder / "people.yml"
    keys = {person: public_line(office.keys[person]) for person in ("ani", "dedi")}
    lines = [line for line in people.read_text(encoding="utf-8").splitlines() if "id: dedi" not in line]
    people.write_text("\n".join(lines).replace(keys["ani"], keys["dedi"]), encoding="utf-8")
    made = sign(file, office.keys["dedi"])
    with pytest.raises(JournalError, match="ani stands in people"):
        pantau(town, "outage", "approve", str(file), "--person", "ani", "--signature", str(made))


def test_a_machine_whose_clock_is_behind_decides_as_well(town: Town, office: Office) -> None:
    """An hour behind the last entry: the journal tells of it, and then of the decision, the list, the approval."""
    later = time.time_ns() + 3_600 * 10**9
    with town.office_store() as store:
        store.append([give_reason("", "2024-04", 0, later, person="ani", text="x", document="y").event])
    assert "two have approved it" in exclude(town, number_of(town, "P-1")).stderr
    file = propose(town, "--contract", "maesa-telkom")
    assert "one of two" in approve(town, office, file, "ani").stdout
