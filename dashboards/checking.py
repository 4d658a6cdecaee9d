"""Whether the dashboards are fit to be shown: everything that can be wrong in them without anybody noticing.

A panel that overlaps another, a link that leads nowhere, a query that never answers: Grafana shows all of them without
a word. `check` says them, each as a sentence with the dashboard and the panel. Prometheus is not asked.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dashboards.building import drift, output_of, rendered
from dashboards.contract import UnknownSeriesError, labels_of, offered
from dashboards.place import SETTINGS
from pantau.texts import LANGUAGES

COLUMNS = 24
_VARIABLE = re.compile(r"\$(?:\{)?([a-z_]+)")
_UID = re.compile(r"^/d/([a-z-]+)\?")
_GIVEN = re.compile(r"[?&]var-([a-z_]+)=")
_KEPT = re.compile(r"\$\{([a-z_]+):queryparam\}")

Dashboard = Mapping[str, Any]


def check(settings: Path = SETTINGS) -> list[str]:
    """All that is wrong in the dashboards of every language and in the JSON beside `settings`; empty if they are fit.

    Recorded series are those of the rules beside `settings`.
    """
    series = offered(rules=settings.parent / "rules")
    found = drift(output_of(settings), settings=settings)
    for language in LANGUAGES:
        drawn = [json.loads(text) for _uid, text in rendered(language, settings)]
        found += [f"{language}: {problem}" for problem in examine(drawn, series)]
    return found


def examine(drawn: Sequence[Dashboard], series: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """What is wrong in these dashboards, given what Prometheus offers."""
    variables = {one["uid"]: {variable["name"] for variable in one["templating"]["list"]} for one in drawn}
    for uid, times in Counter(one["uid"] for one in drawn).items():
        if times > 1:
            yield f"{uid}: {times} dashboards have this uid"
    for one in drawn:
        problems = (*_layout(one), *_words(one), *_queries(one, series, variables[one["uid"]]), *_links(one, variables))
        yield from (f"{one['uid']}: {problem}" for problem in problems)


def _named(panel: Mapping[str, Any]) -> str:
    return f"panel {panel['id']} ({panel['title']})"


def _layout(dashboard: Dashboard) -> Iterator[str]:
    taken: dict[tuple[int, int], int] = {}
    for id_, times in Counter(panel["id"] for panel in dashboard["panels"]).items():
        if times > 1:
            yield f"{times} panels have the id {id_}"
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        if place["x"] < 0 or place["x"] + place["w"] > COLUMNS:
            yield f"{_named(panel)} leaves the grid of {COLUMNS} columns"
        cells = [(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])]
        for other in sorted({taken[cell] for cell in cells if cell in taken}):
            yield f"{_named(panel)} overlaps panel {other}"
        taken |= dict.fromkeys(cells, panel["id"])


def _words(dashboard: Dashboard) -> Iterator[str]:
    for name in ("title", "description"):
        if not dashboard[name]:
            yield f"has no {name}"
    for panel in dashboard["panels"]:
        missing = [name for name in ("title", "description") if not panel.get(name)]
        if panel["type"] not in {"row", "text"}:
            defaults = panel["fieldConfig"]["defaults"]
            missing += [name for name in ("unit", "noValue") if not defaults.get(name)]
        else:
            missing = [name for name in missing if panel["type"] == "text" or name == "title"]
        yield from (f"{_named(panel)} has no {name}" for name in missing)


def _queries(dashboard: Dashboard, series: Mapping[str, frozenset[str]], variables: set[str]) -> Iterator[str]:
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            yield from _variable_query(variable, series)
    for panel in dashboard["panels"]:
        for target in panel.get("targets", ()):
            unset = {name for name in _VARIABLE.findall(target["expr"]) if not name.startswith("__")} - variables
            yield from (f"{_named(panel)} uses ${name}, which is no variable" for name in sorted(unset))
            try:
                labels_of(target["expr"], series)
            except UnknownSeriesError as problem:
                yield f"{_named(panel)}, query {target['refId']}: {problem}"


def _variable_query(variable: Mapping[str, Any], series: Mapping[str, frozenset[str]]) -> Iterator[str]:
    asked = re.fullmatch(r"(?:label_values|query_result)\((.+?)(?:,\s*([a-z_]+))?\)", variable["query"]["query"])
    try:
        labels = labels_of(asked[1], series) if asked else frozenset[str]()
    except UnknownSeriesError as problem:
        yield f"variable {variable['name']}: {problem}"
        return
    if asked is None or (asked[2] is not None and asked[2] not in labels):
        yield f"variable {variable['name']}: its query is not understood"


def _links(dashboard: Dashboard, variables: Mapping[str, set[str]]) -> Iterator[str]:
    for panel in dashboard["panels"]:
        config = panel.get("fieldConfig", {"defaults": {}, "overrides": []})
        links = list(config["defaults"].get("links", ()))
        for override in config["overrides"]:
            links += [link for p in override["properties"] if p["id"] == "links" for link in p["value"]]
        for link in links:
            target = _UID.match(link["url"])
            if target is None or target[1] not in variables:
                yield f"{_named(panel)} links to {link['url']}, which is no dashboard of ours"
                continue
            given, kept = set(_GIVEN.findall(link["url"])), set(_KEPT.findall(link["url"]))
            for name in sorted((given | kept) - variables[target[1]]):
                yield f"{_named(panel)} gives {target[1]} the variable {name}, which it does not have"
            for name in sorted(kept - variables[dashboard["uid"]]):
                yield f"{_named(panel)} passes on the variable {name}, which is not here"
            for name in sorted((variables[dashboard["uid"]] & variables[target[1]]) - given - kept):
                yield f"{_named(panel)} loses the variable {name} on the way to {target[1]}"
            if not link["url"].endswith("&${__url_time_range}"):
                yield f"{_named(panel)} loses the time range on the way to {target[1]}"
