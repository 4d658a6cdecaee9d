"""The closed lists: every code of the product has its words in each language, and no two codes of a list share them."""

import ast
import re
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import get_args

import pytest

from exporter.probing.outcome import Outcome
from pantau.inventory import ContractTerms
from pantau.inventory.projection import KINDS
from pantau.inventory.vocabulary import (
    Category,
    ContractLevel,
    Custody,
    FeeDenominator,
    HotspotStatus,
    Payment,
    PenaltyOf,
    RepairClock,
    VisitResult,
)
from pantau.journal import ItemKind
from pantau.journal.entries import ADDED, LOST, NOT_RUNNING, REMOVED
from pantau.people import Binding
from pantau.reports.accounting import (
    CorrectionKind,
    Lateness,
    Method,
    Refusal,
    SettlementRefusal,
    Standing,
    Terms,
)
from pantau.reports.causes import Cause, DecisionStatus
from pantau.reports.causes.proposals import Pattern, Strength
from pantau.reports.desk.issues import Issue
from pantau.reports.edition import Status
from pantau.reports.pdf import formulae
from pantau.reports.statement.admitting import LateRefusal
from pantau.reports.statement.disputes import AUTOMATIC
from pantau.reports.statement.evidence import NEVER_MONITORED
from pantau.reports.statement.exclusion_register import UNLISTED
from pantau.reports.statement.inventory_rows import INVENTORY_BASES, INVENTORY_STATUSES
from pantau.reports.statement.observed import STATES as OBSERVED
from pantau.reports.statement.unobserved import NO_DATA
from pantau.reports.words import LISTS, words_in
from pantau.reports.words.facts import FACTS, PATTERNS
from pantau.reports.words.terms import ABSENT, LABELS
from pantau.states import State
from pantau.texts import LANGUAGES

REPORTS = Path(__file__).parents[4] / "pantau" / "reports"

UNSEEN_STATES = {State.MAINTENANCE, State.UNKNOWN, State.INACTIVE}
REASONS = {
    NO_DATA,
    NEVER_MONITORED,
    NOT_RUNNING,
    ADDED,
    REMOVED,
    LOST,
    "vantage",
    "peering",
    *(outcome.label for outcome in Outcome if not outcome.conclusive),
    *(state.label for state in UNSEEN_STATES),
}
"""Why a point may be unobserved: the journal's reasons, or its state where the journal gives none."""


def changes() -> set[str]:
    """The kinds of changes that table E can have, as the code writes them."""
    tree = ast.parse((REPORTS / "statement" / "changes.py").read_text(encoding="utf-8"))
    rows = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ChangeRow"
    ]
    return {str(ast.literal_eval(row.args[1])) for row in rows}


CODES: dict[str, Iterable[str]] = {
    "standing": Standing,
    "cause": Cause,
    "strength": Strength,
    "reason": REASONS,
    "state": OBSERVED,
    "custody": get_args(Custody),
    "late refusal": LateRefusal,
    "refusal": Refusal,
    "wait": {"decision", "signature"},
    "correction": CorrectionKind,
    "settlement refusal": SettlementRefusal,
    "exclusion": {UNLISTED, AUTOMATIC},
    "decision": DecisionStatus,
    "binding": {*Binding, "before_lists"},
    "item": ItemKind,
    "witness": {"differs", "not_asked"},
    "kind": {"event", "maintenance"},
    "change": changes(),
    "visit": get_args(VisitResult),
    "twin": {"place", "address"},
    "penalty": Lateness,
    "payment": get_args(Payment),
    "status": {*get_args(Status), "refused"},
    "point status": get_args(HotspotStatus),
    "issue": Issue,
    "category": get_args(Category),
    "method": Method,
    "choice": {code for kind in (ContractLevel, FeeDenominator, RepairClock, PenaltyOf) for code in get_args(kind)},
    "inventory basis": INVENTORY_BASES,
    "inventory status": INVENTORY_STATUSES,
    "inventory kind": (*KINDS, "settings"),
}


def test_every_list_of_codes_is_held_against_its_source() -> None:
    """A list that is new in `LISTS` is missed here."""
    assert set(LISTS) == set(CODES)


@pytest.mark.parametrize("name", sorted(CODES))
def test_a_list_has_words_for_every_code_and_no_other(name: str) -> None:
    """A code that is new in the product fails here, before it is printed as it is."""
    assert {str(code) for code in CODES[name]} == set(LISTS[name])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(LISTS))
def test_every_code_has_words_of_its_own_in_each_language(name: str, language: str) -> None:
    """No code is shown as it is unless its word is the same, and two codes of a list never read alike."""
    words = [words_in(language)[name](code) for code in LISTS[name]]
    assert all(words)
    assert len(set(words)) == len(words)
    assert not any("_" in word for word in words)


def test_an_unknown_code_is_shown_as_it_is() -> None:
    """Exclusions have ids of their own beside the listed one."""
    assert words_in("id")["exclusion"]("BA-2024-07") == "BA-2024-07"


@pytest.mark.parametrize(
    ("known", "codes"),
    [
        (formulae.FORMULAE, Method),
        (LABELS, ContractTerms.model_fields),
        ([core for core, _ in LABELS.values()], Terms.__dataclass_fields__),
    ],
    ids=["formulae", "terms", "core terms"],
)
def test_every_term_and_method_is_known(known: Collection[str], codes: Collection[str]) -> None:
    """A term that is new in a contract is missed here, not in a report."""
    assert set(known) == set(codes)


def test_every_term_that_may_be_absent_says_what_that_means() -> None:
    """A term without a value is never an empty cell."""
    assert set(ABSENT) == {name for name in Terms.__dataclass_fields__ if getattr(Terms(), name) is None}


def test_every_reason_of_a_cause_can_be_said_in_indonesian() -> None:
    """The constant sentences of `reports.causes` are those of the catalogue; those with numbers go by their pattern."""
    constants = {
        node.value
        for name in ("single_point.py", "proposing.py")
        for node in ast.walk(ast.parse((REPORTS / "causes" / name).read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.match(r"[a-z].* .* [^.]*[^.]$", node.value)
    }
    facts = {sentence for sentence in constants if "\n" not in sentence and not sentence.endswith(".")}
    assert facts | {"the ISP's suspension page answered"} == set(FACTS)
    single = {Pattern.MAINTENANCE, Pattern.ISOLATED, Pattern.SINGLE}
    assert set(PATTERNS) == set(Pattern) - single


NO_OFFICE_WRITES = (
    "hari yang dimilikinya",
    "berharga rupiah",
    "Bentuk data",
    "ditanyai",
    "menanyai",
    "statement.json",
    "sendirian",
    "baru ditambahkan",
    "Ke mana waktu",
    "Tidak ada yang terbuka",
    "Menurut siapa",
    "datang, pergi",
    "membebaskan siapa pun",
    "urusan bendahara",
    "tidak ada yang diketahui",
    "Seberapa baik",
    "satu juta satu ribu",
)
"""What auditors and officials stumbled over."""


@pytest.mark.parametrize("phrase", NO_OFFICE_WRITES)
def test_the_report_is_written_as_an_office_writes(phrase: str) -> None:
    """None of these stands in what an Indonesian reads of a report."""
    catalogue = (REPORTS / "locale/id.po").read_text(encoding="utf-8")
    said = [line for line in catalogue.splitlines() if line.startswith("msgstr")]
    assert [line for line in said if phrase.lower() in line.lower()] == []
