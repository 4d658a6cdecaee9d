"""What two people have settled of money that FINALs hold, out of the lists of a journal.

An item of the kind `settlement` names the FINAL as it names itself (``maesa-telkom/2024-04/1``), as its subject the
point whose line holds the money (none: all that the edition holds), and says how much of it is paid: ``PAID/HELD``,
whole rupiah. What does not read so settles nothing, and is no settlement.
"""

import re
from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from pantau.inventory import Person
from pantau.journal import ItemKind, ListItem, Reader
from pantau.people import SignedList, signed_lists
from pantau.reports.accounting import HeldSettlement

_EDITION = re.compile(r"([^/]+)/(\d{4}-\d{2})/([1-9]\d*)", re.ASCII)
_SHARE = re.compile(r"(\d+)/([1-9]\d*)", re.ASCII)


def settlements_in(reader: Reader, people: Mapping[str, Person], zone: ZoneInfo) -> Iterator[HeldSettlement]:
    """All that two have approved, in no order: which of them count is for the accounting to say."""
    for signed in signed_lists(reader, people, zone, kind=ItemKind.SETTLEMENT):
        for item in signed.content.items if signed.approved_by else ():
            if item.kind is ItemKind.SETTLEMENT:
                yield from _settlement(item, signed)


def _settlement(item: ListItem, signed: SignedList) -> Iterator[HeldSettlement]:
    edition, share = _EDITION.fullmatch(item.target), _SHARE.fullmatch(item.code)
    if edition is None or share is None or signed.approved_at is None:
        return
    yield HeldSettlement(
        entry=signed.order,
        contract=edition[1],
        month=edition[2],
        version=int(edition[3]),
        point=item.subject,
        held=int(share[2]),
        paid=int(share[1]),
        decided_at=signed.approved_at,
        document=item.document,
        approved_by=signed.approved_by,
    )
