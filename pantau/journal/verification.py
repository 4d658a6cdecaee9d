"""Proves a journal: every entry's digest is computed again, and every hour's sums. What does not fit is named.

A digest that is not its entry's, one that does not follow from the one before in its source's chain, a number that is
missing, an end that the source's head does not know, a content that is not the one that its entry names, a time of
recording that goes back, sums that no transition bears out (see `hour_checks`), words told late of what was judged (see
`amendment_checks`), a head that claims a life of which nothing in its chain tells: each is a `Discrepancy`. Somebody
who changes an entry and computes all digests after it anew is found by the digest that was published before: give it as
`expected`.
"""

import hashlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

from pantau.errors import JournalError
from pantau.journal.amendment_checks import AmendmentChecks
from pantau.journal.chain import GENESIS, chained, digest_of_heads
from pantau.journal.entries import CHECKPOINT_NS, Entry, Kind, facts_of
from pantau.journal.heads import ChainHead
from pantau.journal.hour_checks import HourChecks
from pantau.journal.paper_proof import PaperProof, SignatureCheck
from pantau.journal.reading import Reader
from pantau.journal.sources import LEGACY, Source

_BEYOND_LEGACY_NS = 2 * 3600 * 1_000_000_000
"""A head may be ahead of its chain by what is chained at the latest: a checkpoint after 10 s; before there were
checkpoints the sums of an hour, and one more where they were late. Nothing rests on it in either case."""


class Discrepancy(NamedTuple):
    """Something that is not as it was written."""

    number: int
    """Of the entry."""
    message: str

    def __str__(self) -> str:
        return f"entry {self.number}: {self.message}"


class KeptDigest(NamedTuple):
    """A digest of the journal's end that somebody kept, by e-mail or on paper."""

    number: int
    digest: bytes


class _Link(NamedTuple):
    """An entry of a chain, as far as the next one rests on it."""

    number: int
    digest: bytes
    run: int = 0
    recorded_ns: int = 0


_BEFORE_ALL = _Link(0, GENESIS)


def verify(
    reader: Reader,
    expected: KeptDigest | None = None,
    progress: Callable[[int], None] = lambda _: None,
    after: int = 0,
    signatures: SignatureCheck | None = None,
) -> Iterator[Discrepancy]:
    """All discrepancies, in the order of the journal; `progress` hears of each entry's number now and then.

    With `signatures`, which says whether a signature under a list is good, approvals that count for nothing are named.

    With `after`, only the entries beyond that number are proved, as following from the ones before; `expected` needs
    all of it. Raises `JournalError` where the database itself cannot be read on.
    """
    if expected is not None and after:
        raise ValueError("a kept digest is of all chains: it can only be held against the whole journal")
    yield from _Proof(reader, after, signatures).run(expected, progress)


class _Proof:
    """One passage through a journal."""

    def __init__(self, reader: Reader, after: int, signatures: SignatureCheck | None) -> None:
        self._reader = reader
        self._papers = PaperProof(reader, signatures)
        self._after = after
        self._number = after
        self._chains: dict[Source, _Link] = {}
        self._missing: list[range] = []
        self._checks: dict[Source, tuple[HourChecks, AmendmentChecks]] = {}

    def run(self, expected: KeptDigest | None, progress: Callable[[int], None]) -> Iterator[Discrepancy]:
        """See `verify`."""
        ends = {head.source: head for head in self._reader.heads()}
        end = max((head.number for head in ends.values()), default=0)
        at_end: dict[Source, _Link] = {}
        if self._after and self._reader.entry(self._after) is None:
            self._missing.append(range(self._after, self._after + 1))
            yield Discrepancy(self._after, "is missing")
        for entry in self._reader.entries(self._after):
            yield from self._entry(entry)
            if expected is not None and entry.number == expected.number:
                yield from self._kept(entry, expected)
            if entry.source not in ends or entry.number <= ends[entry.source].number:
                at_end[entry.source] = self._chains[entry.source]
            if entry.number % 1000 == 0:
                progress(entry.number)
        progress(self._number)
        yield from self._ends(ends, end, at_end)
        if expected is not None and self._number < expected.number:
            yield Discrepancy(expected.number, "was kept by its digest, and is missing")

    def _entry(self, entry: Entry) -> Iterator[Discrepancy]:
        if entry.number != self._number + 1:
            self._missing.append(range(self._number + 1, entry.number))
            yield Discrepancy(self._number + 1, f"is missing; the next is {entry.number}")
        self._number = entry.number
        before = self._chains.get(entry.source)
        if before is None:
            before = self._first_link(entry.previous)
        # One that follows an entry which is missing cannot be held against it; that it is missing has been said.
        if not any(entry.previous in numbers for numbers in self._missing) and (
            before.number != entry.previous or chained(before.digest, entry) != entry.digest
        ):
            yield Discrepancy(entry.number, f"was changed, or the one before it: {_told(entry)}")
        event = entry.event
        if entry.format > 1 and event.recorded_ns < before.recorded_ns and event.kind is not Kind.CLOCK_STEP:
            yield Discrepancy(
                entry.number, "was recorded before the one before it, and no entry says that a clock was set"
            )
        self._chains[entry.source] = _Link(entry.number, entry.digest, max(before.run, entry.run), event.recorded_ns)
        yield from self._contents(entry)

    def _first_link(self, number: int) -> _Link:
        """What the first entry of a chain that is met rests on: nothing, or one that is not proved this time."""
        entry = self._reader.entry(number) if 0 < number <= self._after else None
        return _Link(number, entry.digest, 0, entry.event.recorded_ns) if entry else _BEFORE_ALL

    def _contents(self, entry: Entry) -> Iterator[Discrepancy]:
        """What an entry vouches for beside itself."""
        text = self._reader.text_of_sums(entry) if entry.event.kind is Kind.HOUR else None
        if entry.format > 1 and entry.source.shard is not None:
            hours, late = self._checks.setdefault(entry.source, (HourChecks(), AmendmentChecks()))
            yield from (Discrepancy(*found) for found in (*hours.hear(entry, text), *late.hear(entry)))
        match entry.event.kind:
            case Kind.HOUR:
                if _digest(text) != facts_of(entry).get("sha256", ""):
                    yield Discrepancy(entry.number, "the sums of this hour were changed")
            case Kind.INVENTORY:
                files = facts_of(entry).get("files")
                for name, digest in files.items() if isinstance(files, dict) else ():
                    if _digest(self._reader.blob(str(digest))) != digest:
                        yield Discrepancy(entry.number, f"the content of {name} was changed, or is missing")
            case Kind.SUCCESSION:
                number, digest = (facts_of(entry).get(name) for name in ("number", "digest"))
                followed = self._reader.entry(number) if isinstance(number, int) else None
                if followed is None or followed.digest.hex() != digest:
                    yield Discrepancy(entry.number, "does not go on where its source did: what it follows was changed")
            case Kind.PROPOSAL | Kind.APPROVAL:
                yield from (Discrepancy(entry.number, told) for told in self._papers.findings(entry))
            case _:
                pass

    def _kept(self, entry: Entry, expected: KeptDigest) -> Iterator[Discrepancy]:
        """Held against the end of all chains at that entry; or against the entry's own, the end of the only chain."""
        ends = digest_of_heads((source, link.number, link.digest) for source, link in self._chains.items())
        if expected.digest not in (ends, entry.digest):
            yield Discrepancy(entry.number, "has not the digest that was kept: it, or one before it, was written anew")

    def _ends(self, ends: dict[Source, ChainHead], end: int, at_end: dict[Source, _Link]) -> Iterator[Discrepancy]:
        """`ends` as they were before all entries were read; `at_end` what the chains were there."""
        if self._number < end:
            yield Discrepancy(self._number + 1, f"is missing, and all up to {end}: the end was cut off")
            return
        for source, head in ends.items():
            link = at_end.get(source) or self._first_link(head.number)
            if (link.number, link.digest) != (head.number, head.digest) or head.run < link.run:
                yield Discrepancy(head.number, "is not the end that the journal's head knows")
            beyond_ns = _BEYOND_LEGACY_NS if source == LEGACY else CHECKPOINT_NS
            if head.alive_ns > link.recorded_ns + beyond_ns:
                yield Discrepancy(
                    head.number, "is the last that tells of a life that the journal's head claims for longer"
                )
        # What an exporter has written meanwhile is known to the head by now.
        known = {head.source: head.number for head in self._reader.heads()}
        for source, link in self._chains.items():
            if link.number > known.get(source, 0):
                yield Discrepancy(link.number, "is not known to the journal's head")


def fits(reader: Reader, number: int) -> bool:
    """Whether one entry has the digest that follows from the one before it in its chain and from its content."""
    entry = reader.entry(number)
    before = reader.entry(entry.previous) if entry is not None else None
    if entry is None or (entry.previous and (before is None or before.source != entry.source)):
        return False
    return chained(before.digest if before else GENESIS, entry) == entry.digest


def parse_expected(text: str) -> KeptDigest:
    """``NUMBER:DIGEST``, as `pantau journal verify` prints it."""
    number, colon, digest = text.partition(":")
    try:
        if not colon or len(digest) != 64:
            raise ValueError(text)
        return KeptDigest(int(number), bytes.fromhex(digest))
    except ValueError as error:
        raise JournalError(f"{text!r} is not NUMBER:DIGEST, as `pantau journal verify` prints it") from error


def _digest(content: bytes | None) -> str | None:
    return None if content is None else hashlib.sha256(content).hexdigest()


def _told(entry: Entry) -> str:
    event = entry.event
    return " ".join(part for part in (event.kind.label, event.subject, f"at_ns={event.at_ns}") if part)
