"""Letter E: a window or an exclusion is announced when the journal first saw it, whatever its file says of itself."""

from dataclasses import replace
from pathlib import Path

import pytest

from lab.samples.accounting import at
from tests.pantau.reports.statement.chained import (
    CHARGED,
    DAY,
    FILED,
    TOWN,
    exclusion,
    journal_of,
    not_paid_out,
    window,
)


@pytest.mark.parametrize(
    ("chained", "deducted", "refusals", "held"),
    [
        ("04-05 00:00", 0, (), None),
        ("04-10 06:00", 0, (), None),
        ("04-10 06:01", CHARGED, ("proposed",), CHARGED),
        ("04-12 05:00", CHARGED, ("proposed",), CHARGED),
        ("04-20 00:00", CHARGED, ("proposed",), CHARGED),
    ],
)
def test_a_window_is_announced_when_the_journal_saw_it(
    tmp_path: Path, chained: str, deducted: int, refusals: tuple[str, ...], held: int | None
) -> None:
    """Announced on the 2nd, it says; 48 h before is what the contract asks. By its own word it was Rp0 in each row."""
    today = replace(TOWN, maintenance=(window(),))
    made = journal_of(tmp_path, {"03-31": TOWN, chained: today}).april(today)
    assert not_paid_out(made) == (deducted, held)
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
    assert (made.exclusions[0].refusals, not_paid_out(made)[1]) == (("filed_late",), None)


def test_what_was_withdrawn_before_and_typed_again_afterwards_is_late(tmp_path: Path) -> None:
    """It was in the files on the 5th, not on the 10th, and again on the 20th."""
    with_it = replace(TOWN, maintenance=(window(),))
    inventories = {"03-31": TOWN, "04-05": with_it, "04-10": TOWN, "04-20": with_it}
    made = journal_of(tmp_path, inventories).april(with_it)
    assert not_paid_out(made) == (CHARGED, CHARGED)


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
    assert not_paid_out(made) == (16_667, 16_667)


@pytest.mark.parametrize(
    ("chained", "deducted"), [("04-05 00:00", 0), ("04-12 06:00", 0), ("04-12 06:01", CHARGED), ("04-20", CHARGED)]
)
def test_an_exclusion_counts_by_itself_if_it_was_said_before_the_fact(
    tmp_path: Path, chained: str, deducted: int
) -> None:
    """Accepted in the files alone it was Rp0 in each row; after the fact two people sign."""
    today = replace(TOWN, exclusions=(exclusion(),))
    made = journal_of(tmp_path, {"03-31": TOWN, chained: today}).april(today)
    assert not_paid_out(made) == (deducted, deducted or None)


def test_an_exclusion_that_nobody_had_accepted_is_accepted_late(tmp_path: Path) -> None:
    """It was proposed on the 5th; in May somebody types that it was accepted on the 6th: Rp33,333 stay."""
    open_one = exclusion().model_copy(update={"accepted_by": None, "accepted_on": None})
    made = journal_of(tmp_path, {"03-31": TOWN, "04-05": replace(TOWN, exclusions=(open_one,))}).april(
        replace(TOWN, exclusions=(exclusion(accepted_on="2024-04-06"),))
    )
    assert not_paid_out(made) == (CHARGED, CHARGED)
    assert {refusal for row in made.exclusions for refusal in row.refusals} == {"not_accepted", "proposed"}
