"""The panels of Grafana 8 and newer: one class for each kind."""

from collections.abc import Sequence

import attr

from dashboards.extra import core
from dashboards.extra.drawing import Json, present
from dashboards.extra.fields import Field, Override

_GONE_FROM_PANEL = ("cacheTimeout", "editable", "error", "height", "minSpan", "span")


@attr.s(auto_attribs=True, kw_only=True)
class Panel(core.Panel):  # type: ignore[misc]  # grafanalib ships no types
    """A panel with a field configuration, as every panel of Grafana 8 and newer has."""

    kind: str
    field: Field = attr.ib(factory=Field)
    overrides: Sequence[Override] = ()
    options: Json = attr.ib(factory=dict)

    def to_json_data(self) -> Json:
        """Grafana's `Panel`: grafanalib's, less what Grafana has dropped."""
        drawn: Json = self.panel_json({"type": self.kind, "options": self.options})
        drawn["fieldConfig"] = {"defaults": self.field, "overrides": list(self.overrides)}
        kept = {name: value for name, value in drawn.items() if name not in _GONE_FROM_PANEL}
        if not kept["hideTimeOverride"]:
            del kept["hideTimeOverride"]
        if kept["repeat"] is None:
            del kept["repeatDirection"], kept["maxPerRow"]
        return present(kept)


@attr.s(auto_attribs=True, kw_only=True)
class Stat(Panel):
    """One number, or a few in a row."""

    kind: str = attr.ib(default="stat", init=False)
    color_mode: str = "value"
    graph: bool = False
    text_mode: str = "auto"
    orientation: str = "auto"
    justify: str = "auto"
    title_size: int | None = None
    value_size: int | None = None

    def __attrs_post_init__(self) -> None:
        self.options = {
            "colorMode": self.color_mode,
            "graphMode": "area" if self.graph else "none",
            "justifyMode": self.justify,
            "orientation": self.orientation,
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
            "text": present({"titleSize": self.title_size, "valueSize": self.value_size}),
            "textMode": self.text_mode,
        }


@attr.s(auto_attribs=True, kw_only=True)
class Table(Panel):
    """Rows; `sort` names columns as they are shown, the first first, each with whether it descends."""

    kind: str = attr.ib(default="table", init=False)
    sort: Sequence[tuple[str, bool]] = ()
    header: bool = True

    def __attrs_post_init__(self) -> None:
        order = [{"displayName": name, "desc": descends} for name, descends in self.sort]
        self.options = {"cellHeight": "sm", "showHeader": self.header, "sortBy": order}


@attr.s(auto_attribs=True, kw_only=True)
class TimeSeries(Panel):
    """Lines over time."""

    kind: str = attr.ib(default="timeseries", init=False)
    legend_calcs: Sequence[str] = ()
    legend: str = "list"
    placement: str = "bottom"

    def __attrs_post_init__(self) -> None:
        self.options = {
            "legend": {
                "calcs": list(self.legend_calcs),
                "displayMode": self.legend,
                "placement": self.placement,
                "showLegend": self.legend != "hidden",
            },
            "tooltip": {"mode": "multi", "sort": "desc"},
        }


@attr.s(auto_attribs=True, kw_only=True)
class StateTimeline(Panel):
    """States as bands over time; rows of equal neighbours are merged."""

    kind: str = attr.ib(default="state-timeline", init=False)
    row_height: float = 0.85
    show_value: str = "auto"
    legend: bool = False

    def __attrs_post_init__(self) -> None:
        self.options = {
            "alignValue": "left",
            "legend": {"calcs": [], "displayMode": "list", "placement": "bottom", "showLegend": self.legend},
            "mergeValues": True,
            "rowHeight": self.row_height,
            "showValue": self.show_value,
            "tooltip": {"mode": "single", "sort": "none"},
        }


@attr.s(auto_attribs=True, kw_only=True)
class BarGauge(Panel):
    """Horizontal bars with their numbers."""

    kind: str = attr.ib(default="bargauge", init=False)

    def __attrs_post_init__(self) -> None:
        self.options = {
            "displayMode": "basic",
            "minVizHeight": 16,
            "minVizWidth": 8,
            "orientation": "horizontal",
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
            "showUnfilled": True,
            "valueMode": "color",
        }


@attr.s(auto_attribs=True, kw_only=True)
class Heatmap(Panel):
    """The buckets of a histogram over time: the smoke."""

    kind: str = attr.ib(default="heatmap", init=False)
    scheme: str = "Cividis"
    unit: str = "s"

    def __attrs_post_init__(self) -> None:
        self.options = {
            "calculate": False,
            "cellGap": 0,
            "cellValues": {},
            "color": {
                "exponent": 0.5,
                "fill": "dark-orange",
                "mode": "scheme",
                "reverse": False,
                "scale": "exponential",
                "scheme": self.scheme,
                "steps": 64,
            },
            "exemplars": {"color": "rgba(255,0,255,0.7)"},
            "filterValues": {"le": 1e-9},
            "legend": {"show": True},
            "rowsFrame": {"layout": "auto"},
            "showValue": "never",
            "tooltip": {"mode": "single", "yHistogram": True},
            "yAxis": {"axisPlacement": "left", "reverse": False, "unit": self.unit},
        }


@attr.s(auto_attribs=True, kw_only=True)
class Text(Panel):
    """A few lines of Markdown."""

    kind: str = attr.ib(default="text", init=False)
    content: str = ""

    def __attrs_post_init__(self) -> None:
        code = {"language": "plaintext", "showLineNumbers": False, "showMiniMap": False}
        self.options = {"mode": "markdown", "content": self.content, "code": code}
