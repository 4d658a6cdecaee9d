"""Lists of decisions as text: what people read, sign and keep. Pure: text in, values out, and back byte by byte.

A list is UTF-8 with a head, an empty line, and one line an item, its fields parted by `` | ``. It is named by the
SHA-256 of its bytes, so that one changed sign makes another list, which nobody has signed. What cannot be written back
exactly as it was read is no list.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pantau.errors import JournalError


class ItemKind(StrEnum):
    """What an item of a list decides. The list is closed: reports have words for each."""

    CAUSE = "cause"
    """The cause of an outage, or of a part of it; `ListItem.target` is the number of the entry that began it."""
    EXCLUSION = "exclusion"
    """An outage is not charged; an empty code takes that back."""
    WINDOW = "window"
    """A maintenance window that was typed after the fact counts all the same; the target is its id."""
    SETTLEMENT = "settlement"
    """So much of the money that a FINAL holds is paid, the rest deducted: the target is the FINAL's number
    (``maesa-telkom/2024-04/1``), the subject the point (none: all of it), the code ``PAID/HELD``, both in the smallest
    units of the currency."""
    CORRECTION = "correction"
    """An amount of an earlier month is put right in the next; the target is that month."""
    WITNESS = "witness"
    """The two witnesses differ, or only one was asked, and the month may be final all the same."""
    INVENTORY = "inventory"
    """A change of the inventory, after the fact, of what decides money; the target is the record's id."""


WORD_OF: Mapping[ItemKind, str] = {
    ItemKind.CAUSE: "sebab",
    ItemKind.EXCLUSION: "pengecualian",
    ItemKind.WINDOW: "jendela",
    ItemKind.SETTLEMENT: "penyelesaian",
    ItemKind.CORRECTION: "koreksi",
    ItemKind.WITNESS: "saksi",
    ItemKind.INVENTORY: "inventaris",
}
"""As the text of a list has it."""
_KIND_OF = {word: kind for kind, word in WORD_OF.items()}

TITLE = "PANTAU: DAFTAR KEPUTUSAN, BENTUK 1"
COLUMNS = ("no", "jenis", "acuan", "titik", "mulai", "selesai", "isi", "dokumen", "pengaruh", "alasan")
_HEAD = (
    "Bulan",
    "Cakupan",
    "Zona waktu",
    "Diusulkan oleh",
    "Diusulkan pada",
    "Jurnal sampai",
    "Pengaruh seluruhnya",
    "Jumlah butir",
)
WHOLE_CITY = "seluruh kota"
_BETWEEN, _EMPTY = " | ", "-"
_Currency = tuple[str, int]
"""Its code, and how many decimal places its amounts have."""
_RUPIAH: _Currency = "IDR", 0
_MOST_DIGITS = 3


class ListItem(NamedTuple):
    """One decision of a list."""

    kind: ItemKind
    target: str
    """What it is about: an outage's number, or the id of a window, month or record."""
    subject: str
    """The hotspot or contract that it concerns; empty for all."""
    start: int | None
    """The span that it concerns, Unix seconds, half-open; `None` where none is meant, or while it lasts."""
    end: int | None
    code: str
    """What is decided: a cause's code; empty takes a decision back."""
    document: str
    effect: int | None
    """By how much it alone raises what is payable, in the currency's smallest units; `None` where nobody knows."""
    reason: str

    @property
    def outage(self) -> int:
        """The number of the outage that it is about; 0 where it is about none."""
        about = self.kind in (ItemKind.CAUSE, ItemKind.EXCLUSION)
        return int(self.target) if about and self.target.isascii() and self.target.isdecimal() else 0


class DecisionList(NamedTuple):
    """What is proposed together, on one paper."""

    month: str
    """As people write it: ``2026-10``."""
    contract: str
    """The only contract that it concerns; empty for the whole city."""
    zone: str
    person: str
    """The id of who proposes it."""
    proposed_at: int
    """Unix seconds."""
    journal: str
    """``NUMBER:DIGEST`` of the journal that it was made from, as `pantau journal verify` prints it."""
    effect: int | None
    """By how much all of it together raises what is payable, as an item's."""
    items: tuple[ListItem, ...]
    currency: str = "IDR"
    """What amounts are in, by ISO 4217; a text without any amount is read as one of rupiah."""
    digits: int = 0
    """How many decimal places an amount has: 2 where the smallest unit is a cent."""


def list_text(made: DecisionList) -> bytes:
    """The canonical text of a list."""
    zone, currency = ZoneInfo(made.zone), (made.currency, made.digits)
    values = (
        made.month,
        made.contract or WHOLE_CITY,
        made.zone,
        made.person,
        _time(made.proposed_at, zone),
        made.journal,
        _amount(made.effect, currency),
        str(len(made.items)),
    )
    lines = [TITLE, *(f"{name}: {value}" for name, value in zip(_HEAD, values, strict=True))]
    lines += [
        "",
        _BETWEEN.join(COLUMNS),
        *(_line(number, item, zone, currency) for number, item in enumerate(made.items, 1)),
        "",
    ]
    return "\n".join(lines).encode("utf-8")


def read_list(text: bytes) -> DecisionList:
    """The list that a text is; `JournalError` where it is none, or not exactly as Pantau writes one."""
    try:
        made = _read(text.decode("utf-8").split("\n"))
        if list_text(made) == text:
            return made
    except (ValueError, LookupError, OverflowError, ZoneInfoNotFoundError) as error:
        raise JournalError(_NO_LIST) from error
    raise JournalError(_NO_LIST)


_NO_LIST = "is no list of decisions, or was changed by hand; take the file that `pantau outage propose` has written"


def digest_of_list(text: bytes) -> str:
    """The name of a list: SHA-256 of its text, in hexadecimal."""
    return hashlib.sha256(text).hexdigest()


def records_named(made: DecisionList) -> Iterator[str]:
    """The SHA-256 of the records of the inventory that its items say shall count (``maintenance:DIGEST``)."""
    for item in made.items:
        kind, _, digest = item.code.partition(":")
        if item.kind in (ItemKind.WINDOW, ItemKind.INVENTORY) and kind and digest and not digest.startswith("-"):
            yield digest


def clean(text: str) -> str:
    """A text as a field holds it: one line, and nothing that is not seen or looks like the end of a field."""
    seen = "".join(sign if sign.isprintable() else " " * sign.isspace() for sign in text)
    return " ".join(seen.replace("|", "/").split())


def _read(lines: Sequence[str]) -> DecisionList:
    head = dict(line.split(": ", 1) for line in lines[1 : len(_HEAD) + 1])
    month, contract, zone, person, proposed_at, journal, effect, count = (head[name] for name in _HEAD)
    items = tuple(_item(line) for line in lines[len(_HEAD) + 3 : -1])
    if len(items) != int(count):
        raise ValueError(count)
    contract = "" if contract == WHOLE_CITY else contract
    told = month, contract, zone, person, _second(proposed_at), journal, _units(effect), items
    amounts = (effect, *(line.split(_BETWEEN)[COLUMNS.index("pengaruh")] for line in lines[len(_HEAD) + 3 : -1]))
    return DecisionList(*told, *next(filter(None, map(_currency, amounts)), _RUPIAH))


def _line(number: int, item: ListItem, zone: ZoneInfo, currency: _Currency) -> str:
    target = f"#{item.target}" if item.outage else clean(item.target)
    span = (_EMPTY if second is None else _time(second, zone) for second in (item.start, item.end))
    texts = (clean(item.code), clean(item.document), _amount(item.effect, currency), clean(item.reason))
    fields = (str(number), WORD_OF[item.kind], target, clean(item.subject), *span, *texts)
    return _BETWEEN.join(field or _EMPTY for field in fields)


def _item(line: str) -> ListItem:
    _, word, target, subject, start, end, code, document, effect, reason = line.split(_BETWEEN)
    return ListItem(
        kind=_KIND_OF[word],
        target=target.removeprefix("#"),
        subject=_told(subject),
        start=None if start == _EMPTY else _second(start),
        end=None if end == _EMPTY else _second(end),
        code=_told(code),
        document=_told(document),
        effect=_units(effect),
        reason=_told(reason),
    )


def _told(field: str) -> str:
    return "" if field == _EMPTY else field


def _time(second: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(second, zone).isoformat(" ", "seconds")


def _second(text: str) -> int:
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        raise ValueError(text)
    return int(when.timestamp())


def _amount(amount: int | None, currency: _Currency) -> str:
    """``Rp1.234.567``, ``-USD 49.99``: rupiah as lists have always had them."""
    if amount is None:
        return _EMPTY
    sign, (code, digits) = "-" * (amount < 0), currency
    if currency == _RUPIAH:
        return f"{sign}Rp{abs(amount):,}".replace(",", ".")
    whole, rest = divmod(abs(amount), 10**digits)
    return f"{sign}{code} {whole}" + (f".{rest:0{digits}}" if digits else "")


def _units(text: str) -> int | None:
    """The amount in the smallest units."""
    return None if text == _EMPTY else int(re.sub(r"Rp|[A-Z]{3} |\.", "", text))


def _currency(text: str) -> _Currency | None:
    """What an amount is in; `None` where there is none."""
    if text == _EMPTY or "Rp" in text:
        return None if text == _EMPTY else _RUPIAH
    number = text.lstrip("-")
    digits = len(number.partition(".")[2])
    if digits > _MOST_DIGITS:
        raise ValueError(text)
    return number[:3], digits
