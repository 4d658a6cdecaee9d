"""Compares a report's lines with the script's truth, which is plain set arithmetic on its down times."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from lab.month.playing import Played
from lab.month.rupiah import MoneyVerdict, Price, Seconds, money_verdict
from lab.month.story import DAY, MONTH, Story
from lab.samples.accounting import WITA
from pantau.journal import Reader
from pantau.reports.accounting import Account, Spans, midnight
from pantau.reports.accounting.spans import NO_TIME
from pantau.reports.edition import Comparison
from pantau.reports.statement import JournalEvidence, Statement, Survey, make_statement, settle_contract, survey
from pantau.reports.statement.rows import PointRow
from pantau.reports.witness import compare, reasons_of

_NS = 1_000_000_000
THRESHOLD = 300


@dataclass(frozen=True, slots=True)
class Truth:
    """What was so of one point."""

    down: Spans
    """Its scripted down times, observed or not."""
    unseen: Spans
    """When it could not be observed."""
    blind: Spans = NO_TIME
    """The same, whatever was told of it later: each edge of it may be told late."""
    slack: int = 0
    """Seconds by which what is told of it may be late beside the story's interval."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line of a report against the truth, in seconds."""

    point: str
    contract: str
    charged: int
    true_charged: int
    charged_bound: int
    """One interval an outage, and one more each time that our own fault cuts into one."""
    unseen: int
    true_unseen: int
    unseen_bound: int
    """One interval each time that our own fault begins or ends."""
    of_our_faults: int
    """Charged seconds in which we could not see and the point was up, and we might have known: there may be none."""
    while_away: int
    """Charged seconds in which the exporter did not run, and of which nobody told later: there may be none either."""
    outages: int

    @property
    def wrong(self) -> bool:
        """Whether it is off by more than it may."""
        return (
            abs(self.charged - self.true_charged) > self.charged_bound
            or abs(self.unseen - self.true_unseen) > self.unseen_bound
            or self.of_our_faults > 0
            or self.while_away > 0
        )


@dataclass(frozen=True, slots=True)
class Judgement:
    """A whole report against the script, and both witnesses side by side."""

    verdicts: tuple[Verdict, ...]
    money: tuple[MoneyVerdict, ...]
    """Of the same lines."""
    statements: tuple[Statement, ...]
    comparison: Comparison | None
    """`None` where no second witness was asked."""
    survey: Survey

    @property
    def open(self) -> int:
        """Points on which the witnesses differ."""
        return len(self.comparison.open) if self.comparison else 0

    @property
    def wrong(self) -> tuple[Verdict | MoneyVerdict, ...]:
        """The lines whose seconds or rupiah are off."""
        lines: tuple[Verdict | MoneyVerdict, ...] = (*self.verdicts, *self.money)
        return tuple(one for one in lines if one.wrong)

    @property
    def figures(self) -> dict[str, object]:
        """What there is to say of it."""
        rows = self.comparison.rows if self.comparison else ()
        differences = [float(row.difference.percent) for row in rows if row.difference]
        charged, true = (sum(getattr(one, name) for one in self.verdicts) for name in ("charged", "true_charged"))
        return {
            "contracts": len(self.statements),
            "lines": len(self.verdicts),
            "outages": sum(one.outages for one in self.verdicts),
            "charged seconds": charged,
            "of truth": f"{charged / true:.5f}",
            "worst line's share of its bound": f"{max(_share(one) for one in self.verdicts):.2f}",
            "seconds of our own faults charged": sum(one.of_our_faults + one.while_away for one in self.verdicts),
            "unobserved seconds": sum(one.unseen for one in self.verdicts),
            "unobserved in truth": sum(one.true_unseen for one in self.verdicts),
            "lines that are off": sum(one.wrong for one in self.verdicts),
            "lines with rupiah to test": sum(one.conclusive for one in self.money),
            "rupiah deducted or held": sum((one.row.restitution or 0) + (one.row.held or 0) for one in self.money),
            "least and most by the script": (sum(one.least for one in self.money), sum(one.most for one in self.money)),
            "lines whose rupiah are off": sum(one.wrong for one in self.money),
            "witnesses differ at most": f"{max(differences, default=0):.4f} %",
            "points that are open": self.open,
        }


def judge(
    story: Story,
    played: Played,
    journal: Path,
    server_url: str | None,
    truth: Mapping[str, Truth] | None = None,
) -> Judgement:
    """Make the month's statements from the journal, and hold them against the script and against Prometheus."""
    with Reader(f"sqlite:///{journal.name}", journal.parent) as reader:
        found = survey(story.after.inventory, JournalEvidence(reader), MONTH, WITA)
        reasons = reasons_of(reader, found)
    truth = truth or truths(story, played)
    lines = tuple(verdicts(story, found, truth, Spans.of(played.away)))
    statements = tuple(make_statement(contract.id, found) for contract in found.inventory.contracts)
    rows = [(made, row) for made in statements for row in made.points]
    money = tuple(
        money_of(story, made, row, one, truth[row.point]) for (made, row), one in zip(rows, lines, strict=True)
    )
    later = story.span[1] + 40 * DAY
    compared = server_url and compare(server_url, found, reasons, lambda: later, story.witness_tolerance)
    return Judgement(lines, money, statements, compared or None, found)


def money_of(story: Story, made: Statement, row: PointRow, line: Verdict, truth: Truth) -> MoneyVerdict:
    """A line's rupiah; what goes on at the end of the month, or of the story, waits for a decision."""
    terms = made.basis[-1].terms
    price = Price(terms["method"], Fraction(terms["objective"]), row.monthly_fee, _paid_seconds(made, terms))
    edge = min(MONTH.span(WITA)[1], story.span[1])
    here = Spans.of([(row.start, row.end)])
    late = story.tolerance + truth.slack
    undecided, perhaps = (
        (Spans.of((start, end) for start, end in truth.down if start < edge and first <= end < last) & here)
        - truth.unseen
        for first, last in ((edge, math.inf), (edge - late, edge))
    )
    seconds = Seconds(row.end - row.start, line.true_unseen, line.true_charged, undecided.seconds, perhaps.seconds)
    return money_verdict(made.parties.contract, row, price, seconds, line.charged_bound, line.unseen_bound)


def _paid_seconds(made: Statement, terms: Mapping[str, Any]) -> int:
    """The month's seconds, or those of its days on which the contract holds."""
    start, end = MONTH.span(WITA)
    if terms["denominator"] == "contract_days":
        first, last = (
            midnight(date.fromisoformat(day), WITA) for day in (made.parties.contract_start, made.parties.contract_end)
        )
        start, end = max(start, first), min(end, last)
    return end - start


def _share(one: Verdict) -> float:
    return abs(one.charged - one.true_charged) / one.charged_bound if one.charged_bound else 0.0


def truths(story: Story, played: Played) -> dict[str, Truth]:
    """Of each point, from the cities of which the script spoke."""
    down: dict[str, list[tuple[int, int]]] = {}
    blind: list[tuple[int, int]] = list(played.away)
    cities = [*played.cities]
    # While the exporter is away the city goes on as it was before.
    ends = [*(span[0] for span, _ in cities[1:]), story.span[1]]
    for ((start, _), city), end in zip(cities, ends, strict=True):
        truth = city.truth(start * _NS, end * _NS)
        blind += [_seconds(one) for one in truth.blind]
        for name, intervals in zip(city.hotspots.ids, truth.down, strict=True):
            down.setdefault(name, []).extend(_seconds(one) for one in intervals)
    unseen = Spans.of(blind)
    return {name: Truth(Spans.of(found), unseen, unseen) for name, found in down.items()}


def verdicts(story: Story, survey: Survey, truth: Mapping[str, Truth], away: Spans) -> Iterator[Verdict]:
    """Every line of every contract."""
    for contract in survey.inventory.contracts:
        for line in settle_contract(contract, survey).lines:
            point = line.account.segment.point
            yield _verdict(story, contract.id, line.account, truth[point], away)


def _verdict(story: Story, contract: str, account: Account, truth: Truth, away: Spans) -> Verdict:
    span = Spans.of([story.span]) & Spans.of([account.segment.span])
    seen = Spans.of([story.span]) - truth.unseen
    owed = NO_TIME
    outages = cuts = 0
    for outage in truth.down:
        whole = Spans.of([outage])
        here = whole & span
        if here and (whole & seen).seconds > THRESHOLD:
            owed |= here & seen
        outages += bool(here)
        cuts += len((whole & truth.blind & span).spans)
    charged = Spans.of(one for share in account.shares for one in share.charged)
    unseen = account.unseen & span
    # A point that has just come up would be held to be down without any fault of ours.
    held_down = Spans.of((start, end + story.recovery + truth.slack) for start, end in truth.down)
    tolerance = story.tolerance + truth.slack
    return Verdict(
        point=account.segment.point,
        contract=contract,
        charged=account.charged,
        true_charged=owed.seconds,
        charged_bound=tolerance * (outages + cuts),
        unseen=unseen.seconds,
        true_unseen=(truth.unseen & span).seconds,
        unseen_bound=tolerance * (1 + len((truth.blind & span).spans)),
        of_our_faults=((charged & truth.unseen) - held_down).seconds,
        while_away=(charged & away & truth.unseen).seconds,
        outages=outages,
    )


def _seconds(interval: tuple[int, int]) -> tuple[int, int]:
    start, end = (round(at / _NS) for at in interval)
    return start, end
