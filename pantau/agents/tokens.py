"""Tokens of agents: HMAC(key, hotspot | generation). None is stored; whoever has the key can say each of them.

A new generation in the inventory revokes the token of one hotspot; a new first key makes new tokens for all, and those
of the keys behind it are accepted until they are taken out of the list.
"""

import hmac
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from pantau.errors import PantauError

PREFIX = "pantau1-"
"""By it a token is known for what it is, wherever somebody has pasted it."""
LEAST_KEY_BYTES = 16
_MOST_KEY_BYTES = 4096
_SEPARATOR = b"|"
"""No id holds it, so that no two hotspots share a text."""


class TokenKeyError(PantauError):
    """A key of the tokens cannot be read, or is none; the text says which, and what to do."""


def token_of(key: bytes, hotspot: str, generation: int) -> str:
    """The token of a hotspot's agent."""
    text = hotspot.encode() + _SEPARATOR + str(generation).encode()
    return PREFIX + hmac.digest(key, text, "sha256").hex()


def accepted_tokens(keys: Sequence[bytes], hotspot: str, generation: int) -> tuple[bytes, ...]:
    """All tokens that the hotspot's agent may show."""
    return tuple(token_of(key, hotspot, generation).encode() for key in keys)


def matches(shown: bytes, accepted: Iterable[bytes]) -> bool:
    """Whether a token is one of these, in a time that tells nothing of how nearly it is."""
    found = False
    for token in accepted:
        found |= hmac.compare_digest(shown, token)
    return found


def read_keys(files: Sequence[str], folder: Path) -> tuple[bytes, ...]:
    """The keys in these files, relative to `folder`; `TokenKeyError` where one cannot be used."""
    return tuple(_read_key(folder / name) for name in files)


def _read_key(file: Path) -> bytes:
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            key = os.read(descriptor, _MOST_KEY_BYTES).strip()
        finally:
            os.close(descriptor)
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise TokenKeyError(f"{file}: {reason}; make a key there with: openssl rand -hex 32") from error
    if len(key) < LEAST_KEY_BYTES:
        raise TokenKeyError(
            f"{file}: a key of {len(key)} bytes can be guessed; make one of 64 characters with: openssl rand -hex 32"
        )
    return key
