"""The table of scenarios: for the terminal, and for docs/alerting.md between two marks."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from pathlib import Path

from lab.scenario_runner.running import ScenarioResult
from lab.scenario_runner.scenario import AlertingScenario

BEGIN, END = "<!-- scenarios: begin -->", "<!-- scenarios: end -->"
HEAD = ("scenario", "fault", "notifications", "expected", "received", "false", "missed", "seconds to page")


def row(name: str, scenario: AlertingScenario, runs: Sequence[ScenarioResult]) -> tuple[str, ...]:
    """The cells of one scenario over all its runs: counts of one run or from-to, what was wrong in all, the slowest."""
    judgements = [outcome.judgement for outcome in runs]
    received = sorted({judgement.received for judgement in judgements})
    firings = zip_longest(*(judgement.seconds for judgement in judgements), fillvalue=0.0)
    return (
        name,
        scenario.fault,
        scenario.notifications,
        str(judgements[0].expected),
        "-".join(map(str, dict.fromkeys((received[0], received[-1])))),
        str(sum(len(judgement.false) for judgement in judgements)),
        str(sum(len(judgement.missed) for judgement in judgements)),
        ", ".join(f"{max(seconds):.0f}" for seconds in firings),
    )


def markdown(scenarios: Mapping[str, AlertingScenario], runs: Mapping[str, Sequence[ScenarioResult]]) -> str:
    """The whole table."""
    aligned = ("---",) * 3 + ("---:",) * 5
    rows = [HEAD, aligned, *(row(name, scenarios[name], outcomes) for name, outcomes in runs.items())]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in rows)


def write_table(file: Path, text: str) -> None:
    """Put the table between the marks of `file`, which must be there once."""
    content = file.read_text(encoding="utf-8")
    before, begin, rest = content.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{file}: lacks the marks {BEGIN} and {END}; write them where the table belongs")
    file.write_text(f"{before}{BEGIN}\n{text}{END}{after}", encoding="utf-8")
