"""A whole run over a journal with inventories in it: files of May, figures of April."""

import json
from typing import Any

import pytest

from lab.samples.accounting import at
from lab.samples.journal import SECOND, Place
from pantau.errors import JournalError, ReportError
from pantau.inventory.projection import project
from pantau.journal import ItemKind, ListItem, Reader
from pantau.journal.entries import inventory_taken
from pantau.reports.accounting import Month
from pantau.reports.papers import gather
from pantau.reports.publishing import integrity, issuing
from pantau.reports.reading import surveyed
from pantau.reports.statement.inventory_reading import people_of
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
    town.open_office()
    chain(town, "03-31")
    town.allow_one_witness()
    town.make(**FINAL)
    edit(town, "assignments.csv", "P-3,maesa-biznet,2024-04-01,500000", "P-3,maesa-biznet,2024-04-01,1000")
    (again,) = town.make(**FINAL).outcomes
    assert again.note.startswith("already final, version 1; ")


WINDOW = """maintenance:
  - {id: surat-7, scope: hotspot, target: P-1, start: 2024-04-03 00:00, end: 2024-04-05 00:00, reason: Surat 7,
     filed_at: 2024-03-20 08:00, approved_by: Camat}
"""


def listed(town: Town) -> list[ListItem]:
    """What of April waits for two signatures, beside why one witness was asked."""
    with surveyed(town.config, town.url, "2024-04") as (reader, survey):
        found = gather(survey, reader)
    items = [item for item in found.items if item.kind is not ItemKind.WITNESS]
    assert (found.effect is None) == any(item.effect is None for item in items), "nobody signs for a sum that is not"
    return items


def test_a_letter_that_was_typed_late_is_listed_and_counts_once_two_have_signed(town: Town) -> None:
    """Typed in May: Rp33,333 are held; it stands on April's list, and signed it excuses P-1's two days."""
    town.open_office()
    chain(town, "03-31")
    edit(town, "pantau.yml", "people.yml]", "people.yml, maintenance.yml]")
    (town.folder / "maintenance.yml").write_text(WINDOW, encoding="utf-8")
    asked: dict[str, Any] = {"contract": "maesa-telkom", "trend_months": 1, "formats": frozenset({"json"})}
    (before,) = town.make(**asked).outcomes
    assert before.payment.held == 33_333
    (item,) = listed(town)
    assert (item.kind, item.target, item.subject, item.document) == (ItemKind.WINDOW, "surat-7", "P-1", "Surat 7")
    town.decide([item], ["ani"])
    assert town.make(**asked).outcomes[0].payment.held == 33_333
    town.decide([item])
    (after,) = town.make(**asked).outcomes
    assert (after.payment.held, after.payment.payable) == (0, (before.payment.payable or 0) + 33_333)
    assert listed(town) == []


def test_an_edited_fee_is_listed_and_counts_once_two_have_signed(town: Town) -> None:
    """Of the same record as it stands: another fee is another record, and the one that was signed holds."""
    town.open_office()
    chain(town, "03-31")
    edit(town, "assignments.csv", "P-3,maesa-biznet,2024-04-01,500000", "P-3,maesa-biznet,2024-04-01,1000")
    (item,) = listed(town)
    assert (item.kind, item.target, item.subject) == (ItemKind.INVENTORY, "P-3 maesa-biznet 2024-04-01", "P-3")
    assert item.reason == "monthly_fee 500000 -> 1000"
    town.decide([item])
    asked: dict[str, Any] = {"contract": "maesa-biznet", "trend_months": 1, "formats": frozenset({"json"})}
    assert town.make(**asked).outcomes[0].payment.gross == 501_000
    edit(town, "assignments.csv", "2024-04-01,1000", "2024-04-01,1")
    assert town.make(**asked).outcomes[0].payment.gross == 501_000


def test_a_key_that_was_never_chained_signs_nothing(town: Town) -> None:
    """Somebody writes another key for Ani into today's file: what her own has signed holds."""
    town.open_office()
    chain(town, "03-31")
    own = town.configuration.inventory.people
    file = town.folder / "people.yml"
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if "id: dedi" not in line]
    ani, dedi = own[0].key or "", own[3].key or ""
    file.write_text("\n".join(lines).replace(ani, dedi), encoding="utf-8")
    today = town.configuration.inventory
    assert today.person_by_id["ani"].key == dedi
    with Reader(town.url, town.folder) as reader:
        assert people_of(reader, today).at(2**62) == {one.id: one for one in own}


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


def test_a_month_says_by_which_settings_it_was_measured_then(town: Town) -> None:
    """Each 10 s, from the 16th on each 40 s; today's files say 20 s. The figures are held to the coarsest."""
    chain(town, "03-31")
    first = data_of_draft(town)
    assert [(row["interval_seconds"], row["end"] - row["start"]) for row in first["measured"]] == [(10, 30 * 86_400)]
    town.config.write_text(f"{town.config.read_text('utf-8')}probing: {{interval: 40s}}\n", encoding="utf-8")
    assert data_of_draft(town) == first, "what is written today measured no April"
    chain(town, "04-16")
    edit(town, "pantau.yml", "interval: 40s", "interval: 20s, timeout: 1s")
    made = data_of_draft(town)
    assert [(row["start"], row["end"], row["interval_seconds"]) for row in made["measured"]] == [
        (at("04-01"), at("04-16"), 10),
        (at("04-16"), at("05-01"), 40),
    ]
    assert (made["measuring"]["edge_seconds"], made["measuring"]["timeout_seconds"]) == (40, 2)
    assert max(row["error_seconds"] for row in made["points"]) == 40


def data_of_draft(town: Town) -> dict[str, Any]:
    """A new draft's data of P-3's contract."""
    town.make(contract="maesa-biznet", trend_months=1, formats=frozenset({"json"}))
    return data_of(town)
