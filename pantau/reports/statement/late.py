"""What an inventory said of a month too late: one record, and what two people have made of it."""

from dataclasses import dataclass

from pantau.inventory.projection import RecordChange
from pantau.people import ListedItem
from pantau.reports.causes import DecisionStatus

ALL_LATE = ""
"""In place of a record's name: all that two people have yet to sign."""
MOST_LATE = 100
"""Of so many records the effect of each is reckoned: each takes the concerned contracts' months once more."""


@dataclass(frozen=True, slots=True)
class LateRecord:
    """One record as it was said."""

    name: str
    """Its `statement_id`, by which a list names it."""
    change: RecordChange | None
    """What it says otherwise; `None` where no file says it any more."""
    status: DecisionStatus
    """``proposed``, ``approved``, or ``superseded``: it was signed, and does not count any more."""
    listed: ListedItem | None = None
    """Where it stands on a list, and the list; the last one."""
