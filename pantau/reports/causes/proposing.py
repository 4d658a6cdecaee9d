"""From the facts to a proposed cause, the patterns in the order in which one fault explains those below it.

Our own fault comes before all others, then devices of a neighbourhood that restarted together, which only the mains
explain, and what a sensor of the mains says; then an uplink's fault, an ISP's, one of a neighbourhood that nobody can
explain, and a single point's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from pantau.reports.accounting import Spans
from pantau.reports.causes.codes import Cause
from pantau.reports.causes.facts import OutageFact, Site
from pantau.reports.causes.power import of_power, of_sensors
from pantau.reports.causes.proposals import Pattern, Proposal, Strength
from pantau.reports.causes.shared_faults import of_isps, of_uplinks, of_wards
from pantau.reports.causes.single_point import of_points
from pantau.reports.causes.watch import Watch


def propose(
    outages: Iterable[OutageFact],
    sites: Mapping[str, Site],
    zone: ZoneInfo,
    uplinks: Iterable[OutageFact] = (),
    maintenance: Mapping[str, Spans] | None = None,
    watch: Watch = Watch(),  # noqa: B008 - knows nothing, and keeps nothing
    ours: Mapping[str, Proposal] | None = None,
) -> dict[str, Proposal]:
    """A proposal for each outage of a known site, by the outage's id.

    `uplinks` are outages of probed uplinks (their `point` is the uplink's id), `maintenance` each point's windows,
    `ours` what `own_faults` found: where that is all of an outage, it is the outage's cause, and of no other.
    """
    known = [outage for outage in outages if outage.point in sites]
    found: dict[str, Proposal] = {}
    for proposals in (
        _ours_wholly(known, ours or {}),
        _in_maintenance(known, maintenance or {}),
        _isolated(known),
        of_power(known, sites, zone),
        of_sensors(known),
        of_uplinks(known, sites, list(uplinks)),
        of_isps(known, sites, watch),
        of_wards(known, sites, watch),
        of_points(known, sites, zone),
    ):
        for proposal in proposals:
            found.setdefault(proposal.outage, proposal)
    return found


def _ours_wholly(outages: Sequence[OutageFact], ours: Mapping[str, Proposal]) -> Iterator[Proposal]:
    for outage in outages:
        proposal = ours.get(outage.id)
        if proposal is not None and proposal.span == (outage.start, outage.end):
            yield proposal


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
