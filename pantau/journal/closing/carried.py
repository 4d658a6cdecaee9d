"""What a journal keeps of a year that was closed: the entry that says so, and the proof of the rows that it kept."""

import hashlib
import json
from collections.abc import Iterable
from typing import NamedTuple

from pantau.journal.chain import digest_of_heads
from pantau.journal.entries import Entry, Event, Kind, detail_of
from pantau.journal.sources import Source

End = tuple[Source, int, bytes]


class CarryOver(NamedTuple):
    """What the entry says that closes a year."""

    year: int
    number: int
    """The last entry that lies in the closed file."""
    ends: tuple[End, ...]
    """Where the chains of all sources ended there."""
    file: str
    """The closed file's name; it lies beside the journal, or where whoever closed the year put it."""
    kept: str
    """SHA-256, in hexadecimal, of the list of what is kept from before the cut."""

    def event(self, kept: bytes, now_ns: int) -> Event:
        """As it goes into the journal, with that list."""
        facts = {
            "digest": digest_of_heads(self.ends).hex(),
            "file": self.file,
            "heads": [[*source, number, digest.hex()] for source, number, digest in self.ends],
            "kept": self.kept,
            "number": self.number,
            "year": self.year,
        }
        return Event(Kind.CARRY_OVER, now_ns, now_ns, detail=detail_of(facts), blobs=(kept,))


def carry_over_of(detail: str) -> CarryOver | None:
    """What an entry's detail says; None where somebody has made nonsense of it, which its digest tells."""
    try:
        facts = json.loads(detail)
        ends = tuple(
            (Source(name, shard), int(number), bytes.fromhex(digest)) for name, shard, number, digest in facts["heads"]
        )
        return CarryOver(int(facts["year"]), int(facts["number"]), ends, str(facts["file"]), str(facts["kept"]))
    except (ValueError, TypeError, KeyError):
        return None


def kept_list(kept: Iterable[tuple[Entry, bytes]]) -> bytes:
    """Of each entry that is kept its number, and the digest of the one before it in its chain: what proves it alone."""
    return "".join(f"{entry.number} {before.hex()}\n" for entry, before in kept).encode()


def kept_digest(kept: bytes) -> str:
    """How the list is named."""
    return hashlib.sha256(kept).hexdigest()


def end_entry(carry: CarryOver, number: int) -> Entry | None:
    """The last entry of a chain at the cut, as far as the entries after it rest on it: its number and digest."""
    for source, last, digest in carry.ends:
        if last == number:
            return Entry(number, Event(Kind.CARRY_OVER, 0, 0), digest, source)
    return None


def newest_carry_over(entries: Iterable[Entry]) -> CarryOver | None:
    """That of the latest year."""
    found = [carry for entry in entries if (carry := carry_over_of(entry.event.detail)) is not None]
    return max(found, key=lambda one: one.number, default=None)
