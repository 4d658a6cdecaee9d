"""What a month pays or takes back for months before it ("koreksi bulan lalu"), each once, each with its reference.

Two things change what an earlier month was worth after its FINAL: held money that two people settle, and a new version
of that FINAL. Either is booked in the month in which it happened, or, if the contract had ended by then, in its last
month: which month that is depends on the decision or the edition alone, and on no clock. A settlement of an edition
that was superseded before it was decided counts for nothing, because the new version has judged that money; and a
version that supersedes a settled edition pays only what the settlement has not.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pantau.reports.accounting.spans import Span


class CorrectionKind(StrEnum):
    """Why an earlier month is corrected."""

    SETTLEMENT = "settlement"
    """Two people have settled money that was held."""
    VERSION = "version"
    """A new version of its FINAL differs."""


class SettlementRefusal(StrEnum):
    """Why a settlement settles nothing."""

    UNKNOWN_EDITION = "unknown_edition"
    """There is no such FINAL."""
    NOT_TWO_PEOPLE = "not_two_people"
    SUPERSEDED = "superseded"
    """A new version had judged that money before."""
    OTHER_SUM = "other_sum"
    """The edition did not hold that sum there, or no longer: it was settled before, or more is paid than was held."""


@dataclass(frozen=True, slots=True)
class HeldSettlement:
    """Two people's decision about money that a FINAL holds, as the journal has it."""

    entry: int
    """The journal's entry: the decision to which the correction refers."""
    contract: str
    month: str
    """Of the money: ``2024-04``."""
    version: int
    """The FINAL's."""
    point: str
    """Whose line held it; empty for all that the edition held."""
    held: int
    """What that edition held there, in whole rupiah."""
    paid: int
    """What of it is paid now; the rest is deducted for good."""
    decided_at: int
    """Unix time."""
    document: str
    approved_by: tuple[str, ...]
    """Two ids; with fewer it settles nothing."""


@dataclass(frozen=True, slots=True)
class FinalVersion:
    """A FINAL that has been issued, as the shelf (or the journal) has it."""

    contract: str
    month: str
    version: int
    made_at: int
    """Unix time."""
    payable: int
    """After penalty, without corrections of its own."""
    held_of: tuple[tuple[str, int], ...] = ()
    """Of each point with held money, how much."""


@dataclass(frozen=True, slots=True)
class PaymentCorrection:
    """One line: whole rupiah, negative where money comes back."""

    kind: CorrectionKind
    month: str
    """Which month is corrected."""
    version: int
    """Of the edition that is corrected (a settlement), or that corrects (a version)."""
    point: str
    amount: int
    entry: int
    """The decision's; 0 for a version, whose edition names its own."""
    document: str
    approved_by: tuple[str, ...]
    at: int
    """When it was decided or made, Unix time."""
    refusal: SettlementRefusal | None = None
    """Why nothing is paid for it."""


def corrections_in(
    month: str, until: Span, settlements: Iterable[HeldSettlement], finals: Iterable[FinalVersion]
) -> list[PaymentCorrection]:
    """The corrections of one contract that `month` books, all of months before it, in the order of time.

    `until` is the time whose decisions and editions belong to that month: its own span, and for a contract's last month
    all that comes after. A settlement that settles nothing is listed with its reason.
    """
    versions = sorted(finals, key=lambda one: (one.month, one.version))
    judged = list(_judged(settlements, versions))
    settled = [one for one, refusal in judged if refusal is None]
    found = [*(_of_settlement(*one) for one in judged), *_of_versions(versions, settled)]
    own = (one for one in found if one.month < month and until[0] <= one.at < until[1])
    return sorted(own, key=lambda one: (one.at, one.month, one.point, one.version, one.entry))


def refusal_of(
    asked: HeldSettlement, settled: Iterable[HeldSettlement], finals: Iterable[FinalVersion]
) -> SettlementRefusal | None:
    """Why a settlement would settle nothing, behind those decided before; it is taken as if two had signed."""
    signed = replace(asked, approved_by=("?", "!"))
    versions = sorted(finals, key=lambda one: (one.month, one.version))
    judged = _judged([*settled, signed], versions)
    return next(refusal for one, refusal in judged if one is signed)


def still_held(
    month: str, version: int, settled: Iterable[HeldSettlement], finals: Sequence[FinalVersion]
) -> Mapping[str, int]:
    """What a FINAL holds by point, less what was settled of it."""
    held = next((dict(one.held_of) for one in finals if (one.month, one.version) == (month, version)), {})
    for one, refusal in _judged(settled, finals):
        if refusal is None and (one.month, one.version) == (month, version):
            held = {point: amount for point, amount in held.items() if one.point not in ("", point)}
    return held


_Edition = tuple[str, int]
"""Month and version."""


def _judged(
    settlements: Iterable[HeldSettlement], versions: Sequence[FinalVersion]
) -> Iterator[tuple[HeldSettlement, SettlementRefusal | None]]:
    """Each settlement with why it does not count; of two about one money the first counts."""
    held: dict[_Edition, dict[str, int]] = {(one.month, one.version): dict(one.held_of) for one in versions}
    for one in sorted(settlements, key=lambda one: (one.decided_at, one.entry)):
        edition = one.month, one.version
        refusal = _refusal(one, versions, held.get(edition))
        if refusal is None:
            if one.point:
                del held[edition][one.point]
            else:
                held[edition].clear()
        yield one, refusal


def _refusal(
    one: HeldSettlement, versions: Sequence[FinalVersion], held: Mapping[str, int] | None
) -> SettlementRefusal | None:
    if held is None:
        return SettlementRefusal.UNKNOWN_EDITION
    if len(set(one.approved_by)) < 2:
        return SettlementRefusal.NOT_TWO_PEOPLE
    later = (other for other in versions if other.month == one.month and other.version > one.version)
    if any(other.made_at <= one.decided_at for other in later):
        return SettlementRefusal.SUPERSEDED
    there = held.get(one.point) if one.point else sum(held.values())
    if not there or one.held != there or not 0 <= one.paid <= one.held:
        return SettlementRefusal.OTHER_SUM
    return None


def _of_settlement(one: HeldSettlement, refusal: SettlementRefusal | None) -> PaymentCorrection:
    return PaymentCorrection(
        kind=CorrectionKind.SETTLEMENT,
        month=one.month,
        version=one.version,
        point=one.point,
        amount=one.paid if refusal is None else 0,
        entry=one.entry,
        document=one.document,
        approved_by=one.approved_by,
        at=one.decided_at,
        refusal=refusal,
    )


def _of_versions(versions: Sequence[FinalVersion], settled: Sequence[HeldSettlement]) -> Iterator[PaymentCorrection]:
    """What each later version pays beyond the one before it, and beyond what was settled of that one."""
    by_edition = {(one.month, one.version): one for one in versions}
    for one in versions:
        before = by_edition.get((one.month, one.version - 1))
        if before is None:
            continue
        paid = sum(own.paid for own in settled if (own.month, own.version) == (before.month, before.version))
        amount = one.payable - before.payable - paid
        if amount:
            kind = CorrectionKind.VERSION
            yield PaymentCorrection(kind, one.month, one.version, "", amount, 0, "", (), one.made_at)
