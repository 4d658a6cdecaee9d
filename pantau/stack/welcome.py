"""What is said when everything runs: where to look, and how to stop."""

from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pantau.stack.ports import Ports

_GRAPH = "graph?g0.expr=city:hotspot_up:ratio&g0.tab=0"

ONE_POINT = (
    "One point down is a ticket, told in working hours. To be paged for it at any hour, also on a Sunday: `priority: "
    "true` for that point, or hours off: no `active_time_intervals` in config/alertmanager/base.yml"
)


def welcome(ports: Ports, exporter: str, directory: Path, *, alone: bool) -> RenderableType:
    """The addresses to open; `alone` if only the exporter runs. `exporter` is its address."""
    prometheus, alertmanager = f"http://127.0.0.1:{ports.prometheus}/", f"http://127.0.0.1:{ports.alertmanager}/"
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(style="cyan", overflow="fold")
    table.add_row("the city now", exporter)
    if not alone:
        table.add_row("share online", f"{prometheus}{_GRAPH}")
        table.add_row("alerts, rules", f"{prometheus}alerts")
        table.add_row("who is told", alertmanager)
    words = [f"Logs and the configuration in use: {directory}/   Stop: Ctrl-C"]
    if not alone:
        words.append(ONE_POINT)
        words.append("Notifications follow as they come.")
    return Group(Text("\nOpen", "bold"), table, Text(), *(Text(line, "dim") for line in words), Text())
