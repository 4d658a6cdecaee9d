"""Panels and columns that more than one dashboard shows, and the uids that links lead to."""

from dashboards.parts.banner import measurement_health, sight_looks, under_banner
from dashboards.parts.columns import (
    hotspot_columns,
    isp_column,
    kecamatan_column,
    kelurahan_column,
    loss_column,
    rtt_column,
    since_column,
    state_columns,
)
from dashboards.parts.faults import fault_kinds, present_faults
from dashboards.parts.figures import availability, counts, goals, heads, line, share
from dashboards.parts.lists import hotspots, outages, worst
from dashboards.parts.uids import CITY, EXECUTIVE, FAULTS, HOTSPOT, ISP, KECAMATAN, SELF, SLA
from dashboards.parts.users import uncounted, users, users_by_day, users_now

__all__ = [
    "CITY",
    "EXECUTIVE",
    "FAULTS",
    "HOTSPOT",
    "ISP",
    "KECAMATAN",
    "SELF",
    "SLA",
    "availability",
    "counts",
    "fault_kinds",
    "goals",
    "heads",
    "hotspot_columns",
    "hotspots",
    "isp_column",
    "kecamatan_column",
    "kelurahan_column",
    "line",
    "loss_column",
    "measurement_health",
    "outages",
    "present_faults",
    "rtt_column",
    "share",
    "sight_looks",
    "since_column",
    "state_columns",
    "uncounted",
    "under_banner",
    "users",
    "users_by_day",
    "users_now",
    "worst",
]
