"""The columns of a table, and the override by which Grafana shows each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards import extra
from dashboards.extra import core
from dashboards.states import ground
from dashboards.style.links import dashboard_link


@dataclass(frozen=True)
class PanelColumn:
    """One column of a table: the field that Prometheus gives, its heading and its looks.

    `link` is the uid of a dashboard and the variables it gets, each from the field named.
    """

    field: str
    title: str
    unit: str | None = None
    decimals: int | None = None
    width: int | None = None
    mappings: Sequence[extra.ValueMapping | extra.RangeMapping | extra.RegexMapping | extra.SpecialMapping] = ()
    steps: Sequence[extra.ThresholdStep] = ()
    colored: str | None = None
    """``text`` or ``background``: what takes the colour of the value."""
    link: tuple[str, Mapping[str, str]] | None = None
    elsewhere: Sequence[core.DataLink] = ()
    """Links to what is no dashboard: a runbook, a silence. ``{name}`` in one stands for that field of the row,
    which is not mapped to words."""
    hidden: bool = False
    align: str | None = None

    def override(self, order: Mapping[str, int], link_title: str, *, renamed: bool = True) -> extra.Override:
        """How Grafana shows it; `order` is the place of each field in the table, for the variables of a link.

        Where a transformation has not `renamed` it, by its heading: so a file of what was answered has headings too.
        """
        # The panel's words for "no rows" would otherwise stand in every empty cell.
        looks: dict[str, Any] = {"noValue": "–"} | ({} if renamed else {"displayName": self.title})
        if self.unit is not None:
            looks["unit"] = self.unit
        if self.decimals is not None:
            looks["decimals"] = self.decimals
        behind = self.colored == "background"
        if self.mappings:
            looks["mappings"] = list(extra.grounded(self.mappings, ground) if behind else self.mappings)
        if self.steps:
            steps = [extra.ThresholdStep(ground(step.color), step.value) if behind else step for step in self.steps]
            looks["thresholds"] = {"mode": "absolute", "steps": steps}
        if self.colored:
            looks |= color_of_cell(self.colored)
        if self.width is not None:
            looks["custom.width"] = self.width
        if self.align is not None:
            looks["custom.align"] = self.align
        if self.hidden:
            looks["custom.hidden"] = True
        if self.link is not None:
            uid, given = self.link
            # Of its own cell a link has the raw value, of others only what is shown: those are never mapped to words.
            variables = {
                name: "${__value.raw}" if source == self.field else f"${{__data.fields[{order[source]}]}}"
                for name, source in given.items()
            }
            looks["links"] = [dashboard_link(link_title, uid, variables)]
        if self.elsewhere:
            looks["links"] = [_of_row(link, order) for link in self.elsewhere]
        return extra.Override(self.title if renamed else self.field, looks)


def _of_row(link: core.DataLink, order: Mapping[str, int]) -> core.DataLink:
    """The link with Grafana's variable for each field that it names."""
    url = link.linkUrl
    for name, index in order.items():
        url = url.replace(f"{{{name}}}", f"${{__data.fields[{index}]}}")
    return core.DataLink(link.title, url, isNewTab=link.isNewTab)


def in_color(ref: str, color: str, **looks: Any) -> extra.Override:
    """What the target `ref` answers in one colour, whatever its value; `looks` beside it."""
    return extra.Override(ref, {"color": {"mode": "fixed", "fixedColor": color}, **looks}, "byFrameRefID")


def with_steps(ref: str, steps: Sequence[extra.ThresholdStep]) -> extra.Override:
    """What the target `ref` answers with limits of its own."""
    return extra.Override(ref, {"thresholds": {"mode": "absolute", "steps": list(steps)}}, "byFrameRefID")


def color_of_cell(what: str) -> dict[str, Any]:
    """Let the value's colour fall on a cell's `text` or `background`; twice, for Grafana 9.4 knows the older name."""
    if what == "text":
        return {"custom.cellOptions": {"type": "color-text"}, "custom.displayMode": "color-text"}
    cell = {"type": "color-background", "mode": "basic"}
    return {"custom.cellOptions": cell, "custom.displayMode": "color-background-solid"}
