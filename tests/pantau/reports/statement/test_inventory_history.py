"""A month is reported from the inventories that were chained; what is said later is listed and changes no rupiah.

P-1 was down from the 12th to the 14th of April: Rp33,333 of Telkom's Rp1,083,333 are deducted. The inventory was
chained on 31 March. In each row somebody edits the files in May; before this was mended that changed the rupiah.
"""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lab.samples.accounting import APRIL, WITA, at
from lab.samples.evidence import BIZNET, TELKOM, Recorded, dark
from lab.samples.journal import SECOND, Place, change, down, up
from pantau.errors import JournalError
from pantau.inventory import Hotspot, Inventory, Person, Settings
from pantau.inventory.projection import KINDS, line_of_record, project, statement_id
from pantau.inventory.projection.fields import DECIDES
from pantau.journal.entries import inventory_taken
from pantau.reports.statement import Statement, make_statement, survey
from pantau.states import State
from tests.pantau.journal.first_journal import write_first
from tests.pantau.reports.statement.chained import (
    CHARGED,
    CONTRACT,
    DAY,
    FEE,
    GROSS,
    OUTAGE,
    TOWN,
    Chained,
    exclusion,
    journal_of,
    money,
    not_paid_out,
    told,
    window,
    with_contract,
    with_first,
)


def renamed(old: str, new: str) -> Inventory:
    """A point has another id, wherever it is named."""
    hotspots = tuple(one.model_copy(update={"id": new}) if one.id == old else one for one in TOWN.hotspots)
    paid = tuple(one.model_copy(update={"hotspot": new}) if one.hotspot == old else one for one in TOWN.assignments)
    return replace(TOWN, hotspots=hotspots, assignments=paid)


EARLY = TOWN.contracts[1].addenda[0].model_copy(update={"sla_ratio": 0.5, "start": date(2024, 4, 2)})
EDITS: dict[str, tuple[Inventory, tuple[str, str, str, str | None, str | None]]] = {
    "the fee of P-1, Rp500,000 to Rp1,000: Rp67 were deducted of Rp584,333": (
        with_first(TOWN, monthly_fee="1000"),
        ("assignments", FEE, "monthly_fee", "500000", "1000"),
    ),
    "P-1 has another id: all of it was unobserved, Rp0 deducted, Rp500,000 held": (
        renamed("P-1", "P-01"),
        ("hotspots", "P-1", "id", "P-1", "P-01"),
    ),
    "the contract ended on the 11th: Rp0 deducted of Rp333,334": (
        with_contract(end=date(2024, 4, 11)),
        ("contracts", TELKOM, "end", None, "2024-04-11"),
    ),
    "SLA 98 % to 50 %: Rp0 deducted": (
        with_contract(sla_ratio=0.5),
        ("contracts", TELKOM, "sla_ratio", "0.98", "0.5"),
    ),
    "a threshold of ten days: Rp0 deducted": (
        with_contract(threshold=864_000.0),
        ("contracts", TELKOM, "threshold", None, "864000.0"),
    ),
    "an addendum from the 2nd, 50 %: Rp0 deducted": (
        with_contract(addenda=(EARLY,)),
        (
            "contracts",
            TELKOM,
            "addenda",
            "[]",
            '[{"number":"AD-1","sla_ratio":0.5,"start":"2024-04-02"}]',
        ),
    ),
    "P-1 was stopped on the 11th: Rp0 deducted of Rp750,000": (
        with_first(TOWN, stopped="2024-04-11"),
        ("assignments", FEE, "stopped", None, "2024-04-11"),
    ),
    "P-1 was accepted on the 15th: Rp0 deducted of Rp850,000": (
        with_first(TOWN, accepted="2024-04-15"),
        ("assignments", FEE, "accepted", None, "2024-04-15"),
    ),
    "P-1 was another contract's: Rp0 deducted of Rp583,333": (
        with_first(TOWN, contract=BIZNET),
        (
            "assignments",
            FEE,
            "",
            "contract maesa-telkom, hotspot P-1, monthly_fee 500000, start 2024-04-01",
            None,
        ),
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_in_may_is_listed_and_april_stays(edit: str, march: Chained) -> None:
    """Rp33,333 of Rp1,083,333 before and after; what was said then and is said now stands in the statement."""
    today, row = EDITS[edit]
    made = march.april(today)
    assert money(made) == (GROSS, CHARGED)
    assert ("proposed", *row) in told(made)


def test_the_figures_are_those_of_then_in_every_field(march: Chained) -> None:
    """Whatever is edited, all that is not the list of changes is the same to the last character."""
    plain = replace(march.april(TOWN), inventory_changes=())
    for today, _ in EDITS.values():
        assert replace(march.april(today), inventory_changes=()) == plain


def another(value: Any) -> Any:
    """Something else than a value."""
    if isinstance(value, date):
        return value + timedelta(days=3)
    return f"{value}-x" if isinstance(value, str) else () if isinstance(value, tuple) else value + 3


def as_decided(made: Statement) -> tuple[object, ...]:
    """All figures, with what waits for signatures as if it were refused: said late, it is held and nothing else."""
    points = [
        replace(
            row,
            undecided_seconds=0,
            judged_if_excused=None,
            error_rupiah=None,
            restitution=(row.restitution or 0) + (row.held or 0),
            held=0,
            standing="",
        )
        for row in made.points
    ]
    payment = replace(made.payment, restitution=not_paid_out(made)[0], held=0)
    events = [replace(row, undecided_seconds=0, waits_for="") for row in made.events]
    return points, payment, made.penalties, events


@pytest.mark.parametrize("kind", KINDS)
def test_no_field_of_any_record_of_today_changes_a_figure(kind: str, march: Chained) -> None:
    """Each field of each kind's first record as something else, one at a time: no line and no rupiah of April moves."""
    ani = Person(id="ani", name="Ani", office="Diskominfo", role="PPTK")
    told_by = replace(TOWN, maintenance=(window(),), exclusions=(exclusion(),), people=(ani,))
    plain = march.april(TOWN)
    record, *others = getattr(told_by, kind)
    for name in DECIDES[type(record)]:
        value = getattr(record, name)
        if value is not None or name in ("end", "accepted", "stopped"):
            changed = record.model_copy(update={name: another(date(2024, 4, 8) if value is None else value)})
            made = march.april(replace(TOWN, **{kind: (changed, *others)}))
            assert as_decided(made) == as_decided(plain), name
            assert made.basis == plain.basis, name
            assert replace(made.parties, kecamatan_name="Maesa", isp_name="Telkom") == plain.parties, name


def test_another_time_zone_of_today_changes_nothing_and_is_told(march: Chained) -> None:
    """By Jakarta's clocks April would begin and end an hour later."""
    made = march.april(TOWN, zone=ZoneInfo("Asia/Jakarta"))
    assert replace(made, inventory_changes=()) == march.april(TOWN)
    assert told(made) == [("proposed", "settings", "pantau.yml", "timezone", "Asia/Makassar", "Asia/Jakarta")]


def test_what_says_nothing_of_april_is_not_listed(march: Chained) -> None:
    """An end in May, another note, another name, a new contact: April's statement is the same, changes and all."""
    later = with_first(TOWN, end="2024-05-20")
    later = replace(later, isps=(later.isps[0].model_copy(update={"name": "Telkomsel"}), later.isps[1]))
    assert told(march.april(later)) == []


def test_a_name_may_be_today_s(march: Chained) -> None:
    """The id is what is paid; the name is for people."""
    named = TOWN.hotspots[0].model_copy(update={"name": "Balai baru"})
    made = march.april(replace(TOWN, hotspots=(named, *TOWN.hotspots[1:])))
    assert made.points[0].name == "Balai baru"
    assert told(made) == []


SAID: dict[str, tuple[Inventory, str, str]] = {
    "window": (replace(TOWN, maintenance=(window(),)), "maintenance", "w"),
    "exclusion": (replace(TOWN, exclusions=(exclusion(),)), "exclusions", "pln"),
}


@pytest.mark.parametrize("what", SAID)
def test_what_is_typed_in_may_erases_no_charge(what: str, march: Chained) -> None:
    """Letter E: filed in April as it says, typed in May: Rp33,333 became Rp0. It is proposed, and Rp33,333 stay."""
    today, kind, name = SAID[what]
    made = march.april(today)
    assert money(made) == (GROSS, CHARGED)
    assert not_paid_out(made)[1] == CHARGED
    (row,) = [row for row in made.exclusions if row.exclusion == name]
    assert (row.refusals, row.excluded_seconds) == (("proposed",), 0)
    assert [(status, of, record, field) for status, of, record, field, *_ in told(made)] == [
        ("proposed", kind, name, "")
    ]


@pytest.mark.parametrize("what", SAID)
def test_what_two_people_have_signed_counts(what: str, march: Chained) -> None:
    """The same with the list of what is approved: Rp0 are deducted, and it is listed as signed."""
    today, kind, name = SAID[what]
    record = (*today.maintenance, *today.exclusions)[0]
    made = march.april(today, {statement_id(kind, line_of_record(record))})
    assert money(made) == (GROSS, 0)
    assert not_paid_out(made)[1] is None
    assert [row.excluded_seconds for row in made.exclusions if row.exclusion == name] == [2 * DAY]
    assert [status for status, *_ in told(made)] == ["approved"]


def test_a_signature_is_for_what_was_signed(march: Chained) -> None:
    """Another end than that of the signed window is another window, and is proposed."""
    signed = {statement_id("maintenance", line_of_record(window()))}
    wider = window(end="2024-04-14 09:00")
    made = march.april(replace(TOWN, maintenance=(wider,)), signed)
    assert (money(made), not_paid_out(made)[1]) == ((GROSS, CHARGED), CHARGED)


def test_a_late_acceptance_that_is_signed_counts(march: Chained) -> None:
    """A function test of the 15th, typed in May and signed by two: Rp266,667 are paid for P-1, and nothing deducted."""
    today = with_first(TOWN, accepted="2024-04-15")
    made = march.april(today, {statement_id("assignments", line_of_record(today.assignments[0]))})
    assert money(made) == (GROSS - 500_000 + 266_667, 0)


def test_a_contract_that_is_written_afterwards_is_told_beside_the_old_one(march: Chained) -> None:
    """Typed in May for April, between the same two: it has no statement, so that of the old one lists it."""
    second = CONTRACT.model_copy(update={"id": "maesa-telkom-2", "agreement_number": "PKS/2"})
    made = march.april(replace(TOWN, contracts=(*TOWN.contracts, second)))
    assert [row[:4] for row in told(made)] == [("proposed", "contracts", "maesa-telkom-2", "")]
    assert told(march.april(replace(TOWN, contracts=(*TOWN.contracts, second)), contract=BIZNET)) == []


def test_points_that_are_added_later_change_nothing(march: Chained) -> None:
    """Twenty new ones beside five: neither causes nor sums of April move."""
    new = tuple(
        Hotspot.model_validate(
            {**TOWN.hotspots[0].model_dump(exclude_none=True), "id": f"N-{number}", "address": f"10.78.0.{number + 1}"}
        )
        for number in range(20)
    )
    made = march.april(replace(TOWN, hotspots=(*TOWN.hotspots, *new)))
    assert made == march.april(TOWN)


def test_an_old_month_has_points_that_are_gone(march: Chained) -> None:
    """P-1 is retired and nowhere in today's files: its April stands, under its own address."""
    today = replace(TOWN, hotspots=TOWN.hotspots[1:], assignments=TOWN.assignments[1:])
    assert money(march.april(today)) == (GROSS, CHARGED)


def test_a_journal_without_inventories_is_read_by_today_s_files(tmp_path: Path) -> None:
    """As it was before there were any; the statement says so."""
    journal = journal_of(tmp_path, {})
    made = journal.april(with_first(TOWN, monthly_fee="1000"))
    assert money(made) == (584_333, 67)
    assert [(row.basis, row.entry) for row in made.inventories] == [("files", None)]
    assert not_paid_out(made)[1] is None


def legacy_of(folder: Path, when: str, inventory: Inventory) -> Chained:
    """A journal from before inventories were chained, in which an exporter of today goes on and chains this one."""
    made = Chained(Place("sqlite:///data/journal.sqlite", folder))
    begin = at("03-31") - APRIL.span(WITA)[0]
    write_first(made.place, [change(one.id, begin, State.UNKNOWN, State.UP) for one in TOWN.hotspots])
    events = [down("P-1", OUTAGE[0] - APRIL.span(WITA)[0]), up("P-1", OUTAGE[1] - APRIL.span(WITA)[0])]
    events.append(inventory_taken(at(when) * SECOND, project(Settings(), inventory)))
    with made.place.store() as store:
        store.append(sorted(events, key=lambda event: event.recorded_ns), alive_ns=at("06-01") * SECOND)
    return made


def test_what_a_first_inventory_announces_of_an_old_journal_is_believed(tmp_path: Path) -> None:
    """It was filed on the 2nd, and chained when the exporter was updated on the 11th: nobody could chain it before."""
    with_it = replace(TOWN, maintenance=(window(),), exclusions=())
    made = legacy_of(tmp_path, "04-11", with_it).april(with_first(with_it, monthly_fee="1000"))
    assert (money(made), not_paid_out(made)[1]) == ((GROSS, 0), None)
    assert [row.basis for row in made.inventories] == ["first", "chained"]


def test_an_old_month_of_an_old_journal_is_read_by_today_s_files(tmp_path: Path) -> None:
    """The first inventory was chained in May: April's statement says that it rests on today's files."""
    made = legacy_of(tmp_path, "05-02", TOWN).april(with_first(TOWN, monthly_fee="1000"))
    assert money(made) == (584_333, 67)
    assert [(row.basis, row.entry) for row in made.inventories] == [("files", None)]


def test_the_statement_names_the_inventories(tmp_path: Path) -> None:
    """Each with its time; before the first one the first is used; a start that changes nothing is none."""
    other = with_first(TOWN, monthly_fee="200000")
    made = journal_of(tmp_path, {"04-03": TOWN, "04-09": TOWN, "04-16": other, "05-02": TOWN}).april(TOWN)
    begin, end = APRIL.span(WITA)
    assert [(row.basis, row.start, row.end) for row in made.inventories] == [
        ("first", begin, at("04-03")),
        ("chained", at("04-03"), at("04-16")),
        ("chained", at("04-16"), end),
    ]
    assert len({row.sha256 for row in made.inventories}) == 2
    assert [row.at for row in made.inventory_changes] == [at("04-16"), at("05-02")]


def test_what_stands_in_the_files_alone_has_no_time(march: Chained) -> None:
    """The journal has not seen it yet."""
    (row,) = march.april(with_first(TOWN, monthly_fee="1")).inventory_changes
    assert row.at is None


def test_visits_are_those_that_were_chained(tmp_path: Path) -> None:
    """One of the 16th that is typed in May is listed, and not shown as if it had been there."""
    without = replace(TOWN, site_visits=())
    made = journal_of(tmp_path, {"03-31": without}).april(TOWN)
    assert made.visits == ()
    assert [(row.kind, row.status) for row in made.inventory_changes] == [("site_visits", "proposed")]


@pytest.mark.parametrize("how", ["UPDATE blobs SET content = x'789c'", "DELETE FROM blobs"])
def test_an_inventory_that_was_changed_in_the_journal_is_refused(tmp_path: Path, how: str) -> None:
    """A content that is not what was chained makes no report."""
    journal = journal_of(tmp_path, {"03-31": TOWN})
    journal.place.execute(how)
    with pytest.raises(JournalError, match="the inventory of entry 7 cannot be read"):
        journal.april(TOWN)


def test_an_inventory_alone_holds_always() -> None:
    """What needs no journal works as before: a survey of files."""
    evidence = Recorded({"P-1": dark(OUTAGE)})
    today = replace(TOWN, maintenance=(window(),))
    made = make_statement(TELKOM, survey(today, evidence, APRIL, WITA))
    assert (made.payment.restitution, made.exclusions[0].filed) == (0, at("04-02 08:00"))
