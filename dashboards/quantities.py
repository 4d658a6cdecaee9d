"""What kind of quantity a PromQL expression answers, as far as the names of the metrics tell. Knows no panel."""

import re
from enum import Enum
from typing import Any

from dashboards.contract import parsed


class Quantity(Enum):
    """What a number is."""

    SHARE = "a share"
    SECONDS = "seconds"
    HOURS = "hours"
    MOMENT = "a moment in seconds"
    MOMENT_MS = "a moment in milliseconds"
    BYTES = "bytes"
    BYTE_RATE = "bytes a second"
    BIT_RATE = "bits a second"
    RATE = "a rate"
    NUMBER = "a number"


_BY_NAME = (
    (re.compile(r"timestamp_seconds|start_time_seconds"), Quantity.MOMENT),
    (re.compile(r"(_ratio|:ratio\w*)$"), Quantity.SHARE),
    (re.compile(r"_bytes:rate|_bytes_per_second$"), Quantity.BYTE_RATE),
    (re.compile(r"_bytes$"), Quantity.BYTES),
    (re.compile(r"_seconds(_total|_sum|_bucket)?$|_seconds:|:seconds$"), Quantity.SECONDS),
    (re.compile(r"(_total|_count|:count|:sum)$"), Quantity.NUMBER),
)
_COUNTS = frozenset({"count"})
_DIFFERENCES = frozenset({"+", "-"})
_KEEPING = frozenset({"or", "and", "unless", ">", "<", ">=", "<=", "==", "!="})


def quantity(expression: str) -> Quantity | None:
    """What the expression answers; `None` where its names do not say it."""
    return _of(parsed(expression))


def _of(node: Any) -> Quantity | None:
    match type(node).__name__:
        case "VectorSelector":
            return next((found for pattern, found in _BY_NAME if pattern.search(node.name)), None)
        case "MatrixSelector":
            return _of(node.vector_selector)
        case "ParenExpr" | "UnaryExpr" | "SubqueryExpr":
            return _of(node.expr)
        case "AggregateExpr":
            return Quantity.NUMBER if str(node.op) in _COUNTS else _of(node.expr)
        case "Call":
            return _call(node)
        case "BinaryExpr":
            return _binary(node)
    return None


def _call(node: Any) -> Quantity | None:
    name = node.func.name
    if name in {"time", "timestamp"}:
        return Quantity.MOMENT
    if name in {"rate", "irate"}:
        return Quantity.RATE if _of(node.args[0]) is Quantity.NUMBER else None
    if name in {"changes", "count_over_time", "absent", "absent_over_time"}:
        return Quantity.NUMBER
    if name in {"vector", "scalar", "days_in_month"}:
        return None
    return next((found for found in map(_of, node.args) if found is not None), None)


def _binary(node: Any) -> Quantity | None:
    left, right, operation = _of(node.lhs), _of(node.rhs), str(node.op)
    if operation in _KEEPING:
        return left if left is not None or operation != "or" else right
    if operation in _DIFFERENCES:
        if operation == "-" and left is right is Quantity.MOMENT:
            return Quantity.SECONDS
        return left if left is not None else right
    if operation == "/":
        if left is not None and left is right:
            return Quantity.SHARE
        return Quantity.HOURS if left is Quantity.SECONDS and _number(node.rhs) == 3600 else None
    if operation == "*":
        if left is Quantity.MOMENT and _number(node.rhs) == 1000:
            return Quantity.MOMENT_MS
        if left is Quantity.BYTE_RATE and _number(node.rhs) == 8:
            return Quantity.BIT_RATE
        # A join multiplies by 1: what it says of the left is what it was.
        return left if right is None or type(node.rhs).__name__ != "NumberLiteral" else None
    return None


def _number(node: Any) -> float | None:
    return float(node.val) if type(node).__name__ == "NumberLiteral" else None
