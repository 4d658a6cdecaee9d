"""`pantau outage settle` as an office meets it: what a FINAL holds, by two, once; and what is refused."""

from pathlib import Path

import pytest
from typer.testing import Result

from lab.samples.accounting import WITA, at
from pantau.errors import PantauError, ReportError
from pantau.journal import ItemKind, ListItem, Reader, read_list
from pantau.people import PeopleHistory
from pantau.reports.accounting import HeldSettlement
from pantau.reports.publishing import issuing
from pantau.reports.statement.held_money import settlements_in
from tests.pantau.cli.test_outage_lists import approve, exclude, number_of, pantau
from tests.pantau.reports.publishing.town import MADE_AT, MARCH, Town, found, office_of

FINAL = "maesa-telkom/2024-03/1"
SETTLE = ("--held", "16129", "--document", "BA/7", "--person", "ani", "--reason", "rapat 20 April")


def settle(town: Town, *words: str) -> Result:
    """Ani proposes what becomes of Rp16,129."""
    shelf = ("--reports", str(town.output))
    return pantau(town, "outage", "settle", *words, *shelf, "--output", str(town.folder / "kep"))


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A town with people; it is two days after April."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(MADE_AT))
    town = found(tmp_path)
    town.open_office()
    return town


@pytest.fixture
def paid(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """The town with a FINAL of March: one has excused P-1's day, and Rp16,129 are held."""
    monkeypatch.setattr(issuing, "rendered_files", lambda *_: {"paper.txt": b"as good as a PDF, and sooner here"})
    town.allow_one_witness(month=MARCH)
    exclude(town, number_of(town, "P-1", "2024-03"))
    over = ListItem(ItemKind.CAUSE, number_of(town, "P-2", "2024-03"), "P-2", None, None, "fo_putus", "", 0, "putus")
    town.decide([over._replace(start=at("03-31 22:00"))])
    (made,) = town.make(
        contract="maesa-telkom", month=MARCH, final=True, without_second_witness="x", trend_months=1
    ).outcomes
    assert made.edition is not None, made
    assert made.payment.held == 16_129
    return town


def test_held_money_is_settled_by_a_list_of_its_own(paid: Town) -> None:
    """Rp1,000 of Rp16,129: nothing as long as one has signed it, and then what the accounting settles; once."""
    town, office = paid, office_of(paid)
    made = settle(town, FINAL, *SETTLE, "--pay", "1000", "--point", "P-1")
    assert made.exit_code == 0
    (file,) = (town.folder / "kep").glob("*.txt")
    (item,) = read_list(file.read_bytes()).items
    assert (item.kind, item.target, item.subject, item.code) == (ItemKind.SETTLEMENT, FINAL, "P-1", "1000/16129")
    assert (item.effect, item.document, item.reason) == (1_000, "BA/7", "rapat 20 April")

    def settled() -> list[HeldSettlement]:
        with Reader(town.url, town.folder) as reader:
            return list(settlements_in(reader, PeopleHistory.of_files(town.configuration.inventory.people), WITA))

    approve(town, office, file, "ani")
    assert settled() == []
    approve(town, office, file, "budi")
    (found,) = settled()
    assert (found.contract, found.month, found.version, found.point) == ("maesa-telkom", "2024-03", 1, "P-1")
    assert (found.held, found.paid, found.document, found.approved_by) == (16_129, 1_000, "BA/7", ("ani", "budi"))
    for point in ((), ("--point", "P-1")):
        with pytest.raises(ReportError, match="not Rp16,129: give --held and --point of what waits: nothing"):
            settle(town, FINAL, *SETTLE, "--pay", "1000", *point)


@pytest.mark.parametrize(
    ("final", "held", "point", "told"),
    [
        (
            FINAL,
            "16128",
            "P-1",
            "holds Rp16,129 at P-1, not Rp16,128: give --held and --point of what waits: P-1 Rp16,129",
        ),
        (FINAL, "16129", "P-2", "holds Rp0 at P-2, not Rp16,129"),
        (FINAL, "16130", "", "holds Rp16,129, not Rp16,130"),
        (
            "maesa-telkom/2024-03/2",
            "16129",
            "P-1",
            "is no FINAL with amounts of money in .*the month's versions there are 1",
        ),
        ("maesa-telkom/2024-02/1", "16129", "P-1", "is no FINAL with amounts of money in .*give --reports FOLDER"),
        ("maesa-biznet/2024-03/1", "16129", "P-3", "is no FINAL with amounts of money in "),
    ],
)
def test_what_no_final_holds_is_not_settled(paid: Town, final: str, held: str, point: str, told: str) -> None:
    """Another sum, another point, another edition: two people are asked to sign nothing that settles nothing."""
    with pytest.raises(ReportError, match=told):
        settle(paid, final, "--held", held, *SETTLE[2:], "--pay", "1", "--point", point)
    assert not (paid.folder / "kep").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("maesa-telkom/2024-03", *SETTLE, "--pay", "1"), "is no FINAL's number"),
        (("nowhere/2024-03/1", *SETTLE, "--pay", "1"), "is no contract of the inventory"),
        ((FINAL, *SETTLE, "--pay", "16130"), "--pay is at most --held"),
        ((FINAL, *SETTLE[:-1], " ", "--pay", "1"), "give --document and --reason"),
        ((FINAL, *SETTLE[:4], "--person", "eva", *SETTLE[6:], "--pay", "1"), "nobody in people.yml is 'eva'"),
    ],
)
def test_what_settles_nothing_is_refused_at_once(town: Town, words: tuple[str, ...], told: str) -> None:
    """And no list is written."""
    with pytest.raises(PantauError, match=told):
        settle(town, *words)
    assert not (town.folder / "kep").exists()
