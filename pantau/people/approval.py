"""Whether a list of decisions is approved: two people, of whom at least one signed with a key.

An approval counts only if it is whole: the list is as it was proposed, the signature was made under it by a key of that
person, and neither the person nor the key has approved the list before. Everything is looked at again each time that it
is read: an entry says what somebody claims, not what is so.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from pantau.journal import DecisionList, ItemKind, ListApproval, ProposedList, read_list
from pantau.journal.paper_proof import PaperProof
from pantau.people.history import PeopleHistory
from pantau.people.signing import check_signature

NEEDED = 2
_NS = 1_000_000_000


class ListStatus(StrEnum):
    """How far a list has come."""

    PROPOSED = "proposed"
    APPROVED = "approved"


class Binding(StrEnum):
    """What an approved list rests on."""

    TWO_KEYS = "two_keys"
    ONE_KEY = "one_key"
    """One signed with a key, the other on a paper whose scan's SHA-256 stands in the journal."""


@dataclass(frozen=True, slots=True)
class Approver:
    """One whole approval."""

    person: str
    entry: int
    at: int
    """Unix seconds."""
    key: str
    """Empty where paper was signed."""
    scan: str
    """SHA-256 of the scan of that paper."""


@dataclass(frozen=True, slots=True)
class SignedList:
    """A list with who approved it."""

    proposed: ProposedList
    content: DecisionList
    approvers: tuple[Approver, ...]
    refused: tuple[str, ...] = ()
    """Approvals that do not count, and why, one sentence each."""

    @property
    def _deciding(self) -> tuple[Approver, ...]:
        """The first whose approvals suffice; those that come later change nothing."""
        for count in range(NEEDED, len(self.approvers) + 1):
            if any(one.key for one in self.approvers[:count]):
                first = self.approvers[:count]
                keyed = [one for one in first if one.key][:NEEDED]
                return tuple(keyed if len(keyed) == NEEDED else [*keyed, *[one for one in first if not one.key][:1]])
        return ()

    @property
    def status(self) -> ListStatus:
        """Approved once two have, with a key at least."""
        return ListStatus.APPROVED if self._deciding else ListStatus.PROPOSED

    @property
    def approved_by(self) -> tuple[str, ...]:
        """The ids of the two; nobody while it is proposed."""
        return tuple(one.person for one in self._deciding)

    @property
    def approved_at(self) -> int | None:
        """When the second did, Unix seconds."""
        return max((one.at for one in self._deciding), default=None)

    @property
    def order(self) -> int:
        """The entry that made it count: of two lists about one thing, the greater holds."""
        return max((one.entry for one in self._deciding), default=0)

    @property
    def binding(self) -> Binding | None:
        """What it rests on; None while it is proposed."""
        keys = sum(bool(one.key) for one in self._deciding)
        return None if not self._deciding else Binding.TWO_KEYS if keys == NEEDED else Binding.ONE_KEY

    @property
    def scans(self) -> tuple[str, ...]:
        """SHA-256 of the scans that it rests on."""
        return tuple(one.scan for one in self._deciding if one.scan)


class PaperTrail(Protocol):
    """What is asked of a journal; `pantau.journal.Reader` answers."""

    def proposals(self, start_ns: int = 0, end_ns: int = 2**62) -> Sequence[ProposedList]:
        """The lists that concern a span."""

    def approvals(self) -> Sequence[ListApproval]:
        """All approvals."""

    def blob(self, digest: str) -> bytes | None:
        """A content by its SHA-256."""


@dataclass(slots=True)
class _Counting:
    """The approvals of one list, one after the other."""

    people: PeopleHistory
    zone: ZoneInfo
    counted: list[Approver] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def take(self, approval: ListApproval, faults: Collection[str]) -> None:
        """Count it, or note why not."""
        why = next(iter([*faults, *self._objections(approval)]), "")
        if why:
            self.refused.append(f"entry {approval.number}: {why}")
        else:
            second = approval.approved_ns // _NS
            self.counted.append(Approver(approval.person, approval.number, second, approval.key, approval.scan))

    def _objections(self, approval: ListApproval) -> Iterator[str]:
        person = self.people.at(approval.number).get(approval.person)
        if person is None:
            yield f"nobody in people.yml was {approval.person!r}"
            return
        if not person.approves:
            yield f"{person.id} is of an ISP, and an ISP does not approve"
        day = datetime.fromtimestamp(approval.approved_ns / _NS, self.zone).date()
        if person.until is not None and day >= person.until:
            yield f"{person.id} signs no more since {person.until}"
        if approval.key and approval.key not in {key.line for key in person.all_keys}:
            yield f"the key that signed was not one of {person.id}"
        if not approval.key and person.key is not None:
            yield f"{person.id} has a key, and signs with it and not on paper"
        for other in self.counted:
            if other.person == person.id:
                yield f"{person.id} has approved this list before: it counts once"
            elif approval.key and other.key == approval.key:
                yield f"{person.id} signs with the key of {other.person}: two signatures by one key are one"


def signed_lists(
    journal: PaperTrail,
    people: PeopleHistory,
    zone: ZoneInfo,
    span_ns: tuple[int, int] = (0, 2**62),
    kind: ItemKind | None = None,
) -> list[SignedList]:
    """The lists about what lies in a span, in the order in which they were proposed; raises `JournalError`.

    Each approval is judged by the people of when it was given. A list whose text was changed or lost is left out:
    `pantau journal verify` names it. With a `kind` those without an item of it are left out as well, before their
    signatures are looked at.
    """
    approvals = journal.approvals()
    proof = PaperProof(journal, check_signature)
    found, met = [], set()
    for proposed in journal.proposals(*span_ns):
        text = journal.blob(proposed.sha256)
        if text is None or proposed.sha256 in met or not proof.is_whole(proposed):
            continue
        met.add(proposed.sha256)
        content = read_list(text)
        if kind is not None and all(item.kind is not kind for item in content.items):
            continue
        counting = _Counting(people, zone)
        for approval in approvals:
            if approval.sha256 == proposed.sha256 and approval.number > proposed.number:
                counting.take(approval, list(proof.of_approval(approval)))
        found.append(SignedList(proposed, content, tuple(counting.counted), tuple(counting.refused)))
    return found
