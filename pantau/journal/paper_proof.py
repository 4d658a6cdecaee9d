"""What of lists and approvals does not fit: a changed text, an approval of nothing, a bad signature, one key twice."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from pantau.journal.entries import Entry, Kind
from pantau.journal.lists import read_list, records_named
from pantau.journal.papers import ListApproval, ProposedList, approval_of, is_list, proposed_list_of

SignatureCheck = Callable[[bytes, bytes, str], bool]
"""Whether a signature under a text was made by the key of that line: text, signature, key."""


class PaperSource(Protocol):
    """What is asked of a journal."""

    def blob(self, digest: str) -> bytes | None:
        """A content by its SHA-256."""

    def approvals(self) -> Sequence[ListApproval]:
        """All approvals, in the order of their entries."""


class PaperProof:
    """One passage over the entries of lists and approvals.

    Without `check` only what is stored is looked at: a signature that is worth nothing makes no journal worthless.
    """

    def __init__(self, journal: PaperSource, check: SignatureCheck | None = None) -> None:
        self._journal = journal
        self._check = check
        self._approvals: Sequence[ListApproval] | None = None

    def findings(self, entry: Entry) -> Iterator[str]:
        """What is wrong with an entry of kind `PROPOSAL` or `APPROVAL`, one sentence each."""
        if entry.event.kind is Kind.PROPOSAL:
            proposed = proposed_list_of(entry)
            if not is_list(self._content(proposed.sha256)):
                yield "the text of this list was changed, or is missing"
            elif not self.is_whole(proposed):
                yield "a record that this list names was changed, or is missing"
        else:
            approval = approval_of(entry)
            yield from self.of_approval(approval)
            if self._check is not None:
                yield from self._doubles(approval)

    def is_whole(self, proposed: ProposedList) -> bool:
        """Whether the list's text is there as it was proposed, and the records that it was proposed with."""
        text = self._content(proposed.sha256)
        if text is None or not is_list(text):
            return False
        named = records_named(read_list(text)) if proposed.records else ()
        return set(named) <= set(proposed.records) and all(self._content(one) is not None for one in proposed.records)

    def of_approval(self, approval: ListApproval) -> Iterator[str]:
        """What is wrong with an approval, looked at alone."""
        text = self._content(approval.sha256)
        if text is None or not is_list(text):
            yield "approves a list whose text was changed, or is missing"
        elif approval.key or not approval.scan:
            signature = self._content(approval.signature)
            if signature is None or not approval.key:
                yield "the signature of this approval was changed, or is missing"
            elif self._check is not None and not self._check(text, signature, approval.key):
                yield f"the signature of {approval.person} is not one of this list by that key"

    def _doubles(self, approval: ListApproval) -> Iterator[str]:
        """Whether the person, or the key, has approved the list before."""
        if self._approvals is None:
            self._approvals = self._journal.approvals()
        for other in self._approvals:
            if other.number >= approval.number or other.sha256 != approval.sha256:
                continue
            if other.person == approval.person:
                yield f"{approval.person} has approved this list before (entry {other.number}): it counts once"
            elif approval.key and other.key == approval.key:
                yield (
                    f"{approval.person} signs with the key of {other.person} (entry {other.number}): "
                    "two signatures by one key are one"
                )

    def _content(self, sha256: str) -> bytes | None:
        content = self._journal.blob(sha256)
        return content if content is not None and hashlib.sha256(content).hexdigest() == sha256 else None
