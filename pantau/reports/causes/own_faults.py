"""Our own faults that the exporter did not see as such: much of the city falls at one moment, and rises at one moment.

Only both together say that it was we: a power cut falls at once and comes back street by street, and a point that
stays dead after all others rose is dead. So what is proposed is the time from the fall to the common rise, never the
tail; and a point that rose before has shown that it could be seen.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from pantau.reports.accounting import Span, Spans
from pantau.reports.accounting.spans import NO_TIME
from pantau.reports.causes.codes import Cause
from pantau.reports.causes.facts import OutageFact, Site
from pantau.reports.causes.incidents import Incident, incidents
from pantau.reports.causes.proposals import Pattern, Proposal, Strength
from pantau.reports.causes.watch import Watch

CITY_SHARE, CITY_ISPS, CITY_SECONDS = Fraction(30, 100), 3, 120
"""More than 30 % of the points that were watched, over three ISPs, within two minutes: more likely we than they."""
RISE_SHARE = Fraction(1, 2)
"""More than half of those that fell must rise within two minutes, over three ISPs too."""


def own_faults(
    outages: Sequence[OutageFact], sites: Mapping[str, Site], watch: Watch, blind: Spans = NO_TIME
) -> dict[str, Proposal]:
    """A proposal for each outage of which a part, `Proposal.span`, is more likely our own fault, by the outage's id.

    `blind` is when our canaries were silent, as the journal has it: it strengthens what falls and rises show.
    """
    found: dict[str, Proposal] = {}
    watched = watch.over(sites)
    for incident in incidents((("all", outage) for outage in outages if outage.point in sites), CITY_SECONDS):
        isps = {sites[point].isp for point in incident.points}
        if len(isps) < CITY_ISPS:
            continue
        start = incident.outages[0].start
        size = watched(start)
        if len(incident.points) <= CITY_SHARE * size:
            continue
        rise = _common_rise(incident, sites)
        if rise is not None:
            for proposal in _proposals(incident, rise, (len(isps), size), bool(blind & Spans.of([(start, rise[1])]))):
                found[proposal.outage] = proposal
    return found


def _common_rise(incident: Incident, sites: Mapping[str, Site]) -> Span | None:
    """The two minutes in which most of those that fell rose again: the first rise of them and the last."""
    ends = sorted((outage.end, outage.point) for outage in incident.outages if outage.end is not None)
    best: Sequence[tuple[int, str]] = ()
    low = 0
    for high, (end, _) in enumerate(ends):
        while end - ends[low][0] > CITY_SECONDS:
            low += 1
        if high + 1 - low > len(best):
            best = ends[low : high + 1]
    risen = {point for _, point in best}
    if len(risen) <= RISE_SHARE * len(incident.points) or len({sites[point].isp for point in risen}) < CITY_ISPS:
        return None
    return best[0][0], best[-1][0]


def _proposals(incident: Incident, rise: Span, of: tuple[int, int], canaries: bool) -> Iterator[Proposal]:
    isps, size = of
    facts = f"{len(incident.points)} of {size} points of {isps} ISPs fell silent within two minutes, and rose together"
    if canaries:
        facts += ", and our canaries were silent"
    for outage in incident.outages:
        end = rise[1] if outage.end is None else min(outage.end, rise[1])
        if outage.end is None or outage.end >= rise[0]:
            yield Proposal(
                outage=outage.id,
                pattern=Pattern.CITY,
                cause=Cause.PEMANTAU,
                strength=Strength.STRONG if canaries else Strength.LIKELY,
                incident=f"{Pattern.CITY}:{incident.id}",
                points=len(incident.points),
                facts=facts,
                span=(outage.start, end),
            )
