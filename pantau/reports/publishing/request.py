"""A request for reports, and the contracts that it covers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from pantau.errors import ReportError
from pantau.inventory import Contract, Inventory
from pantau.reports.accounting import Month, midnight


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """A run of `pantau report`. Of contract, kecamatan and isp at most one is given; none means the whole city."""

    month: Month
    output: Path
    made_at: int
    """Unix time."""
    contract: str = ""
    kecamatan: str = ""
    isp: str = ""
    final: bool = False
    language: str = "id"
    formats: frozenset[str] = frozenset({"pdf", "xlsx", "json", "csv"})
    prometheus: str = ""
    """URL of the second witness; empty to ask none."""
    without_second_witness: str = ""
    """Why a FINAL is made without asking it."""
    jobs: int = 1
    trend_months: int = 6

    @property
    def scope(self) -> str:
        """The name of its recap: ``kota``, ``kecamatan-maesa``, ``isp-telkom``."""
        return f"kecamatan-{self.kecamatan}" if self.kecamatan else f"isp-{self.isp}" if self.isp else "kota"


def chosen(inventory: Inventory, request: ReportRequest, zone: ZoneInfo) -> Sequence[Contract]:
    """The contracts that are asked for and hold within the month; `ReportError` where there is none."""
    _check(inventory, request, zone)
    start, end = request.month.span(zone)
    asked = [one for one in inventory.contracts if _asked(one, request)]
    held = [one for one in asked if midnight(one.start, zone) < end and start < midnight(one.end, zone)]
    if held:
        return held
    if request.contract:
        (only,) = asked
        raise ReportError(
            f"contract {only.id} holds from {only.start} up to {only.end}, not in {request.month}; "
            "choose another --month"
        )
    raise ReportError(f"no contract of {request.scope} holds in {request.month}; see contracts in the inventory")


def _asked(contract: Contract, request: ReportRequest) -> bool:
    return (
        request.contract in ("", contract.id)
        and request.kecamatan in ("", contract.kecamatan)
        and request.isp in ("", contract.isp)
    )


def _check(inventory: Inventory, request: ReportRequest, zone: ZoneInfo) -> None:
    start, end = request.month.span(zone)
    if request.made_at < start:
        raise ReportError(f"{request.month} has not begun")
    if request.final and request.made_at < end:
        raise ReportError(f"{request.month} is not over: leave --final out for a draft")
    for what, name, known in (
        ("contract", request.contract, inventory.contract_by_id),
        ("kecamatan", request.kecamatan, inventory.kecamatan_by_id),
        ("isp", request.isp, inventory.isp_by_id),
    ):
        if name and name not in known:
            listed = ", ".join(list(known)[:30]) or "none"
            raise ReportError(f"{name!r} is no {what} of the inventory, which has: {listed}")
