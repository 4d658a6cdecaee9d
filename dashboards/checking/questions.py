"""The queries: they ask for what there is, with variables that there are, and name no label that they do not answer."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from dashboards.checking.named import Dashboard, named
from dashboards.contract import UnknownSeriesError, believed_beyond_their_end, labels_of

_VARIABLE = re.compile(r"\$(?:\{)?([a-z_]+)")
_LEGEND = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")
_NOBODY_COUNTED = re.compile(r"\bor (?:on \(\) )?vector\(0\)")

Series = Mapping[str, frozenset[str]]


def problems(dashboard: Dashboard, series: Series, ended: frozenset[str]) -> Iterator[str]:
    """What is wrong with the queries of the panels, of the variables and of the annotations."""
    variables = {variable["name"] for variable in dashboard["templating"]["list"]}
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            yield from _variable_query(variable, series)
    for panel in dashboard["panels"]:
        for target in panel.get("targets", ()):
            unset = {name for name in _VARIABLE.findall(target["expr"]) if not name.startswith("__")} - variables
            yield from (f"{named(panel)} uses ${name}, which is no variable" for name in sorted(unset))
            where = f"{named(panel)}, query {target['refId']}"
            yield from (f"{where}: {problem}" for problem in _query(target, series, ended))
    for note in dashboard.get("annotations", {}).get("list", ()):
        if "expr" in note:
            yield from (f"annotation {note['name']}: {problem}" for problem in _query(note, series, ended))


def _query(target: Mapping[str, Any], series: Series, ended: frozenset[str]) -> Iterator[str]:
    expression = target["expr"]
    try:
        labels = labels_of(expression, series)
    except UnknownSeriesError as problem:
        yield str(problem)
        return
    legend = " ".join(str(target.get(name) or "") for name in ("legendFormat", "titleFormat", "textFormat"))
    for label in sorted(set(_LEGEND.findall(legend)) - labels):
        yield f"its legend names the label {label}, which the answer does not have"
    for name in sorted(believed_beyond_their_end(expression, ended)):
        yield f"reads {name}, which ends with a sample of 0, without `> 0`"
    if _NOBODY_COUNTED.search(expression):
        yield "says 0 where nobody has counted; write a 0 that depends on what was seen"


def _variable_query(variable: Mapping[str, Any], series: Series) -> Iterator[str]:
    asked = re.fullmatch(r"(?:label_values|query_result)\((.+?)(?:,\s*([a-z_]+))?\)", variable["query"]["query"])
    try:
        labels = labels_of(asked[1], series) if asked else frozenset[str]()
    except UnknownSeriesError as problem:
        yield f"variable {variable['name']}: {problem}"
        return
    if asked is None or (asked[2] is not None and asked[2] not in labels):
        yield f"variable {variable['name']}: its query is not understood"
