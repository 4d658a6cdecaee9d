"""A dashboard and its panels as JSON, and how a sentence names them."""

from collections.abc import Iterator, Mapping
from typing import Any

Dashboard = Mapping[str, Any]
Panel = Mapping[str, Any]


def named(panel: Panel) -> str:
    """Which panel, for people."""
    return f"panel {panel['id']} ({panel['title']})"


def properties(panel: Panel) -> Iterator[tuple[str, str, str, Any]]:
    """The overrides of a panel: what they match by, which field, which property, its value."""
    for override in panel.get("fieldConfig", {}).get("overrides", ()):
        for one in override["properties"]:
            yield override["matcher"]["id"], override["matcher"]["options"], one["id"], one["value"]


def property_of(panel: Panel, ref: str, name: str) -> Any:
    """A property of what the target `ref` answers: of its own override, of its column, else of the panel."""
    columns = _titles(panel)
    shown = {f"Value #{ref}", *(("Value",) if len(panel.get("targets", ())) == 1 else ())}
    titles = shown | {columns[field] for field in shown if field in columns}
    for matcher, field, property_, value in properties(panel):
        own = (matcher, field) == ("byFrameRefID", ref) or (matcher == "byName" and field in titles)
        if own and property_ == name:
            return value
    return panel["fieldConfig"]["defaults"].get(name)


def _titles(panel: Panel) -> dict[str, str]:
    return {
        field: title
        for step in panel.get("transformations", ())
        for field, title in step["options"].get("renameByName", {}).items()
    }
