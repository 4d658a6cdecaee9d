"""The city's progress: how many of its points are online, against what it counted earlier and its target.

Such counts are often published without saying what they are a share of. So here stand all three shares, each with
what it is of, at one moment; and the share of the month's time, which is another number.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from pantau.reports.accounting import OFFLINE, ONLINE, Condition, Stretch
from pantau.reports.statement import Survey, as_data
from pantau.reports.statement.rows import Ratio


def city_progress_of(found: Survey) -> dict[str, Any]:
    """The shares online at the last observed second of the month, and over the month's observed time."""
    start, end = found.month.span(found.zone)
    points = [hotspot.id for hotspot in found.inventory.active_hotspots]
    stretches = {point: found.stretches.get(point, ()) for point in points}
    seen = [one for own in stretches.values() for one in own if one.condition in (*ONLINE, *OFFLINE)]
    last = max((min(one.end, end) for one in seen if one.start < end and one.end > start), default=start) - 1
    conditions = [_at(own, last) for own in stretches.values()]
    online = sum(condition in ONLINE for condition in conditions)
    observed = online + sum(condition in OFFLINE for condition in conditions)
    up, all_ = _seconds(seen, ONLINE, start, end), _seconds(seen, (*ONLINE, *OFFLINE), start, end)
    told = found.measuring.told
    promised = told.programme_points or len(points)
    return {
        "at": last if observed else None,
        "online": online,
        "observed": observed,
        "installed": len(points),
        "programme": promised,
        "online_of_observed": _ratio(online, observed),
        "online_of_installed": _ratio(online, len(points)),
        "online_of_programme": _ratio(online, promised),
        "online_of_observed_time": _ratio(up, all_),
        "baselines": [as_data(one) for one in told.baselines],
        "target": told.target,
        "points_to_target": promised - online,
    }


def _at(stretches: Sequence[Stretch], second: int) -> Condition | None:
    return next((one.condition for one in stretches if one.start <= second < one.end), None)


def _seconds(stretches: Sequence[Stretch], conditions: Sequence[Condition], start: int, end: int) -> int:
    return sum(max(0, min(one.end, end) - max(one.start, start)) for one in stretches if one.condition in conditions)


def _ratio(part: int, whole: int) -> Any:
    return as_data(Ratio.of(Fraction(part, whole))) if whole else None
