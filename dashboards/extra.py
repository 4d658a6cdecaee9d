"""What grafanalib 0.7.1 lacks of Grafana as it is now, as small attrs classes in grafanalib's manner.

Each class draws one piece of Grafana's own JSON model and knows nothing of hotspots: colours, words and queries are the
style's (`style.py`). Everything that is `None` is left out, so that Grafana's defaults stay Grafana's.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import attr
from grafanalib import core

Json = dict[str, Any]

SCHEMA_VERSION = 37
"""Grafana 9.4 and newer read this version; newer ones migrate it on load."""

NO_TILES = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
"""A transparent pixel as a map tile: Grafana has no empty base map, and one without a URL asks the internet."""

# The time picker has a field that Grafana has forgotten, and no other that is not its default.
_GONE_FROM_DASHBOARD = ("__inputs", "gnetId", "hideControls", "id", "rows", "sharedCrosshair", "style", "timepicker")
_GONE_FROM_PANEL = ("cacheTimeout", "editable", "error", "height", "hideTimeOverride", "minSpan", "span")


def present(fields: Mapping[str, Any]) -> Json:
    """The fields that say something: a `None` would override a default of Grafana with nothing."""
    return {name: value for name, value in fields.items() if value is not None}


@attr.s(auto_attribs=True, frozen=True)
class DataSource:
    """A data source as an object: Grafana no longer takes a bare name."""

    type: str
    uid: str

    def to_json_data(self) -> Json:
        """Grafana's `DataSourceRef`."""
        return {"type": self.type, "uid": self.uid}


@attr.s(auto_attribs=True, kw_only=True)
class Query:
    """One PromQL query of a panel; `table` asks for the labels as columns."""

    expr: str
    ref_id: str
    source: DataSource
    legend: str | None = None
    instant: bool = False
    table: bool = False
    heatmap: bool = False
    step: str | None = None

    def to_json_data(self) -> Json:
        """Grafana's Prometheus query."""
        shape = "table" if self.table else "heatmap" if self.heatmap else "time_series"
        return present(
            {
                "datasource": self.source,
                "editorMode": "code",
                "expr": self.expr,
                "format": shape,
                "instant": self.instant,
                "interval": self.step,
                "legendFormat": self.legend,
                "range": not self.instant,
                "refId": self.ref_id,
            }
        )


@attr.s(auto_attribs=True, frozen=True)
class Look:
    """How one value is shown: its word, and the colour behind the word."""

    text: str | None = None
    color: str | None = None
    index: int = 0

    def to_json_data(self) -> Json:
        """Grafana's `ValueMappingResult`."""
        return present({"text": self.text, "color": self.color, "index": self.index})


@attr.s(auto_attribs=True, frozen=True)
class ValueMapping:
    """Exact values to looks."""

    looks: Mapping[str, Look]

    def to_json_data(self) -> Json:
        """Grafana's `ValueMap`."""
        return {"type": "value", "options": dict(self.looks)}


@attr.s(auto_attribs=True, frozen=True)
class RangeMapping:
    """A range of values, both ends included, to one look; `None` is open."""

    low: float | None
    high: float | None
    look: Look

    def to_json_data(self) -> Json:
        """Grafana's `RangeMap`."""
        return {"type": "range", "options": {"from": self.low, "to": self.high, "result": self.look}}


@attr.s(auto_attribs=True, frozen=True)
class RegexMapping:
    """Texts that match to a look; its word may name the pattern's groups: `$1`."""

    pattern: str
    look: Look

    def to_json_data(self) -> Json:
        """Grafana's `RegexMap`."""
        return {"type": "regex", "options": {"pattern": self.pattern, "result": self.look}}


@attr.s(auto_attribs=True, frozen=True)
class SpecialMapping:
    """`null`, `nan`, `null+nan`, `true`, `false` or `empty` to a look."""

    match: str
    look: Look

    def to_json_data(self) -> Json:
        """Grafana's `SpecialValueMap`."""
        return {"type": "special", "options": {"match": self.match, "result": self.look}}


@attr.s(auto_attribs=True, frozen=True)
class ThresholdStep:
    """From this value on, this colour; grafanalib's `Threshold` writes the string "null" for the first."""

    color: str
    value: float | None = None

    def to_json_data(self) -> Json:
        """Grafana's `Threshold`."""
        return {"color": self.color, "value": self.value}


@attr.s(auto_attribs=True, kw_only=True)
class Field:
    """How the values of a panel are written: unit, colours, words, links."""

    unit: str | None = None
    decimals: int | None = None
    min: float | None = None
    max: float | None = None
    no_value: str | None = None
    color_mode: str = "thresholds"
    color: str | None = None
    steps: Sequence[ThresholdStep] = ()
    mappings: Sequence[ValueMapping | RangeMapping | RegexMapping | SpecialMapping] = ()
    links: Sequence[core.DataLink] = ()
    custom: Json = attr.ib(factory=dict)

    def to_json_data(self) -> Json:
        """Grafana's `FieldConfig`."""
        return present(
            {
                "unit": self.unit,
                "decimals": self.decimals,
                "min": self.min,
                "max": self.max,
                "noValue": self.no_value,
                "color": present({"mode": self.color_mode, "fixedColor": self.color}),
                "thresholds": {"mode": "absolute", "steps": list(self.steps)},
                "mappings": list(self.mappings),
                "links": list(self.links) or None,
                "custom": self.custom or None,
            }
        )


@attr.s(auto_attribs=True)
class Override:
    """Another look for the fields that match: `byName`, `byRegexp`, `byFrameRefID`, `byType`."""

    field: str
    properties: Mapping[str, Any]
    matcher: str = "byName"

    def to_json_data(self) -> Json:
        """Grafana's `FieldConfigOverride`, its properties in the order given."""
        return {
            "matcher": {"id": self.matcher, "options": self.field},
            "properties": [{"id": name, "value": value} for name, value in self.properties.items()],
        }


@attr.s(auto_attribs=True)
class Transformation:
    """One step between the answers of Prometheus and the panel."""

    id: str
    options: Json

    def to_json_data(self) -> Json:
        """Grafana's `DataTransformerConfig`."""
        return {"id": self.id, "options": self.options}


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
        footer = {"show": False, "reducer": ["sum"], "countRows": False}
        self.options = {"cellHeight": "sm", "footer": footer, "showHeader": self.header, "sortBy": order}


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
            "tooltip": {"show": True, "yHistogram": True},
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


@attr.s(auto_attribs=True, kw_only=True)
class Markers:
    """Dots of one query on a map: one colour, one shape, so that a state is told without its colour too."""

    name: str
    ref_id: str
    color: str
    symbol: str
    size: int
    opacity: float = 0.9

    def to_json_data(self) -> Json:
        """Grafana's `MapLayerOptions` of the layer `markers`."""
        style = {
            "color": {"fixed": self.color},
            "opacity": self.opacity,
            "rotation": {"fixed": 0, "max": 360, "min": -360, "mode": "mod"},
            "size": {"fixed": self.size, "max": 15, "min": 2},
            "symbol": {"fixed": f"img/icons/marker/{self.symbol}.svg", "mode": "fixed"},
            "symbolAlign": {"horizontal": "center", "vertical": "center"},
        }
        return {
            "config": {"showLegend": False, "style": style},
            "filterData": {"id": "byRefId", "options": self.ref_id},
            "location": {"mode": "coords", "latitude": "latitude", "longitude": "longitude"},
            "name": self.name,
            "tooltip": True,
            "type": "markers",
        }


@attr.s(auto_attribs=True, kw_only=True)
class Outlines:
    """A GeoJSON drawing that needs no server: places by name, or borders."""

    name: str
    source: str
    color: str
    text_field: str
    text_size: int = 13

    def to_json_data(self) -> Json:
        """Grafana's `MapLayerOptions` of the layer `geojson`."""
        style = {
            "color": {"fixed": self.color},
            "opacity": 1,
            "size": {"fixed": 1, "max": 15, "min": 1},
            "text": {"field": self.text_field, "fixed": "", "mode": "field"},
            "textConfig": {
                "fontSize": self.text_size,
                "offsetX": 0,
                "offsetY": 0,
                "textAlign": "center",
                "textBaseline": "middle",
            },
        }
        return {
            "config": {"rules": [], "src": self.source, "style": style},
            "name": self.name,
            "tooltip": False,
            "type": "geojson",
        }


@attr.s(auto_attribs=True, kw_only=True)
class Geomap(Panel):
    """Points on a map; `tiles` is a tile server's URL, or `None` for a plain ground that needs no internet."""

    kind: str = attr.ib(default="geomap", init=False)
    layers: Sequence[Markers | Outlines] = ()
    zoom: float = 15.0
    tiles: str | None = None
    attribution: str = ""

    def __attrs_post_init__(self) -> None:
        self.options = {
            "basemap": {
                "config": {"attribution": self.attribution, "url": self.tiles or NO_TILES},
                "name": "basemap",
                "opacity": 1 if self.tiles else 0,
                "type": "xyz",
            },
            "controls": {"mouseWheelZoom": False, "showAttribution": bool(self.attribution), "showZoom": True},
            "layers": list(self.layers),
            "tooltip": {"mode": "details"},
            # Fitted to the dots, whatever the city; `zoom` is the nearest that a single dot may come.
            "view": {"allLayers": True, "id": "fit", "lat": 0, "lon": 0, "padding": 5, "zoom": self.zoom},
        }


@attr.s(auto_attribs=True, kw_only=True)
class Variable:
    """A variable of a dashboard: grafanalib's `Template` still writes the fields of Grafana 4."""

    name: str
    label: str
    query: str
    type: str = "query"
    source: DataSource | None = None
    all_text: str | None = None
    multi: bool = False
    hide: int = 0
    current: Mapping[str, Any] | None = None
    regex: str | None = None

    def to_json_data(self) -> Json:
        """Grafana's `VariableModel`."""
        text, value = ([self.all_text], ["$__all"]) if self.multi else (self.all_text, "$__all")
        every = {"text": text, "value": value}
        query: Any = self.query
        if self.type == "query":
            query = {"query": self.query, "refId": f"variable-{self.name}"}
        return present(
            {
                "allValue": ".*" if self.all_text else None,
                "current": {"selected": False, **(self.current or (every if self.all_text else {}))},
                "datasource": self.source,
                "hide": self.hide,
                "includeAll": self.all_text is not None,
                "label": self.label,
                "multi": self.multi,
                "name": self.name,
                "options": [],
                "query": query,
                "regex": self.regex,
                "refresh": 2 if self.type == "query" else 1,
                "skipUrlSync": False,
                "sort": 1,
                "type": self.type,
            }
        )


@attr.s(auto_attribs=True, kw_only=True)
class Dashboard(core.Dashboard):  # type: ignore[misc]  # grafanalib ships no types
    """A dashboard in the present schema: grafanalib's, less what Grafana has dropped."""

    week_start: str = "monday"

    def __attrs_post_init__(self) -> None:
        self.schemaVersion = SCHEMA_VERSION

    def to_json_data(self) -> Json:
        """Grafana's `Dashboard`."""
        drawn: Json = super().to_json_data()
        kept = {name: value for name, value in drawn.items() if name not in _GONE_FROM_DASHBOARD}
        kept["fiscalYearStartMonth"] = 0
        kept["weekStart"] = self.week_start
        return present(kept)
