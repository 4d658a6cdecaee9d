"""A dashboard in the present schema, and its variables."""

from collections.abc import Mapping
from typing import Any

import attr

from dashboards.extra import core
from dashboards.extra.drawing import Json, present
from dashboards.extra.queries import DataSource

ALL = "$__all"
"""The value of a variable of which all are chosen."""

SCHEMA_VERSION = 37
"""Grafana 9.4 and newer read this version; newer ones migrate it on load."""

# The time picker has a field that Grafana has forgotten, and no other that is not its default.
_GONE_FROM_DASHBOARD = ("__inputs", "gnetId", "hideControls", "id", "rows", "sharedCrosshair", "style", "timepicker")


@attr.s(auto_attribs=True, kw_only=True)
class Variable:
    """A variable of a dashboard: grafanalib's `Template` still writes the fields of Grafana 4."""

    name: str
    label: str
    query: str
    type: str = "query"
    source: DataSource | None = None
    all_value: str | None = None
    """What stands for all of them in a query; with it they are offered together."""
    multi: bool = False
    hide: int = 0
    current: Mapping[str, Any] | None = None
    regex: str | None = None

    def to_json_data(self) -> Json:
        """Grafana's `VariableModel`."""
        query: Any = self.query
        if self.type == "query":
            query = {"query": self.query, "refId": f"variable-{self.name}"}
        return present(
            {
                "allValue": self.all_value,
                "current": {"selected": False, **(self.current or {"text": "", "value": ""})},
                "datasource": self.source,
                "hide": self.hide,
                "includeAll": self.all_value is not None,
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
