"""Every number that decides stands in config/thresholds.yml with its reason, and the rules use no other value."""

import re
from pathlib import Path

import pytest
import yaml

from tests.rules.checking import ROOT, RULES

THRESHOLDS = ROOT / "config" / "thresholds.yml"
COMPARED = re.compile(r"(?:>=|<=|>|<)\s*(\d+(?:\.\d+)?)(?![\w.])")
LASTING = re.compile(r"^\s*for: (\S+)")
NAMED = re.compile(r"\s# ([a-z0-9_]+(?:, [a-z0-9_]+)*)$")
NO_THRESHOLD = re.compile(r"\bquery\b|hotspot_state >")
"""Lines of templates, and of the states' own numbers."""


def wrong_in(path: Path) -> list[str]:
    """What is wrong with the numbers of a rule file: unnamed, or with another value than in the table."""
    values = {name: str(row["value"]) for name, row in yaml.safe_load(THRESHOLDS.read_text("utf-8")).items()}
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.lstrip().startswith("#") or NO_THRESHOLD.search(line):
            continue
        named = NAMED.search(line)
        names, code = (named[1].split(", "), line[: named.start()]) if named else ([], line)
        said = {values.get(name, f"nothing: {name} is not in config/thresholds.yml") for name in names}
        lasting = LASTING.match(code)
        used = {lasting[1]} if lasting else set(COMPARED.findall(code)) - ({"0", "1"} - said)
        written = set(re.findall(r"\d+(?:\.\d+)?[smhd]?", code))
        if used - said or said - written:
            found.append(f"{path.name}:{number}: has {sorted(used)} and says {names} = {sorted(said)}")
    return found


@pytest.mark.parametrize("path", sorted(RULES.glob("*.yml")), ids=lambda path: path.name)
def test_the_rules_use_the_values_of_the_table(path: Path) -> None:
    """Each comparison with a number and each `for` names its threshold and has its value."""
    assert wrong_in(path) == []


def test_every_threshold_is_used_and_has_a_reason() -> None:
    """The table holds nothing that decides nothing."""
    text = "\n".join(path.read_text("utf-8") for path in RULES.glob("*.yml"))
    table = yaml.safe_load(THRESHOLDS.read_text("utf-8"))
    assert {name for name in table if not re.search(rf"# (\w+, )*{name}\b", text)} == set()
    assert {name for name, row in table.items() if len(row["reason"]) < 20} == set()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ratio >= 0.6  # outage_opens", "ratio >= 0.5  # outage_opens"),
        ("ratio >= 0.6  # outage_opens", "ratio >= 0.6"),
        ("ratio >= 0.6  # outage_opens", "ratio >= 0.6  # outage_opened"),
        ("for: 12s  # hold_wide", "for: 10s  # hold_wide"),
        ("for: 12s  # hold_wide", "for: 12s"),
        ("offset 2m)  # degraded_gathers", "offset 3m)  # degraded_gathers"),
    ],
)
def test_a_number_that_drifts_is_found(old: str, new: str, tmp_path: Path) -> None:
    """Another value, no name, an unknown name."""
    text = (RULES / "causes.yml").read_text("utf-8")
    assert old in text
    (tmp_path / "causes.yml").write_text(text.replace(old, new, 1), "utf-8")
    assert len(wrong_in(tmp_path / "causes.yml")) == 1
