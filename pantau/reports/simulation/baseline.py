"""Assumed contracts: one for each kecamatan and ISP, over the points and days that no contract pays for yet."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from pantau.inventory import Assignment, Contract, Hotspot, Inventory
from pantau.reports.accounting import Month

WITHOUT = "tanpa-kontrak"


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is assumed where no contract says it."""

    fee: int | None = None
    """Rupiah a month and point, before PPN; without it points without a contract are left out."""
    objective: Fraction | None = None
    """SLA; without it a contract that is silent about it has availability and no rupiah."""
    steps: tuple[tuple[Fraction, Fraction], ...] = ()
    """For R5, where a contract has no table: below which availability which share is deducted."""


def supposed(inventory: Inventory, month: Month, baseline: Baseline) -> Inventory:
    """`inventory` with the assumed contracts and their assignments alone; none without a fee."""
    contracts: dict[str, Contract] = {}
    assignments: list[Assignment] = []
    paid = _paid(inventory)
    if baseline.fee is not None:
        for hotspot in inventory.hotspots:
            if hotspot.status == "active":
                name = f"{WITHOUT}.{hotspot.kecamatan}.{hotspot.isp}"
                for start, end in _free(paid.get(hotspot.id, ()), month):
                    contracts.setdefault(name, _contract(name, hotspot, month))
                    assignments.append(
                        Assignment(hotspot=hotspot.id, contract=name, start=start, end=end, monthly_fee=baseline.fee)
                    )
    return replace(inventory, contracts=tuple(contracts.values()), assignments=tuple(assignments))


def _contract(name: str, hotspot: Hotspot, month: Month) -> Contract:
    first, end = month.first_day, month.next.first_day
    return Contract(id=name, kecamatan=hotspot.kecamatan, isp=hotspot.isp, start=first, end=end)


def _free(paid: Sequence[tuple[date, date]], month: Month) -> Iterator[tuple[date, date]]:
    """The days of the month on which no contract pays, as half-open runs."""
    here, end = month.first_day, month.next.first_day
    for start, stop in paid:
        if here < min(start, end):
            yield here, min(start, end)
        here = max(here, stop)
    if here < end:
        yield here, end


def _paid(inventory: Inventory) -> Mapping[str, list[tuple[date, date]]]:
    """Of each point the days that contracts pay for, in order of time."""
    found: defaultdict[str, list[tuple[date, date]]] = defaultdict(list)
    for one in inventory.assignments:
        contract = inventory.contract_by_id[one.contract]
        found[one.hotspot].append((max(one.start, contract.start), min(one.end or contract.end, contract.end)))
    return {point: sorted(days) for point, days in found.items()}
