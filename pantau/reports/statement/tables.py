"""Tables A, B, C and part 9: from the core's lines to rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from pantau.inventory import Hotspot
from pantau.reports.accounting import OutageShare, Repair, Repairs, SettlementLine, Spans, Stretch
from pantau.reports.accounting.exclusions import ExclusionRuling
from pantau.reports.statement.error_bounds import ErrorBound
from pantau.reports.statement.inventory_history import InventoryHistory
from pantau.reports.statement.observed import agent_seconds, amended_seconds, kinds_of, state_seconds
from pantau.reports.statement.rows import EventRow, ExclusionRow, PointRow, Ratio, RepairSummary
from pantau.reports.statement.survey import Survey


def point_row(
    line: SettlementLine, hotspot: Hotspot, bound: ErrorBound, stretches: Sequence[Stretch], history: InventoryHistory
) -> PointRow:
    """Table A; `stretches` are what was observed of the point."""
    account, amounts = line.account, line.amounts
    segment, flapping = account.segment, account.flapping
    return PointRow(
        point=hotspot.id,
        name=hotspot.name,
        kelurahan=hotspot.kelurahan or "",
        category=hotspot.category or "",
        start=segment.span[0],
        end=segment.span[1],
        version=segment.version,
        contract_seconds=account.seconds,
        off_hours_seconds=account.off_hours,
        unobserved_seconds=account.unseen.seconds,
        up_seconds=account.up,
        tolerated_seconds=account.tolerated,
        excluded_seconds=account.excluded,
        charged_seconds=account.charged,
        assessed_seconds=account.assessed,
        availability=Ratio.of(account.availability),
        coverage=Ratio.of(account.coverage),
        objective=Ratio.of(segment.terms.objective),
        judged=Ratio.of(line.judged),
        standing=line.standing.value,
        monthly_fee=segment.monthly_fee,
        paid_month_seconds=segment.paid_month,
        owed_month_seconds=segment.counted_month,
        gross=amounts.gross if amounts else None,
        restitution=amounts.restitution if amounts else None,
        held=amounts.held if amounts else None,
        payable=amounts.payable if amounts else None,
        short_outages=flapping.episodes,
        relapses=flapping.relapses,
        answered_seconds=flapping.answered,
        worst_day=flapping.worst_day.isoformat() if flapping.worst_day else None,
        worst_day_outages=flapping.worst_day_episodes,
        unstable=flapping.unstable,
        error_seconds=bound.seconds,
        error_rupiah=bound.rupiah,
        undecided_seconds=account.undecided,
        judged_if_excused=Ratio.of(line.judged_if_excused),
        contested_seconds=account.contested,
        judged_if_withdrawn=Ratio.of(line.judged_if_withdrawn),
        state_seconds=state_seconds(segment.span, stretches),
        agent_seconds=agent_seconds(hotspot.id, segment.span, stretches, history),
        amended_seconds=amended_seconds(account, stretches),
    )


def event_rows(
    lines: Iterable[SettlementLine], hotspots: Mapping[str, Hotspot], survey: Survey, repairs: Sequence[Repairs]
) -> Iterator[EventRow]:
    """Table B, in order of time; `repairs` are those of each line."""
    rows = [
        _event_row(share, hotspots[line.account.segment.point], survey, by_outage.get(share.outage.id))
        for line, own in zip(lines, repairs, strict=True)
        for by_outage in [{repair.outage.id: repair for repair in own.repairs}]
        for share in line.account.shares
        if share.charged or share.excluded
    ]
    yield from sorted(rows, key=lambda row: (row.start, row.point))


def _event_row(share: OutageShare, hotspot: Hotspot, survey: Survey, repair: Repair | None) -> EventRow:
    outage, held = share.outage, survey.cause_of(share.outage)
    proposal, decision, kinds = held.proposal, held.decision, kinds_of(share)
    return EventRow(
        outage=outage.id,
        point=hotspot.id,
        name=hotspot.name,
        start=outage.start,
        end=outage.end if outage.ended else None,
        seconds=outage.seconds,
        down_seconds=share.down.seconds,
        excluded_seconds=share.excluded.seconds,
        charged_seconds=share.charged.seconds,
        repair_seconds=None if repair is None else repair.seconds,
        over_limit_seconds=0 if repair is None else repair.over_limit,
        cause=held.cause.value,
        proposed=proposal.cause.value if proposal else "",
        strength=proposal.strength.value if proposal else "",
        pattern=proposal.pattern.value if proposal else "",
        facts=proposal.facts if proposal else "",
        incident=proposal.incident if proposal else outage.id,
        incident_points=proposal.points if proposal else 1,
        decided_by=decision.person if decision else None,
        decided_at=decision.at if decision else None,
        decided_reason=decision.reason if decision else None,
        entries=outage.entries,
        number=outage.number,
        answered_seconds=share.answered.seconds,
        undecided_seconds=share.undecided.seconds,
        contested_seconds=share.contested.seconds,
        waits_for=_waits_for(share, survey),
        undecided=outage.undecided and bool(share.undecided),
        decision=held.status.value if held.status else "",
        kind=max(kinds, key=lambda name: kinds[name], default=""),
        state_seconds=kinds,
        uptime_told_by=survey.uptime_told_by.get(outage.key, ""),
    )


def _waits_for(share: OutageShare, survey: Survey) -> str:
    if not share.undecided and not share.contested:
        return ""
    said = (record.pending for _, record in survey.said_of(share.outage))
    return "decision" if share.outage.undecided and not any(said) else "signature"


def exclusion_rows(lines: Iterable[SettlementLine]) -> list[ExclusionRow]:
    """Table C: each claim once, with what it did on all lines."""
    rulings: dict[str, list[ExclusionRuling]] = {}
    charged: dict[str, int] = {}
    for line in lines:
        due = Spans.of(span for share in line.account.shares for span in share.charged)
        for ruling in line.account.rulings:
            key = f"{ruling.exclusion.id} {ruling.exclusion.span}"
            rulings.setdefault(key, []).append(ruling)
            charged[key] = charged.get(key, 0) + (due & Spans.of([ruling.exclusion.span])).seconds
    rows = [_exclusion_row(own, charged[key]) for key, own in rulings.items()]
    return sorted(rows, key=lambda row: (row.start, row.exclusion))


def _exclusion_row(rulings: Sequence[ExclusionRuling], charged: int) -> ExclusionRow:
    claim = rulings[0].exclusion
    return ExclusionRow(
        exclusion=claim.id,
        kind="event" if claim.filed is None else "maintenance",
        start=claim.span[0],
        end=claim.span[1],
        cause=claim.cause,
        document=claim.document,
        accepted_by=claim.accepted_by,
        filed=claim.filed,
        points=len(rulings),
        excluded_seconds=sum(ruling.excluded.seconds for ruling in rulings),
        refusals=tuple(sorted({ruling.refusal.value for ruling in rulings if ruling.refusal is not None})),
        letter=claim.letter,
        charged_seconds=charged,
    )


def repair_summary(repairs: Repairs, limit: int | None) -> RepairSummary:
    """Part 9."""
    longest = repairs.longest
    return RepairSummary(
        outages=repairs.outages,
        repairs=len(repairs.repairs),
        unfinished=repairs.unfinished,
        mttr_seconds=_nearest(repairs.mttr),
        median_seconds=repairs.median,
        longest_seconds=None if longest is None else longest.seconds,
        longest_outage=None if longest is None else longest.outage.id,
        mtbf_seconds=_nearest(repairs.mtbf),
        limit_seconds=limit,
        late=tuple(repair.outage.id for repair in repairs.late),
    )


def _nearest(value: Fraction | None) -> int | None:
    return None if value is None else (2 * value.numerator + value.denominator) // (2 * value.denominator)
