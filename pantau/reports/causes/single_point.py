"""An outage of one point: power, link or device, as far as heartbeats and habits tell."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from pantau.reports.accounting import local_clock, local_day
from pantau.reports.causes.codes import Cause
from pantau.reports.causes.facts import OutageFact, Site
from pantau.reports.causes.proposals import Pattern, Proposal, Strength

HABIT_DAYS, HABIT_SECONDS = 3, 1800
"""Down on three days at the same time of day, to half an hour: somebody switches it off."""
_WORKDAY = range(7 * 3600, 18 * 3600)


def of_points(outages: Sequence[OutageFact], sites: Mapping[str, Site], zone: ZoneInfo) -> Iterator[Proposal]:
    """A proposal for each outage, looked at alone; it holds where no wider pattern explains the outage."""
    by_point: defaultdict[str, list[OutageFact]] = defaultdict(list)
    for outage in outages:
        by_point[outage.point].append(outage)
    for point, own in by_point.items():
        habits = _habits(own, zone)
        for outage in own:
            cause, strength, facts = _alone(outage, sites[point], outage.id in habits, zone)
            yield Proposal(outage.id, Pattern.SINGLE, cause, strength, outage.id, 1, facts)


def _alone(outage: OutageFact, site: Site, habit: bool, zone: ZoneInfo) -> tuple[Cause, Strength, str]:
    restarted = outage.restarted
    if restarted is False:
        cause = Cause.CUACA_RADIO if site.radio else Cause.FO_PUTUS
        return (
            cause,
            Strength.LIKELY,
            "no shared fault; the device had stayed on: the link failed, not the power",
        )
    if habit:
        strength = Strength.LIKELY if restarted else Strength.WEAK
        return (
            Cause.LISTRIK_LOKASI,
            strength,
            "no shared fault; at the same time of day on three days or more",
        )
    if restarted:
        if outage.end is not None and local_clock(outage.end, zone) in _WORKDAY:
            return (
                Cause.ONT_HANG,
                Strength.WEAK,
                "no shared fault; the device restarted, and it came back in working hours",
            )
        return (
            Cause.LISTRIK_LOKASI,
            Strength.WEAK,
            "no shared fault; the device had restarted when it came back",
        )
    return (
        Cause.BELUM_TERVERIFIKASI,
        Strength.WEAK,
        "no shared fault; no heartbeat tells whether the device had power",
    )


def _habits(own: Sequence[OutageFact], zone: ZoneInfo) -> set[str]:
    """The outages that began, on as many days as a habit takes, at about the same time of day."""
    clocks = sorted((local_clock(outage.start, zone), local_day(outage.start, zone), outage.id) for outage in own)
    found: set[str] = set()
    low = 0
    for high, (clock, _, _) in enumerate(clocks):
        while clock - clocks[low][0] > HABIT_SECONDS:
            low += 1
        window = clocks[low : high + 1]
        if len(window) >= HABIT_DAYS and len({day for _, day, _ in window}) >= HABIT_DAYS:
            found.update(name for _, _, name in window)
    return found
