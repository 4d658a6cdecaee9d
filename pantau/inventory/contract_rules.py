"""What must hold within a contract: its days, the steps of its table, its addenda, and terms that need each other."""

from collections.abc import Iterator

from pantau.errors import Problem
from pantau.inventory.rows import Row, Rows
from pantau.inventory.source import Step


def check_contracts(rows: Rows) -> Iterator[Problem]:
    """Everything about single contracts."""
    for row in rows["contracts"]:
        yield from _check_days(row)
        yield from _check_addenda(row)
        yield from _check_steps(row, row.value, ())
        yield from _check_penalty(row)


def _check_days(row: Row) -> Iterator[Problem]:
    if row.checked.usable("start", "end") and row.value.end <= row.value.start:
        message = f"the contract ends on {row.value.end}, not after its start on {row.value.start}"
        yield row.problem("end", f"{message}; the end is the day after the last")


def _check_addenda(row: Row) -> Iterator[Problem]:
    """Each begins within the contract and after the one before: then each day has one version of the terms."""
    if not row.checked.usable("addenda"):
        return
    before = row.value.start
    for number, addendum in enumerate(row.value.addenda):
        place: tuple[Step, ...] = ("addenda", number)
        if row.checked.usable("start", "end") and not row.value.start < addendum.start < row.value.end:
            message = f"{addendum.start} is not within the contract ({row.value.start} to {row.value.end})"
            yield row.problem((*place, "start"), f"{message}; correct the day, or write it into the contract itself")
        elif number and before is not None and addendum.start <= before:
            message = f"{addendum.start} is not after the addendum before it ({before})"
            yield row.problem((*place, "start"), f"{message}; put the addenda in the order of their days")
        before = addendum.start
        yield from _check_steps(row, addendum, place)


def _check_steps(row: Row, terms: object, place: tuple[Step, ...]) -> Iterator[Problem]:
    method, steps = getattr(terms, "method", None), getattr(terms, "steps", None)
    if not row.checked.usable(".".join(map(str, (*place, "method"))), ".".join(map(str, (*place, "steps")))):
        return
    if method == "R5" and not (steps or (place and row.value.steps)):
        yield row.problem((*place, "method"), "R5 needs its table; write steps, each with below_ratio and deduct_ratio")
    limits = [step.below_ratio for step in steps or ()]
    if len(set(limits)) < len(limits):
        yield row.problem((*place, "steps"), "two steps have the same below_ratio; delete one")
    deductions = [step.deduct_ratio for step in sorted(steps or (), key=lambda step: step.below_ratio)]
    if deductions != sorted(deductions, reverse=True):
        yield row.problem((*place, "steps"), "a lower availability deducts less than a higher one; correct the steps")


def _check_penalty(row: Row) -> Iterator[Problem]:
    if not row.checked.usable("penalty_permille", "penalty_base", "value", "late_repair_penalised", "repair_limit"):
        return
    terms = row.value
    if terms.penalty_base == "contract_value" and terms.value is None:
        yield row.problem("penalty_base", "is the contract's value, which is not given; add value, or use monthly_fee")
    if terms.late_repair_penalised and (terms.penalty_permille is None or terms.repair_limit is None):
        yield row.problem(
            "late_repair_penalised", "needs penalty_permille and repair_limit; add what is missing, or delete it"
        )
