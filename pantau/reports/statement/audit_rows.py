"""Rows that answer what an auditor asks of a statement beside its figures: plain values that JSON can hold."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TwinRow:
    """A point that stands where others do: it may be one that is paid twice."""

    point: str
    ground: str
    """``place``: nearer than 15 m; ``address``: probed at the same address."""
    others: tuple[str, ...]
    """Of whatever contract."""


@dataclass(frozen=True, slots=True)
class UnacceptedRow:
    """A point that is paid for in the month without a day of acceptance."""

    point: str
    start: int
    """Since when it is paid."""
    monthly_fee: int
    visited: str | None
    """The last site visit up to the month's end; `None` where there never was one."""
    found: str
    """What it found; see `VisitRow.result`."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the points for site checks were drawn, so that anybody can draw them again, and nobody before."""

    seed: str
    entry: int | None
    """The seed ends with the digest of this entry of the journal: the last that was written before the month began, or
    the first of all where there was none. `None` where there is no journal: then anybody could know the seed before."""
    points: tuple[str, ...]
