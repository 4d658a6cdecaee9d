"""Faults that many points show at once: an uplink's, an ISP's, a neighbourhood's."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from pantau.reports.causes.codes import Cause
from pantau.reports.causes.facts import OutageFact, Site
from pantau.reports.causes.incidents import TOGETHER_SECONDS, incidents, together
from pantau.reports.causes.proposals import Pattern, Proposal, Strength
from pantau.reports.causes.watch import Watch

ISP_SHARE, ISP_POINTS = Fraction(30, 100), 5
"""30 % of an ISP's points, and not only a handful, in more than one kelurahan."""
WARD_SHARE = Fraction(1, 2)
"""Half of a kelurahan's points, of two ISPs or more: one fault, of whatever kind."""


def of_uplinks(
    outages: Sequence[OutageFact], sites: Mapping[str, Site], uplinks: Sequence[OutageFact]
) -> Iterator[Proposal]:
    """The nearest uplink that was down when the point fell silent, or fell silent with it."""
    silent: defaultdict[str, list[OutageFact]] = defaultdict(list)
    for uplink in uplinks:
        silent[uplink.point].append(uplink)
    found: list[tuple[str, OutageFact]] = []
    for outage in outages:
        for name in sites[outage.point].uplinks:
            down = next((uplink for uplink in silent.get(name, ()) if _within(outage, uplink)), None)
            if down is not None:
                found.append((f"{name}@{down.start}", outage))
                break
    counts = Counter(group for group, _ in found)
    for group, outage in found:
        cause = Cause.CUACA_RADIO if sites[outage.point].radio else Cause.FO_PUTUS
        facts = f"the uplink {group.partition('@')[0]} that carries it was down as well"
        yield Proposal(
            outage.id, Pattern.UPLINK, cause, Strength.LIKELY, f"{Pattern.UPLINK}:{group}", counts[group], facts
        )


def _within(outage: OutageFact, uplink: OutageFact) -> bool:
    return uplink.start - TOGETHER_SECONDS <= outage.start and (uplink.end is None or outage.start < uplink.end)


def of_isps(outages: Sequence[OutageFact], sites: Mapping[str, Site], watch: Watch) -> Iterator[Proposal]:
    """Many points of one ISP in more than one kelurahan."""
    watched = _watched(watch, ((site.isp, site.point) for site in sites.values()))
    for incident in incidents((sites[outage.point].isp, outage) for outage in outages):
        points = incident.points
        wards = {sites[point].kelurahan for point in points}
        if len(points) < ISP_POINTS or len(wards) < 2:
            continue
        size = watched[incident.group](incident.outages[0].start)
        if len(points) >= ISP_SHARE * size:
            facts = f"{len(points)} of {size} points of {incident.group} fell silent within five minutes"
            for outage, pattern, name, why, count in together(incident, Pattern.ISP, facts):
                yield Proposal(outage.id, pattern, Cause.FO_PUTUS, Strength.LIKELY, name, count, why)


def of_wards(outages: Sequence[OutageFact], sites: Mapping[str, Site], watch: Watch) -> Iterator[Proposal]:
    """Several ISPs in one neighbourhood, of which nobody knows whether the mains or what carries them had failed."""
    watched = _watched(watch, ((site.kelurahan, site.point) for site in sites.values()))
    placed = ((sites[outage.point].kelurahan, outage) for outage in outages if sites[outage.point].kelurahan)
    for incident in incidents(placed):
        points = incident.points
        isps = {sites[point].isp for point in points}
        if len(isps) < 2:
            continue
        size = watched[incident.group](incident.outages[0].start)
        if len(points) < WARD_SHARE * size:
            continue
        facts = f"{len(points)} of {size} points of {len(isps)} ISPs in one kelurahan fell silent within five minutes"
        for outage, pattern, name, why, count in together(incident, Pattern.KELURAHAN, facts):
            if outage.restarted is None:
                why = f"{why}; nobody could ask this device whether its power had failed"
                yield Proposal(outage.id, pattern, Cause.BELUM_TERVERIFIKASI, Strength.WEAK, name, count, why)


def _watched(watch: Watch, pairs: Iterable[tuple[str, str]]) -> Mapping[str, Callable[[int], int]]:
    """Of each group how many of its points were watched, by the second."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for group, point in pairs:
        found[group].append(point)
    return {group: watch.over(points) for group, points in found.items()}
