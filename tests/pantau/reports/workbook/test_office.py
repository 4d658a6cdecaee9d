"""A reader with LibreOffice recomputes the workbooks, and comes to our figures to the rupiah."""

import csv
import random
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from openpyxl import Workbook, load_workbook

from lab.samples.accounting import APRIL, WITA, span
from lab.samples.evidence import BIZNET, CITY, TELKOM, Recorded, dark
from pantau.reports.accounting import Month
from pantau.reports.accounting.money import rupiah
from pantau.reports.causes import DecisionKind, OutageDecision
from pantau.reports.statement import Statement, make_statement, survey
from pantau.reports.statement.rows import PointRow
from pantau.reports.workbook import workbook
from pantau.reports.workbook.division import STEPS, formulae
from tests.pantau.reports.publishing.town import found
from tests.pantau.reports.workbook.cases import EDITION, Case, statement_of
from tests.pantau.reports.workbook.office import recomputed

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]  # a busy machine: LibreOffice has 32 workbooks to compute

with (Path(__file__).parents[1] / "accounting/restitusi_vectors.csv").open(encoding="utf-8", newline="") as _file:
    VECTORS = list(csv.DictReader(_file))
MONTHS = {28: Month(2023, 2), 29: Month(2024, 2), 30: Month(2024, 4), 31: Month(2024, 3)}
COLUMNS = {
    "R1": "R1_selisih",
    "R1b": "R1b_selisih_dinormalkan",
    "R2": "R2_prorata_penuh",
    "R3": "R3_prorata_bila_gagal",
    "R4": "R4_xy_zs",
}
STEPPED = [{"below_ratio": "0.98", "deduct_ratio": "0.1"}, {"below_ratio": "0.9", "deduct_ratio": "0.333"}]
MIXED = [
    Case(0),
    Case(58),
    Case(116),
    Case(300, excluded=100),
    Case(400, unseen=5000),
    Case(0, unseen=43_200),
    Case(1440, fee=1_100_001),
    Case(43_200, excluded=43_200),
    Case(121, sla="0.999", accepted="2024-04-11"),
    Case(177, fee=0),
    Case(161, fee=549_999),
    Case(5760),
]
"""Down so long at the beginning of each version of the terms."""
EVERYTHING: dict[str, Any] = {
    "start": "2024-04-02",
    "end": "2024-04-29",
    "addenda": [
        {"number": "AD-1", "start": "2024-04-05", "method": "R1"},
        {"number": "AD-2", "start": "2024-04-09", "method": "R1b", "deduction_cap_ratio": "0.255"},
        {"number": "AD-3", "start": "2024-04-13", "method": "R2", "denominator": "contract_days"},
        {"number": "AD-4", "start": "2024-04-17", "method": "R4", "sla_ratio": "0.995", "service_hours": "06:00-22:00"},
        {"number": "AD-5", "start": "2024-04-21", "method": "R5", "steps": STEPPED, "service_hours": "24x7"},
        {"number": "AD-6", "start": "2024-04-25", "method": "R4", "sla_ratio": "0"},
    ],
}
DAYS = (1, 4, 8, 12, 16, 20, 24)
"""When the versions begin, counted from the month's beginning."""
VARIETY: dict[str, dict[str, Any]] = {
    "everything": EVERYTHING,
    "aggregate": {"method": "R1", "level": "aggregate", "sla_ratio": "0.995", "minimum_coverage_ratio": "0.5"},
    "silent": {"method": None, "sla_ratio": None},
    "partial": {"method": "R2", "start": "2024-04-02", "end": "2024-04-29", "service_hours": "06:00-22:00"},
    "stepped": {"method": "R5", "steps": STEPPED},
}
OPEN_ENDED = [Case(0), Case(2881), Case(200), Case(2881, fee=1_100_001), Case(2900, unseen=10), Case(43_300)]
"""Down so long from the 3rd and from the 29th on: what goes on at the month's end waits for a decision."""
UNDECIDED: dict[str, dict[str, Any]] = {
    "undecided": {
        "value": 900_000_000,
        "penalty_permille": "1",
        "penalty_base": "contract_value",
        "penalty_cap_ratio": "0.05",
        "late_repair_penalised": "true",
        "repair_limit": "6h",
    },
    "undecided-aggregate": {"method": "R1", "level": "aggregate", "sla_ratio": "0.9"},
}
CONTESTED: dict[str, dict[str, Any]] = {
    "contested": {"method": "R2"},
    "contested-aggregate": {"method": "R1", "level": "aggregate", "sla_ratio": "0.9"},
}


def _excuse(point: str, code: str, entry: int, **approved: Any) -> OutageDecision:
    """A decision about a point's outage from the 3rd on, which entry 2 begins."""
    return OutageDecision(DecisionKind.EXCLUSION, point, 2, None, code, "ani", 0, "x", entry=entry, **approved)


_SIGNED: dict[str, Any] = {"approved_by": ("ani", "budi"), "binding": "two_keys"}
TAKEN_BACK = [
    _excuse("P-2", "kahar", 50, approved_entry=51, **_SIGNED),
    _excuse("P-2", "", 60),
    _excuse("P-4", "kahar", 61),
    _excuse("P-6", "kahar", 52, approved_entry=53, **_SIGNED),
    _excuse("P-6", "", 62),
]
"""Excused by two and asked to be taken back by one, at P-2 and P-6; at P-4 an excuse that waits."""
CHANGED: dict[str, tuple[str, str, tuple[str | int, ...], dict[str, Any]]] = {
    "method": ("aggregate", "Metode", ("R3",), {"method": "R3"}),
    "objective": ("aggregate", "Ketersediaan yang dijanjikan", (98, 100), {"sla_ratio": "0.98"}),
    "minimum_coverage": ("aggregate", "Cakupan minimum", (9, 10), {"minimum_coverage_ratio": "0.9"}),
    "cap": ("stepped", "Batas potongan", (1, 4), {"deduction_cap_ratio": "0.25"}),
    "level": ("aggregate", "SLA diuji pada", ("setiap titik",), {"level": "per_point"}),
    "denominator": (
        "partial",
        "Biaya bulanan adalah untuk",
        ("hari-hari bulan itu dalam kontrak",),
        {"denominator": "contract_days"},
    ),
    "steps": (
        "stepped",
        "Tingkat: potongan",
        (1, 2),
        {"steps": [STEPPED[0], {**STEPPED[1], "deduct_ratio": "0.5"}]},
    ),
}
"""By the live term: the workbook that it is changed in, the beginning of its label, what is written there, and the same
as the contract has it."""


class _EveryName:
    def __contains__(self, name: object) -> bool:
        return True


EVERY_ONE = _EveryName()


@dataclass
class Office:
    """What stands in the workbooks before, and after LibreOffice has computed them."""

    statements: dict[str, Statement] = field(default_factory=dict)
    ours: dict[str, Workbook] = field(default_factory=dict)
    theirs: dict[str, Workbook] = field(default_factory=dict)
    divisions: list[tuple[int, int, int, int]] = field(default_factory=list)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """All workbooks of this file, computed at one go: the program takes two seconds to start."""
    return office_in(tmp_path_factory.mktemp("office"))


def office_in(folder: Path, only: Container[str] = EVERY_ONE) -> Office:
    """The workbooks of these names, written and computed in this folder."""
    made = Office(divisions=hard_divisions())
    for days, month in MONTHS.items():
        own = [row for row in VECTORS if int(row["hari"]) == days]
        cases = [
            Case(int(row["down_menit"]), int(row["dikecualikan_menit"]), sla=str(float(row["sla_persen"]) / 100))
            for row in own
        ]
        for method in asked_of(days):
            made.statements[f"{days}-{method}"] = statement_of(month, cases, method=method)
    for name, terms in VARIETY.items():
        made.statements[name] = statement_of(APRIL, MIXED, days=DAYS, **terms)
    for name, terms in UNDECIDED.items():
        made.statements[name] = statement_of(APRIL, OPEN_ENDED, days=(2, 28), **terms)
    for name, terms in CONTESTED.items():
        made.statements[name] = statement_of(APRIL, OPEN_ENDED, days=(2, 28), decided=TAKEN_BACK, **terms)
    busy = {
        "P-1": dark(span("04-03", "04-05")),
        "P-3": dark(span("04-14", "04-17")),
        "P-4": dark(span("04-19", "04-23")),
    }
    april = survey(CITY, Recorded(busy, counted={"P-1": (100, 90), "P-2": (0, 0)}), APRIL, WITA)
    made.statements |= {contract: make_statement(contract, april) for contract in (TELKOM, BIZNET)}
    files = []
    made.statements = {name: statement for name, statement in made.statements.items() if name in only}
    for name, statement in made.statements.items():
        files.append(folder / f"{name}.xlsx")
        files[-1].write_bytes(workbook(statement, EDITION))
        made.ours[name] = load_workbook(files[-1], data_only=True)
    if "recap" in only:
        files.append(_recap(folder, made))
    for term, (name, label, values, _) in CHANGED.items():
        if f"changed-{term}" in only:
            files.append(folder / f"changed-{term}.xlsx")
            change_term(folder / f"{name}.xlsx", label, values, files[-1])
    if "changed-penalty" in only:
        files.append(folder / "changed-penalty.xlsx")
        change_term(folder / f"{TELKOM}.xlsx", "Denda untuk setiap hari", (5, 2), files[-1])
    if "not-live" in only:
        files.append(folder / "not-live.xlsx")
        change_dead_terms(folder / "aggregate.xlsx", files[-1])
    files.append(folder / "divisions.xlsx")
    write_divisions(files[-1], made.divisions)
    computed = recomputed(files, folder)
    made.theirs = {file.stem: book for file, book in zip(files, computed, strict=True)}
    return made


def _recap(folder: Path, made: Office) -> Path:
    (folder / "town").mkdir()
    recap = found(folder / "town").make(formats=frozenset({"xlsx"})).recap
    assert recap is not None
    file = folder / "recap.xlsx"
    file.write_bytes((recap / "rekap-kota-2024-04.xlsx").read_bytes())
    made.ours["recap"] = load_workbook(file, data_only=True)
    return file


def asked_of(days: int) -> Sequence[str]:
    """The methods that a month's vectors are computed by: all of April's, which are ten; R4 of the other three."""
    return list(COLUMNS) if days == 30 else ["R4"]


def hard_divisions() -> list[tuple[int, int, int, int]]:
    """Fees and shares as contracts have them, and those whose result lies as near to a half as there are any."""
    chance = random.Random(7172)
    found = []
    for _ in range(40):
        b = chance.choice([2_419_200, 2_505_600, 2_592_000, 2_678_400])
        h = chance.choice([50, 100, 200, 1000]) * chance.randrange(b // 2, 150 * b)
        a = chance.randrange(1, 3_000_000) * chance.randrange(b)
        k = chance.randrange(1, 400_000)
        found += [(a, b, chance.randrange(h), h), (a, b, h, h), (2 * k * b + b, b, h // 2, h)]
    while len(found) < 300:
        # a x g = t x (b x h / 2) ± 1 for an odd t: the least there can be above and below a half
        b, h = 2_592_000, 50 * chance.randrange(1_000_000, 2_592_000)
        half, g = b * h // 2, chance.randrange(1, h)
        if gcd(g, half) == 1:
            above = pow(g, -1, half)
            found += [(a, b, g, h) for a, off in ((above, -1), (half - above, 1)) if (a * g + off) // half % 2]
    return found


def write_divisions(file: Path, divisions: list[tuple[int, int, int, int]]) -> None:
    """A sheet with nothing but our formulas, and no values of ours."""
    book = xlsxwriter.Workbook(str(file))
    sheet = book.add_worksheet("d")
    names = ["a", "b", "g", "h", *STEPS]
    for row, asked in enumerate(divisions):
        for column, value in enumerate(asked):
            sheet.write_number(row, column, value)
        cell = {name: f"{chr(ord('A') + column)}{row + 1}" for column, name in enumerate(names)}
        for name, text in formulae(cell).items():
            sheet.write_formula(row, names.index(name), f"={text}")
    book.close()


def change_term(file: Path, label: str, values: tuple[str | int, ...], to: Path) -> None:
    """What a reader does who asks what another term would have cost."""
    book = load_workbook(file)
    row = next(row for row in book["Dasar"].iter_rows() if str(row[0].value).startswith(label))
    assert row[3].value == "✔ ya"
    for cell, value in zip(row[1:], values, strict=False):
        assert cell.value != value or len(values) > 1
        cell.value = value
    book.save(to)


def change_dead_terms(file: Path, to: Path) -> None:
    """A reader who writes over every term that is not live."""
    book, changed = load_workbook(file), 0
    for row in book["Dasar"].iter_rows(min_row=5):
        if str(row[3].value).startswith("✖"):
            row[1].value, changed = 7, changed + 1
    assert changed >= 12
    book.save(to)


def columns_of(sheet: Any) -> dict[str, list[Any]]:
    """The columns of a table by their heads, without the head."""
    heads = [cell.value for cell in sheet[4]]
    rows = list(sheet.iter_rows(min_row=5, values_only=True))
    return {head: [row[place] for row in rows] for place, head in enumerate(heads)}


def test_every_cell_of_every_workbook_is_computed_to_what_we_wrote(office: Office) -> None:
    """Thousands of cells; text, dates and whole numbers exactly, ratios to twelve digits."""
    assert compared_cells(office) > 10_000


def compared_cells(office: Office) -> int:
    """How many there are, once each is what we wrote."""
    compared = 0
    for name, ours in office.ours.items():
        for sheet in ours:
            for row in sheet.iter_rows():
                for cell in row:
                    there = office.theirs[name][sheet.title][cell.coordinate].value
                    if isinstance(cell.value, float) and isinstance(there, float | int):
                        assert there == pytest.approx(cell.value, rel=1e-12, abs=1e-4), (name, sheet.title, cell)
                    else:
                        assert (there or "") == (cell.value or ""), (name, sheet.title, cell.coordinate)
                    compared += 1
    return compared


@pytest.mark.parametrize("method", COLUMNS)
def test_the_vectors_come_out_to_the_rupiah(office: Office, method: str) -> None:
    """Computed by LibreOffice from seconds, fee and SLA; all thirteen by R4, which the month's length matters to."""
    expected, found = [], []
    for days in MONTHS:
        if method not in asked_of(days):
            continue
        expected += [int(row[COLUMNS[method]]) for row in VECTORS if int(row["hari"]) == days]
        found += columns_of(office.theirs[f"{days}-{method}"]["Titik"])["Potongan"]
    assert len(found) == (13 if method == "R4" else 10)
    assert found == expected


@pytest.mark.parametrize("name", [*VARIETY, *UNDECIDED, *CONTESTED, TELKOM, BIZNET])
def test_sums_and_lines_are_the_core_s(office: Office, name: str) -> None:
    """Deduction, held and payable of each line, and their totals, with addenda, caps, hours, steps and no terms."""
    statement, sheet = office.statements[name], office.theirs[name]["Titik"]
    table = columns_of(sheet)
    for head, figure in (
        ("Biaya", "gross"),
        ("Potongan", "restitution"),
        ("Ditahan", "held"),
        ("Dapat dibayar", "payable"),
    ):
        assert table[head] == [_dash(getattr(row, figure)) for row in statement.points]
        place = list(table).index(head) + 1
        assert sheet.cell(3, place).value == _dash(getattr(statement.payment, figure))
    assert table["T_dinilai"] == [row.assessed_seconds for row in statement.points]
    assert table["Hidup"] == [row.up_seconds for row in statement.points]


def test_the_cases_are_of_every_kind(office: Office) -> None:
    """The compared statements contain deductions, caps, held and unpaid lines."""
    rows = [row for statement in office.statements.values() for row in statement.points]
    assert {row.standing for row in rows} == {"met", "missed", "inconclusive", "not_assessable", "no_objective"}
    assert sum(bool(row.restitution) for row in rows) > 30
    assert sum(bool(row.held) for row in rows) > 3
    assert any(row.gross is None for row in rows)
    capped = [row for row in office.statements["everything"].points if row.version == 2]
    assert sum(row.restitution == rupiah(Fraction(255, 1000) * fee_of(row)) for row in capped) == 2
    assert {row.version for row in office.statements["everything"].points} == set(range(7))


def test_what_is_undecided_is_reckoned_both_ways_in_the_reader_s_program_too(office: Office) -> None:
    """Part of a line is held, and under an SLA of the whole contract also of lines without an outage at the end."""
    rows = office.statements["undecided"].points
    assert [(row.restitution, row.held) for row in rows[:3]] == [(0, 0), (33_345, 33_333), (0, 0)]
    whole = office.statements["undecided-aggregate"].points
    assert all(row.held for row in whole if row.assessed_seconds)
    assert "Bila dikecualikan" in office.theirs["undecided"].sheetnames
    assert "Bila dikecualikan" not in office.theirs[TELKOM].sheetnames


def test_the_cap_of_the_penalties_is_a_formula(office: Office) -> None:
    """Millions of penalties, 5 % of the fees: the smaller is subtracted."""
    paid = office.statements["undecided"].payment
    assert paid.penalty_beyond_cap > 1_000_000
    assert paid.penalty == (paid.gross or 0) * 5 // 100
    sheet = office.theirs["undecided"]["Ringkasan"]
    found = {row[0]: row[1] for row in sheet.iter_rows(values_only=True)}
    assert found["Denda (klausul tersendiri)"] == paid.penalty
    assert found["Dibayar seluruhnya, paling sedikit 0"] == paid.payable_in_all


def test_a_recap_adds_up_in_the_reader_s_program_too(office: Office) -> None:
    """By kecamatan from the contracts' rows; money that one contract has not stays a dash in the sum."""
    table = columns_of(office.theirs["recap"]["Per kecamatan"])
    rows = {name: place for place, name in enumerate(table["Per kecamatan"])}
    assert table["Dapat dibayar"][rows["maesa"]] == 950_000 + 999_306
    assert table["Dapat dibayar"][rows["girian"]] == "—"
    assert table["Kontrak"][rows["maesa"]] == 2
    total = office.theirs["recap"]["Rekap"]
    heads = [cell.value for cell in total[4]]
    assert total.cell(3, heads.index("Dapat dibayar") + 1).value == "—"
    assert total.cell(3, heads.index("D_ditanggung") + 1).value == 3 * 86_400 + 3600


def fee_of(row: PointRow) -> Fraction:
    """Exact."""
    return Fraction(row.monthly_fee * row.contract_seconds, row.paid_month_seconds)


@pytest.mark.parametrize("term", CHANGED)
def test_a_reader_who_changes_a_live_term_sees_what_it_would_have_cost(office: Office, term: str) -> None:
    """After changing the term's cells LibreOffice computes what the core does, on every line and in total."""
    name, _, _, terms = CHANGED[term]
    other = statement_of(APRIL, MIXED, days=DAYS, **{**VARIETY[name], **terms})
    before = office.statements[name]
    table = columns_of(office.theirs[f"changed-{term}"]["Titik"])
    for head, figure in (("Biaya", "gross"), ("Potongan", "restitution"), ("Ditahan", "held")):
        assert table[head] == [getattr(row, figure) for row in other.points], head
    assert other.payment != before.payment
    place = list(table).index("Dapat dibayar") + 1
    assert office.theirs[f"changed-{term}"]["Titik"].cell(3, place).value == other.payment.payable


def test_a_reader_who_changes_the_penalty_s_rate_sees_what_it_would_have_cost(office: Office) -> None:
    """From one permille to two and a half."""
    rows = office.statements[TELKOM].penalties
    assert rows
    sheet = office.theirs["changed-penalty"]["Denda"]
    found: list[Any] = [sheet.cell(5 + place, 7).value for place in range(len(rows))]
    assert found == [rupiah(Fraction(row.days * row.base * 5, 2 * 1000)) for row in rows]
    assert sum(found) == office.theirs["changed-penalty"]["Denda"].cell(3, 7).value


def test_a_term_that_is_not_live_says_so_and_changes_nothing(office: Office) -> None:
    """Threshold, hours, notice, causes and repairs decide which seconds are charged: the journal is needed for that."""
    for sheet in ("Titik", "Perhitungan", "Ringkasan"):
        ours, theirs = office.ours["aggregate"][sheet], office.theirs["not-live"][sheet]
        for row in ours.iter_rows():
            for cell in row:
                there = theirs[cell.coordinate].value
                if isinstance(cell.value, float):
                    assert there == pytest.approx(cell.value, rel=1e-12, abs=1e-4)
                else:
                    assert (there or "") == (cell.value or ""), cell.coordinate


def test_hard_divisions_round_as_the_core_does(office: Office) -> None:
    """Hundreds of divisions next to a half, which floats get wrong."""
    sheet = office.theirs["divisions"]["d"]
    found = [row[-1] for row in sheet.iter_rows(values_only=True)]
    assert found == [rupiah(Fraction(a, b) * Fraction(g, h)) for a, b, g, h in office.divisions]
    rough = [int(a / b * (g / h) + 0.5) for a, b, g, h in office.divisions]
    assert rough != found, "plain floats would have done: these cases prove nothing"


def _dash(value: int | None) -> int | str:
    return "—" if value is None else value
