"""Money that waits for a second signature: paid to nobody and deducted from nobody until two have decided. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pantau.reports.accounting import Amounts, SettlementLine


@dataclass(frozen=True, slots=True)
class Disputed:
    """What of one line's money waits, in whole rupiah."""

    restitution: int = 0
    """So much less is deducted for certain."""
    payable: int = 0
    """So much less is payable for certain."""


NOTHING = Disputed()


def held(
    lines: Sequence[SettlementLine], supposed: Sequence[Sequence[SettlementLine]]
) -> tuple[list[SettlementLine], list[Disputed]]:
    """The lines with what is certain under every supposition; the rest of each line's fee is held.

    `supposed` are the same lines under other suppositions. gross = restitution + held + payable still holds.
    """
    found: list[SettlementLine] = []
    disputed: list[Disputed] = []
    for line, *others in zip(lines, *supposed, strict=True):
        every = [one.amounts for one in (line, *others) if one.amounts is not None]
        if line.amounts is None or len(every) <= len(others):
            found.append(line)
            disputed.append(NOTHING)
            continue
        deducted = min(one.restitution for one in every)
        paid = min(one.payable for one in every)
        amounts = Amounts(line.amounts.gross, deducted, line.amounts.gross - deducted - paid)
        found.append(replace(line, amounts=amounts))
        disputed.append(Disputed(line.amounts.restitution - deducted, line.amounts.payable - paid))
    return found, disputed
