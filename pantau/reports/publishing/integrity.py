"""Verifies the journal: no report is made of evidence that was changed.

Of a FINAL all entries are verified. An entry from before the month that was taken out, or made to be of another
hotspot, is none that a figure rests on any more, and changes figures all the same: only the whole chain tells. Of a
draft of an old journal verified are the entries from the month's beginning on, and each older one that a figure rests
on; from earlier on where the inventory that held at the month's beginning was chained earlier: one that was taken out
in between would leave an older one in force. The exporter chains it each day, so the cost is that of the month, and it
is said.
"""

from collections.abc import Callable, Collection

from pantau.errors import ReportError
from pantau.journal import Reader, fits
from pantau.journal.closing.proof import proved

_NS = 1_000_000_000


_SOON = 300_000
"""So many older entries are verified for a draft too: it takes some seconds."""


def require_intact(
    reader: Reader,
    start: int,
    entries: Collection[int],
    progress: Callable[[int], None],
    unbroken: Collection[int] = (),
    *,
    whole: bool = True,
) -> str:
    """Raise `ReportError`, naming the first entry that does not fit; `start` is the month's first second.

    Of `unbroken`, entries too, none that came after the first may be missing. Returns what is to be told, if not
    `whole`: from which entry on the journal was verified.
    """
    after = min([last_before(reader, start), *(number - 1 for number in unbroken)])
    if whole or after <= _SOON:
        after = 0
    after = max(after, reader.whole_from)
    old = sorted({number for number in entries if reader.whole_from < number <= after})
    broken = next((number for number in old if not fits(reader, number)), None)
    if broken is not None:
        raise ReportError(_sentence(f"entry {broken}: was changed, or the one before it"))
    finding = next(proved(reader, None, progress, after), None)
    if finding is not None:
        raise ReportError(_sentence(str(finding)))
    return (
        f"verified from entry {after + 1} on; a FINAL, and `pantau journal verify`, verify all"
        if after > reader.whole_from
        else ""
    )


def last_before(reader: Reader, second: int) -> int:
    """The last entry that was written before a Unix second, by halving; 0 where there is none."""
    low, high = reader.whole_from, reader.head().number
    while low < high:
        middle = (low + high + 1) // 2
        entry = reader.entry(middle)
        # One that is missing lies after the month's beginning as far as the search goes: then `verify` names it.
        if entry is not None and entry.event.recorded_ns < second * _NS:
            low = middle
        else:
            high = middle - 1
    return low


def _sentence(finding: str) -> str:
    return (
        f"the journal does not prove itself ({finding}): no report is made of it; "
        "see `pantau journal verify`, and bring the journal back from a backup"
    )
