"""What is left of grafanalib, in one list: the only file that imports it.

Its last release is of January 2024 and knows Grafana 8 to 10. All panels, fields, variables, queries and maps are our
own (`dashboards.extra`); these pieces are so small and so old that Grafana has not changed them. Whoever wants to do
without it writes these, and nothing else.
"""

from grafanalib._gen import DashboardEncoder
from grafanalib.core import Annotations, Dashboard, DashboardLink, DataLink, GridPos, Panel, Templating, Time

__all__ = [
    "Annotations",
    "Dashboard",
    "DashboardEncoder",
    "DashboardLink",
    "DataLink",
    "GridPos",
    "Panel",
    "Templating",
    "Time",
]
