"""From the facts to a proposed cause, the patterns in the order in which one fault explains those below it.

Our own fault comes before an uplink's, an uplink's before an ISP's, an ISP's before a neighbourhood's, and that before
a single point's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from pantau.reports.accounting import WITA, Spans
from pantau.reports.causes.codes import Cause
from pantau.reports.causes.facts import OutageFact, Site
from pantau.reports.causes.proposals import Pattern, Proposal, Strength
from pantau.reports.causes.shared_faults import of_isps, of_the_city, of_uplinks, of_wards
from pantau.reports.causes.single_point import of_points


def propose(
    outages: Iterable[OutageFact],
    sites: Mapping[str, Site],
    uplinks: Iterable[OutageFact] = (),
    maintenance: Mapping[str, Spans] | None = None,
    zone: ZoneInfo = WITA,
) -> dict[str, Proposal]:
    """A proposal for each outage of a known site, by the outage's id.

    `uplinks` are outages of probed uplinks (their `point` is the uplink's id), `maintenance` each point's windows.
    """
    known = [outage for outage in outages if outage.point in sites]
    found: dict[str, Proposal] = {}
    for proposals in (
        of_the_city(known, sites),
        _in_maintenance(known, maintenance or {}),
        _isolated(known),
        of_uplinks(known, sites, list(uplinks)),
        of_isps(known, sites),
        of_wards(known, sites),
        of_points(known, sites, zone),
    ):
        for proposal in proposals:
            found.setdefault(proposal.outage, proposal)
    return found


def _in_maintenance(outages: Sequence[OutageFact], maintenance: Mapping[str, Spans]) -> Iterator[Proposal]:
    for outage in outages:
        for start, end in maintenance.get(outage.point, ()):
            if start <= outage.start < end:
                facts = "began within an announced maintenance window"
                yield Proposal(
                    outage.id,
                    Pattern.MAINTENANCE,
                    Cause.PEMELIHARAAN,
                    Strength.STRONG,
                    f"{Pattern.MAINTENANCE}:{start}",
                    1,
                    facts,
                )


def _isolated(outages: Sequence[OutageFact]) -> Iterator[Proposal]:
    for outage in outages:
        if outage.isolated:
            facts = "the ISP's suspension page answered"
            yield Proposal(outage.id, Pattern.ISOLATED, Cause.ISOLIR, Strength.STRONG, outage.id, 1, facts)
