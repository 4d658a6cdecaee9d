"""Panels over time: lines, bands of states, the distribution of the RTT."""

from collections.abc import Sequence
from typing import Any

from dashboards import extra, states
from dashboards.extra import core
from dashboards.style.basics import PanelBasics
from dashboards.style.queries import follow


class TimePanels(PanelBasics):
    """Makes them."""

    def lines(
        self,
        id_: int,
        where: core.GridPos,
        title: str,
        description: str,
        queries: Sequence[extra.Query],
        *,
        unit: str,
        overrides: Sequence[extra.Override] = (),
        no_value: str | None = None,
        fill: int = 0,
        stacked: bool = False,
        lowest: float | None = None,
        soft_lowest: float | None = None,
        highest: float | None = None,
        draw: str = "line",
        **more: Any,
    ) -> extra.TimeSeries:
        """Lines over time; `stacked` lays them on each other. Fixed decimals would leave an axis without its marks."""
        custom = {
            "axisPlacement": "auto",
            "drawStyle": draw,
            "fillOpacity": fill,
            "lineInterpolation": "linear",
            "lineWidth": 2,
            "showPoints": "never",
            "spanNulls": False,
            "stacking": {"group": "A", "mode": "normal" if stacked else "none"},
        }
        if soft_lowest is not None:
            custom["axisSoftMin"] = soft_lowest
        look = self.fields(unit, no_value, min=lowest, max=highest, color_mode="palette-classic", custom=custom)
        return extra.TimeSeries(
            **self.frame(id_, where, title, description, queries), field=look, overrides=overrides, **more
        )

    def smoke(self, id_: int, where: core.GridPos, title: str, expression: str) -> extra.Heatmap:
        """The distribution of the RTT over time: the fainter, the fewer; the theme turns the scheme."""
        description = self.text(
            "Each column is a moment, each row an RTT; the more it stands out, the more replies took that long."
        )
        query = follow(expression, "A", "{{le}}", heatmap=True)
        frame = self.frame(id_, where, title, description, [query], interval="1m")
        return extra.Heatmap(**frame, field=self.fields("s"))

    def timeline(
        self,
        id_: int,
        where: core.GridPos,
        title: str,
        description: str,
        queries: Sequence[extra.Query],
        *,
        mappings: Sequence[Any] = (),
        overrides: Sequence[extra.Override] = (),
        unit: str = "none",
        no_value: str | None = None,
        step: str | None = None,
        **more: Any,
    ) -> extra.StateTimeline:
        """Bands over time, no finer than `step`. Not coloured by thresholds: Grafana would print "2+" for the word."""
        look = self.fields(
            unit,
            no_value,
            color_mode="fixed",
            color=states.MUTED,
            mappings=mappings,
            custom={"fillOpacity": 85, "lineWidth": 0},
        )
        return extra.StateTimeline(
            **self.frame(id_, where, title, description, queries, interval=step),
            field=look,
            overrides=overrides,
            **more,
        )
