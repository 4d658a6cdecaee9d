"""What an inventory said of a month too late: one record, and what two people have made of it.

What two have signed holds until two sign otherwise: another record in its place, or that it counts no more. What files
say differently meanwhile is proposed.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pantau.inventory.projection import RecordChange
from pantau.people import ListedItem
from pantau.reports.causes import DecisionStatus

ALL_LATE = ""
"""In place of a record's name: all that two people have yet to sign."""
MOST_LATE = 100
"""Of so many records the effect of each is reckoned: each takes the concerned contracts' months once more."""
_BACK = ":-"
"""Between kind and digest: that the record counts no more."""


@dataclass(frozen=True, slots=True)
class LateRecord:
    """One record as it was said."""

    name: str
    """By which a list names it: its `statement_id`, or `taken_back` of one that was signed."""
    change: RecordChange | None
    """What it says otherwise; `None` where no file says it any more."""
    status: DecisionStatus
    """``proposed``, ``approved``, or ``superseded``: it was signed, and does not count any more."""
    listed: ListedItem | None = None
    """Where it stands on a list, and the list; the last one."""
    instead: str = ""
    """The `statement_id` of the signed record that counts no more where this one counts; empty where there is none."""


def taken_back(name: str) -> str:
    """What a list names that decides that a signed record counts no more."""
    return name.replace(":", _BACK, 1)


def is_taken_back(name: str) -> bool:
    """Whether it decides that."""
    return _BACK in name


def record_in(name: str) -> str:
    """The `statement_id` of the record that it speaks of."""
    return name.replace(_BACK, ":", 1)


def signed_with(signed: Iterable[str], *late: LateRecord) -> tuple[str, ...]:
    """What counts where these late records count beside what is signed, in the order in which it came to count."""
    gone = {one.instead for one in late}
    return tuple(dict.fromkeys([name for name in signed if name not in gone] + _counting(late)))


def signed_without(signed: Iterable[str], late: LateRecord) -> tuple[str, ...]:
    """What counts where a signed one was not signed."""
    back = [record_in(late.name)] if is_taken_back(late.name) else []
    return (*(name for name in signed if name != late.name), *back)


def _counting(late: Iterable[LateRecord]) -> list[str]:
    return [one.name for one in late if not is_taken_back(one.name)]
