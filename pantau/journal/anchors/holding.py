"""Ends of chains that somebody knows (an anchor, a FINAL, a party's copy), held against the journal."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pantau.journal.entry_reading import EntryReader
from pantau.journal.sources import Source
from pantau.journal.verification import Discrepancy


class KnownDigest(NamedTuple):
    """An entry's digest as somebody outside the journal knows it."""

    source: Source | None
    """None where only the entry is known, and not whose it is."""
    number: int
    digest: bytes
    by: str
    """Who knows it: ``the anchor of 2024-04-02 01:00:07Z``, ``FINAL madidir-telkom/2024-04/1``."""


def held_against(reader: EntryReader, known: Iterable[KnownDigest]) -> Iterator[Discrepancy]:
    """Of each source the first entry that is not the one that is known, and what that says of those before it."""
    by_source: defaultdict[Source | None, list[KnownDigest]] = defaultdict(list)
    for one in known:
        by_source[one.source].append(one)
    for source in sorted(by_source, key=str):
        yield from _of_one(reader, sorted(by_source[source], key=lambda one: (one.number, one.by)))


def _of_one(reader: EntryReader, known: list[KnownDigest]) -> Iterator[Discrepancy]:
    fitting, told = 0, ""
    wrong: list[KnownDigest] = []
    for one in known:
        entry = reader.entry(one.number)
        if entry is None and one.number <= reader.whole_from:
            continue  # it lies in the file of a closed year, which is not at hand
        if entry is None:
            fault = "is missing: the journal was cut off, or is another one"
        elif entry.digest != one.digest:
            fault = "is not the one that was known"
        elif one.source is not None and entry.source != one.source:
            fault = f"is of {entry.source}, not of {one.source}"
        else:
            fitting = one.number if not wrong else fitting
            continue
        told = told or fault
        wrong.append(one)
    if wrong:
        first = wrong[0]
        who = list(dict.fromkeys(one.by for one in wrong))
        more = f" and {len(who) - 1} more" if len(who) > 1 else ""
        since = f"the entries up to {fitting} are as they were" if fitting else "nothing before it is vouched for"
        yield Discrepancy(first.number, f"{told}, by {first.by}{more}; {since}")
