"""The links: each leads to a dashboard of ours, and loses nothing that was chosen on the way."""

import re
from collections.abc import Iterator, Mapping

from dashboards.checking.named import Dashboard, named, properties

_UID = re.compile(r"^/d/([a-z-]+)\?")
_GIVEN = re.compile(r"[?&]var-([a-z_]+)=")
_KEPT = re.compile(r"\$\{([a-z_]+):queryparam\}")
_ELSEWHERE = re.compile(r"^https?://")
_OTHER_CELL = re.compile(r"\$\{__data\.fields\[([0-9]+)\]\}")


def problems(dashboard: Dashboard, variables: Mapping[str, set[str]]) -> Iterator[str]:
    """What is wrong with the links, given the variables of every dashboard."""
    for panel in dashboard["panels"]:
        yield from _worded(panel)
        links = list(panel.get("fieldConfig", {"defaults": {}})["defaults"].get("links", ()))
        links += [link for _m, _field, name, value in properties(panel) if name == "links" for link in value]
        for link in links:
            if not _ELSEWHERE.match(link["url"]):
                yield from (f"{named(panel)} {problem}" for problem in _link(link["url"], dashboard["uid"], variables))


def _worded(panel: Dashboard) -> Iterator[str]:
    """Links that take a cell which shows words for its value: Grafana would give these words."""
    organized = [one["options"] for one in panel.get("transformations", ()) if one["id"] == "organize"]
    titles = organized[-1]["renameByName"] if organized else {}
    fields = (
        {index: titles.get(name, name) for name, index in organized[-1]["indexByName"].items()} if organized else {}
    )
    mapped = {field for _m, field, name, _value in properties(panel) if name == "mappings"}
    for _m, field, name, value in properties(panel):
        for link in value if name == "links" else ():
            for index in _OTHER_CELL.findall(link["url"]):
                if fields.get(int(index)) in mapped:
                    yield f"{named(panel)} gives the words of {fields[int(index)]!r} in the link of {field!r}"


def _link(url: str, uid: str, variables: Mapping[str, set[str]]) -> Iterator[str]:
    target = _UID.match(url)
    if target is None or target[1] not in variables:
        yield f"links to {url}, which is no dashboard of ours"
        return
    given, kept = set(_GIVEN.findall(url)), set(_KEPT.findall(url))
    for name in sorted((given | kept) - variables[target[1]]):
        yield f"gives {target[1]} the variable {name}, which it does not have"
    for name in sorted(kept - variables[uid]):
        yield f"passes on the variable {name}, which is not here"
    for name in sorted((variables[uid] & variables[target[1]]) - given - kept):
        yield f"loses the variable {name} on the way to {target[1]}"
    if not url.endswith("&${__url_time_range}"):
        yield f"loses the time range on the way to {target[1]}"
