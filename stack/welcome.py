"""What is said when everything runs: where to look, and how to stop."""

from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from stack.ports import Ports

_GRAPH = "graph?g0.expr=city%3Ahotspot_up%3Aratio&g0.tab=0&g0.range_input=15m"
_DASHBOARDS = "Dashboards need Grafana, which Debian does not package: docker compose up --detach --build"


def welcome(ports: Ports, exporter: str, directory: Path, *, alone: bool) -> RenderableType:
    """The addresses to open; `alone` if only the exporter runs. `exporter` is its address."""
    prometheus, alertmanager = f"http://127.0.0.1:{ports.prometheus}/", f"http://127.0.0.1:{ports.alertmanager}/"
    table = Table.grid(padding=(0, 3))
    table.add_column(no_wrap=True, style="cyan")
    table.add_column()
    table.add_row(exporter, "the city now, as the exporter sees it")
    if not alone:
        table.add_row(f"{prometheus}alerts", "every alert, and the rule behind it")
        table.add_row(f"{prometheus}{_GRAPH}", "the share of the city that is online")
        table.add_row(alertmanager, "what people are told; silences")
    words = [_DASHBOARDS, f"Logs and the configuration in use: {directory}/   Stop: Ctrl-C"]
    if not alone:
        words.append("Notifications follow as they come.")
    return Group(Text("\nOpen", "bold"), table, Text(), *(Text(line, "dim") for line in words), Text())
