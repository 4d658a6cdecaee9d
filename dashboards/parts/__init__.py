"""Panels and columns that more than one dashboard shows, and the uids that links lead to."""

from dashboards.parts.banner import measurement_health, sight_looks, under_banner
from dashboards.parts.columns import hotspot_columns, isp_column, kecamatan_column, since_column, state_columns
from dashboards.parts.faults import fault_kinds, present_faults
from dashboards.parts.figures import availability, counts, goals, line, outage_numbers, share
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
    "hotspot_columns",
    "hotspots",
    "isp_column",
    "kecamatan_column",
    "line",
    "measurement_health",
    "outage_numbers",
    "outages",
    "present_faults",
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
