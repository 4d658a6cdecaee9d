"""Why a month is not FINAL while an outage runs over its end that nobody has decided, and what to do about it.

Such an outage is no fact of the month yet: how long it lasts, and whose it is, is known later. So two people say what
it is for this month: they approve it as it stands at the month's end. A point that stays dead needs that once, for a
decision holds as long as its outage; what is found out later is a new decision, and a new version.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from pantau.reports.statement import Statement

_SHOWN = 3


def told_undecided(statement: Statement) -> str:
    """The outages of table B that run over the month's end undecided, with the cure; empty where there are none."""
    zone = ZoneInfo(statement.timezone)
    # An outage has a row for each line that it meets, as where an addendum parts the month.
    found = {row.number: row for row in statement.events if row.undecided}
    if not found:
        return ""
    shown = [
        f"#{number} {row.point} since {datetime.fromtimestamp(row.start, zone):%Y-%m-%d %H:%M}"
        for number, row in list(found.items())[:_SHOWN]
    ]
    if len(found) > _SHOWN:
        shown.append(f"and {len(found) - _SHOWN} more")
    run = "1 outage runs" if len(found) == 1 else f"{len(found)} outages run"
    return (
        f"{run} over the end of {statement.month}, and no two people have decided whose: {', '.join(shown)}; "
        f"`pantau outage propose --month {statement.month}` writes one list of them, charged as they stand, unless "
        "`pantau outage classify` or `exclude` has said otherwise, and two approve it with `pantau outage approve`"
    )
