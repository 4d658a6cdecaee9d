"""Marks over the graphs of a dashboard, asked of Prometheus."""

import attr

from dashboards.extra.drawing import Json, present
from dashboards.extra.queries import DataSource


@attr.s(auto_attribs=True, kw_only=True, frozen=True)
class Annotation:
    """A mark or a span on every graph; `title` and `text` may name labels: `{{isp}}`."""

    name: str
    expr: str
    source: DataSource
    color: str
    title: str
    text: str = ""
    enabled: bool = True

    def to_json_data(self) -> Json:
        """Grafana's `AnnotationQuery`; the fields of the Prometheus data source stand beside its own."""
        return present(
            {
                "datasource": self.source,
                "enable": self.enabled,
                "expr": self.expr,
                "hide": False,
                "iconColor": self.color,
                "name": self.name,
                "step": "60s",
                "textFormat": self.text,
                "titleFormat": self.title,
            }
        )
