"""What is to be settled about a point: a closed list, each with what shows it."""

from dataclasses import dataclass
from enum import StrEnum

from pantau.reports.statement.rows import Ratio


class Issue(StrEnum):
    """In the order of the agenda."""

    DEAD = "dead"
    """Down in every second in which it was seen."""
    NO_DATA = "no_data"
    """Never seen: our own affair, or a point that is not there."""
    LITTLE_DATA = "little_data"
    """Seen too little to be judged."""
    DUPLICATE = "duplicate"
    """Another point stands at the same place."""
    NO_CONTRACT = "no_contract"
    """Nobody pays for it, and nobody answers for it, on any day of the month."""
    PARTLY_NO_CONTRACT = "partly_no_contract"
    """On some days."""
    SLA_MISSED = "sla_missed"
    FLAPPING = "flapping"
    """Many short outages, each too short to be charged."""
    NO_COORDINATES = "no_coordinates"


@dataclass(frozen=True, slots=True)
class OpenIssue:
    """One thing to settle, and what shows it; fields that do not apply to the issue are empty."""

    issue: Issue
    measured: Ratio | None = None
    limit: Ratio | None = None
    """What was measured should have been at least this."""
    ids: tuple[str, ...] = ()
    """Points at the same place, or the contract whose SLA it is."""
    episodes: int = 0
    seconds: int = 0
    """Of short outages."""
