"""Scenarios from their files; a mistake is told with file, line and field, all of them at once."""

from collections.abc import Sequence
from pathlib import Path

from lab.scenario_runner.scenario import AlertingScenario
from pantau.errors import Problem, ScenarioError
from pantau.inventory.source import decode, line_of
from pantau.inventory.validation import check
from pantau.inventory.wording import did_you_mean, quote
from pantau.inventory.yaml_source import parse_yaml

FOLDER = Path(__file__).resolve().parent / "scenarios"


def read_scenario(file: Path) -> AlertingScenario:
    """The scenario in `file`; `ScenarioError` with every problem."""
    text = decode(file.read_bytes(), file)
    if not isinstance(text, str):
        raise ScenarioError("\n".join(map(str, text)))
    root, problems = parse_yaml(text, file)
    if root is None:
        raise ScenarioError("\n".join(map(str, problems)))
    checked = check(AlertingScenario, root)
    for fault in checked.problems:
        problems.append(Problem(file, line_of(root, fault.path), ".".join(map(str, fault.path)), fault.message))
    if problems:
        raise ScenarioError("\n".join(map(str, sorted(problems))))
    return checked.value


def read_scenarios(names: Sequence[str] = ()) -> dict[str, AlertingScenario]:
    """The scenarios of these names, or all, in the order of the table."""
    files = {file.stem: file for file in sorted(FOLDER.glob("*.yml"))}
    for name in names:
        if name not in files:
            raise ScenarioError(f"{quote(name)} is no scenario; {did_you_mean(name, files)}")
    scenarios = {name: read_scenario(files[name]) for name in names or files}
    return dict(sorted(scenarios.items(), key=lambda item: (item[1].row, item[0])))
