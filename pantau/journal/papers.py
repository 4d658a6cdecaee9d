"""Lists of decisions as entries: what was proposed, and who approved it. The list's text lies in `blobs`.

A list is named by the SHA-256 of its text; an approval names the list and rests on a signature under that text, kept in
`blobs` too with the key that made it, or on the SHA-256 of the scan of a paper that a person signed by hand.
"""

import hashlib
from collections.abc import Collection
from typing import NamedTuple

from pantau.errors import JournalError
from pantau.journal.entries import Entry, Event, Kind, detail_of, facts_of
from pantau.journal.lists import digest_of_list, read_list

PAPER_KINDS = (Kind.PROPOSAL, Kind.APPROVAL)


class ProposedList(NamedTuple):
    """A list that somebody has proposed, as its entry tells."""

    number: int
    """Of its entry."""
    sha256: str
    person: str
    month: str
    proposed_ns: int
    records: tuple[str, ...] = ()
    """SHA-256 of the records that its items name, as lines; see `propose_list`."""


class ListApproval(NamedTuple):
    """That somebody has approved a list, as its entry tells. Whether the signature is good is not said here."""

    number: int
    sha256: str
    """Of the list."""
    person: str
    approved_ns: int
    key: str
    """The public key that signed, a line without comment; empty where paper was signed."""
    signature: str
    """SHA-256 of the signature in `blobs`; empty where paper was signed."""
    scan: str
    """SHA-256 of the scan of the signed paper; empty where a key signed."""


def propose_list(
    text: bytes, span_ns: tuple[int, int | None], recorded_ns: int, records: Collection[bytes] = ()
) -> Event:
    """A list is proposed; `span_ns` is the time that its items concern, open where an outage of it lasts.

    Items name a record of the inventory by its SHA-256 alone. `records` are those records, as the lines that were
    hashed: they are kept with the list, so that what two have signed holds whatever files say later.
    `JournalError` where the text is no list.
    """
    made = read_list(text)
    facts = {"list": digest_of_list(text), "person": made.person, "month": made.month, "items": len(made.items)}
    if records:
        facts["records"] = sorted(hashlib.sha256(record).hexdigest() for record in records)
    blobs = text, *records
    return Event(Kind.PROPOSAL, span_ns[0], recorded_ns, detail=detail_of(facts), until_ns=span_ns[1], blobs=blobs)


def approve_by_key(sha256: str, person: str, key: str, signature: bytes, recorded_ns: int) -> Event:
    """A person has signed a list with a key."""
    made = hashlib.sha256(signature).hexdigest()
    facts = {"list": sha256, "person": person, "key": key, "signature": made, "scan": ""}
    return Event(Kind.APPROVAL, recorded_ns, recorded_ns, detail=detail_of(facts), blobs=(signature,))


def approve_by_scan(sha256: str, person: str, scan: str, recorded_ns: int) -> Event:
    """A person has signed a list on paper, whose scan has that SHA-256."""
    facts = {"list": sha256, "person": person, "key": "", "signature": "", "scan": scan}
    return Event(Kind.APPROVAL, recorded_ns, recorded_ns, detail=detail_of(facts))


def proposed_list_of(entry: Entry) -> ProposedList:
    """What an entry of kind `PROPOSAL` tells; empty texts where somebody has made nonsense of it."""
    facts = facts_of(entry)
    sha256, person, month = (str(facts.get(name, "")) for name in ("list", "person", "month"))
    named = facts.get("records")
    records = tuple(map(str, named)) if isinstance(named, list) else ()
    return ProposedList(entry.number, sha256, person, month, entry.event.recorded_ns, records)


def approval_of(entry: Entry) -> ListApproval:
    """What an entry of kind `APPROVAL` tells; empty texts where somebody has made nonsense of it."""
    facts = facts_of(entry)
    sha256, person, key, signature, scan = (
        str(facts.get(name, "")) for name in ("list", "person", "key", "signature", "scan")
    )
    return ListApproval(entry.number, sha256, person, entry.event.recorded_ns, key, signature, scan)


def is_list(text: bytes | None) -> bool:
    """Whether a content is a list as Pantau writes one."""
    try:
        return text is not None and bool(read_list(text))
    except JournalError:
        return False
