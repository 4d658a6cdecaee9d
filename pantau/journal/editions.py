"""FINALs as the journal knows them: what was issued is an entry, so a shelf that was changed does not fit it."""

from typing import NamedTuple

from pantau.journal.entries import Entry, Event, Kind, detail_of, facts_of
from pantau.journal.entry_reading import EntryReader


class IssuedEdition(NamedTuple):
    """A FINAL, or a language that was added to one."""

    contract: str
    month: str
    """``2024-04``."""
    version: int
    language: str
    """Of an addition, its language; empty for the FINAL itself."""
    edition_sha256: str
    """Of ``edition.json``."""
    sums_sha256: str
    """Of ``SHA256SUMS``, which has the digest of every other file."""
    entry: int = 0
    """The number of its entry; 0 before it is written."""

    @property
    def key(self) -> tuple[str, str, int, str]:
        """What there can be only one of."""
        return self[:4]

    def event(self, month_ns: int, now_ns: int) -> Event:
        """As it goes into the journal; `month_ns` is when the month began."""
        facts = {
            "edition_sha256": self.edition_sha256,
            "language": self.language,
            "month": self.month,
            "sums_sha256": self.sums_sha256,
            "version": self.version,
        }
        return Event(Kind.EDITION, month_ns, now_ns, self.contract, detail=detail_of(facts))


def issued_editions(reader: EntryReader) -> list[IssuedEdition]:
    """All that stand in the journal, in its order."""
    return [_issued(entry) for entry in reader.of_kinds(Kind.EDITION)]


def _issued(entry: Entry) -> IssuedEdition:
    """What `verify` finds changed is read as far as it goes."""
    facts = facts_of(entry)
    month, language, edition, sums = (
        str(facts.get(name, "")) for name in ("month", "language", "edition_sha256", "sums_sha256")
    )
    version = facts.get("version")
    known = version if isinstance(version, int) else 0
    return IssuedEdition(entry.event.subject, month, known, language, edition, sums, entry.number)
