"""The rows that say which inventories a statement rests on, and what was said otherwise later."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InventoryRow:
    """One inventory that held in the month."""

    start: int
    end: int
    """Within the month."""
    basis: str
    """``chained``; ``files``: today's, for nothing was chained yet; ``first``: the first that was chained, for the time
    before it."""
    entry: int | None
    """The journal's entry."""
    sha256: str
    """Over the names and digests of its contents."""


@dataclass(frozen=True, slots=True)
class InventoryChangeRow:
    """What one inventory says otherwise than the one before it: what, then, now."""

    at: int | None
    """When it was chained; `None` for what stands in the files alone."""
    status: str
    """``held``: changed within the month, and holds as its own day says, or else from then on; ``proposed``: said after
    the month, and counts for nothing; ``approved``: two people have signed it."""
    kind: str
    record: str
    """Its id; of an assignment the hotspot, the contract and the first day."""
    field: str
    """Empty where the whole record came or went."""
    then: str | None
    now: str | None


INVENTORY_BASES = ("chained", "files", "first")
INVENTORY_STATUSES = ("held", "proposed", "approved")
