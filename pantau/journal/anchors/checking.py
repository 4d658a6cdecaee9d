"""All anchors that are at hand, held against the journal: those of its entries, of the folder, and a party's copies."""

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from pantau.errors import AnchorError
from pantau.journal.anchors.document import AnchoredHeads, read_document
from pantau.journal.anchors.holding import KnownDigest, held_against
from pantau.journal.anchors.keeping import Anchor, AnchorFolder
from pantau.journal.anchors.recorded import contents_of, recorded_anchors
from pantau.journal.entry_reading import EntryReader
from pantau.journal.verification import Discrepancy


class AnchorCheck(NamedTuple):
    """What holding anchors against a journal has found."""

    findings: tuple[Discrepancy, ...]
    """With any, the journal or an anchor is not what it was."""
    notes: tuple[str, ...]
    """What is to be known and is no fault: what could not be proved, what a party has no copy of."""
    anchors: int
    """The anchors that were looked at."""
    known: tuple[KnownDigest, ...]
    """The ends that they know."""


def check_anchors(
    reader: EntryReader, folder: Path | None, roots: Path | None, copies: Path | None = None
) -> AnchorCheck:
    """Hold the journal's own anchors, those in our `folder`, and a party's `copies` against the journal.

    Without `roots` the tokens prove nothing, and a note says so; what the documents say is held against the journal
    all the same. `AnchorError` where a folder that was named cannot be read.
    """
    return _Check(reader, folder, roots, copies).result()


class _Check:
    def __init__(self, reader: EntryReader, folder: Path | None, roots: Path | None, copies: Path | None) -> None:
        self._reader = reader
        self._roots = roots
        self._notes: list[str] = []
        self._findings: list[Discrepancy] = []
        self._heads: dict[str, tuple[Anchor, AnchoredHeads]] = {}
        own = self._of_entries()
        kept = self._of_folder(folder) if folder else {}
        theirs = self._of_folder(copies) if copies else {}
        if copies and not theirs and not self._findings:
            raise AnchorError(f"there is no anchor in {copies}: it holds what `pantau journal anchor` mails")
        for key in kept.keys() - own.keys():
            self._finding(key, f"{kept[key].where} of our own folder is not known to the journal")
        for key in theirs.keys() - own.keys():
            self._finding(key, f"{theirs[key].where} of {copies} is missing in the journal")
        if copies:
            absent = sorted(own[key].where for key in own.keys() - theirs.keys())
            self._notes += [f"the anchor of {where} is not in {copies}" for where in absent]
        self._anchors = {**theirs, **kept, **own}

    def result(self) -> AnchorCheck:
        """Everything in the order of the journal."""
        if self._anchors and self._roots is None:
            self._notes.append("the anchors' tokens are not proved: name the authority's root as tsa.roots, or --roots")
        elif self._roots is not None and self._anchors:
            self._prove(self._roots)
        known = tuple(
            KnownDigest(end.source, end.number, end.digest, _named(heads))
            for _, heads in self._heads.values()
            for end in heads.ends
        )
        self._findings += held_against(self._reader, known)
        ordered = tuple(sorted(set(self._findings)))
        return AnchorCheck(ordered, tuple(self._notes), len(self._anchors), known)

    def _of_entries(self) -> dict[str, Anchor]:
        found = {}
        for recorded in recorded_anchors(self._reader):
            anchor = contents_of(self._reader, recorded)
            if anchor is None:
                self._findings.append(Discrepancy(recorded.entry, "the anchor's document or token is gone, or changed"))
            elif self._read(anchor, recorded.entry):
                found[anchor.key] = anchor
        return found

    def _of_folder(self, folder: Path) -> dict[str, Anchor]:
        found, kept = {}, AnchorFolder(folder)
        for name in kept.names():
            try:
                anchor = kept.read(name)
            except AnchorError as error:
                self._findings.append(Discrepancy(0, f"in {folder}: {error}"))
            else:
                if self._read(anchor, 0):
                    found[anchor.key] = anchor
        return found

    def _read(self, anchor: Anchor, entry: int) -> bool:
        try:
            self._heads[anchor.key] = anchor, read_document(anchor.document)
        except AnchorError as error:
            self._findings.append(Discrepancy(entry, f"the anchor {anchor.where} {error}"))
            return False
        return True

    def _prove(self, roots: Path) -> None:
        # The library of an extra: who has no anchors needs none of it.
        from pantau.journal.anchors.stamping import prove, read_roots

        pinned = read_roots(roots)
        for key, anchor in self._anchors.items():
            try:
                prove(anchor.token, anchor.document, pinned)
            except AnchorError as error:
                self._finding(key, f"the anchor {anchor.where}: {error}")

    def _finding(self, key: str, message: str) -> None:
        self._findings.append(Discrepancy(self._heads[key][1].number, message))


def _named(heads: AnchoredHeads) -> str:
    made = datetime.fromtimestamp(heads.made_ns // 1_000_000_000, UTC)
    return f"the anchor of {made:%Y-%m-%d %H:%M:%S}Z"
