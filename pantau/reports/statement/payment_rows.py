"""Part 13 as rows: penalties, corrections of earlier months, and what is payable. Plain values, as in `rows`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PenaltyRow:
    """Part 13: one penalty, beside the restitution and never in it."""

    kind: str
    point: str
    days: int
    permille: str
    base: int
    amount: int
    outage: str
    undecided: bool = False
    """Whether the outage waits for a decision."""


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """Part 13, "koreksi bulan lalu": what an earlier month pays or takes back now."""

    kind: str
    """``settlement`` of held money, or ``version``: a new version of that month's FINAL."""
    month: str
    edition: str
    """The number of the FINAL that is settled, or that corrects: ``maesa-telkom/2024-04/1``."""
    point: str
    amount: int
    entry: int
    """The journal's entry of the decision; 0 for a version."""
    document: str
    approved_by: tuple[str, ...]
    at: int
    refusal: str
    """Why a settlement settles nothing; empty where it does."""


@dataclass(frozen=True, slots=True)
class Payment:
    """Part 13. Amounts are `None` where the contract does not say how to pay."""

    gross: int | None
    restitution: int | None
    held: int | None
    penalty: int
    """What is charged of the penalties: at most their cap, and never more than is payable."""
    payable: int | None
    """gross - restitution - held: penalties are not subtracted here."""
    payable_after_penalty: int | None
    penalty_beyond_cap: int = 0
    """What the cap takes off the sum of the penalties."""
    correction: int = 0
    """The sum of the corrections of earlier months."""
    payable_in_all: int | None = None
    """payable_after_penalty + correction, at least 0."""
    to_recover: int = 0
    """What of a negative correction is beyond what is payable, and so is not subtracted here."""
