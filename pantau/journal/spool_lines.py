"""One event as a line of the spool, sealed: who has not the key can neither change a line nor make one. Pure.

A line is a JSON object whose last two fields are its number, counted from 1 without gaps, and an HMAC (RFC 2104,
SHA-256) over all that stands before the HMAC. So a line that was changed or made up is known by itself, and lines that
were removed, doubled or put elsewhere are known by their numbers. That the last lines are gone no line tells.
"""

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from typing import NamedTuple

from pantau.journal.backlog import Waiting
from pantau.journal.entries import Event, Kind

_SEAL = b', "mac": "'
_HEX_DIGITS = 2 * hashlib.sha256().digest_size
_SEALED_BYTES = len(_SEAL) + _HEX_DIGITS + len('"}\n')


class Spooled(NamedTuple):
    """An event with its place: which process it is of, as that calls itself, and its number there."""

    session: int
    number: int
    event: Event
    line: int = 0
    """Its number in the spool."""


def write_line(session: int, waiting: Waiting, line: int, key: bytes) -> bytes:
    """One event, sealed as the line with this number: of its fields those that are not what they are by default."""
    event = waiting.event
    fields: dict[str, object] = {
        name: value for name, value in event._asdict().items() if value != Event._field_defaults.get(name)
    }
    if event.blobs:
        fields["blobs"] = [b64encode(content).decode() for content in event.blobs]
    body = json.dumps({"session": session, "number": waiting.number, **fields, "line": line}).encode()[:-1]
    return body + _SEAL + _mac(body, key) + b'"}\n'


def read_line(text: bytes, key: bytes) -> Spooled | str:
    """The event of a line, or why it is none of ours."""
    body, seal = text[:-_SEALED_BYTES], text[-_SEALED_BYTES:]
    mac = seal[len(_SEAL) : len(_SEAL) + _HEX_DIGITS]
    if not text.endswith(b'"}\n') or not seal.startswith(_SEAL):
        return "has no seal"
    if not hmac.compare_digest(mac, _mac(body, key)):
        return "has a seal that does not fit"
    try:
        fields = json.loads(body + b"}")
        session, number, line = fields.pop("session"), fields.pop("number"), fields.pop("line")
        blobs = tuple(b64decode(content) for content in fields.pop("blobs", ()))
        return Spooled(session, number, Event(Kind(fields.pop("kind")), blobs=blobs, **fields), line)
    except (ValueError, TypeError, KeyError, AttributeError) as error:  # ours, but of another version
        return f"cannot be read by this version ({type(error).__name__})"


def _mac(body: bytes, key: bytes) -> bytes:
    return hmac.new(key, body, hashlib.sha256).hexdigest().encode()
