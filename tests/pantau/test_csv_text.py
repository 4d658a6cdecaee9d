"""No cell that we write is a formula, whatever the separators of who opens the file."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pantau.csv_text import csv_rows_to, harmless, original
from tests.sources import PRODUCT, sources

FORMULA = re.compile(r'[ "\u00a0\u200b\ufeff]*[=+\-@＝＋－＠−]')
TEXTS = st.text(alphabet=st.sampled_from("=+-@＝＠'\"; \t,|\r\nab1\u00a0\ufeff"), max_size=12)


def cells(text: str, separators: str) -> list[str]:
    """As a spreadsheet splits a line that has no business with our quotes."""
    return re.split(f"[{separators}\r\n]", text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("x;=1+1", "x;'=1+1"),
        ("x; =1+1", "x; '=1+1"),
        ('x;"=1+1"', 'x;"\'=1+1"'),
        ("x\t@SUM(A1)", "x\t'@SUM(A1)"),
        ("x\r\n-2", "x\r\n'-2"),
        ("＝1+1", "'＝1+1"),
        ("\ufeff+62", "\ufeff'+62"),
        ("'=1", "''=1"),
        ("|=cmd", "|'=cmd"),
        ("a=b, c-d; e@f", "a=b, c-d; e@f"),
        ("Titik 1 - Pasar", "Titik 1 - Pasar"),
    ],
)
def test_what_would_begin_a_formula_does_not(text: str, written: str) -> None:
    """An apostrophe stands before it, and nowhere else; it can be taken away again."""
    assert harmless(text) == written
    assert original(written) == text


@given(st.lists(st.lists(TEXTS, min_size=1, max_size=3), max_size=4))
def test_no_locale_sees_a_formula(rows: list[list[str]]) -> None:
    """By commas as by semicolons or tabs, with quotes understood or not; and what was meant can be read again."""
    out = io.StringIO(newline="")
    write = csv_rows_to(out)
    for row in rows:
        write(row)
    text = out.getvalue()
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert [[original(cell) for cell in row] for row in read] == rows
    assert not any(FORMULA.match(cell) for row in read for cell in row)
    for separators in (";", "\t", ";\t|"):
        assert not any(FORMULA.match(cell) for cell in cells(text, separators))


def test_nobody_else_writes_csv() -> None:
    """One place, so that there is one rule."""
    writers = [path for path, text in sources(*PRODUCT) if "csv.writer(" in text or "DictWriter(" in text]
    assert writers == ["pantau/csv_text.py"]
