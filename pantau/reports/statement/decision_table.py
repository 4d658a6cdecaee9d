"""The rows of the part *Keputusan*: plain values that JSON can hold, as those of `rows`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """Keputusan: one decision, or what the facts or today's files propose and nobody has decided."""

    kind: str
    """``cause`` or ``exclusion`` of an outage; ``window`` or ``inventory``: a record that was said too late."""
    status: str
    """``proposed``, ``approved``, ``superseded``, or ``noted``: a cause that changes no money."""
    outage: str
    """Empty where it is about a record, as `number` is 0."""
    number: int
    """The entry that began the outage."""
    point: str
    start: int
    """Of the time that it concerns, the outage or a part of it, as `end`."""
    end: int
    code: str
    """A cause's code, of an exclusion empty where it is charged; of a record its kind and SHA-256, as a list has it."""
    proposed_by: str
    """The id of a person; empty where the facts, or today's files, alone propose it."""
    proposed_at: int | None
    reason: str
    document: str
    list_sha256: str
    approved_by: tuple[str, ...]
    approved_at: int | None
    binding: str
    """``two_keys``, ``one_key`` or ``before_lists``; empty while it is not approved."""
    scans: tuple[str, ...]
    """SHA-256 of the scans of signed papers that it rests on."""
    effect: int | None
    """Rupiah: what is payable with it less what is payable without it, all others as they are. `None` where a contract
    names no rupiah, and of each of so many late records that only the list says what all are worth."""
    entry: int
    """The journal's entry that proposed it; 0 where nobody has."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody whom a decision names."""

    id: str
    name: str
    office: str
    role: str
    fingerprint: str
    """Of the public key that signs now; empty where paper is signed."""
