"""The links of a table as Grafana follows them: which field each gets, and what that field shows."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

Panel = Mapping[str, Any]

GIVEN = re.compile(r"var-([a-z]+)=\$\{__(?:value\.(raw)|data\.fields\[([0-9]+)\])\}")
_FIELD = re.compile(r"\$\{__data\.fields\[([0-9]+)\]\}")


@dataclass(frozen=True)
class Linked:
    """A variable that a cell's link gives a page, and the field that it is taken from."""

    page: str
    variable: str
    field: str
    raw: bool
    """Of its own cell; of another Grafana gives what is shown there."""


def _organized(panel: Panel) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(t["options"] for t in reversed(panel["transformations"]) if t["id"] == "organize")
    return found


def linked(panel: Panel) -> Iterator[Linked]:
    """Of each column that leads to a page, what it gives."""
    fields = {index: name for name, index in _organized(panel)["indexByName"].items()}
    own = {title: name for name, title in _organized(panel)["renameByName"].items()}
    for override in panel["fieldConfig"]["overrides"]:
        for link in (link for p in override["properties"] if p["id"] == "links" for link in p["value"]):
            for variable, raw, index in GIVEN.findall(link["url"]):
                field = own.get(named := override["matcher"]["options"], named) if raw else fields[int(index)]
                yield Linked(link["url"].removeprefix("/d/").partition("?")[0], variable, field, bool(raw))


def shown(panel: Panel, field: str, value: str) -> str:
    """What stands in the cell: the word for the value, where it has one."""
    title = _organized(panel)["renameByName"].get(field, field)
    for override in panel["fieldConfig"]["overrides"]:
        if override["matcher"]["options"] == title:
            mappings = [one for p in override["properties"] if p["id"] == "mappings" for one in p["value"]]
            for mapping in (one for one in mappings if one["type"] == "value"):
                value = mapping["options"].get(value, {}).get("text", value)
    return value


def led_to(panel: Panel, field: str, row: Mapping[str, str]) -> list[str]:
    """The addresses that the cell `field` of this row leads to."""
    fields = {index: name for name, index in _organized(panel)["indexByName"].items()}
    links = [
        link["url"]
        for override in panel["fieldConfig"]["overrides"]
        if override["matcher"]["options"] == _organized(panel)["renameByName"].get(field, field)
        for one in override["properties"]
        if one["id"] == "links"
        for link in one["value"]
    ]
    own = [url.replace("${__value.raw}", row[field]) for url in links]
    return [unquote(_FIELD.sub(lambda found: row.get(fields[int(found[1])], ""), url)) for url in own]
