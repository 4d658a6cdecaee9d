"""What people decided about outages, and which of it holds: of several decisions about one outage the last that two
have approved. What is only proposed changes no cause and no second; what it would change is held."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pantau.reports.accounting import Span


class DecisionKind(StrEnum):
    """What is decided about an outage."""

    CAUSE = "cause"
    EXCLUSION = "exclusion"


class DecisionStatus(StrEnum):
    """What a decision is worth."""

    PROPOSED = "proposed"
    """Shown, and its money held."""
    APPROVED = "approved"
    SUPERSEDED = "superseded"
    """A later one has taken its place; it stays visible."""
    NOTED = "noted"
    """One person's word about a cause that changes no money."""


@dataclass(frozen=True, slots=True)
class OutageDecision:
    """One decision about one outage. Times are Unix seconds."""

    kind: DecisionKind
    point: str
    outage: int
    """The number of the entry that began it."""
    span: Span | None
    """The time that it concerns, a part of the outage; `None`: all of the outage, however long it lasts."""
    code: str
    """A cause's code; empty takes an exclusion back."""
    person: str
    """Who proposed it."""
    at: int
    reason: str
    document: str = ""
    entry: int = 0
    """The journal's entry that proposed it."""
    list_sha256: str = ""
    """The list that it stands on; empty while it is one person's word."""
    approved_by: tuple[str, ...] = ()
    approved_at: int | None = None
    approved_entry: int = 0
    """The entry that made it count: of two, the greater holds."""
    approvals: tuple[int, ...] = ()
    """The entries of all approvals of its list that count."""
    binding: str = ""
    """``two_keys``, ``one_key``, or ``before_lists`` where a FINAL had counted it before lists were."""
    scans: tuple[str, ...] = ()
    before_lists: bool = False
    """Whether it was made before decisions were approved by two."""

    @property
    def is_approved(self) -> bool:
        """Whether two have approved it."""
        return bool(self.binding)

    def says_the_same(self, other: "OutageDecision") -> bool:
        """Whether both decide one thing, whoever says so and why."""
        return (self.code, self.span) == (other.code, other.span)

    def is_taken_up_by(self, other: "OutageDecision") -> bool:
        """Whether this is one person's word, and that a later list with the same decision."""
        if self.list_sha256 or self.is_approved or not other.list_sha256 or other.entry < self.entry:
            return False
        return self.code == other.code and self.span in (None, other.span)


@dataclass(frozen=True, slots=True)
class OutageRecord:
    """All decisions of one kind about one outage, in the order of their entries."""

    decisions: tuple[OutageDecision, ...]

    @property
    def in_force(self) -> OutageDecision | None:
        """The approved one that counts."""
        approved = [one for one in self.decisions if one.is_approved]
        return max(approved, key=lambda one: (one.approved_entry, one.entry), default=None)

    @property
    def pending(self) -> OutageDecision | None:
        """The latest that is only proposed, and would change what is in force."""
        holds = self.in_force
        open_ones = [one for one in self.decisions if not one.is_approved]
        last = open_ones[-1] if open_ones else None
        if last is None or (holds is not None and (last.entry < holds.entry or last.says_the_same(holds))):
            return None
        return last

    @property
    def latest(self) -> OutageDecision:
        """What is shown of it: what waits, else what holds."""
        return self.pending or self.in_force or self.decisions[-1]

    def shown(self) -> Iterator[tuple[OutageDecision, DecisionStatus]]:
        """Each with its status. One person's word that a list has taken up is not shown beside the list's."""
        holds, waits = self.in_force, self.pending
        for one in self.decisions:
            if any(one.is_taken_up_by(other) for other in self.decisions):
                continue
            status = DecisionStatus.APPROVED if one is holds else DecisionStatus.SUPERSEDED
            yield one, DecisionStatus.PROPOSED if one is waits else status


class DecisionLedger:
    """The decisions of a month, by outage."""

    def __init__(self, decisions: Iterable[OutageDecision] = ()) -> None:
        self.decisions: Sequence[OutageDecision] = sorted(decisions, key=lambda one: one.entry)
        grouped: defaultdict[str, dict[tuple[int, DecisionKind], list[OutageDecision]]] = defaultdict(dict)
        for one in self.decisions:
            grouped[one.point].setdefault((one.outage, one.kind), []).append(one)
        self._by_point: Mapping[str, Mapping[tuple[int, DecisionKind], OutageRecord]] = {
            point: {key: OutageRecord(tuple(found)) for key, found in own.items()} for point, own in grouped.items()
        }

    def has(self, point: str) -> bool:
        """Whether anything was decided about an outage of this point."""
        return point in self._by_point

    def about(self, point: str, entries: Iterable[int], kind: DecisionKind) -> Iterator[tuple[int, OutageRecord]]:
        """What was decided about an outage, by each of the entries that it is made of and people spoke of."""
        own = self._by_point.get(point)
        for number in entries if own else ():
            record = own.get((number, kind)) if own else None
            if record is not None:
                yield number, record

    def as_final(self, entry: int) -> "DecisionLedger":
        """As a FINAL that had read the journal up to that entry counted it.

        What one person had decided before there were lists holds there as it was made.
        """
        if not any(one.before_lists for one in self.decisions):
            return self
        made = (one.before_lists and one.entry <= entry for one in self.decisions)
        return DecisionLedger(_as_made(one) if was else one for one, was in zip(self.decisions, made, strict=True))


def _as_made(one: OutageDecision) -> OutageDecision:
    return replace(one, approved_by=(one.person,), approved_at=one.at, approved_entry=one.entry, binding="before_lists")


NO_DECISIONS = DecisionLedger()
