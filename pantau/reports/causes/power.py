"""Power cuts: what restarted together over the ISPs of one neighbourhood. Nothing less is called one."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from pantau.reports.causes.codes import Cause
from pantau.reports.causes.facts import OutageFact, Site
from pantau.reports.causes.habits import habits
from pantau.reports.causes.incidents import TOGETHER_SECONDS, Incident, incidents, together
from pantau.reports.causes.proposals import Pattern, Proposal, Strength


def of_power(outages: Sequence[OutageFact], sites: Mapping[str, Site], zone: ZoneInfo) -> Iterator[Proposal]:
    """Points of two ISPs in one neighbourhood that fell together, and whose devices restarted together: the mains.

    What falls together may hang on one fibre, one device that restarts may have hung, and what restarts at the same
    time each night does so by its own clock. Points of the same cut that nobody could ask stay open.
    """
    usual = _usual(outages, zone)
    booted_at = {one.id: at for one in outages if (at := one.booted) is not None and one.id not in usual}
    placed = ((sites[one.point].kelurahan, one) for one in outages if one.id in booted_at)
    for incident in incidents((ward, one) for ward, one in placed if ward):
        for part in _booted_together(incident.outages, booted_at):
            isps = {sites[outage.point].isp for outage in part}
            if len(isps) < 2:
                continue
            cut = Incident(incident.group, tuple(part))
            facts = (
                f"{len(cut.points)} points of {len(isps)} ISPs in one kelurahan fell silent within five minutes, "
                "and their devices restarted within five minutes"
            )
            for outage, pattern, name, why, count in together(cut, Pattern.KELURAHAN, facts):
                yield Proposal(outage.id, pattern, Cause.LISTRIK_PLN, Strength.STRONG, name, count, why)


def of_sensors(outages: Iterable[OutageFact]) -> Iterator[Proposal]:
    """Where the city's own device has a battery and says that the mains failed as the point did: its place had none.

    How far the cut reached one sensor does not say, so it is the place's power and not the grid's.
    """
    facts = "a sensor of the mains, on a device of the city, said that there was none from the outage's beginning on"
    for outage in outages:
        if outage.lost_its_mains:
            yield Proposal(outage.id, Pattern.SINGLE, Cause.LISTRIK_LOKASI, Strength.STRONG, outage.id, 1, facts)


def _usual(outages: Sequence[OutageFact], zone: ZoneInfo) -> set[str]:
    by_point: defaultdict[str, list[OutageFact]] = defaultdict(list)
    for outage in outages:
        by_point[outage.point].append(outage)
    return {name for own in by_point.values() for name in habits(own, zone)}


def _booted_together(outages: Iterable[OutageFact], booted_at: Mapping[str, int]) -> Iterator[list[OutageFact]]:
    """Windows from the first restart that no window holds yet, each in the order in which they fell."""
    window: list[OutageFact] = []
    for outage in sorted(outages, key=lambda one: (booted_at[one.id], one.id)):
        if window and booted_at[outage.id] > booted_at[window[0].id] + TOGETHER_SECONDS:
            yield sorted(window, key=lambda one: (one.start, one.id))
            window = []
        window.append(outage)
    if window:
        yield sorted(window, key=lambda one: (one.start, one.id))
