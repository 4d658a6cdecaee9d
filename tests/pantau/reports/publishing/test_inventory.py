"""A whole run over a journal with inventories in it: files of May, figures of April."""

import json
from typing import Any

import pytest

from lab.samples.accounting import at
from lab.samples.journal import SECOND, Place
from pantau.errors import JournalError, ReportError
from pantau.inventory.projection import project
from pantau.journal import Reader
from pantau.journal.entries import inventory_taken
from pantau.reports.accounting import Month
from pantau.reports.publishing import integrity, issuing
from tests.pantau.reports.publishing.town import MADE_AT, Town

FINAL: dict[str, Any] = {"contract": "maesa-biznet", "final": True, "without_second_witness": "none in this test"}


def chain(town: Town, when: str) -> None:
    """What the town's files say now is chained."""
    configuration = town.configuration
    with Reader(town.url, town.folder) as reader:
        before = [
            inventory_taken(one.at_ns, {name: reader.blob(digest) or b"" for name, digest in one.files.items()})
            for one in reader.inventories()
        ]
    said = inventory_taken(at(when) * SECOND, project(configuration.settings, configuration.inventory))
    town.begin_journal([*before, said])


def edit(town: Town, file: str, old: str, new: str) -> None:
    """Somebody edits a file."""
    path = town.folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def data_of(town: Town) -> dict[str, Any]:
    """The draft's data of P-3's contract."""
    made: dict[str, Any] = json.loads((town.contract("maesa-biznet") / "draft/data.json").read_bytes())
    return made


def test_a_fee_that_is_edited_in_may_is_in_every_file_and_changes_no_figure(town: Town) -> None:
    """Rp999,306 of Rp1,000,000 before and after, where it was Rp500,346; the paper, the workbook and a CSV list it."""
    chain(town, "03-31")
    (before,) = town.make(contract="maesa-biznet").outcomes
    edit(town, "assignments.csv", "P-3,maesa-biznet,2024-04-01,500000", "P-3,maesa-biznet,2024-04-01,1000")
    (after,) = town.make(contract="maesa-biznet").outcomes
    assert (before.payment.payable, after.payment.payable) == (999_306, 999_306)
    (change,) = data_of(town)["inventory_changes"]
    assert (change["field"], change["then"], change["now"], change["status"]) == (
        "monthly_fee",
        "500000",
        "1000",
        "proposed",
    )
    assert after.place is not None
    assert b"monthly_fee,500000,1000" in (after.place / "annexes/inventory_changes.csv").read_bytes()
    assert b'"monthly_fee": 500000' in (after.place / "annexes/inventory.json").read_bytes()


def test_what_is_said_later_makes_no_other_final(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same figures are already final, whatever today's files say by now."""
    monkeypatch.setattr(issuing, "rendered_files", lambda *_: {"paper.txt": b"as good as a PDF, and sooner here"})
    chain(town, "03-31")
    town.make(**FINAL)
    edit(town, "assignments.csv", "P-3,maesa-biznet,2024-04-01,500000", "P-3,maesa-biznet,2024-04-01,1000")
    (again,) = town.make(**FINAL).outcomes
    assert again.note.startswith("already final, version 1; ")


def test_a_contract_that_is_gone_from_the_files_has_its_month(town: Town) -> None:
    """Renamed in May: April is asked for, and paid, under the id of then; May under that of now."""
    chain(town, "03-31")
    for file in ("contracts.yml", "hotspots.csv", "assignments.csv"):
        edit(town, file, "maesa-biznet", "maesa-biznet-2")
    (made,) = town.make(contract="maesa-biznet").outcomes
    assert made.payment.payable == 999_306
    assert [row["field"] for row in data_of(town)["inventory_changes"] if row["kind"] == "contracts"] == ["id"]
    with pytest.raises(ReportError, match="maesa-biznet-2 stands in today's files, and in no inventory"):
        town.make(contract="maesa-biznet-2")
    chain(town, "05-01")
    (may,) = town.make(contract="maesa-biznet-2", month=Month(2024, 5), made_at=MADE_AT).outcomes
    assert may.contract == "maesa-biznet-2"


def test_the_trend_is_of_the_inventories_of_each_month(town: Town) -> None:
    """An SLA or a threshold of today does not change the month before the last."""
    chain(town, "03-01")
    town.make(contract="maesa-telkom")
    file = town.contract("maesa-telkom") / "draft/data.json"
    trend = json.loads(file.read_bytes())["trend"]
    edit(town, "contracts.yml", "start: 2024-03-01, end: 2025-01-01,", "start: 2024-03-15, end: 2025-01-01,")
    edit(town, "assignments.csv", "maesa-telkom,2024-03-01", "maesa-telkom,2024-03-15")
    town.make(contract="maesa-telkom")
    assert json.loads(file.read_bytes())["trend"] == trend


@pytest.mark.parametrize(
    "how",
    [
        "UPDATE entries SET detail = replace(detail, 'assignments', 'asignments') WHERE kind = 17",
        "UPDATE entries SET at_ns = at_ns + 3000000000 WHERE kind = 17",
        "UPDATE blobs SET content = x'00'",
    ],
)
def test_a_month_that_rests_on_a_changed_inventory_is_refused(town: Town, how: str) -> None:
    """The entry lies before the month, and is proved all the same."""
    chain(town, "03-20")
    Place(town.url, town.folder).execute(how)
    with pytest.raises((ReportError, JournalError), match="entry"):
        town.make(contract="maesa-biznet")


def test_an_inventory_that_was_taken_out_of_the_journal_is_missed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fee of 20 March is Rp500,000, before it was Rp1,000: without that entry April would cost Rp346 less a point.

    It lies before the month, and no figure rests on an entry that is gone; its place in the chain is empty.
    """
    edit(town, "assignments.csv", "P-3,maesa-biznet,2024-04-01,500000", "P-3,maesa-biznet,2024-04-01,1000")
    chain(town, "03-19")
    edit(town, "assignments.csv", "P-3,maesa-biznet,2024-04-01,1000", "P-3,maesa-biznet,2024-04-01,500000")
    chain(town, "03-20")
    place = Place(town.url, town.folder)
    with place.reader() as reader:
        number = reader.inventories()[-1].entry
    place.execute("DELETE FROM entries WHERE number = :number", number=number)
    monkeypatch.setattr(integrity, "_SOON", 0)  # as in a journal of years
    with pytest.raises(ReportError, match=f"entry {number}: is missing"):
        town.make(contract="maesa-biznet")
