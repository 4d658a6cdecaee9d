"""From a survey to the statement of one contract."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pantau.inventory import Hotspot
from pantau.reports.accounting import Account, Penalty, SettlementLine, Stretch, days, local_day, together, total
from pantau.reports.statement.basis import basis_of, parties_of
from pantau.reports.statement.changes import change_rows
from pantau.reports.statement.daily import permille_by_day
from pantau.reports.statement.decision_rows import decision_rows, person_rows
from pantau.reports.statement.error_bounds import error_bounds
from pantau.reports.statement.inventory_tables import inventory_change_rows, inventory_rows
from pantau.reports.statement.observed import added_up, amended_rows
from pantau.reports.statement.paid_points import twin_rows, unaccepted_rows
from pantau.reports.statement.payment_rows import Payment, PenaltyRow
from pantau.reports.statement.recaps import quality_rows, recap_rows, sampling_of, trend_rows, visit_rows
from pantau.reports.statement.rows import CalendarRow, PointRow, Ratio, StatementSummary
from pantau.reports.statement.settlement import ContractSettlement, settle_contract
from pantau.reports.statement.statement import Statement
from pantau.reports.statement.survey import Survey, contract_of
from pantau.reports.statement.tables import event_rows, exclusion_rows, point_row, repair_summary
from pantau.reports.statement.terms import assignments_of
from pantau.reports.statement.unobserved import unobserved_rows


def make_statement(contract: str, survey: Survey, earlier: Iterable[Survey] = (), *, final_entry: int = 0) -> Statement:
    """The statement of the contract with this id; `earlier` surveys make its trend. `ValueError` for an unknown id.

    Where the month has a FINAL, `final_entry` is the last entry that it had read: what one person had decided by then,
    before there were lists, holds as it was made.
    """
    survey = survey.as_final(final_entry)
    found = contract_of(survey.inventory, contract)
    work = settle_contract(found, survey)
    span = survey.month.span(survey.zone)
    hotspots = survey.inventory.hotspot_by_id
    accounts = [line.account for line in work.lines]
    bounds = error_bounds(work.lines, survey.measuring.edge_seconds)
    points = tuple(
        point_row(line, hotspots[line.account.segment.point], bound, _stretches(line.account, survey), survey.history)
        for line, bound in zip(work.lines, bounds, strict=True)
    )
    terms = work.dates.terms_in(span)
    edges = [*(part[0] for _, part in days(span, survey.zone)), span[1]]
    names = {row.point: None for row in points}
    decisions = tuple(decision_rows(work, survey))
    sampling = sampling_of(found, set(names), survey)
    day_names = tuple(local_day(edge, survey.zone).isoformat() for edge in edges[:-1])
    assignments = assignments_of(found, survey.inventory.assignments, survey.zone)
    return Statement(
        month=str(survey.month),
        start=span[0],
        end=span[1],
        timezone=survey.zone.key,
        days=day_names,
        parties=parties_of(found, survey),
        basis=tuple(basis_of(work, survey)),
        summary=_summary(work.lines, points),
        points=points,
        events=tuple(event_rows(work.lines, hotspots, survey, work.repairs)),
        exclusions=tuple(exclusion_rows(work.lines)),
        unobserved=tuple(unobserved_rows((one, _stretches(one, survey)) for one in accounts)),
        amended=tuple(
            amended_rows(((one, _stretches(one, survey)) for one in accounts), survey.told_late, survey.history)
        ),
        changes=tuple(change_rows(found, survey.inventory, span, survey.zone)),
        calendar=tuple(_calendar(accounts, hotspots, edges)),
        repairs=repair_summary(together(work.repairs), terms.repair_limit_seconds if terms else None),
        quality=tuple(quality_rows(names, survey)),
        by_kelurahan=tuple(recap_rows(work.lines, [row.kelurahan for row in points])),
        by_category=tuple(recap_rows(work.lines, [row.category for row in points])),
        trend=tuple(trend_rows(found, earlier, survey, work.lines)),
        visits=tuple(visit_rows(set(names), survey)),
        visit_seed=sampling.seed,
        visit_sample=sampling.points,
        sampling=sampling,
        twins=tuple(twin_rows(tuple(names), survey.inventory)),
        unaccepted=tuple(unaccepted_rows(found, assignments, survey.inventory, span, day_names)),
        measuring=survey.measuring,
        currency=survey.measuring.told.currency,
        currency_digits=survey.measuring.told.currency_digits,
        measured=survey.measured,
        penalties=tuple(_penalty_row(one) for one in work.penalties),
        payment=_payment(work),
        decisions=decisions,
        people=tuple(person_rows(decisions, survey)),
        inventories=tuple(inventory_rows(survey.history, span)),
        inventory_changes=tuple(inventory_change_rows(found, set(names), survey)),
    )


def _stretches(one: Account, survey: Survey) -> Sequence[Stretch]:
    return survey.stretches.get(one.segment.point, ())


def _summary(lines: Sequence[SettlementLine], points: Sequence[PointRow]) -> StatementSummary:
    sums = total(lines)
    standings: dict[str, int] = {}
    for row in points:
        standings[row.standing] = standings.get(row.standing, 0) + 1
    return StatementSummary(
        lines=len(points),
        points=len({row.point for row in points}),
        standings=dict(sorted(standings.items())),
        contract_seconds=sums.seconds,
        off_hours_seconds=sums.off_hours,
        unobserved_seconds=sums.unseen,
        up_seconds=sum(line.account.up for line in lines),
        tolerated_seconds=sums.tolerated,
        excluded_seconds=sums.excluded,
        charged_seconds=sums.charged,
        assessed_seconds=sums.assessed,
        availability=Ratio.of(sums.availability),
        coverage=Ratio.of(sums.coverage),
        unstable=len({row.point for row in points if row.unstable}),
        state_seconds=added_up(row.state_seconds for row in points),
        agent_seconds=added_up(row.agent_seconds for row in points),
        amended_seconds=added_up(row.amended_seconds for row in points),
    )


def _calendar(
    accounts: Sequence[Account], hotspots: Mapping[str, Hotspot], edges: Sequence[int]
) -> Iterator[CalendarRow]:
    by_point: dict[str, list[Account]] = {}
    for one in accounts:
        by_point.setdefault(one.segment.point, []).append(one)
    for point, own in by_point.items():
        yield CalendarRow(point, hotspots[point].name, permille_by_day(own, edges))


def _penalty_row(one: Penalty) -> PenaltyRow:
    return PenaltyRow(
        one.kind.value, one.point, one.days, str(one.permille), one.base, one.amount, one.outage, one.undecided
    )


def _payment(work: ContractSettlement) -> Payment:
    amounts, penalty = total(work.lines).amounts, work.penalty
    beyond = sum(one.amount for one in work.penalties) - penalty
    if amounts is None:
        return Payment(None, None, None, penalty, None, None, beyond)
    return Payment(
        gross=amounts.gross,
        restitution=amounts.restitution,
        held=amounts.held,
        penalty=penalty,
        payable=amounts.payable,
        payable_after_penalty=amounts.payable - penalty,
        penalty_beyond_cap=beyond,
        payable_in_all=amounts.payable - penalty,
    )
