"""A few of the workbooks of `test_office`, whose others are computed by `make test-long`."""

import pytest

from lab.samples.evidence import TELKOM
from tests.pantau.reports.workbook.test_office import (
    COLUMNS,
    VECTORS,
    Office,
    columns_of,
    compared_cells,
    office_in,
)
from tests.pantau.reports.workbook.test_office import (
    test_a_reader_who_changes_the_penalty_s_rate_sees_what_it_would_have_cost as changed_penalty,
)
from tests.pantau.reports.workbook.test_office import (
    test_hard_divisions_round_as_the_core_does as hard_divisions_round,
)
from tests.pantau.reports.workbook.test_office import (
    test_sums_and_lines_are_the_core_s as sums_and_lines,
)

SAMPLE = frozenset({"30-R4", "everything", TELKOM, "changed-penalty"})
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Four workbooks and the divisions, computed at one go."""
    return office_in(tmp_path_factory.mktemp("office"), SAMPLE)


def test_every_cell_is_computed_to_what_we_wrote(sample: Office) -> None:
    """Also with a term of every kind, and penalties."""
    assert compared_cells(sample) > 3000


def test_april_s_vectors_come_out_to_the_rupiah(sample: Office) -> None:
    """By the method that needs the month's length."""
    expected = [int(row[COLUMNS["R4"]]) for row in VECTORS if int(row["hari"]) == 30]
    assert columns_of(sample.theirs["30-R4"]["Titik"])["Potongan"] == expected
    assert len(expected) == 10


def test_sums_changes_and_divisions_are_the_core_s(sample: Office) -> None:
    """To the rupiah, in the reader's program."""
    for name in ("everything", TELKOM):
        sums_and_lines(sample, name)
    changed_penalty(sample)
    hard_divisions_round(sample)
