"""The command line: which scenarios, how many at a time, how often; a progress display, the table, what was wrong."""

import signal
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from lab import ROOT
from lab.scenario_runner.reading import read_scenarios
from lab.scenario_runner.running import ScenarioResult, start_all
from lab.scenario_runner.scenario import AlertingScenario
from lab.scenario_runner.table import HEAD, markdown, row, write_table
from pantau.errors import ScenarioError

DOCUMENT = ROOT / "docs" / "alerting.md"
console = Console(highlight=False)


class Stopped(Exception):  # noqa: N818 - a way out, and no mistake
    """Nobody waits for the scenario any more."""


class Display:
    """A line for each scenario: what is going on in it, and how far it is."""

    def __init__(self, progress: Progress, names: Mapping[str, AlertingScenario]) -> None:
        self._progress = progress
        self._stopped = False
        self._lines: dict[str, TaskID] = {name: progress.add_task(name, total=None, what="waits") for name in names}

    def tell(self, name: str, what: str, seconds: float, total: float) -> None:
        """How far one is. Raises `Stopped` once all shall end."""
        if self._stopped:
            raise Stopped
        self._progress.update(self._lines[name], completed=seconds, total=total, what=what)

    def stop(self) -> None:
        """Have all scenarios end at the next word of them."""
        self._stopped = True

    def end(self, name: str, right: bool) -> None:
        """One is over."""
        self._progress.update(self._lines[name], completed=1, total=1, what="✔ right" if right else "✘ wrong")


def run(
    names: Annotated[list[str] | None, typer.Argument(help="Scenarios; all if none is named.")] = None,
    parallel: Annotated[int, typer.Option(help="How many at a time.", min=1)] = 3,
    rounds: Annotated[int, typer.Option("--rounds", help="How often, one round after the other.", min=1)] = 1,
    quick: Annotated[bool, typer.Option("--quick", help="Only those that `make test` runs.")] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Write the table into docs/alerting.md, if all is right.")
    ] = False,
    keep: Annotated[Path | None, typer.Option(help="Keep data and logs in this folder.")] = None,
) -> None:
    """Run scenarios against real Prometheus and Alertmanager over real packets. Root only."""
    try:
        chosen = {name: one for name, one in read_scenarios(names or []).items() if one.quick or not quick}
    except ScenarioError as error:
        console.print(str(error), markup=False)
        raise typer.Exit(2) from error
    runs: dict[str, list[ScenarioResult]] = {name: [] for name in chosen}
    for number in range(1, rounds + 1):
        for name, outcome in _run_once(chosen, parallel, keep and keep / f"round-{number}").items():
            runs[name].append(outcome)
        _show(chosen, runs, f"{number} of {rounds} rounds")
    right = all(len(of) == rounds and all(one.judgement.right for one in of) for of in runs.values())
    if write and right:
        write_table(DOCUMENT, markdown(chosen, runs))
    raise typer.Exit(0 if right else 1)


def _run_once(scenarios: dict[str, AlertingScenario], parallel: int, keep: Path | None) -> dict[str, ScenarioResult]:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[what]}"), TimeRemainingColumn())
    with (
        tempfile.TemporaryDirectory(prefix="pantau-scenarios-") as temporary,
        Progress(*columns, console=console, disable=not sys.stdout.isatty()) as progress,
        ThreadPoolExecutor(parallel) as pool,
    ):
        display = Display(progress, scenarios)
        futures = start_all(scenarios, keep or Path(temporary), display.tell, pool)
        try:
            outcomes = dict(_collect(futures, display))
        except KeyboardInterrupt:
            display.stop()
            pool.shutdown(cancel_futures=True)
            raise
    return {name: outcomes[name] for name in scenarios if name in outcomes}


def _collect(futures: Mapping[str, Future[ScenarioResult]], display: Display) -> list[tuple[str, ScenarioResult]]:
    """As they end. One that could not be run is told, and the others go on."""
    names = {future: name for name, future in futures.items()}
    ended = []
    for future in as_completed(names):
        name = names[future]
        error = future.exception()
        if error is not None:
            console.print(f"✘ {name} could not be run: {error!r}", markup=False)
            display.end(name, False)
            continue
        outcome = future.result()
        ended.append((name, outcome))
        _report(name, outcome)
        display.end(name, outcome.judgement.right)
    return ended


def _report(name: str, outcome: ScenarioResult) -> None:
    judgement = outcome.judgement
    seconds = "".join(f" {seconds:.1f} s" for seconds in judgement.seconds)
    console.print(f"{time.strftime('%H:%M:%S')} {'✔' if judgement.right else '✘'} {name}{seconds}", markup=False)
    for kind, entries in (("false", judgement.false), ("missed", judgement.missed), ("untimely", judgement.late)):
        for entry in entries:
            console.print(f"    {kind}: {entry}", markup=False)


def _show(scenarios: Mapping[str, AlertingScenario], runs: Mapping[str, Sequence[ScenarioResult]], title: str) -> None:
    places = [place for place, head in enumerate(HEAD) if head not in ("fault", "notifications")]
    table = Table(*(HEAD[place] for place in places), title=title)
    for name, outcomes in runs.items():
        if outcomes:
            cells = row(name, scenarios[name], outcomes)
            table.add_row(*(cells[place] for place in places))
    console.print(table)


def main() -> None:
    """Run the command line. SIGTERM ends it as Ctrl-C does: in good order, with nothing left."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    typer.run(run)
