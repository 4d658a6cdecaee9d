"""What was said too late is a decision like any other: a row of *Keputusan* with who, document and rupiah."""

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

import pytest

from pantau.journal import ItemKind, ListItem
from pantau.reports.papers import Gathered, gather
from pantau.reports.reading import surveyed
from pantau.reports.statement import Statement, make_statement
from pantau.reports.statement.facts import facts_sha256
from pantau.reports.statement.statement import as_data
from tests.pantau.reports.publishing.test_inventory import chain, edit
from tests.pantau.reports.publishing.town import Town

_WINDOW = """  - {id: surat-7, scope: hotspot, target: P-1, start: 2024-04-03 00:00, end: 2024-04-05 00:00,
     reason: Surat 7, filed_at: 2024-03-20 08:00, approved_by: Camat}
"""
_LATE_WINDOW = """  - {id: surat-8, scope: isp, target: biznet, start: 2024-04-12 12:00, end: 2024-04-12 12:30,
     reason: Surat 8, filed_at: 2024-04-12 11:00, approved_by: Camat}
"""
_EXCLUSION = """exclusions:
  - {id: pln, scope: kecamatan, target: maesa, start: 2024-04-12 12:00, end: 2024-04-12 12:20, cause: listrik_pln,
     document: PLN/1, proposed_by: Telkom, accepted_by: Camat, accepted_on: 2024-04-20}
"""
FEE = ("P-3,maesa-biznet,2024-04-01,500000", "P-3,maesa-biznet,2024-04-01,1000")
CONTRACTS = ("maesa-telkom", "maesa-biznet", "girian-telkom")


@pytest.fixture
def town(town: Town) -> Town:
    """With people, all chained before April; in May somebody types."""
    town.open_office()
    edit(town, "pantau.yml", "people.yml]", "people.yml, maintenance.yml, exclusions.yml]")
    (town.folder / "maintenance.yml").write_text("maintenance: []\n", encoding="utf-8")
    (town.folder / "exclusions.yml").write_text("exclusions: []\n", encoding="utf-8")
    chain(town, "03-31")
    return town


def type_window(town: Town, window: str = _WINDOW) -> None:
    """A letter that the journal never saw."""
    (town.folder / "maintenance.yml").write_text(f"maintenance:\n{window}", encoding="utf-8")


def type_exclusion(town: Town) -> None:
    """A power cut, with its paper."""
    (town.folder / "exclusions.yml").write_text(_EXCLUSION, encoding="utf-8")


def type_fee(town: Town) -> None:
    """Another fee of P-3."""
    edit(town, "assignments.csv", *FEE)


def type_terms(town: Town) -> None:
    """An SLA that P-1 has kept."""
    edit(town, "contracts.yml", "isp: telkom, start: 2024-03-01, end: 2025-01-01, sla_ratio: 0.98", SLA)


SLA = "isp: telkom, start: 2024-03-01, end: 2025-01-01, sla_ratio: 0.9"


def type_point(town: Town) -> None:
    """A sixth point, which the journal has never heard of."""
    for file, line in (
        ("hotspots.csv", "P-6,Titik 6,10.77.0.6,maesa,telkom,maesa-telkom\n"),
        ("assignments.csv", "P-6,maesa-telkom,2024-04-01,500000\n"),
    ):
        path = town.folder / file
        path.write_text(path.read_text("utf-8") + line, encoding="utf-8")


def exclude_outage(town: Town) -> None:
    """One person's word about P-2's outage: what waits beside it is reckoned with it."""
    town.exclude(town.outage("P-2"))


def month(town: Town) -> tuple[dict[str, Statement], Gathered]:
    """April, and what of it waits."""
    with surveyed(town.config, town.url, "2024-04") as (reader, found):
        return {name: make_statement(name, found) for name in CONTRACTS}, gather(found, reader)


def payable(made: dict[str, Statement]) -> int:
    """Of the city; a contract that names no rupiah pays none."""
    return sum(one.payment.payable or 0 for one in made.values())


def late(made: dict[str, Statement]) -> list[tuple[Any, ...]]:
    """The rows about records."""
    rows = [row for one in made.values() for row in one.decisions if row.kind in ("window", "inventory")]
    return [(row.kind, row.status, row.point, row.document, row.effect, row.approved_by) for row in rows]


def test_a_letter_that_was_typed_late_is_a_decision_with_its_rupiah(town: Town) -> None:
    """Nobody's, then Ani's list, then two people's: Rp33,333, in the list and in Keputusan."""
    type_window(town)
    before, found = month(town)
    (item,) = found.items
    assert (item.effect, found.effect) == (33_333, 33_333)
    assert late(before) == [("window", "proposed", "P-1", "Surat 7", 33_333, ())]
    town.decide([item], ["ani"])
    (row,) = [row for row in month(town)[0]["maesa-telkom"].decisions if row.kind == "window"]
    assert (row.status, row.proposed_by, row.list_sha256 != "") == ("proposed", "ani", True)
    town.decide([item])
    after, _ = month(town)
    assert late(after) == [("window", "approved", "P-1", "Surat 7", 33_333, ("ani", "budi"))]
    assert payable(after) - payable(before) == 33_333
    assert {one.id for one in after["maesa-telkom"].people} == {"ani", "budi"}


def test_a_fee_that_was_typed_late_is_a_decision_and_no_fact_until_it_is_signed(town: Town) -> None:
    """It takes Rp499,000 less the deduction; typed over after it was signed it holds, and the other is proposed."""
    before = facts_sha256(as_data(month(town)[0]["maesa-biznet"]))
    type_fee(town)
    made, found = month(town)
    assert late(made) == [("inventory", "proposed", "P-3", "", -498_307, ())]
    assert facts_sha256(as_data(made["maesa-biznet"])) == before
    town.decide(found.items)
    signed, _ = month(town)
    assert late(signed) == [("inventory", "approved", "P-3", "", -498_307, ("ani", "budi"))]
    assert facts_sha256(as_data(signed["maesa-biznet"])) != before
    edit(town, "assignments.csv", FEE[1], f"{FEE[1]}1")
    assert sorted(row[1:5:3] for row in late(month(town)[0])) == [("approved", -498_307), ("proposed", 8_988)]


_ALL = (type_window, type_exclusion, type_fee, type_terms, type_point, exclude_outage)


@pytest.mark.parametrize(
    "typed",
    [
        (type_exclusion, type_fee, type_terms),
        _ALL,
        *(pytest.param(own, marks=pytest.mark.long) for many in (1, 2, 3) for own in combinations(_ALL, many)),
    ],
)
def test_a_list_says_what_it_is_worth(town: Town, typed: Sequence[Any]) -> None:
    """Whatever waits: what is payable after two have signed all of it, less before, is the sum that they signed for."""
    for what in typed:
        what(town)
    before, found = month(town)
    assert found.items
    assert all(item.effect is not None for item in found.items)
    town.decide(found.items)
    after, none = month(town)
    assert none.items == ()
    assert found.effect == payable(after) - payable(before)
    alone = {(item.kind, item.code): item.effect for item in found.items if item.kind != ItemKind.EXCLUSION}
    shown = {(row.kind, row.code): row.effect for one in before.values() for row in one.decisions if not row.number}
    assert {key: effect for key, effect in alone.items() if effect} == {key: own for key, own in shown.items() if own}


def test_a_list_of_one_contract_has_what_concerns_it(town: Town) -> None:
    """The fee is Biznet's, the letter Telkom's; the power cut is of both."""
    type_window(town)
    type_fee(town)
    type_exclusion(town)
    with surveyed(town.config, town.url, "2024-04") as (reader, found):
        own: dict[str, list[ListItem]] = {name: list(gather(found, reader, name).items) for name in CONTRACTS}
    assert {name: sorted(item.target.split()[0] for item in items) for name, items in own.items()} == {
        "maesa-telkom": ["pln", "surat-7"],
        "maesa-biznet": ["P-3", "pln"],
        "girian-telkom": [],
    }


def test_a_window_that_was_filed_late_is_listed_with_its_downtime(town: Town) -> None:
    """An hour before it began: nobody can sign that it counts, and half an hour of P-3's outage is charged."""
    type_window(town, _LATE_WINDOW)
    made, found = month(town)
    (row,) = made["maesa-biznet"].exclusions
    assert (row.refusals, row.excluded_seconds, row.charged_seconds) == (("filed_late",), 0, 1800)
    assert late(made) == [] or found.items


_WINDOWS, _EXCLUSIONS, _FEES, _POINTS = "maintenance.yml", "exclusions.yml", "assignments.csv", "hotspots.csv"
_Edits = list[tuple[str, str, str]]
_ACCEPTED = ", accepted_by: Camat, accepted_on: 2024-04-20"
_HOLDS: dict[str, tuple[Callable[[Town], None], _Edits, list[int]]] = {
    "window-out": (type_window, [(_WINDOWS, f"maintenance:\n{_WINDOW}", "maintenance: []\n")], [-33_333]),
    "window-cut": (type_window, [(_WINDOWS, "end: 2024-04-05 00:00", "end: 2024-04-04 00:00")], [-16_667]),
    "window-elsewhere": (type_window, [(_WINDOWS, "target: P-1", "target: P-2")], [-33_333]),
    "window-respelt": (type_window, [(_WINDOWS, "Surat 7", "Surat 70")], [0]),
    "exclusion-out": (type_exclusion, [(_EXCLUSIONS, _EXCLUSION, "exclusions: []\n")], [0, -231]),
    "exclusion-unaccepted": (type_exclusion, [(_EXCLUSIONS, _ACCEPTED, "")], [0, -231]),
    "fee-back": (type_fee, [(_FEES, FEE[1], FEE[0])], [498_307]),
    "terms-back": (type_terms, [("contracts.yml", SLA, SLA.replace("0.9", "0.98"))], [-50_000]),
    "point-out": (
        type_point,
        [
            (_POINTS, "P-6,Titik 6,10.77.0.6,maesa,telkom,maesa-telkom\n", ""),
            (_FEES, "P-6,maesa-telkom,2024-04-01,500000\n", ""),
        ],
        [0, 0],
    ),
}
_FEW = ("window-cut", "fee-back")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in _FEW else pytest.mark.long) for name in _HOLDS]
)
def test_what_two_have_signed_holds_until_two_sign_otherwise(town: Town, name: str) -> None:
    """Typed over or taken out it stays paid as signed; what files say now is proposed, and can be signed as well."""
    typed, edits, effects = _HOLDS[name]
    typed(town)
    town.decide(month(town)[1].items)
    signed, none = month(town)
    assert none.items == ()
    for edited in edits:
        edit(town, *edited)
    after, found = month(town)
    assert payable(after) == payable(signed)
    before = [row for row in late(signed) if row[1] == "approved"]
    rows = late(after)
    assert [row for row in rows if row[1] != "proposed"] == before
    assert [row[4] for row in rows if row[1] == "proposed"] == effects
    changes = [row for made in after.values() for row in made.inventory_changes if row.status == "proposed"]
    assert changes
    town.decide(found.items)
    otherwise, none = month(town)
    assert none.items == ()
    assert payable(otherwise) == payable(signed) + sum(effects)
