"""Whether a FINAL on the shelf holds the money that somebody wants to settle, before two people sign for it."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pantau.errors import ReportError
from pantau.reports.accounting import (
    FinalVersion,
    HeldSettlement,
    Month,
    SettlementRefusal,
    refusal_of,
    still_held,
)
from pantau.reports.publishing.earlier_finals import finals_before
from pantau.texts.money import Money


def require_held(output: Path, asked: HeldSettlement, settled: Iterable[HeldSettlement], money: Money) -> None:
    """Raise `ReportError`, with its cure, where this would settle nothing after what two have `settled` already."""
    finals = list(finals_before(output, asked.contract, Month.parse(asked.month).next))
    before = [one for one in settled if one.contract == asked.contract]
    refusal = refusal_of(asked, before, finals)
    if refusal is None:
        return
    number = f"{asked.contract}/{asked.month}/{asked.version}"
    own = [one for one in finals if one.month == asked.month]
    match refusal:
        case SettlementRefusal.UNKNOWN_EDITION:
            why = f"is no FINAL with amounts of money in {output}; {_known(own)}"
        case SettlementRefusal.SUPERSEDED:
            why = f"was superseded by version {own[-1].version}, which has judged that money; settle that one"
        case _:
            why = _sum(asked, still_held(asked.month, asked.version, before, finals), money)
    raise ReportError(f"{number} {why}")


def _known(own: Sequence[FinalVersion]) -> str:
    versions = ", ".join(str(one.version) for one in own)
    return (
        f"the month's versions there are {versions}"
        if versions
        else "take the number from its cover, and give --reports FOLDER, the folder in which FINALs lie"
    )


def _sum(asked: HeldSettlement, held: Mapping[str, int], money: Money) -> str:
    def told(amount: int) -> str:
        """As people write it, and where that differs as --held takes it."""
        written = money.amount(amount, "en_GB")
        return f"{written} (--held {amount})" if money.digits else written

    there = held.get(asked.point, 0) if asked.point else sum(held.values())
    where = f" at {asked.point}" if asked.point else ""
    holding = ", ".join(f"{point} {told(amount)}" for point, amount in sorted(held.items())) or "nothing"
    return f"holds {told(there)}{where}, not {told(asked.held)}: give --held and --point of what waits: {holding}"
