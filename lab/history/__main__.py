"""`python -m lab.history`: the dashboards' times as a table, or a history to look at with a Grafana of one's own."""

import json
import sys
import time
from pathlib import Path

import typer

from dashboards import rendered
from lab.history import speed
from lab.history.prometheus import prometheus
from lab.history.recorded import HistoryPlan, RecordedHistory, smaller
from pantau.inventory import load
from pantau.simulator.scenario import find_scenario

CONFIG = Path(__file__).parents[2] / "examples" / "bitung" / "pantau.yml"
VARIABLES = {
    "pantau-kecamatan": {"kecamatan": "lembeh-utara"},
    "pantau-isp": {"isp": "telkom"},
    "pantau-titik": {"hotspot": "BTG-01-1001-002"},
}
"""What the questions are about where they are not about the city: the largest kecamatan, the largest ISP."""

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command("speed")
def show_speed(directory: Path = Path(".history"), again: bool = False) -> None:
    """Time every dashboard over 1000 hotspots; `--again` without making the data anew."""
    drawn = {uid: json.loads(text) for uid, text in rendered("id", CONFIG)}
    end = directory / "end"
    if not again:
        directory.mkdir(parents=True, exist_ok=True)
        end.write_text(str(int(time.time()) // 3600 * 3600), encoding="utf-8")
        speed.make(load(CONFIG), directory, int(end.read_text(encoding="utf-8")), drawn)
    timings = []
    for timing in speed.measure(directory, int(end.read_text(encoding="utf-8")), drawn, VARIABLES):
        timings.append(timing)
        typer.echo(f"{timing.uid} {timing.range}: slowest {timing.slowest}, {timing.slowest_seconds:.2f} s", err=True)
    typer.echo(speed.table(timings))


@app.command("make")
def make(directory: Path, scenario: str = "day", hours: float = 24.0, part: int = 1, scrape_seconds: int = 60) -> None:
    """Write a history that ends now into a Prometheus under DIRECTORY, of one in PART hotspots."""
    configuration = load(CONFIG) if part == 1 else smaller(load(CONFIG), part)
    seconds = round(hours * 3600)
    start = int(time.time()) // 300 * 300 - seconds
    plan = HistoryPlan(configuration, find_scenario(scenario), start, seconds, scrape_seconds, 2.0, circle_seconds=60)
    with prometheus(directory) as running:
        for until in RecordedHistory(plan).write(running):
            typer.echo(f"{(until - start) / 3600:.2f} h", err=True)


@app.command("serve")
def serve(directory: Path) -> None:
    """Run the Prometheus under DIRECTORY until Ctrl-C."""
    with prometheus(directory) as running:
        typer.echo(running.url)
        sys.stdin.read()


if __name__ == "__main__":
    app()
