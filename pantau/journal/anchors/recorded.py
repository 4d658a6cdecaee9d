"""The anchors that the journal itself holds: `Kind.ANCHOR` entries, document and token among its blobs."""

import hashlib
from typing import NamedTuple

from pantau.journal.anchors.document import ProvedStamp
from pantau.journal.anchors.keeping import Anchor
from pantau.journal.entries import Entry, Event, Kind, detail_of, facts_of
from pantau.journal.entry_reading import EntryReader


class RecordedAnchor(NamedTuple):
    """What an entry says of an anchor."""

    entry: int
    number: int
    """The journal's last entry when it was taken."""
    stamped_ns: int
    authority: str
    document: str
    """SHA-256 of the document, in hexadecimal."""
    token: str
    """Of the token."""


def anchor_event(document: bytes, token: bytes, number: int, stamp: ProvedStamp, now_ns: int) -> Event:
    """As it goes into the journal."""
    facts = {
        "authority": stamp.authority,
        "document": hashlib.sha256(document).hexdigest(),
        "number": number,
        "serial": str(stamp.serial),
        "stamped_ns": stamp.at_ns,
        "token": hashlib.sha256(token).hexdigest(),
    }
    return Event(Kind.ANCHOR, now_ns, now_ns, detail=detail_of(facts), blobs=(document, token))


def recorded_anchors(reader: EntryReader) -> list[RecordedAnchor]:
    """All that stand in the journal, in its order."""
    return [_recorded(entry) for entry in reader.of_kinds(Kind.ANCHOR)]


def last_taken_ns(reader: EntryReader) -> int:
    """When the last one was taken, by our clock; 0 where there is none."""
    return max((entry.event.recorded_ns for entry in reader.of_kinds(Kind.ANCHOR)), default=0)


def contents_of(reader: EntryReader, recorded: RecordedAnchor) -> Anchor | None:
    """Document and token of an entry; None where the journal has lost one of them, or has another in its place."""
    contents = []
    for digest in (recorded.document, recorded.token):
        content = reader.blob(digest)
        if content is None or hashlib.sha256(content).hexdigest() != digest:
            return None
        contents.append(content)
    return Anchor(contents[0], contents[1], f"entry {recorded.entry}")


def _recorded(entry: Entry) -> RecordedAnchor:
    """What `verify` finds changed is read as far as it goes."""
    facts = facts_of(entry)
    number, stamped_ns = facts.get("number"), facts.get("stamped_ns")
    return RecordedAnchor(
        entry.number,
        number if isinstance(number, int) else 0,
        stamped_ns if isinstance(stamped_ns, int) else 0,
        str(facts.get("authority", "")),
        str(facts.get("document", "")),
        str(facts.get("token", "")),
    )
