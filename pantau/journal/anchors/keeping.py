"""A folder of anchors: of each the document and the token, under one name. Ours, or the copies of a party.

    anchor-000048211-9f2c0a17.json    the ends of all chains
    anchor-000048211-9f2c0a17.tsr     the authority's answer over it
    anchor-000048211-9f2c0a17.mailed  who has got both by mail

Nothing here is ever overwritten with another content.
"""

import hashlib
import json
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from pantau.errors import AnchorError
from pantau.journal.private_files import write_whole

DOCUMENT, TOKEN, MAILED = ".json", ".tsr", ".mailed"
_MOST_BYTES = 1_000_000


class Anchor(NamedTuple):
    """A document and its token."""

    document: bytes
    token: bytes
    where: str
    """For whoever reads about it: a file, or an entry."""

    @property
    def key(self) -> str:
        """Tells equal anchors from others, wherever they are kept."""
        return hashlib.sha256(self.document + b"\0" + self.token).hexdigest()


class AnchorFolder:
    """One folder; it may not be there yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, number: int, document: bytes, token: bytes) -> str:
        """Keep both on the disk; returns their common name. `AnchorError` where the folder cannot be written."""
        name = f"anchor-{number:09d}-{hashlib.sha256(document).hexdigest()[:8]}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            # The document last: what has a document has its token.
            write_whole(self.folder / (name + TOKEN), token)
            write_whole(self.folder / (name + DOCUMENT), document)
        except OSError as error:
            raise AnchorError(f"{self.folder} takes no anchor: {error.strerror or error}") from error
        return name

    def names(self) -> list[str]:
        """Of all anchors, in the order of their entries' numbers."""
        return sorted({file.stem for file in self._files(DOCUMENT, TOKEN)})

    def read(self, name: str) -> Anchor:
        """One anchor; `AnchorError` where a half of it is missing or cannot be read."""
        halves = []
        for ending in (DOCUMENT, TOKEN):
            file = self.folder / (name + ending)
            try:
                with file.open("rb") as content:
                    halves.append(content.read(_MOST_BYTES))
            except OSError as error:
                raise AnchorError(f"{file.name} cannot be read: {error.strerror or error}") from error
        return Anchor(halves[0], halves[1], name)

    def mailed(self, name: str) -> set[str]:
        """Who has got it by mail."""
        try:
            return set(json.loads((self.folder / (name + MAILED)).read_bytes()))
        except (OSError, ValueError):
            return set()

    def note_mailed(self, name: str, recipients: Collection[str]) -> None:
        """Remember who has got it."""
        write_whole(self.folder / (name + MAILED), json.dumps(sorted(recipients)).encode())

    def _files(self, *endings: str) -> list[Path]:
        try:
            return [file for file in self.folder.iterdir() if file.suffix in endings and not file.name.startswith(".")]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise AnchorError(f"{self.folder} cannot be read: {error.strerror or error}") from error
