"""A rule taken apart: which of its clauses holds for a subject, and which does not. Knows promql-parser.

The expression's own text is asked, clause by clause, so an explanation follows every edit of a rule. A recorded series
that is absent is followed into the rule that records it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import promql_parser

from alerting.explaining.prometheus import Prometheus, Sample
from alerting.explaining.subject import Subject

Joined = Literal["all", "any", "none"]
_SETS: Mapping[str, Joined] = {"and": "all", "or": "any", "unless": "none"}
_COMPARISONS = frozenset({"==", "!=", ">", "<", ">=", "<="})
_DEEPEST = 3
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

    def deciding(self) -> list["Clause"]:
        """The single conditions that make it hold, or not hold."""
        if not self.parts:
            return [self]
        if self.recorded:
            below = self.parts[0].deciding()
            return [self, *below] if not self.holds else [self]
        first, second = self.parts
        if self.joined == "none":
            if not first.holds:
                return first.deciding()
            if second.holds:
                return [_denied(one) for one in second.deciding()]
            return [*first.deciding(), _denied(second)]
        chosen = [part for part in self.parts if part.holds == self.holds]
        return [clause for part in chosen for clause in part.deciding()]


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
        while type(node).__name__ == "ParenExpr":
            node = node.expr
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
        name = _recorded_name(node)
        if clause.holds or clause.found != _NOTHING or name in above or name not in self._recorded:
            return clause
        if not follow or len(above) >= _DEEPEST:
            return clause
        below = await self._of(_parsed(self._recorded[name]), (*above, name))
        return Clause(text, False, _NOTHING, parts=(below,), recorded=True)

    async def _ask(self, text: str) -> list[Sample]:
        return [one for one in await self._prometheus.query(text) if self._subject.compatible_with(one.labels)]


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


def _recorded_name(node: Any) -> str:
    """The series that a clause stands on: itself, or the left side of its comparison."""
    while type(node).__name__ in {"ParenExpr", "BinaryExpr"}:
        node = node.expr if type(node).__name__ == "ParenExpr" else node.lhs
    return node.name or "" if type(node).__name__ == "VectorSelector" else ""
