"""The shelf held against the journal, and the journal against the shelf.

Of each FINAL the journal has an entry with the digests of its ``edition.json`` and ``SHA256SUMS``; each FINAL knows the
ends of all chains that it was made from. So one that was altered, even with its sums, one that was slipped in, one that
was taken away, and a journal that is another one do not fit.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pantau.errors import ReportError
from pantau.journal import Reader
from pantau.journal.anchors.holding import KnownDigest, held_against
from pantau.journal.chain import digest_of_heads
from pantau.journal.editions import IssuedEdition, issued_editions
from pantau.journal.verification import Discrepancy
from pantau.reports.publishing.manifest import NAME, digest
from pantau.reports.publishing.shelf import EDITION, ShelvedFinal, finals_on, named


@dataclass(frozen=True, slots=True)
class ShelfFinding:
    """A FINAL that is not as the journal knows it."""

    contract: str
    month: str
    version: int
    message: str
    unrecorded: bool = False
    """Whether nothing is wrong but that the journal has no entry of it, as after a run that was killed."""

    def __str__(self) -> str:
        return f"{named((self.contract, self.month, self.version, ''))}: {self.message}"


@dataclass(slots=True)
class ShelfCheck:
    """What holding a shelf and a journal against each other has found."""

    journal: list[Discrepancy] = field(default_factory=list)
    """Where the journal is not the one that FINALs were made from."""
    finals: list[ShelfFinding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    count: int = 0
    """FINALs on the shelf."""
    issued: Mapping[tuple[str, str, int, str], IssuedEdition] = field(default_factory=dict)
    """Those that the journal knows."""

    def of(self, contract: str, month: str) -> list[ShelfFinding]:
        """What is wrong with one report's FINALs."""
        return [one for one in self.finals if (one.contract, one.month) == (contract, month)]


def check_shelf(reader: Reader, output: Path, whole: Callable[[ShelvedFinal], bool] = lambda _: True) -> ShelfCheck:
    """Hold all FINALs below `output` and the journal against each other.

    Of those of which `whole` says so every file is read; of the others what the journal knows the digests of.
    `ReportError` where the folder cannot be read.
    """
    check = ShelfCheck()
    check.issued = _issued(reader, check)
    shelved = list(finals_on(output))
    known: list[KnownDigest] = []
    for final in shelved:
        check.count += not final.language
        try:
            known += _one(reader, final, check, read_all=whole(final))
        except ReportError as error:
            check.finals.append(_finding(final, str(error)))
    there = {final.key for final in shelved}
    for key, one in check.issued.items():
        if key not in there:
            where = f"was issued (entry {one.entry}) and is missing in {output}"
            check.finals.append(ShelfFinding(*key[:3], f"{key[3]} {where}".strip()))
    check.journal += held_against(reader, known)
    if check.journal:
        check.journal = _closer(reader, shelved, check.journal)
    return check


def _issued(reader: Reader, check: ShelfCheck) -> Mapping[tuple[str, str, int, str], IssuedEdition]:
    """By their keys; the first entry holds, and a second one that says another thing is named."""
    found: dict[tuple[str, str, int, str], IssuedEdition] = {}
    for one in issued_editions(reader):
        first = found.setdefault(one.key, one)
        if first[:6] != one[:6]:
            message = f"was issued by entry {first.entry}, and once more, with other files, by entry {one.entry}"
            check.finals.append(ShelfFinding(*one.key[:3], message))
    return found


def _one(reader: Reader, final: ShelvedFinal, check: ShelfCheck, *, read_all: bool) -> Iterator[KnownDigest]:
    """Look at one FINAL; what it knows of the journal."""
    issued = check.issued.get(final.key)
    edition_sha256 = "" if final.language else digest(final.read(EDITION))
    if issued is not None:
        for name, now, then in (
            (EDITION, edition_sha256, issued.edition_sha256),
            (NAME, digest(final.read(NAME)), issued.sums_sha256),
        ):
            if now != then:
                check.finals.append(_finding(final, f"{name} is not the one that was issued (entry {issued.entry})"))
    elif not final.language and "heads" not in final.edition():
        check.notes.append(f"{final.name} was issued by a version whose FINALs the journal does not know")
    else:
        check.finals.append(_finding(final, "is not known to the journal: nobody has issued it", unrecorded=True))
    if read_all:
        check.finals += [_finding(final, strange) for strange in final.strange_files()]
    if final.language:
        return
    yield from final.ends()
    if "heads" not in final.edition():
        check.journal += _of_old(reader, final)


def _of_old(reader: Reader, final: ShelvedFinal) -> Iterator[Discrepancy]:
    """A FINAL from before it knew all heads: it has one digest of them all."""
    facts = final.edition()
    number, kept = facts.get("journal_entry"), facts.get("journal_hash")
    entry = reader.entry(number) if isinstance(number, int) else None
    if entry is None:
        yield Discrepancy(int(number or 0), f"is missing; {final.name} was made from it")
    elif kept not in (entry.digest.hex(), digest_of_heads(reader.ends_at(entry.number)).hex()):
        yield Discrepancy(entry.number, f"is not the one that {final.name} was made from")


def _closer(reader: Reader, shelved: Sequence[ShelvedFinal], found: Sequence[Discrepancy]) -> list[Discrepancy]:
    """The annexes know single entries: the first that differs lies before the end that a FINAL was made from."""
    known: list[KnownDigest] = []
    for final in shelved:
        try:
            known += [] if final.language else final.entries()
        except ReportError:
            continue  # told already, where every file is read
    return sorted({*found, *held_against(reader, known)})


def _finding(final: ShelvedFinal, message: str, *, unrecorded: bool = False) -> ShelfFinding:
    told = f"{final.language}: {message}" if final.language else message
    return ShelfFinding(final.contract, final.month, final.version, told, unrecorded and not final.language)
