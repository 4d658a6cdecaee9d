"""The hash chains: each entry's SHA-256 covers the entry and, through its source's entry before, all that stands before
it in the chain of that source.

What is hashed is plain enough to be computed again by anybody, with nothing but the export: the digest of the source's
entry before (32 bytes, all zero before the first), then the entry as JSON in ASCII, an array without blanks of

    format 2    format, source, shard, run, number, previous, kind, subject, at_ns, recorded_ns, before, after, up,
                reason, requests, unanswered, first_ns, until_ns, received_ns, answered_ns, uptime_seconds, evidence,
                address, detail
    format 1    number, kind, subject, at_ns, recorded_ns, before, after, up, reason, requests, unanswered, first_ns,
                detail

Format 1 is that of journals from before there were sources: their digests stay valid byte for byte.
"""

import hashlib
import json
from collections.abc import Iterable

from pantau.journal.entries import Entry
from pantau.journal.sources import LEGACY, Source

GENESIS = bytes(32)
"""The digest before the first entry of a source."""

Field = str | int | None
_encode = json.JSONEncoder(separators=(",", ":")).encode


def fields_of(entry: Entry) -> tuple[Field, ...]:
    """What is hashed of an entry in the present format, in its order; an export has the same columns."""
    event = entry.event
    return (
        entry.format,
        entry.source.name,
        entry.source.shard,
        entry.run,
        entry.number,
        entry.previous,
        event.kind.label,
        event.subject,
        event.at_ns,
        event.recorded_ns,
        event.before,
        event.after,
        event.up,
        event.reason,
        event.requests,
        event.unanswered,
        event.first_ns,
        event.until_ns,
        event.received_ns,
        event.answered_ns,
        event.uptime_seconds,
        event.evidence,
        event.address,
        event.detail,
    )


FIELDS = (
    "format",
    "source",
    "shard",
    "run",
    "number",
    "previous",
    "kind",
    "subject",
    "at_ns",
    "recorded_ns",
    "before",
    "after",
    "up",
    "reason",
    "requests",
    "unanswered",
    "first_ns",
    "until_ns",
    "received_ns",
    "answered_ns",
    "uptime_seconds",
    "evidence",
    "address",
    "detail",
)
"""The names of `fields_of`."""


def canonical(entry: Entry) -> bytes:
    """The bytes of an entry that are hashed; `Entry.digest` is not looked at."""
    fields = fields_of(entry)
    if entry.format == 1 and _is_of_the_first_format(entry):
        fields = (fields[4], *fields[6:17], fields[23])
    return _encode(fields).encode()


def chained(previous: bytes, entry: Entry) -> bytes:
    """The digest of the entry that follows the one with the digest `previous` in its chain."""
    return hashlib.sha256(previous + canonical(entry)).digest()


def digest_of_heads(heads: Iterable[tuple[Source, int, bytes]]) -> bytes:
    """One digest for all chains, each given by its source and the number and digest of its last entry.

    Of a single chain it is that chain's own; of several SHA-256 over a JSON array without blanks that has, of each
    source in the order of its last entry, an array of name, shard, number and digest (hexadecimal).
    """
    ends = sorted(heads, key=lambda head: head[1])
    if len(ends) <= 1:
        return ends[0][2] if ends else GENESIS
    text = _encode([[*source, number, digest.hex()] for source, number, digest in ends])
    return hashlib.sha256(text.encode()).digest()


def _is_of_the_first_format(entry: Entry) -> bool:
    """Whether nothing is in it that the first format would not hash: what somebody wrote there would not be seen."""
    added = fields_of(entry)[17:23]
    return entry.source == LEGACY and entry.run == 0 and all(value is None for value in added)
