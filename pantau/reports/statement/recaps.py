"""Parts 10 to 12: quality, recaps by group, trend, and site checks."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from pantau.inventory import Contract
from pantau.reports.accounting import SettlementLine, total
from pantau.reports.statement.audit_rows import Sampling
from pantau.reports.statement.rows import QualityRow, Ratio, RecapRow, TrendRow, VisitRow
from pantau.reports.statement.settlement import settle_contract
from pantau.reports.statement.survey import Survey

_SAMPLE_SHARE, _SAMPLE_LEAST = Fraction(5, 100), 3
"""Site checks: 5 % of the points, and three at least."""


def quality_rows(points: Iterable[str], survey: Survey) -> Iterator[QualityRow]:
    """How many of each point's requests were answered."""
    for point in points:
        requests, replies = survey.replies.get(point, (0, 0))
        loss = 1 - Fraction(replies, requests) if requests else None
        yield QualityRow(point, requests, replies, Ratio.of(loss))


def recap_rows(lines: Sequence[SettlementLine], groups: Sequence[str]) -> Iterator[RecapRow]:
    """The lines by group; `groups` names each line's."""
    for group in sorted(set(groups)):
        own = [line for line, name in zip(lines, groups, strict=True) if name == group]
        sums = total(own)
        yield RecapRow(
            group=group,
            lines=sums.lines,
            charged_seconds=sums.charged,
            assessed_seconds=sums.assessed,
            availability=Ratio.of(sums.availability),
            coverage=Ratio.of(sums.coverage),
            missed=sum(line.standing.value == "missed" for line in own),
        )


def trend_rows(
    contract: Contract, earlier: Iterable[Survey], survey: Survey, lines: Sequence[SettlementLine]
) -> list[TrendRow]:
    """The contract's months, in their order; `lines` are those of `survey`'s own month."""
    months = {one.month: settle_contract(contract, one).lines for one in earlier} | {survey.month: lines}
    return [_trend_row(str(month), months[month]) for month in sorted(months)]


def _trend_row(month: str, lines: Sequence[SettlementLine]) -> TrendRow:
    sums = total(lines)
    points = len({line.account.segment.point for line in lines})
    return TrendRow(month, points, Ratio.of(sums.availability), Ratio.of(sums.coverage if lines else None))


def visit_rows(points: set[str], survey: Survey) -> Iterator[VisitRow]:
    """The visits of these points within the month."""
    first, after = survey.month.first_day, survey.month.next.first_day
    for visit in sorted(survey.inventory.site_visits, key=lambda visit: (visit.date, visit.hotspot)):
        if visit.hotspot in points and first <= visit.date < after:
            yield VisitRow(
                visit.hotspot,
                visit.date.isoformat(),
                visit.by,
                visit.result,
                visit.download_mbps,
                visit.upload_mbps,
                visit.photo or "",
                visit.note or "",
            )


def sampling_of(contract: Contract, points: set[str], survey: Survey) -> Sampling:
    """The points to visit in the month, by the least SHA-256 of seed and id: nobody can choose them.

    Nobody knows them before the month begins, for the seed ends with what the journal held then; and anybody can draw
    them again, for that entry is in the journal.
    """
    entry, digest = survey.seal or (None, "")
    seed = "/".join(filter(None, (contract.id, str(survey.month), digest)))
    count = min(len(points), max(_SAMPLE_LEAST, -(-_SAMPLE_SHARE.numerator * len(points) // _SAMPLE_SHARE.denominator)))
    drawn = sorted(points, key=lambda point: hashlib.sha256(f"{seed}/{point}".encode()).digest())[:count]
    return Sampling(seed, entry, tuple(sorted(drawn)))
