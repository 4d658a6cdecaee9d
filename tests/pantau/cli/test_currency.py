"""A city that pays in dollars reads dollars and cents wherever money is named, and never rupiah."""

import ast
import re
from pathlib import Path

import pytest

from pantau.errors import PantauError
from pantau.journal import read_list
from tests.pantau.cli.test_outage_lists import exclude, number_of, pantau
from tests.pantau.reports.publishing.town import MADE_AT, Town, found

RUPIAH = re.compile(r"\bRp(?![a-z])|rupiah", re.IGNORECASE)


@pytest.fixture(scope="module")
def dollars(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """P-1's fee is US$5,000.00; two days of it are excused by one person's word."""
    town = found(tmp_path_factory.mktemp("dollars"))
    town.open_office()
    text = town.config.read_text(encoding="utf-8").replace("office:\n", "office:\n  currency: {code: USD, digits: 2}\n")
    town.config.write_text(text, encoding="utf-8")
    exclude(town, number_of(town, "P-1"))
    return town


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two days after April."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(MADE_AT))


def test_a_list_and_its_page_are_in_dollars(dollars: Town) -> None:
    """Before: "Rp33.333" on the paper that two sign, for US$333.33."""
    where = ("--month", "2024-04", "--person", "ani", "--output", str(dollars.folder / "kep"))
    pantau(dollars, "outage", "propose", *where)
    (file,) = (dollars.folder / "kep").glob("*.txt")
    text, page = file.read_bytes(), file.with_suffix(".html").read_text(encoding="utf-8")
    made = read_list(text)
    assert (made.currency, made.digits, made.effect, made.items[0].effect) == ("USD", 2, 33_333, 33_333)
    assert b"Pengaruh seluruhnya: USD 333.33" in text
    assert "US$333,33" in page
    assert RUPIAH.findall(text.decode() + page) == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_simulation_is_in_dollars(dollars: Town, language: str) -> None:
    """Before: "(rupiah, before PPN)" and Rp500.000 for a fee of US$5,000.00."""
    words = ("--month", "2024-04", "--fee", "250000", "--sla", "0.98", "--lang", language)
    shown = pantau(dollars, "report", "simulate", *words).stdout
    assert RUPIAH.findall(shown) == []
    assert ("US$10.000,00" if language == "id" else "US$10,000.00") in shown
    assert ("dolar Amerika Serikat" if language == "id" else "US dollars") in shown.replace("Dolar", "dolar")
    for form, told in (("json", '"currency": "USD"'), ("csv", ",USD\n")):
        text = pantau(dollars, "report", "simulate", *words, "--format", form).stdout
        assert told in text
        assert RUPIAH.findall(text) == []


def test_the_table_of_a_run_is_in_dollars(dollars: Town) -> None:
    """Before: Rp950.000; now what is payable of two fees of US$5,000.00."""
    asked = ("--month", "2024-04", "--city", "--format", "json", "--jobs", "1", "--trend", "1")
    shown = pantau(dollars, "report", *asked, "--output", str(dollars.output)).stdout
    assert "US$9.500,00" in shown
    assert RUPIAH.findall(shown) == []


@pytest.mark.parametrize("pay", ["5", "90000"])
def test_what_settles_nothing_is_told_in_dollars(dollars: Town, pay: str) -> None:
    """Whether more is paid than is held, or no FINAL holds it."""
    told = ("--held", "33333", "--pay", pay, "--document", "BA/7", "--person", "ani", "--reason", "rapat")
    with pytest.raises(PantauError) as refused:
        pantau(dollars, "outage", "settle", "maesa-telkom/2024-04/1", *told, "--reports", str(dollars.output))
    assert RUPIAH.findall(str(refused.value)) == []


def test_no_sum_of_money_is_written_by_hand() -> None:
    """Rupiah are named by `pantau.texts.money` alone, and by the text of lists that were signed long ago."""
    root = Path(__file__).parents[3]
    texts = {path: path.read_text(encoding="utf-8") for path in (root / "pantau").rglob("*.py")}
    found = {
        str(path.relative_to(root))
        for path, text in texts.items()
        for node in (ast.walk(ast.parse(text)) if _RP.search(text) else ())
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _RP.search(node.value)
        if "``" not in node.value  # a docstring
    }
    assert found == {"pantau/texts/money.py", "pantau/journal/lists.py"}


_RP = re.compile(r"\bRp(?![a-z])")
