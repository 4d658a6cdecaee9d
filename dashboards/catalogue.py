"""The list of all dashboards. The first is Grafana's home."""

from collections.abc import Callable

from dashboards import city, executive, extra, faults, hotspot, isp, kecamatan, monitor, sla
from dashboards.style import Style

DASHBOARDS: dict[str, Callable[[Style], extra.Dashboard]] = {
    city.UID: city.dashboard,
    kecamatan.UID: kecamatan.dashboard,
    isp.UID: isp.dashboard,
    hotspot.UID: hotspot.dashboard,
    sla.UID: sla.dashboard,
    executive.UID: executive.dashboard,
    faults.UID: faults.dashboard,
    monitor.UID: monitor.dashboard,
}
"""What makes each dashboard, by its uid. The uid is also the name of its file."""
