"""What two people have settled of money that FINALs hold, out of the lists of a journal.

An item of the kind `settlement` names the FINAL as it names itself (``maesa-telkom/2024-04/1``), as its subject the
point whose line holds the money (none: all that the edition holds), and says how much of it is paid: ``PAID/HELD``,
whole rupiah. What does not read so settles nothing, and is no settlement.
"""

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from pantau.errors import ReportError
from pantau.journal import ItemKind, ListItem, Reader
from pantau.people import PeopleHistory, SignedList, signed_lists
from pantau.reports.accounting import HeldSettlement

_EDITION = re.compile(r"([^/]+)/(\d{4}-\d{2})/([1-9]\d*)", re.ASCII)
_SHARE = re.compile(r"(\d+)/([1-9]\d*)", re.ASCII)


def settlements_in(reader: Reader, people: PeopleHistory, zone: ZoneInfo) -> Iterator[HeldSettlement]:
    """All that two have approved, in no order: which of them count is for the accounting to say."""
    for signed in signed_lists(reader, people, zone, kind=ItemKind.SETTLEMENT):
        for item in signed.content.items if signed.approved_by else ():
            if item.kind is ItemKind.SETTLEMENT:
                yield from _settlement(item, signed)


def edition_of(number: str) -> tuple[str, str, int]:
    """Contract, month and version of a FINAL's number; raises `ReportError` where it is none."""
    found = _EDITION.fullmatch(number)
    if found is None:
        raise ReportError(f"{number!r} is no FINAL's number; it stands on its cover, such as maesa-telkom/2026-10/1")
    return found[1], found[2], int(found[3])


def settlement_item(number: str, point: str, paid_of_held: tuple[int, int], document: str, reason: str) -> ListItem:
    """The item that pays so much of what a FINAL holds, whole rupiah."""
    paid, held = paid_of_held
    told = f"{paid}/{held}", document, paid, reason
    return ListItem(ItemKind.SETTLEMENT, number, point, None, None, *told)


def _settlement(item: ListItem, signed: SignedList) -> Iterator[HeldSettlement]:
    share = _SHARE.fullmatch(item.code)
    if not _EDITION.fullmatch(item.target) or share is None or signed.approved_at is None:
        return
    contract, month, version = edition_of(item.target)
    yield HeldSettlement(
        entry=signed.order,
        contract=contract,
        month=month,
        version=version,
        point=item.subject,
        held=int(share[2]),
        paid=int(share[1]),
        decided_at=signed.approved_at,
        document=item.document,
        approved_by=signed.approved_by,
    )
