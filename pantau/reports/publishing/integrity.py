"""Verifies the part of the journal that a month rests on: no report is made of evidence that was changed.

Verified are all entries from the month's beginning to the end of the journal, as one chain, and each older one that a
figure rests on. The chain begins earlier where the inventory that held at the month's beginning was chained earlier:
one that was taken out in between would leave an older one in force. The exporter chains it each day, so the cost is
that of the month, however old the journal is; `pantau journal verify` checks all of it.
"""

from collections.abc import Callable, Collection

from pantau.errors import ReportError
from pantau.journal import Reader, fits, verify

_NS = 1_000_000_000


def require_intact(
    reader: Reader,
    start: int,
    entries: Collection[int],
    progress: Callable[[int], None],
    unbroken: Collection[int] = (),
) -> None:
    """Raise `ReportError`, naming the first entry that does not fit; `start` is the month's first second.

    Of `unbroken`, entries too, none that came after the first may be missing.
    """
    after = min([last_before(reader, start), *(number - 1 for number in unbroken)])
    old = sorted({number for number in entries if 0 < number <= after})
    broken = next((number for number in old if not fits(reader, number)), None)
    if broken is not None:
        raise ReportError(_sentence(f"entry {broken}: was changed, or the one before it"))
    finding = next(verify(reader, progress=progress, after=after), None)
    if finding is not None:
        raise ReportError(_sentence(str(finding)))


def last_before(reader: Reader, second: int) -> int:
    """The last entry that was written before a Unix second, by halving; 0 where there is none."""
    low, high = 0, reader.head().number
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
