"""What an authority stamps: the ends of all chains as canonical JSON. Pure.

    {"digest":"9f2c…","format":1,"heads":[["noc",0,48211,"9f2c…"],["office",null,48200,"51aa…"]],"made_ns":…}

Keys sorted, no blanks, ASCII, as the journal's own details. `heads` has name, shard, number and digest of the last
entry of each source, in the order of these numbers; `digest` is that of all chains together, which `pantau journal
verify` prints.
"""

import json
from collections.abc import Iterable
from typing import NamedTuple

from pantau.errors import AnchorError
from pantau.journal.chain import digest_of_heads
from pantau.journal.entries import detail_of
from pantau.journal.heads import ChainHead
from pantau.journal.sources import Source

_FORMAT = 1


class ChainEnd(NamedTuple):
    """Where the chain of one source ended."""

    source: Source
    number: int
    digest: bytes


class AnchoredHeads(NamedTuple):
    """Where all chains ended at one moment."""

    made_ns: int
    ends: tuple[ChainEnd, ...]

    @property
    def number(self) -> int:
        """The journal's last entry then."""
        return max((end.number for end in self.ends), default=0)

    @property
    def digest(self) -> bytes:
        """Of all chains together."""
        return digest_of_heads(self.ends)


class ProvedStamp(NamedTuple):
    """What a token says that has proved itself."""

    at_ns: int
    """By the authority's clock."""
    authority: str
    """The subject of the certificate that signed."""
    serial: int
    """Of the token, with that authority."""


def anchored(heads: Iterable[ChainHead], made_ns: int) -> AnchoredHeads:
    """The ends that a journal's heads tell; of sources that have written."""
    ends = (ChainEnd(head.source, head.number, head.digest) for head in heads if head.number)
    return AnchoredHeads(made_ns, tuple(sorted(ends, key=lambda end: end.number)))


def document_of(heads: AnchoredHeads) -> bytes:
    """The bytes that are stamped."""
    ends = [[*end.source, end.number, end.digest.hex()] for end in heads.ends]
    facts = {"digest": heads.digest.hex(), "format": _FORMAT, "heads": ends, "made_ns": heads.made_ns}
    return detail_of(facts).encode()


def read_document(content: bytes) -> AnchoredHeads:
    """The ends that a document tells; `AnchorError` where it is none, or says another thing in another place."""
    try:
        facts = json.loads(content)
        if facts["format"] != _FORMAT:
            raise AnchorError(f"is of format {facts['format']}, which this version does not know")
        ends = tuple(
            ChainEnd(Source(str(name), shard), int(number), bytes.fromhex(digest))
            for name, shard, number, digest in facts["heads"]
        )
        heads = AnchoredHeads(int(facts["made_ns"]), ends)
    except (ValueError, TypeError, KeyError) as error:
        raise AnchorError("is no document of an anchor") from error
    if document_of(heads) != content:
        raise AnchorError("is not written as a document of an anchor is: somebody changed it")
    return heads
