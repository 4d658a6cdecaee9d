"""A map: its layers, and the panel that shows them."""

from collections.abc import Sequence

import attr

from dashboards.extra.drawing import Json
from dashboards.extra.panels import Panel

NO_TILES = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
"""A transparent pixel as a map tile: Grafana has no empty base map, and one without a URL asks the internet."""


@attr.s(auto_attribs=True, kw_only=True)
class Markers:
    """Dots of one query on a map: one colour, one shape, so that a state is told without its colour too."""

    name: str
    ref_id: str
    color: str
    symbol: str
    size: int
    opacity: float = 0.9
    by_value: bool = False
    """Coloured by the thresholds of the query's value, which is written on it."""

    def to_json_data(self) -> Json:
        """Grafana's `MapLayerOptions` of the layer `markers`."""
        style: Json = {
            "color": {"fixed": self.color},
            "opacity": self.opacity,
            "rotation": {"fixed": 0, "max": 360, "min": -360, "mode": "mod"},
            "size": {"fixed": self.size, "max": 15, "min": 2},
            "symbol": {"fixed": f"img/icons/marker/{self.symbol}.svg", "mode": "fixed"},
            "symbolAlign": {"horizontal": "center", "vertical": "center"},
        }
        if self.by_value:
            # The name that Prometheus' data source gives the value of a table where it answers several queries.
            value = f"Value #{self.ref_id}"
            style["color"] = {"field": value, "fixed": self.color}
            style["text"] = {"field": value, "fixed": "", "mode": "field"}
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
    filling: float = 0.07
    """How opaque an area is inside its border, which has the colour of the text: at 1 no text could be read on it."""

    def to_json_data(self) -> Json:
        """Grafana's `MapLayerOptions` of the layer `geojson`."""
        style = {
            "color": {"fixed": self.color},
            "opacity": self.filling,
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
