"""JSON as Grafana reads it: what is `None` is left out, so that Grafana's defaults stay Grafana's."""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


def present(fields: Mapping[str, Any]) -> Json:
    """The fields that say something: a `None` would override a default of Grafana with nothing."""
    return {name: value for name, value in fields.items() if value is not None}
