"""The pack of a kecamatan: its points, their month, and what is to be settled. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from pantau.inventory import Hotspot
from pantau.reports.accounting import Instability, SettlementLine, Spans, Standing, Terms, WholeOutage
from pantau.reports.accounting.instability import ShortPart, flapping
from pantau.reports.desk.issues import Issue, OpenIssue
from pantau.reports.statement import Survey, settle_contract
from pantau.reports.statement.nearness import neighbours
from pantau.reports.statement.office import OfficeWords
from pantau.reports.statement.rows import Ratio

_DEFAULT = Terms()
_LEAST_COVERAGE = _DEFAULT.minimum_coverage


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One point's month, whoever pays for it: what was seen, nothing excluded."""

    point: str
    name: str
    kelurahan: str
    category: str
    isp: str
    contracts: tuple[str, ...]
    status: str
    """Of the inventory: planned, active or retired."""
    seen_seconds: int
    down_seconds: int
    availability: Ratio | None
    """1 - down / seen; `None` where nothing was seen."""
    coverage: Ratio | None
    outages: int
    """Longer than the product's threshold of 300 s."""
    longest_seconds: int
    findings: tuple[OpenIssue, ...]


@dataclass(frozen=True, slots=True)
class IspSum:
    """The points of one ISP in the kecamatan."""

    isp: str
    name: str
    points: int
    availability: Ratio | None
    dead: int
    to_settle: int
    """Points with anything to settle."""


@dataclass(frozen=True, slots=True)
class DeskPack:
    """The desk pack of one kecamatan."""

    month: str
    start: int
    end: int
    timezone: str
    kecamatan: str
    name: str
    rows: tuple[DeskRow, ...]
    isps: tuple[IspSum, ...]
    told: OfficeWords = field(default_factory=OfficeWords)
    """The office that measures, and its words."""

    def count(self, issue: Issue) -> int:
        """How many points have it."""
        return sum(any(one.issue is issue for one in row.findings) for row in self.rows)


def make_packs(survey: Survey, kecamatan: Sequence[str]) -> list[DeskPack]:
    """The packs of these kecamatan, in their order; `ValueError` for one that there is not."""
    known = survey.inventory.kecamatan_by_id
    for name in kecamatan:
        if name not in known:
            raise ValueError(f"'{name}' is not a known kecamatan; known are {', '.join(known)}")
    lines = _lines(survey)
    near = neighbours(survey.inventory.hotspots)
    return [_pack(survey, name, lines, near) for name in kecamatan]


def _lines(survey: Survey) -> Mapping[str, list[tuple[str, SettlementLine]]]:
    """Of each point the lines of the contracts that pay for it, with their ids."""
    found: defaultdict[str, list[tuple[str, SettlementLine]]] = defaultdict(list)
    for contract in survey.inventory.contracts:
        for line in settle_contract(contract, survey).lines:
            found[line.account.segment.point].append((contract.id, line))
    return found


def _pack(
    survey: Survey, kecamatan: str, lines: Mapping[str, list[tuple[str, SettlementLine]]], near: Mapping[str, list[str]]
) -> DeskPack:
    start, end = survey.month.span(survey.zone)
    own = [hotspot for hotspot in survey.inventory.hotspots if hotspot.kecamatan == kecamatan]
    rows = tuple(_row(one, survey, lines.get(one.id, []), near.get(one.id, [])) for one in own)
    return DeskPack(
        month=str(survey.month),
        start=start,
        end=end,
        timezone=survey.zone.key,
        kecamatan=kecamatan,
        name=survey.inventory.kecamatan_by_id[kecamatan].name,
        rows=rows,
        isps=tuple(_isp_sums(rows, {isp.id: isp.name for isp in survey.inventory.isps})),
        told=survey.measuring.told,
    )


def _row(hotspot: Hotspot, survey: Survey, lines: Sequence[tuple[str, SettlementLine]], near: Sequence[str]) -> DeskRow:
    month = Spans.of([survey.month.span(survey.zone)])
    watched = hotspot.status == "active"
    outages, visible = survey.outages_of(hotspot.id, _DEFAULT)
    here = [(outage, outage.down & month) for outage in outages]
    here = [(outage, down) for outage, down in here if down]
    down, seen = sum(part.seconds for _, part in here), (visible & month).seconds
    long = [outage for outage, _ in here if outage.seconds > _DEFAULT.threshold_seconds]
    return DeskRow(
        point=hotspot.id,
        name=hotspot.name,
        kelurahan=hotspot.kelurahan or "",
        category=hotspot.category or "",
        isp=hotspot.isp,
        contracts=tuple(dict.fromkeys(name for name, _ in lines)),
        status=hotspot.status,
        seen_seconds=seen,
        down_seconds=down,
        availability=Ratio.of(1 - Fraction(down, seen)) if seen else None,
        coverage=Ratio.of(Fraction(seen, month.seconds)) if watched else None,
        outages=len(long),
        longest_seconds=max((outage.seconds for outage in long), default=0),
        findings=tuple(_findings(hotspot, survey, lines, near, here, seen, down)) if watched else (),
    )


def _findings(
    hotspot: Hotspot,
    survey: Survey,
    lines: Sequence[tuple[str, SettlementLine]],
    near: Sequence[str],
    outages: Sequence[tuple[WholeOutage, Spans]],
    seen: int,
    down: int,
) -> Iterator[OpenIssue]:
    start, end = survey.month.span(survey.zone)
    if seen == 0:
        yield OpenIssue(Issue.NO_DATA)
    elif down == seen:
        yield OpenIssue(Issue.DEAD)
    if seen > 0 and Fraction(seen, end - start) < _LEAST_COVERAGE:
        yield OpenIssue(Issue.LITTLE_DATA, Ratio.of(Fraction(seen, end - start)), Ratio.of(_LEAST_COVERAGE))
    if near:
        yield OpenIssue(Issue.DUPLICATE, ids=tuple(near))
    paid = Spans.of(line.account.segment.span for _, line in lines).seconds
    if paid < end - start:
        yield OpenIssue(Issue.PARTLY_NO_CONTRACT if paid else Issue.NO_CONTRACT)
    yield from _missed(lines)
    short = [ShortPart(outage.id, part) for outage, part in outages if outage.seconds <= _DEFAULT.threshold_seconds]
    (unrest,) = flapping([(short, Instability())], survey.zone)
    if unrest.unstable:
        yield OpenIssue(Issue.FLAPPING, episodes=unrest.episodes, seconds=unrest.seconds)
    if hotspot.latitude is None:
        yield OpenIssue(Issue.NO_COORDINATES)


def _missed(lines: Sequence[tuple[str, SettlementLine]]) -> Iterator[OpenIssue]:
    for contract, line in lines:
        objective = line.account.segment.terms.objective
        if line.standing is Standing.MISSED:
            yield OpenIssue(Issue.SLA_MISSED, Ratio.of(line.judged), Ratio.of(objective), ids=(contract,))


def _isp_sums(rows: Sequence[DeskRow], names: Mapping[str, str]) -> Iterator[IspSum]:
    for isp in sorted({row.isp for row in rows}):
        own = [row for row in rows if row.isp == isp and row.status == "active"]
        seen, down = sum(row.seen_seconds for row in own), sum(row.down_seconds for row in own)
        yield IspSum(
            isp=isp,
            name=names[isp],
            points=len(own),
            availability=Ratio.of(1 - Fraction(down, seen)) if seen else None,
            dead=sum(any(one.issue is Issue.DEAD for one in row.findings) for row in own),
            to_settle=sum(bool(row.findings) for row in own),
        )
