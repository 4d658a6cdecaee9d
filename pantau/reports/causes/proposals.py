"""What the facts say about one outage, as a value."""

from dataclasses import dataclass
from enum import StrEnum

from pantau.reports.accounting import Span
from pantau.reports.causes.codes import Cause


class Pattern(StrEnum):
    """What an outage is part of."""

    CITY = "city"
    MAINTENANCE = "maintenance"
    ISOLATED = "isolated"
    UPLINK = "uplink"
    ISP = "isp"
    KELURAHAN = "kelurahan"
    SINGLE = "single"


class Strength(StrEnum):
    """How much the facts say."""

    STRONG = "strong"
    LIKELY = "likely"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the facts say about one outage."""

    outage: str
    pattern: Pattern
    cause: Cause
    strength: Strength
    incident: str
    """One id for all outages of one fault."""
    points: int
    """How many points that fault shows on."""
    facts: str
    """What it rests on, in one English sentence."""
    span: Span | None = None
    """The part of the outage that it speaks of; `None`: all of it."""
