"""The report's words: every sentence has its Indonesian, and every code of a statement its words."""

import ast
import re
from pathlib import Path
from typing import get_args

import pytest
from babel.messages.pofile import read_po

from pantau.inventory import ContractTerms
from pantau.inventory.vocabulary import Payment, VisitResult
from pantau.reports.accounting import Lateness, Method, Refusal, Standing, Terms
from pantau.reports.causes import Cause
from pantau.reports.causes.proposals import Pattern, Strength
from pantau.reports.pdf import formulae, terms, words
from pantau.reports.pdf.translation import LOCALE
from tests.pantau.reports.pdf.sentences import of_code, of_templates

ROOT = Path(__file__).parents[4]


def catalogue() -> dict[str, str]:
    """English to Indonesian."""
    with (LOCALE / "id.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale="id") if message.id}


def test_the_catalogue_has_every_sentence_and_no_other() -> None:
    """A sentence without a translation would show in English, one without a use is dead."""
    translated = catalogue()
    assert set(translated) == {*of_templates(), *of_code()}
    assert [sentence for sentence, said in translated.items() if not said] == []


def test_what_is_put_into_a_sentence_stands_in_its_translation_too() -> None:
    """Placeholders, doubled percent signs, and the shape at the front that stands for the colour."""

    def kept(sentence: str) -> list[str]:
        return sorted(re.findall(r"%\(\w+\)s|%%|^[✔✖▲○—?] ", sentence))

    assert [sentence for sentence, said in catalogue().items() if kept(sentence) != kept(said)] == []


@pytest.mark.parametrize(
    ("known", "codes"),
    [
        (words.STANDINGS, Standing),
        (words.CAUSES, Cause),
        (words.STRENGTHS, Strength),
        (words.REFUSALS, Refusal),
        (words.PENALTIES, Lateness),
        (words.VISITS, get_args(VisitResult)),
        (words.PAYMENTS, get_args(Payment)),
        (terms.METHODS, Method),
        (formulae.FORMULAE, Method),
        (terms.LABELS, ContractTerms.model_fields),
        ([core for core, _ in terms.LABELS.values()], Terms.__dataclass_fields__),
    ],
    ids=[
        "standings",
        "causes",
        "strengths",
        "refusals",
        "penalties",
        "visits",
        "payments",
        "methods",
        "formulae",
        "terms",
        "core terms",
    ],
)
def test_every_code_has_its_words(known: dict[str, str], codes: list[str]) -> None:
    """A code that is new in the statement is missed here, not on paper."""
    assert set(known) == set(codes)


def test_every_reason_of_a_cause_can_be_said_in_indonesian() -> None:
    """The constant sentences of `reports.causes` are those of the catalogue; those with numbers go by their pattern."""
    constants = {
        node.value
        for name in ("alone.py", "proposing.py")
        for node in ast.walk(ast.parse((ROOT / "pantau" / "reports" / "causes" / name).read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.match(r"[a-z].* .* [^.]*[^.]$", node.value)
    }
    facts = {sentence for sentence in constants if "\n" not in sentence and not sentence.endswith(".")}
    assert facts | {"the ISP's suspension page answered"} == set(words.FACTS)
    single = {Pattern.MAINTENANCE, Pattern.ISOLATED, Pattern.SINGLE}
    assert set(words.PATTERNS) == set(Pattern) - single
