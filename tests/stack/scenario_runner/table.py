"""The table of scenarios: for the terminal, and for docs/alerting.md between two marks."""

from collections.abc import Mapping
from pathlib import Path

from tests.stack.scenario_runner.running import Outcome
from tests.stack.scenario_runner.scenario import Scenario

BEGIN, END = "<!-- scenarios: begin -->", "<!-- scenarios: end -->"
HEAD = ("scenario", "fault", "notifications", "expected", "received", "false", "missed", "seconds to page")


def row(name: str, scenario: Scenario, outcome: Outcome) -> tuple[str, ...]:
    """The cells of one scenario."""
    judgement = outcome.judgement
    seconds = ", ".join(f"{seconds:.0f}" for seconds in judgement.seconds)
    counts = (judgement.expected, judgement.received, len(judgement.false), len(judgement.missed))
    return (name, scenario.fault, scenario.notifications, *map(str, counts), seconds)


def markdown(scenarios: Mapping[str, Scenario], outcomes: Mapping[str, Outcome]) -> str:
    """The whole table."""
    aligned = ("---",) * 3 + ("---:",) * 5
    rows = [HEAD, aligned, *(row(name, scenarios[name], outcome) for name, outcome in outcomes.items())]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in rows)


def write_table(file: Path, text: str) -> None:
    """Put the table between the marks of `file`, which must be there once."""
    content = file.read_text(encoding="utf-8")
    before, begin, rest = content.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{file}: lacks the marks {BEGIN} and {END}; write them where the table belongs")
    file.write_text(f"{before}{BEGIN}\n{text}{END}{after}", encoding="utf-8")
