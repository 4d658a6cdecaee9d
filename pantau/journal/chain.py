"""The hash chain: each entry's SHA-256 covers the entry and, through the one before, all that stands before it.

What is hashed is plain enough to be computed again by anybody, with nothing but the export: the digest before (32
bytes, all zero before the first entry), then the entry as JSON in ASCII, an array without blanks of number, kind,
subject, at_ns, recorded_ns, before, after, up, reason, requests, unanswered, first_ns and detail.
"""

import hashlib
import json

from pantau.journal.entries import Event

GENESIS = bytes(32)
"""The digest before the first entry."""

_encode = json.JSONEncoder(separators=(",", ":")).encode


def canonical(number: int, event: Event) -> bytes:
    """The bytes of an entry that are hashed."""
    return _encode([number, event.kind.label, event.subject, event.at_ns, event.recorded_ns, *event[4:12]]).encode()


def chained(previous: bytes, number: int, event: Event) -> bytes:
    """The digest of the entry that follows the one with the digest `previous`."""
    return hashlib.sha256(previous + canonical(number, event)).digest()
