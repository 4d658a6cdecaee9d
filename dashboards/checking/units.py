"""The units: what a query answers, by the names of what it asks for, is what the panel writes it as.

A second shown as a share, or a time in seconds shown as one in milliseconds, looks like any other figure. What a
metric is stands in its name (`_ratio`, `_seconds`, `_timestamp_seconds`, `_bytes`); what an expression makes of it,
`dashboards.quantities` says where it can be said at all.
"""

from collections.abc import Iterator

from dashboards.checking.named import Dashboard, named, property_of
from dashboards.quantities import Quantity, quantity

_WRITTEN = {
    Quantity.SHARE: ("percentunit",),
    Quantity.SECONDS: ("s", "dthms"),
    Quantity.HOURS: ("suffix:",),
    Quantity.MOMENT: (),
    Quantity.MOMENT_MS: ("time:",),
    Quantity.BYTES: ("bytes",),
    Quantity.BYTE_RATE: ("Bps",),
    Quantity.BIT_RATE: ("bps",),
    Quantity.RATE: ("reqps", "none"),
    Quantity.NUMBER: ("none",),
}
"""The units that each may be written in, by how they begin; a moment in seconds is none that Grafana could show."""
_SHORTENED = "short"


def problems(dashboard: Dashboard) -> Iterator[str]:
    """Each query whose answer is something else than its unit says."""
    for panel in dashboard["panels"]:
        if "fieldConfig" not in panel or panel["type"] in {"geomap", "text"}:
            continue
        for target in panel.get("targets", ()):
            unit = property_of(panel, target["refId"], "unit")
            mapped = property_of(panel, target["refId"], "mappings")
            found = quantity(target["expr"])
            if unit == _SHORTENED and not mapped:
                yield f"{named(panel)} writes query {target['refId']} as {unit}: 1000 would be 1 K"
            elif found is not None and unit and not mapped and not unit.startswith(_WRITTEN[found]):
                yield f"{named(panel)} writes query {target['refId']}, which is {found.value}, as {unit}"
