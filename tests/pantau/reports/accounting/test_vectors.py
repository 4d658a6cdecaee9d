"""The 13 payment cases of the domain's file, to the rupiah, through the whole core."""

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from lab.samples.accounting import WITA, point, segment
from pantau.reports.accounting import ExclusionClaim, Method, Month, Standing, Terms, account, settle

with (Path(__file__).parent / "restitusi_vectors.csv").open(encoding="utf-8", newline="") as _file:
    VECTORS = list(csv.DictReader(_file))
MONTHS = {28: Month(2023, 2), 29: Month(2024, 2), 30: Month(2024, 4), 31: Month(2024, 3)}
COLUMNS = {
    Method.R1: "R1_selisih",
    Method.R1B: "R1b_selisih_dinormalkan",
    Method.R2: "R2_prorata_penuh",
    Method.R3: "R3_prorata_bila_gagal",
    Method.R4: "R4_xy_zs",
}


def test_there_are_thirteen() -> None:
    """The file is whole, and knows four lengths of a month."""
    assert len(VECTORS) == 13
    assert {int(row["hari"]) for row in VECTORS} == set(MONTHS)


@pytest.mark.parametrize("row", VECTORS, ids=lambda row: f"{row['hari']}d-{row['down_menit']}min-{row['sla_persen']}")
@pytest.mark.parametrize("method", COLUMNS)
def test_a_vector_to_the_rupiah(row: dict[str, str], method: Method) -> None:
    """Downtime, exclusions, availability, standing and deduction are the file's."""
    month = MONTHS[int(row["hari"])]
    start, end = month.span(WITA)
    assert end - start == int(row["menit_bulan"]) * 60
    terms = Terms(objective=Fraction(Decimal(row["sla_persen"])) / 100, method=method)
    down = (start, start + int(row["down_menit"]) * 60)
    claims = [ExclusionClaim("x", (start, start + int(row["dikecualikan_menit"]) * 60), "kahar", "BA/1", "Camat")]
    part = segment(terms, int(row["biaya_rp"]), month)
    booked = account(part, point([down], over=(start, end)), WITA, claims)
    (line,) = settle([booked])
    assert booked.charged == int(row["down_ditanggung_menit"]) * 60
    assert booked.availability is not None
    assert f"{float(booked.availability) * 100:.4f}" == row["availability_persen"]
    assert (line.standing is Standing.MET) == (row["memenuhi_sla"] == "ya")
    assert line.amounts is not None
    assert line.amounts.restitution == int(row[COLUMNS[method]])
    assert line.amounts.payable == int(row["biaya_rp"]) - int(row[COLUMNS[method]])
