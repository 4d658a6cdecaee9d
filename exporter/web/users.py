"""Passwords of those who may ask: bcrypt hashes, as `basic_auth_users` of the web configuration has them.

A hash costs a tenth of a second, so that nobody can try many: it is reckoned in a thread, one at a time, and what came
out is remembered under a key that no one outside can know. A scrape with the right password pays for it once. Of wrong
ones each client has few a minute: what is remembered as right is never held up by them, also not from the same address.
"""

import asyncio
import base64
import binascii
import hmac
import os
from collections import OrderedDict
from collections.abc import Mapping
from enum import Enum, auto
from hashlib import sha256

import bcrypt

from exporter.listening.limits import Buckets

_NOBODY = "$2b$10$iaDvuK9QkU3AWD/GsodzauFauTRGbkRGjkG5dREZIk9Uzl43CeYgG"
"""Compared with where there is no such user, so that it takes as long."""
_LONGEST_BYTES = 72
"""Of a password bcrypt looks at no more, here as in Go."""
_REMEMBERED = 256
_WRONG_A_MINUTE = 10
_MOST_WAITING = 16
"""Passwords that wait to be compared, of all clients together; of one client, one."""


class LoginResult(Enum):
    """What becomes of who asks."""

    ALLOWED = auto()
    REFUSED = auto()
    LIMITED = auto()
    """Not compared: too many wrong ones from there, or too many at once."""


class Users:
    """Who may ask; everybody while `hashes` is empty. Replace it whole."""

    def __init__(self, hashes: Mapping[str, str] | None = None) -> None:
        self.hashes: Mapping[str, str] = hashes or {}
        self._key = os.urandom(32)
        self._known: OrderedDict[bytes, bool] = OrderedDict()
        self._turn = asyncio.Lock()
        self._waiting: set[str] = set()
        self._tries = Buckets(_WRONG_A_MINUTE / 60.0, float(_WRONG_A_MINUTE))

    async def entry(self, authorization: str, client: str) -> LoginResult:
        """Whether these credentials, the value of the header, let in. `client` is who sends them."""
        found = _credentials(authorization)
        if found is None:
            return LoginResult.REFUSED
        name, password = found
        hashed = self.hashes.get(name)
        mark = self._mark(name, password, hashed or _NOBODY)
        right = self._known.get(mark)
        if right is None:
            now = asyncio.get_running_loop().time()
            if client in self._waiting or len(self._waiting) >= _MOST_WAITING or not self._tries.has(client, now):
                return LoginResult.LIMITED
            self._waiting.add(client)
            try:
                async with self._turn:
                    fits = await asyncio.to_thread(_fits, password, hashed or _NOBODY)
            finally:
                self._waiting.discard(client)
            right = fits and hashed is not None
            self._remember(mark, right)
            if not right:
                self._tries.fine(client, asyncio.get_running_loop().time(), 1.0)
        return LoginResult.ALLOWED if right else LoginResult.REFUSED

    def _mark(self, name: str, password: bytes, hashed: str) -> bytes:
        parts = (name.encode("utf-8", "surrogateescape"), hashed.encode(), password)
        whole = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
        return hmac.digest(self._key, whole, sha256)

    def _remember(self, mark: bytes, fits: bool) -> None:
        self._known[mark] = fits
        self._known.move_to_end(mark)
        while len(self._known) > _REMEMBERED:
            # Those that were wrong go first: nobody's tries make a scraper pay for its password again.
            wrong = next((one for one, right in self._known.items() if not right), None)
            del self._known[next(iter(self._known)) if wrong is None else wrong]


def _credentials(authorization: str) -> tuple[str, bytes] | None:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, password = base64.b64decode(encoded.strip(), validate=True).partition(b":")
    except (binascii.Error, ValueError):
        return None
    return (name.decode("utf-8", "surrogateescape"), password) if colon else None


def _fits(password: bytes, hashed: str) -> bool:
    try:
        return bcrypt.checkpw(password[:_LONGEST_BYTES], hashed.encode())
    except ValueError:  # of a form that this bcrypt does not know
        return False
