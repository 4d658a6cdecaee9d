"""A data source, and a query that is put to it."""

import attr

from dashboards.extra.drawing import Json, present


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
