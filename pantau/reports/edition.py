"""An edition of a report and the provenance of its figures: plain values that JSON can hold.

`pantau.reports.publishing` makes editions, `pantau.reports.witness` makes comparisons; the PDF and the workbook
print both.
"""

from dataclasses import dataclass
from typing import Literal

from pantau.reports.statement.rows import Ratio

Status = Literal["draft", "final"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that differs from the edition before."""

    field: str
    """Where it stands in the data: ``points[BTG-01-1001-002].charged_seconds``."""
    before: str | None
    """`None`: it was not there."""
    after: str | None


@dataclass(frozen=True, slots=True)
class WitnessDecision:
    """Why the two witnesses may differ, or why only one was asked, as a person said it; and who approved that."""

    text: str
    person: str
    document: str
    entry: int
    """Of the journal."""
    approved_by: tuple[str, ...] = ()
    """The two; nobody while it is proposed."""
    binding: str = ""
    """``two_keys`` or ``one_key``."""
    list_sha256: str = ""

    @property
    def opens(self) -> bool:
        """Whether a FINAL may rest on it."""
        return bool(self.approved_by and self.document)


@dataclass(frozen=True, slots=True)
class WitnessRow:
    """One hotspot's month by the journal and by Prometheus, in seconds of state."""

    point: str
    journal_down_seconds: int
    """Without service: `NOT_SERVING`."""
    journal_seen_seconds: int
    """Of what is judged: `JUDGED`."""
    prometheus_down_seconds: int | None
    """`None`: Prometheus has nothing about this point."""
    prometheus_seen_seconds: int | None
    difference: Ratio | None
    """|journal - Prometheus| of the down seconds or of the seen seconds, the larger one, over the month; `None` where
    Prometheus has nothing."""
    agrees: bool
    reason: str
    """Why they may differ, as a person recorded it; empty where nobody has."""
    decision: WitnessDecision | None = None
    """The same, with its document and who approved it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The two witnesses side by side."""

    server: str
    """URL of the server that was asked, without user and password."""
    asked_at: int
    """Unix time."""
    tolerance: Ratio
    """Of the month; `tolerance_seconds` says the same in seconds."""
    rows: tuple[WitnessRow, ...]
    tolerance_seconds: int | None = None
    """How far a point's seconds may differ; `None` in editions from before it was limited in seconds."""

    @property
    def open(self) -> tuple[WitnessRow, ...]:
        """The points that differ without a reason that two have approved: with any, there is no FINAL."""
        return tuple(row for row in self.rows if not row.agrees and not (row.decision and row.decision.opens))


@dataclass(frozen=True, slots=True)
class EditionHead:
    """Where the chain of one of the journal's sources ended when a version was made."""

    source: str
    shard: int | None
    number: int
    digest: str
    """SHA-256, in hexadecimal."""


@dataclass(frozen=True, slots=True)
class EditionAnchor:
    """The latest stamp that an authority outside has put on the journal."""

    entry: int
    """The last entry of the journal that it is over."""
    stamped_at: int
    """Unix time, by the authority's clock."""
    authority: str
    token_sha256: str
    proved: bool
    """Whether the token was proved against the pinned root."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of one contract's report."""

    number: str
    """The report's number: ``madidir-telkom/2024-04/2``."""
    status: Status
    version: int
    """From 1; a correction of a FINAL is the next."""
    made_at: int
    """Unix time."""
    software: str
    """Pantau's version, and the commit where it is known."""
    journal_entry: int
    """The last entry of the journal that was read, and its hash."""
    journal_hash: str
    data_sha256: str
    """Of the statement's JSON file."""
    supersedes: int | None
    """The version that this one corrects."""
    differences: tuple[Difference, ...]
    comparison: Comparison | None
    """`None`: Prometheus was not asked."""
    without_second_witness: str = ""
    """Why a FINAL was made without asking it, as two have approved it."""
    not_asked: WitnessDecision | None = None
    """The same, with its document and who approved it."""
    facts_sha256: str = ""
    """Of the month's facts and terms (``facts.json``): what is signed. The same facts are the same version."""
    heads: tuple[EditionHead, ...] = ()
    """The ends of all chains that it was made from: the journal has to have them for good."""
    anchor: EditionAnchor | None = None
    """`None`: no outside anchor."""
