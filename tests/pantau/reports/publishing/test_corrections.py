"""Corrections of earlier months in a run of reports: from the shelf's FINALs and the journal's settlements."""

import json
from typing import Any

import pytest

from lab.samples.accounting import APRIL, at
from pantau.errors import ReportError
from pantau.journal import ItemKind, ListItem
from pantau.reports.accounting import FinalVersion
from pantau.reports.publishing.earlier_finals import finals_before
from tests.pantau.reports.publishing.town import MARCH, Town

TELKOM = "maesa-telkom"


@pytest.fixture(autouse=True)
def without_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """PDF and workbook have tests of their own."""
    monkeypatch.setattr("pantau.reports.pdf.pdf", lambda made, edition, language: b"")
    monkeypatch.setattr("pantau.reports.workbook.workbook", lambda made, edition, language: b"")


@pytest.fixture
def strict(town: Town) -> Town:
    """Its contract deducts every charged second (R2), and March is FINAL: one person has excused P-1's day.

    P-2's two hours, which run over the month's end, are charged by two.
    """
    contracts = town.folder / "contracts.yml"
    contracts.write_text(contracts.read_text(encoding="utf-8").replace("R3", "R2"), encoding="utf-8")
    town.open_office()
    town.allow_one_witness(month=MARCH)
    over = str(town.outage("P-2").number)
    town.decide([ListItem(ItemKind.CAUSE, over, "P-2", at("03-31 22:00"), None, "fo_putus", "", 0, "putus")])
    town.exclude(town.outage("P-1", 0))
    made = town.make(
        month=MARCH, made_at=at("04-03"), contract=TELKOM, final=True, without_second_witness="belum", trend_months=1
    )
    assert made.outcomes[0].edition is not None, made.outcomes[0].note
    return town


def april(town: Town) -> dict[str, Any]:
    """The data of April's draft."""
    (made,) = town.make(contract=TELKOM, formats=frozenset({"json"}), trend_months=1).outcomes
    assert made.place is not None, made.note
    found: dict[str, Any] = json.loads((made.place / "data.json").read_bytes())
    return found


def test_the_shelf_says_what_was_paid_and_what_is_held(strict: Town) -> None:
    """Rp1,344 of P-2's two hours are deducted; Rp16,129 of P-1's day wait for a second signature."""
    assert list(finals_before(strict.output, TELKOM, APRIL)) == [
        FinalVersion(TELKOM, "2024-03", 1, at("04-03"), 1_000_000 - 16_129 - 1_344, (("P-1", 16_129),))
    ]
    assert list(finals_before(strict.output, TELKOM, MARCH)) == []
    assert list(finals_before(strict.output / "nowhere", TELKOM, APRIL)) == []


@pytest.mark.parametrize(
    ("target", "code", "by", "paid"),
    [
        (f"{TELKOM}/2024-03/1", "1000/16129", ("ani", "budi"), [(1_000, "")]),
        (f"{TELKOM}/2024-03/1", "0/16129", ("ani", "citra"), [(0, "")]),
        (f"{TELKOM}/2024-03/1", "1000/9999", ("ani", "budi"), [(0, "other_sum")]),
        (f"{TELKOM}/2024-03/2", "1000/16129", ("ani", "budi"), [(0, "unknown_edition")]),
        (f"{TELKOM}/2024-03/1", "1000/16129", ("ani",), []),
        ("2024-03", "1000", ("ani", "budi"), []),
    ],
)
def test_a_settlement_is_paid_with_the_next_month(
    strict: Town, target: str, code: str, by: tuple[str, ...], paid: list[tuple[int, str]]
) -> None:
    """Nothing could pay the Rp16,129; settled by a list that two have signed, Rp1,000 of them stand in April."""
    item = ListItem(ItemKind.SETTLEMENT, target, "P-1", None, None, code, "BA/7", 1_000, "rapat 20 April")
    entries = strict.decide([item], by, at("04-20") * 10**9)
    data = april(strict)
    assert [(row["amount"], row["refusal"]) for row in data["corrections"]] == paid
    for row in data["corrections"]:
        assert (row["edition"], row["point"], row["entry"]) == (target, "P-1", entries[-1])
        assert (row["document"], row["approved_by"]) == ("BA/7", list(by))
    payment = data["payment"]
    assert payment["payable_in_all"] == payment["payable_after_penalty"] + sum(amount for amount, _ in paid)


def test_without_decisions_there_is_nothing_to_correct(strict: Town) -> None:
    """The draft of April with March on the shelf."""
    assert april(strict)["corrections"] == []


def test_an_earlier_final_that_was_changed_by_hand_stops_the_month(strict: Town) -> None:
    """No money is settled on the word of a file that is not what its manifest says."""
    data = strict.output / "2024-03" / TELKOM / "final-1" / "data.json"
    data.chmod(0o644)
    data.write_bytes(data.read_bytes().replace(b"16129", b"96129"))
    with pytest.raises(ReportError, match="somebody changed a FINAL"):
        list(finals_before(strict.output, TELKOM, APRIL))
    (made,) = strict.make(contract=TELKOM, formats=frozenset({"json"}), trend_months=1).outcomes
    assert made.edition is None
    assert "somebody changed a FINAL" in made.note
