"""A rule way apart: which of its clauses holds for a subject, and which does not. Knows promql-parser.

The expression's own text is asked, clause by clause, so an explanation follows every edit of a rule. A recorded series
that is absent is followed into the rule that records it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import promql_parser

from pantau.alerting.explaining.prometheus import Prometheus
from pantau.alerting.explaining.subject import Subject
from pantau.prometheus import Sample

Joined = Literal["all", "any", "none"]
_SETS: Mapping[str, Joined] = {"and": "all", "or": "any", "unless": "none"}
_COMPARISONS = frozenset({"==", "!=", ">", "<", ">=", "<="})
_DEEPEST = 4
_SHOWN_VALUES = 3


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition, or several joined: `all` of them, `any` of them, or the first but not the second (`none`)."""

    text: str
    holds: bool
    found: str = ""
    """The value that decided it, as a person reads it."""
    joined: Joined = "all"
    parts: tuple["Clause", ...] = ()
    recorded: bool = False
    """Whether the parts are those of the rule that records it."""

    def deciding(self, alert: str, depth: int = 0) -> list["DecidingClause"]:
        """The single conditions that make it hold, or not hold.

        That `alert` fires already is what keeps many rules up, and no reason as long as there is another.
        """
        if not self.parts:
            return [DecidingClause(self, depth)]
        if self.recorded:
            return [DecidingClause(self, depth), *self.parts[0].deciding(alert, depth + 1)]
        first, second = self.parts
        if self.joined == "none":
            if not first.holds:
                return first.deciding(alert, depth)
            if second.holds:
                return [DecidingClause(_denied(one.clause), one.depth) for one in second.deciding(alert, depth)]
            return [*first.deciding(alert, depth), DecidingClause(_denied(second), depth)]
        ways = [part.deciding(alert, depth) for part in self.parts if part.holds == self.holds]
        if self.joined == "any" and len(ways) > 1:
            ways = [way for way in ways if not _by_itself(way, alert) and not _of_its_end(way)] or ways
        return [one for way in ways for one in way]


@dataclass(frozen=True, slots=True)
class DecidingClause:
    """A condition, and how many recorded series had to be followed to it."""

    clause: Clause
    depth: int


def _by_itself(way: list[DecidingClause], alert: str) -> bool:
    return any(one.clause.text.startswith(f'ALERTS{{alertname="{alert}"') for one in way)


def _of_its_end(way: list[DecidingClause]) -> bool:
    """Whether this is how an alert is evaluated once more when it is over, which is no reason for it."""
    return any("_over:timestamp_seconds" in one.clause.text for one in way)


def _denied(clause: Clause) -> Clause:
    """What stands behind `unless`."""
    return Clause(f"unless {clause.text}", not clause.holds, clause.found)


class Clauses:
    """Takes rules apart for one subject."""

    def __init__(self, prometheus: Prometheus, recorded: Mapping[str, str], subject: Subject) -> None:
        self._prometheus = prometheus
        self._recorded = recorded
        self._subject = subject

    async def of(self, expression: str) -> Clause:
        """The clauses of an expression; one that cannot be parsed is one clause."""
        return await self._of(_parsed(expression), ())

    async def _of(self, node: Any, above: tuple[str, ...], follow: bool = True) -> Clause:
        node = _bare(node)
        operator = str(node.op) if type(node).__name__ == "BinaryExpr" else ""
        if operator in _SETS:
            joined = _SETS[operator]
            # That something wider is absent needs no reason.
            parts = (
                await self._of(node.lhs, above, follow),
                await self._of(node.rhs, above, follow and joined != "none"),
            )
            return Clause(_text(node), _holds(joined, parts), joined=joined, parts=parts)
        return await self._single(node, operator, above, follow)

    async def _single(self, node: Any, operator: str, above: tuple[str, ...], follow: bool) -> Clause:
        text = _text(node)
        samples = await self._ask(text)
        if samples or operator not in _COMPARISONS:
            clause = Clause(text, bool(samples), _values(samples))
        else:
            clause = Clause(text, False, _values(await self._ask(_text(node.lhs))))
        if not follow or clause.holds or clause.found != _NOTHING or len(above) >= _DEEPEST:
            return clause
        for name in _recorded_names(node):
            if name in self._recorded and name not in above and not await self._ask(name):
                below = await self._of(_parsed(self._recorded[name]), (*above, name))
                return Clause(text, False, _NOTHING, parts=(below,), recorded=True)
        return clause

    async def _ask(self, text: str) -> list[Sample]:
        return [one for one in await self._prometheus.query(text) if self._subject.compatible_with(one.labels)]


def _bare(node: Any) -> Any:
    """Without brackets, a number that is added to make a 0 a 1, and what a rule says for the time after a restart."""
    while True:
        if type(node).__name__ == "ParenExpr":
            node = node.expr
        elif type(node).__name__ == "BinaryExpr" and str(node.op) == "+" and type(node.lhs).__name__ == "NumberLiteral":
            node = node.rhs
        elif _is_of_restarts(node):
            node = node.lhs
        else:
            return node


def _is_of_restarts(node: Any) -> bool:
    """Whether its right side only tells that something has ended while Prometheus did not run: `ended`, `seen`, ..."""
    match str(node.op) if type(node).__name__ == "BinaryExpr" else "":
        case "or":
            return "timestamp(" in str(node.rhs) and "vantage:said_since:" in str(node.rhs)
        case "unless":
            return str(node.rhs).startswith("timestamp(")
    return False


def _parsed(expression: str) -> Any:
    return promql_parser.parse(expression)


def _text(node: Any) -> str:
    return re.sub(r"\s+", " ", str(node)).replace("{}", "")


def _holds(joined: Joined, parts: tuple[Clause, Clause]) -> bool:
    first, second = parts
    match joined:
        case "all":
            return first.holds and second.holds
        case "any":
            return first.holds or second.holds
        case "none":
            return first.holds and not second.holds


_NOTHING = "there is none"


def _values(samples: list[Sample]) -> str:
    if not samples:
        return _NOTHING
    shown = ", ".join(f"{one.value:.4g}" for one in samples[:_SHOWN_VALUES])
    more = len(samples) - _SHOWN_VALUES
    return f"{shown} and {more} more" if more > 0 else shown


def _recorded_names(node: Any) -> Iterator[str]:
    """The series that an expression stands on, in its order, but for those that it denies."""
    if type(node).__name__ == "VectorSelector":
        yield node.name or ""
    elif type(node).__name__ == "BinaryExpr":
        yield from _recorded_names(node.lhs)
        if str(node.op) != "unless":
            yield from _recorded_names(node.rhs)
    elif type(node).__name__ in {"ParenExpr", "AggregateExpr", "UnaryExpr"}:
        yield from _recorded_names(node.expr)
    elif type(node).__name__ == "Call":
        for argument in node.args:
            yield from _recorded_names(argument)
