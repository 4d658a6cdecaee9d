"""Assignments lead to hotspots and contracts that fit, lie within them, never overlap, and cost no more than agreed."""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from pantau.errors import Problem
from pantau.inventory.rows import Row, Rows
from pantau.inventory.wording import did_you_mean, quote


class _Term(NamedTuple):
    """An assignment's days, its end resolved."""

    start: date
    end: date
    row: Row


def check_assignments(rows: Rows) -> Iterator[Problem]:
    """Everything that makes an assignment unusable, and contracts that are overspent by theirs."""
    yield from _check_references(rows)
    terms = list(_terms(rows))
    for term in terms:
        yield from _check_service(term)
    yield from _check_overlaps(terms)
    yield from _check_values(rows, terms)


def warn_assignments(rows: Rows) -> Iterator[Problem]:
    """Counts that differ from the annex, and contracts that leave a paid hotspot without a way to reckon it."""
    if "assignments" in rows.incomplete:
        return
    assigned = Counter(row.value.contract for row in rows["assignments"])
    for row in rows["contracts"]:
        count, contract = assigned[row.value.id], row.value
        if contract.points is not None and assigned and count != contract.points:
            message = f"the contract's annex lists {contract.points} points, the assignments {count}"
            yield row.problem("points", f"{message}; is one of them not up to date?")
        if count and (contract.sla_ratio is None or contract.method is None):
            lacking = "sla_ratio" if contract.sla_ratio is None else "method"
            yield row.problem(lacking, "is not given; the report shows availability, and no amounts; add it if agreed")
    yield from _warn_present(rows)


def _warn_present(rows: Rows) -> Iterator[Problem]:
    """A hotspot whose contract pays for it, says `hotspots`, while no assignment says so."""
    pairs = {(row.value.hotspot, row.value.contract) for row in rows["assignments"]}
    for row in rows["hotspots"]:
        contract = row.value.contract
        if pairs and contract is not None and row.value.status != "planned" and (row.value.id, contract) not in pairs:
            message = f"no assignment puts it under {quote(contract)}, so no report counts it"
            yield row.problem("contract", f"{message}; add a line to assignments, or is the contract another?")


def _check_references(rows: Rows) -> Iterator[Problem]:
    hotspots = {row.written("id"): row for row in rows["hotspots"]}
    contracts = {row.written("id"): row for row in rows["contracts"]}
    known = {"hotspot": ("hotspots", hotspots), "contract": ("contracts", contracts)}
    for field, (kind, found) in known.items():
        ids = tuple(sorted(found))
        for row in rows.usable("assignments", field):
            named = getattr(row.value, field)
            if named not in found and kind not in rows.incomplete:
                yield row.problem(field, f"{quote(named)} is not a known {field}; {did_you_mean(named, ids)}")
    for row in rows.usable("assignments", "hotspot", "contract"):
        hotspot, contract = hotspots.get(row.value.hotspot), contracts.get(row.value.contract)
        if hotspot is not None and contract is not None:
            yield from _check_kecamatan(row, hotspot, contract)


def _check_kecamatan(row: Row, hotspot: Row, contract: Row) -> Iterator[Problem]:
    ours, theirs = hotspot.written("kecamatan"), contract.written("kecamatan")
    if ours and theirs and ours != theirs:
        message = f"contract {quote(row.value.contract)} is of {theirs}, hotspot {quote(row.value.hotspot)} of {ours}"
        yield row.problem("contract", f"{message}; correct one of the two")


def _terms(rows: Rows) -> Iterator[_Term]:
    """Those whose days can be judged."""
    contracts = {row.value.id: row for row in rows.usable("contracts", "id", "start", "end")}
    for row in rows.usable("assignments", "hotspot", "contract", "start", "end"):
        contract = contracts.get(row.value.contract)
        end = row.value.end or (contract.value.end if contract else None)
        if end is not None:
            yield _Term(row.value.start, end, row)


def _check_service(term: _Term) -> Iterator[Problem]:
    start, end, row = term
    if end <= start:
        yield row.problem("end", f"it ends on {end}, not after its start on {start}; the end is the day after the last")
        return
    for field in ("accepted", "stopped"):
        day = getattr(row.value, field) if row.checked.usable(field) else None
        if day is not None and not start <= day <= end:
            yield row.problem(field, f"{day} is not within the assignment ({start} to {end}); correct one of the two")
    accepted, stopped = row.value.accepted, row.value.stopped
    if row.checked.usable("accepted", "stopped") and accepted and stopped and stopped < accepted:
        yield row.problem("stopped", f"{stopped} is before {accepted}, when it was accepted; correct one of the two")


def _check_overlaps(terms: Iterable[_Term]) -> Iterator[Problem]:
    """Two services paid at one point at one time: what auditors call waste."""
    by_hotspot: dict[str, list[_Term]] = {}
    for term in terms:
        by_hotspot.setdefault(term.row.value.hotspot, []).append(term)
    for hotspot, own in by_hotspot.items():
        latest: _Term | None = None
        for term in sorted(own, key=lambda term: (term.start, term.end, term.row.file, term.row.branch.line)):
            if latest is not None and term.start < latest.end and term.start < term.end:
                message = (
                    f"{quote(hotspot)} is under {quote(latest.row.value.contract)} until {latest.end} already "
                    f"({latest.row.place}), and would be paid twice; let this one start then, or end that one earlier"
                )
                yield term.row.problem("start", message)
            if latest is None or term.end > latest.end:
                latest = term


def _check_values(rows: Rows, terms: Iterable[_Term]) -> Iterator[Problem]:
    """Within the contract's days, and all fees together within its value."""
    contracts = {row.value.id: row for row in rows.usable("contracts", "id", "start", "end", "value")}
    spent: dict[str, Fraction] = {}
    for start, end, row in terms:
        contract = contracts.get(row.value.contract)
        if contract is None or end <= start:
            continue
        first, last = contract.value.start, contract.value.end
        for field, day, outside in (("start", start, start < first), ("end", end, end > last)):
            if outside and last > first:
                message = f"{day} is not within contract {quote(contract.value.id)} ({first} to {last})"
                yield row.problem(field, f"{message}; correct one of the two")
        if row.checked.usable("monthly_fee", "accepted", "stopped"):
            served = row.value.accepted or start, row.value.stopped or end
            cost = row.value.monthly_fee * months_between(*served)
            spent[contract.value.id] = spent.get(contract.value.id, Fraction(0)) + cost
    for name, cost in spent.items():
        value = contracts[name].value.value
        if value is not None and int(cost) > value:  # less than one is what rounding leaves
            message = f"the assigned fees come to {int(cost)}, more than the contract's {value}"
            yield contracts[name].problem("value", f"{message}; correct the value, the fees or the days")


@lru_cache(maxsize=1024)
def months_between(start: date, end: date) -> Fraction:
    """Months from `start` up to `end`, parts of a month by its calendar days."""
    if (start.year, start.month) == (end.year, end.month):
        return Fraction((end - start).days, _length(start))
    whole = 12 * (end.year - start.year) + end.month - start.month - 1
    return Fraction(_length(start) - start.day + 1, _length(start)) + whole + Fraction(end.day - 1, _length(end))


def _length(day: date) -> int:
    return monthrange(day.year, day.month)[1]
