"""The proof of a journal that may have been begun anew: from its beginning, or from the year that was closed."""

from collections.abc import Callable, Iterator

from pantau.journal.chain import chained, digest_of_heads
from pantau.journal.closing.carried import kept_digest
from pantau.journal.paper_proof import SignatureCheck
from pantau.journal.reading import Reader
from pantau.journal.verification import Discrepancy, KeptDigest, verify


def proved(
    reader: Reader,
    expected: KeptDigest | None = None,
    progress: Callable[[int], None] = lambda _: None,
    after: int = 0,
    signatures: SignatureCheck | None = None,
) -> Iterator[Discrepancy]:
    """See `verify`. Where the file of a closed year is not at hand, what follows it, and what was kept of it."""
    if not reader.carried:
        yield from verify(reader, expected, progress, after, signatures)
        return
    yield from (Discrepancy(*found) for found in _broken_kept(reader))
    yield from verify(reader, None, progress, max(after, reader.whole_from), signatures)
    if expected is None:
        return
    if expected.number < reader.whole_from:
        yield Discrepancy(expected.number, f"lies in {reader.carried.file}, which is not beside the journal")
    elif (entry := reader.entry(expected.number)) is None:
        yield Discrepancy(expected.number, "was kept by its digest, and is missing")
    elif expected.digest not in (entry.digest, digest_of_heads(reader.ends_at(expected.number))):
        yield Discrepancy(expected.number, "has not the digest that was kept: it, or one before it, was written anew")


def _broken_kept(reader: Reader) -> Iterator[tuple[int, str]]:
    """Entries from before the cut that are not as they were carried over; for a journal without its closed file."""
    carry = reader.carried
    if carry is None:
        return
    text = reader.blob(carry.kept)
    if text is None or kept_digest(text) != carry.kept:
        yield carry.number, "the list of what was carried over was changed, or is missing"
        return
    before = {
        int(number): bytes.fromhex(digest)
        for number, _, digest in (line.partition(" ") for line in text.decode().splitlines())
    }
    seen = set()
    for entry in reader.kept_entries():
        seen.add(entry.number)
        if entry.number not in before:
            yield entry.number, "was not carried over from the year that was closed"
        elif chained(before[entry.number], entry) != entry.digest:
            yield entry.number, "is not as it was carried over from the year that was closed"
    yield from ((number, "was carried over, and is missing") for number in sorted(before.keys() - seen))
