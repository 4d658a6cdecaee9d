"""What grafanalib 0.7.1 lacks of Grafana as it is now, as small attrs classes in grafanalib's manner.

Each class draws one piece of Grafana's own JSON model and knows nothing of hotspots: colours, words and queries are the
style's (`dashboards.style`).
"""

from dashboards.extra.annotations import Annotation
from dashboards.extra.dashboard import ALL, SCHEMA_VERSION, Dashboard, Variable
from dashboards.extra.fields import (
    Field,
    Look,
    Override,
    RangeMapping,
    RegexMapping,
    SpecialMapping,
    ThresholdStep,
    Transformation,
    ValueMapping,
    grounded,
)
from dashboards.extra.maps import NO_TILES, Geomap, Markers, Outlines
from dashboards.extra.panels import BarGauge, Heatmap, Panel, Stat, StateTimeline, Table, Text, TimeSeries
from dashboards.extra.queries import DataSource, Query

__all__ = [
    "ALL",
    "NO_TILES",
    "SCHEMA_VERSION",
    "Annotation",
    "BarGauge",
    "Dashboard",
    "DataSource",
    "Field",
    "Geomap",
    "Heatmap",
    "Look",
    "Markers",
    "Outlines",
    "Override",
    "Panel",
    "Query",
    "RangeMapping",
    "RegexMapping",
    "SpecialMapping",
    "Stat",
    "StateTimeline",
    "Table",
    "Text",
    "ThresholdStep",
    "TimeSeries",
    "Transformation",
    "ValueMapping",
    "Variable",
    "grounded",
]
