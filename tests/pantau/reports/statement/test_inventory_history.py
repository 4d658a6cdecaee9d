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

from lab.samples.accounting import APRIL, at
from lab.samples.evidence import BIZNET, TELKOM, Recorded, dark
from lab.samples.journal import SECOND, Place, change, down, up
from pantau.errors import JournalError
from pantau.inventory import Hotspot, Inventory, Settings
from pantau.inventory.projection import KINDS, line_of_record, project, statement_id
from pantau.inventory.projection.fields import DECIDES
from pantau.journal.entries import inventory_taken
from pantau.reports.accounting import WITA
from pantau.reports.statement import Statement, make_statement, survey
from pantau.states import State
from tests.pantau.journal.first_journal import write_first
from tests.pantau.reports.statement.chained import (
    CHARGED,
    DAY,
    FILED,
    GROSS,
    OUTAGE,
    TOWN,
    Chained,
    exclusion,
    journal_of,
    told,
    window,
    with_first,
)

CONTRACT = TOWN.contracts[0]


@pytest.fixture(scope="module")
def march(tmp_path_factory: pytest.TempPathFactory) -> Chained:
    """The town's inventory was chained before April."""
    return journal_of(tmp_path_factory.mktemp("march"), {"03-31 00:00": TOWN})


def money(made: Statement) -> tuple[int | None, int | None]:
    """What is paid for, and what of it is deducted."""
    return made.payment.gross, made.payment.restitution


def with_contract(**changes: object) -> Inventory:
    """Telkom's contract says something else."""
    return replace(TOWN, contracts=(CONTRACT.model_copy(update=changes), TOWN.contracts[1]))


def renamed(old: str, new: str) -> Inventory:
    """A point has another id, wherever it is named."""
    hotspots = tuple(one.model_copy(update={"id": new}) if one.id == old else one for one in TOWN.hotspots)
    paid = tuple(one.model_copy(update={"hotspot": new}) if one.hotspot == old else one for one in TOWN.assignments)
    return replace(TOWN, hotspots=hotspots, assignments=paid)


EARLY = TOWN.contracts[1].addenda[0].model_copy(update={"sla_ratio": 0.5, "start": date(2024, 4, 2)})
FEE = "P-1 maesa-telkom 2024-04-01"
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


@pytest.mark.parametrize("kind", KINDS)
def test_no_field_of_any_record_of_today_changes_a_figure(kind: str, march: Chained) -> None:
    """Each field of each kind's first record as something else, one at a time: no line and no rupiah of April moves."""
    told_by = replace(TOWN, maintenance=(window(),), exclusions=(exclusion(),))
    plain = march.april(TOWN)
    record, *others = getattr(told_by, kind)
    for name in DECIDES[type(record)]:
        value = getattr(record, name)
        if value is not None or name in ("end", "accepted", "stopped"):
            changed = record.model_copy(update={name: another(date(2024, 4, 8) if value is None else value)})
            made = march.april(replace(TOWN, **{kind: (changed, *others)}))
            assert (made.points, made.summary, made.penalties) == (plain.points, plain.summary, plain.penalties), name
            assert replace(made.payment, disputed=None) == plain.payment, name
            assert (made.events, made.basis) == (plain.events, plain.basis), name
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
    assert made.payment.disputed == CHARGED
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
    assert made.payment.disputed is None
    assert [row.excluded_seconds for row in made.exclusions if row.exclusion == name] == [2 * DAY]
    assert [status for status, *_ in told(made)] == ["approved"]


def test_a_signature_is_for_what_was_signed(march: Chained) -> None:
    """Another end than that of the signed window is another window, and is proposed."""
    signed = {statement_id("maintenance", line_of_record(window()))}
    wider = window(end="2024-04-14 09:00")
    made = march.april(replace(TOWN, maintenance=(wider,)), signed)
    assert (money(made), made.payment.disputed) == ((GROSS, CHARGED), CHARGED)


def test_a_late_acceptance_that_is_signed_counts(march: Chained) -> None:
    """A function test of the 15th, typed in May and signed by two: Rp266,667 are paid for P-1, and nothing deducted."""
    today = with_first(TOWN, accepted="2024-04-15")
    made = march.april(today, {statement_id("assignments", line_of_record(today.assignments[0]))})
    assert money(made) == (GROSS - 500_000 + 266_667, 0)


@pytest.mark.parametrize(
    ("chained", "deducted", "refusals", "disputed"),
    [
        ("04-05 00:00", 0, (), None),
        ("04-10 06:00", 0, (), None),
        ("04-10 06:01", CHARGED, ("proposed",), CHARGED),
        ("04-12 05:00", CHARGED, ("proposed",), CHARGED),
        ("04-20 00:00", CHARGED, ("proposed",), CHARGED),
    ],
)
def test_a_window_is_announced_when_the_journal_saw_it(
    tmp_path: Path, chained: str, deducted: int, refusals: tuple[str, ...], disputed: int | None
) -> None:
    """Announced on the 2nd, it says; 48 h before is what the contract asks. By its own word it was Rp0 in each row."""
    today = replace(TOWN, maintenance=(window(),))
    made = journal_of(tmp_path, {"03-31": TOWN, chained: today}).april(today)
    assert (made.payment.restitution, made.payment.disputed) == (deducted, disputed)
    assert made.exclusions[-1].refusals == refusals


def test_a_letter_that_was_typed_late_is_named(tmp_path: Path) -> None:
    """The paper says the 2nd, the journal the 11th: both stand in table C."""
    today = replace(TOWN, maintenance=(window(),))
    made = journal_of(tmp_path, {"03-31": TOWN, "04-11": today}).april(today)
    (row,) = made.exclusions
    assert (row.filed, row.letter) == (at("04-11"), at("04-02 08:00"))
    assert FILED.endswith("08:00")


def test_a_window_that_says_it_came_late_came_late(tmp_path: Path) -> None:
    """No letter is earlier than the journal: it is too late, and nobody need sign."""
    today = replace(TOWN, maintenance=(window(filed_at="2024-04-11 08:00"),))
    made = journal_of(tmp_path, {"03-31": TOWN, "04-05": today}).april(today)
    assert (made.exclusions[0].refusals, made.payment.disputed) == (("filed_late",), None)


def test_what_was_withdrawn_before_and_typed_again_afterwards_is_late(tmp_path: Path) -> None:
    """It was in the files on the 5th, not on the 10th, and again on the 20th."""
    with_it = replace(TOWN, maintenance=(window(),))
    inventories = {"03-31": TOWN, "04-05": with_it, "04-10": TOWN, "04-20": with_it}
    made = journal_of(tmp_path, inventories).april(with_it)
    assert (made.payment.restitution, made.payment.disputed) == (CHARGED, CHARGED)


def test_a_window_that_was_announced_counts_though_it_is_deleted_later(tmp_path: Path) -> None:
    """Within the month or after it: it held when it was open."""
    with_it = replace(TOWN, maintenance=(window(),))
    made = journal_of(tmp_path, {"03-31": with_it, "04-20": TOWN}).april(TOWN)
    assert (made.payment.restitution, [row.excluded_seconds for row in made.exclusions]) == (0, [2 * DAY])


def test_a_window_that_is_widened_while_it_is_open_is_late_for_the_rest(tmp_path: Path) -> None:
    """Announced for one day, widened on the second: the second day's Rp16,667 are charged, and proposed."""
    narrow, wide = window(end="2024-04-13 06:00"), window()
    inventories = {"03-31": replace(TOWN, maintenance=(narrow,)), "04-13": replace(TOWN, maintenance=(wide,))}
    made = journal_of(tmp_path, inventories).april(replace(TOWN, maintenance=(wide,)))
    assert [row.excluded_seconds for row in made.exclusions] == [DAY, 0]
    assert (made.payment.restitution, made.payment.disputed) == (16_667, 16_667)


@pytest.mark.parametrize(
    ("chained", "deducted"), [("04-05 00:00", 0), ("04-12 06:00", 0), ("04-12 06:01", CHARGED), ("04-20", CHARGED)]
)
def test_an_exclusion_counts_by_itself_if_it_was_said_before_the_fact(
    tmp_path: Path, chained: str, deducted: int
) -> None:
    """Accepted in the files alone it was Rp0 in each row; after the fact two people sign."""
    today = replace(TOWN, exclusions=(exclusion(),))
    made = journal_of(tmp_path, {"03-31": TOWN, chained: today}).april(today)
    assert (made.payment.restitution, made.payment.disputed) == (deducted, deducted or None)


def test_an_exclusion_that_nobody_had_accepted_is_accepted_late(tmp_path: Path) -> None:
    """It was proposed on the 5th; in May somebody types that it was accepted on the 6th: Rp33,333 stay."""
    open_one = exclusion().model_copy(update={"accepted_by": None, "accepted_on": None})
    made = journal_of(tmp_path, {"03-31": TOWN, "04-05": replace(TOWN, exclusions=(open_one,))}).april(
        replace(TOWN, exclusions=(exclusion(accepted_on="2024-04-06"),))
    )
    assert (made.payment.restitution, made.payment.disputed) == (CHARGED, CHARGED)
    assert {refusal for row in made.exclusions for refusal in row.refusals} == {"not_accepted", "proposed"}


def test_a_fee_that_is_edited_within_the_month_holds_from_then_on(tmp_path: Path) -> None:
    """Rp500,000 to the 16th, Rp200,000 from then on: two lines; the edit alone made it Rp200,000 for all of April."""
    dearer = with_first(TOWN, monthly_fee="200000")
    made = journal_of(tmp_path, {"03-31": TOWN, "04-16": dearer}).april(dearer)
    lines = [(row.start, row.end, row.monthly_fee, row.gross) for row in made.points if row.point == "P-1"]
    begin, end = APRIL.span()
    assert lines == [(begin, at("04-16"), 500_000, 250_000), (at("04-16"), end, 200_000, 100_000)]
    assert told(made) == [("held", "assignments", FEE, "monthly_fee", "500000", "200000")]


def test_a_term_that_is_edited_within_the_month_holds_from_then_on(tmp_path: Path) -> None:
    """An SLA of 50 % from the 20th on: the line up to then is held to 98 %, and Rp33,333 stay."""
    lower = with_contract(sla_ratio=0.5)
    made = journal_of(tmp_path, {"03-31": TOWN, "04-20": lower}).april(lower)
    found = [(row.start, row.objective.percent if row.objective else None) for row in made.points if row.point == "P-1"]
    assert found == [(APRIL.span()[0], "98.0000"), (at("04-20"), "50.0000")]
    assert [basis.start for basis in made.basis] == ["2024-04-01", "2024-04-20"]
    assert made.payment.restitution == CHARGED


def test_what_has_a_day_of_its_own_holds_from_that_day(tmp_path: Path) -> None:
    """P-1 is stopped on the 10th, typed on the 11th; an addendum of the 5th, typed on the 6th."""
    stopped = with_first(TOWN, stopped="2024-04-10")
    made = journal_of(tmp_path, {"03-31": TOWN, "04-11": stopped}).april(stopped)
    assert [(row.start, row.end) for row in made.points if row.point == "P-1"] == [(APRIL.span()[0], at("04-10"))]


def test_an_addendum_within_the_month_holds_from_its_day(tmp_path: Path) -> None:
    """Of the 5th, typed on the 6th: two versions, cut on the 5th."""
    addendum = TOWN.contracts[1].addenda[0].model_copy(update={"start": date(2024, 4, 5), "sla_ratio": 0.5})
    amended = with_contract(addenda=(addendum,))
    made = journal_of(tmp_path, {"03-31": TOWN, "04-06": amended}).april(amended)
    assert [(basis.start, basis.document) for basis in made.basis] == [
        ("2024-04-01", "PKS/telkom"),
        ("2024-04-05", "AD-1"),
    ]


def test_an_assignment_that_is_taken_out_without_a_day_held_up_to_then(tmp_path: Path) -> None:
    """P-1's line is deleted on the 16th: half of its fee is owed, where nothing was."""
    without = replace(TOWN, assignments=TOWN.assignments[1:])
    made = journal_of(tmp_path, {"03-31": TOWN, "04-16": without}).april(without)
    (row,) = [row for row in made.points if row.point == "P-1"]
    assert (row.end, row.gross) == (at("04-16"), 250_000)


def test_a_contract_that_is_taken_out_held_up_to_then(tmp_path: Path) -> None:
    """All of it is deleted on the 16th; its month has the days up to then, with the outage in them."""
    without = replace(TOWN, contracts=TOWN.contracts[1:], assignments=TOWN.assignments[3:])
    made = journal_of(tmp_path, {"03-31": TOWN, "04-16": without}).april(without)
    assert {row.end for row in made.points} == {at("04-16")}
    assert made.payment.restitution == CHARGED


def test_a_move_by_its_own_day_pays_each_day_once(tmp_path: Path) -> None:
    """P-1 goes to Biznet on the 16th, typed on the 20th."""
    moved = with_first(TOWN, end="2024-04-16")
    to_biznet = moved.assignments[0].model_copy(update={"contract": BIZNET, "start": date(2024, 4, 16), "end": None})
    moved = replace(moved, assignments=(*moved.assignments, to_biznet))
    journal = journal_of(tmp_path, {"03-31": TOWN, "04-20": moved})
    mine, theirs = journal.april(moved), journal.april(moved, contract=BIZNET)
    spans = [(row.start, row.end) for made in (mine, theirs) for row in made.points if row.point == "P-1"]
    begin, end = APRIL.span()
    # Biznet's terms have a second version from the 21st on.
    assert spans == [(begin, at("04-16")), (at("04-16"), at("04-21")), (at("04-21"), end)]


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
    assert made.payment.disputed is None


def legacy_of(folder: Path, when: str, inventory: Inventory) -> Chained:
    """A journal from before inventories were chained, in which an exporter of today goes on and chains this one."""
    made = Chained(Place("sqlite:///data/journal.sqlite", folder))
    begin = at("03-31") - APRIL.span()[0]
    write_first(made.place, [change(one.id, begin, State.UNKNOWN, State.UP) for one in TOWN.hotspots])
    events = [down("P-1", OUTAGE[0] - APRIL.span()[0]), up("P-1", OUTAGE[1] - APRIL.span()[0])]
    events.append(inventory_taken(at(when) * SECOND, project(Settings(), inventory)))
    with made.place.store() as store:
        store.append(sorted(events, key=lambda event: event.recorded_ns), alive_ns=at("06-01") * SECOND)
    return made


def test_what_a_first_inventory_announces_of_an_old_journal_is_believed(tmp_path: Path) -> None:
    """It was filed on the 2nd, and chained when the exporter was updated on the 11th: nobody could chain it before."""
    with_it = replace(TOWN, maintenance=(window(),), exclusions=())
    made = legacy_of(tmp_path, "04-11", with_it).april(with_first(with_it, monthly_fee="1000"))
    assert (money(made), made.payment.disputed) == ((GROSS, 0), None)
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
    begin, end = APRIL.span()
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


def test_a_threshold_of_nothing_charges_every_second() -> None:
    """Four minutes are tolerated by default; with 0s they are charged: Rp46 by R2."""
    blink = at("04-12 06:00"), at("04-12 06:04")
    charged = []
    for terms in ({}, {"threshold": 0.0}):
        contract = CONTRACT.model_copy(update={"method": "R2", **terms})
        today = replace(TOWN, contracts=(contract, TOWN.contracts[1]))
        made = make_statement(TELKOM, survey(today, Recorded({"P-1": dark(blink)}), APRIL, WITA))
        charged.append((made.summary.tolerated_seconds, made.summary.charged_seconds, made.payment.restitution))
    assert charged == [(240, 0, 0), (0, 240, 46)]
