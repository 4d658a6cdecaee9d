"""An outage of one point: whether the link failed or the device restarted, as far as anybody tells."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from pantau.reports.causes.codes import Cause
from pantau.reports.causes.facts import OutageFact, Site
from pantau.reports.causes.habits import habits
from pantau.reports.causes.proposals import Pattern, Proposal, Strength

_RESTARTED = {
    False: "no shared fault; the device restarted, nobody has verified why",
    True: (
        "no shared fault; the device restarted, nobody has verified why; at the same time of day on three days or more"
    ),
}
_NOT_TOLD = {
    False: "no shared fault; nobody tells whether the device had power",
    True: "no shared fault; nobody tells whether the device had power; at the same time of day on three days or more",
}


def of_points(outages: Sequence[OutageFact], sites: Mapping[str, Site], zone: ZoneInfo) -> Iterator[Proposal]:
    """A proposal for each outage, looked at alone; it holds where no wider pattern explains the outage."""
    by_point: defaultdict[str, list[OutageFact]] = defaultdict(list)
    for outage in outages:
        by_point[outage.point].append(outage)
    for point, own in by_point.items():
        usual = habits(own, zone)
        for outage in own:
            cause, strength, facts = _alone(outage, sites[point], outage.id in usual)
            yield Proposal(outage.id, Pattern.SINGLE, cause, strength, outage.id, 1, facts)


def _alone(outage: OutageFact, site: Site, habit: bool) -> tuple[Cause, Strength, str]:
    """No restart is firm: the link failed. A restart alone says not why; who switches it off each day is a hint."""
    if outage.restarted is False:
        cause = Cause.CUACA_RADIO if site.radio else Cause.FO_PUTUS
        return cause, Strength.STRONG, "no shared fault; the device had stayed on: the link failed, not the power"
    if outage.restarted:
        return Cause.RESTART, Strength.LIKELY if habit else Strength.WEAK, _RESTARTED[habit]
    return Cause.BELUM_TERVERIFIKASI, Strength.WEAK, _NOT_TOLD[habit]
