"""Proves a journal: every entry's digest is computed again, and every hour's sums. What does not fit is named.

A digest that is not its entry's, one that does not follow from the one before, a number that is missing, an end that
the head does not know: each is a `Finding`. Somebody who changes an entry and computes all digests after it anew is
found by the digest that was published before: give it as `expected`.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from pantau.errors import JournalError
from pantau.journal.chain import GENESIS, chained
from pantau.journal.entries import Entry, HotspotHour, Kind, digest_of_hour
from pantau.journal.reading import Reader


class Finding(NamedTuple):
    """Something that is not as it was written."""

    number: int
    """Of the entry."""
    message: str

    def __str__(self) -> str:
        return f"entry {self.number}: {self.message}"


class Expected(NamedTuple):
    """A digest that somebody kept, by e-mail or on paper."""

    number: int
    digest: bytes


def verify(
    reader: Reader,
    expected: Expected | None = None,
    progress: Callable[[int], None] = lambda _: None,
    after: int = 0,
) -> Iterator[Finding]:
    """All findings, in the order of the journal; `progress` hears of each entry's number now and then.

    With `after`, only the entries beyond that number are proved, as following from that one's digest. Raises
    `JournalError` where the database itself cannot be read on.
    """
    end = reader.head()
    before = reader.entry(after) if after else None
    if after and before is None:
        yield Finding(after, "is missing")
    previous, number = before.digest if before else GENESIS, after
    at_end = previous
    for entry in reader.entries(after):
        if entry.number != number + 1:
            yield Finding(number + 1, f"is missing; the next is {entry.number}")
            previous = entry.digest
        elif chained(previous, entry.number, entry.event) != entry.digest:
            yield Finding(entry.number, f"was changed, or the one before it: {_told(entry)}")
        if entry.event.kind is Kind.HOUR and digest_of_hour(_sums(reader, entry)) != entry.event.facts.get("sha256"):
            yield Finding(entry.number, "the sums of this hour were changed")
        if expected is not None and entry.number == expected.number and entry.digest != expected.digest:
            yield Finding(entry.number, "has not the digest that was kept: it, or one before it, was written anew")
        previous, number = entry.digest, entry.number
        if number <= end.number:
            at_end = previous
        if number % 1000 == 0:
            progress(number)
    progress(number)
    if number < end.number:
        yield Finding(number + 1, f"is missing, and all up to {end.number}: the end was cut off")
    elif end.digest != at_end:
        yield Finding(end.number, "is not the end that the journal's head knows")
    elif number > reader.head().number:
        # What an exporter has written meanwhile is known to the head by now.
        yield Finding(number, "is not known to the journal's head")
    if expected is not None and number < expected.number:
        yield Finding(expected.number, "was kept by its digest, and is missing")


def fits(reader: Reader, number: int) -> bool:
    """Whether one entry has the digest that follows from the one before it and from its content."""
    entry, before = reader.entry(number), reader.entry(number - 1)
    if entry is None or (before is None and number > 1):
        return False
    return chained(before.digest if before else GENESIS, number, entry.event) == entry.digest


def parse_expected(text: str) -> Expected:
    """``NUMBER:DIGEST``, as `pantau journal verify` prints it."""
    number, colon, digest = text.partition(":")
    try:
        if not colon or len(digest) != 64:
            raise ValueError(text)
        return Expected(int(number), bytes.fromhex(digest))
    except ValueError as error:
        raise JournalError(f"{text!r} is not NUMBER:DIGEST, as `pantau journal verify` prints it") from error


def _sums(reader: Reader, entry: Entry) -> Iterator[HotspotHour]:
    return (row.sums for row in reader.hours(entry.event.at_ns - 1, entry.event.at_ns) if row.entry == entry.number)


def _told(entry: Entry) -> str:
    event = entry.event
    return " ".join(part for part in (event.kind.label, event.subject, f"at_ns={event.at_ns}") if part)
