"""One threshold changed shows wherever it is named, and nowhere else: rules, words of alerts, labels, runbooks."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards.contract import offered
from pantau.alerting.rules import build
from pantau.alerting.rules.city import RulesCity
from pantau.alerting.rules.figures import Figure, FigureKind, parse
from pantau.alerting.rules.mentions import MENTIONS, differing, mentions, write
from pantau.alerting.rules.rendering import TEMPLATES, rendered
from pantau.alerting.rules.thresholds import KINDS, Thresholds, read
from tests.rules.checking import ROOT, RULES, problems, rules_in
from tests.rules.test_promtool import promtool
from tests.rules.test_thresholds import NAMED
from tests.sampling import every

SHIPPED = read(ROOT / "config" / "thresholds.yml")
CITY = RulesCity.read(ROOT / "config" / "pantau.yml")
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
OTHER = {
    FigureKind.SHARE: "0.617",
    FigureKind.COUNT: "17",
    FigureKind.NUMBER: "6.17",
    FigureKind.SECONDS: "617",
    FigureKind.DURATION: "6m17s",
}
"""Of each kind a value that nothing else has."""
BEYOND_NAMES = {
    "outage_opens": {"annotations"},
    "agent_silent": {"annotations"},
    "tls_expiring": {"annotations"},
    "outage_closes": {"annotations"},
    "degraded_closes": {"annotations"},
    "outage_gathers": {"annotations"},
    "least_causes": {"annotations"},
    "rtt_factor": {"annotations"},
    "unseen_long": {"annotations"},
    "afterglow": {"record", "expr"},
    "long_first": {"labels", "annotations"},
    "long_second": {"labels", "annotations"},
    "long_last": {"labels", "annotations"},
}
"""Where a threshold stands without its name behind it: in words, labels, and the names of what is recorded."""


def changed(*names: str) -> Thresholds:
    """The shipped thresholds with these changed."""
    return {**SHIPPED, **{name: parse(name, KINDS[name], OTHER[KINDS[name]]) for name in names}}


def files(thresholds: Thresholds) -> Mapping[str, str]:
    """What is built, by file name."""
    return dict(rendered(thresholds, city=CITY))


def all_rules(built: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """Every rule of these files, in order."""
    return [rule for text in built.values() for rule in rules_of(text)]


@cache
def rules_of(text: str) -> list[Mapping[str, Any]]:
    """Of one file; a threshold changes few files, and the others are read once."""
    return [rule for group in yaml.load(text, Loader=LOADER)["groups"] for rule in group["rules"]]  # noqa: S506


BEFORE = files(SHIPPED)
RULES_BEFORE = all_rules(BEFORE)


def names_on(line: str) -> list[str]:
    """The thresholds that a line of a built file names."""
    named = None if line.lstrip().startswith("#") else NAMED.search(line)
    return named[1].split(", ") if named else []


@pytest.mark.parametrize("name", every(6, KINDS))
def test_a_threshold_changes_each_line_that_names_it_and_no_other(name: str) -> None:
    """Each line with its name gets the new value; the others that change say it in words, a label or a name."""
    after = files(changed(name))
    pairs = [pair for file in BEFORE for pair in zip(BEFORE[file].splitlines(), after[file].splitlines(), strict=True)]
    naming = [(old, new) for old, new in pairs if name in names_on(old)]
    assert naming
    value = OTHER[KINDS[name]]
    for old, new in naming:
        assert old != new
        assert value in new
        assert not re.search(rf"(?<![\w.]){re.escape(SHIPPED[name].bare)}(?![\w.])", new.partition("  #")[0])
    others = [old for old, new in pairs if old != new and name not in names_on(old)]
    parts = {
        key
        for old, new in zip(RULES_BEFORE, all_rules(after), strict=True)
        for key in old
        if old[key] != new[key] and key not in ("expr", "for")
    }
    assert parts | ({"expr"} if others and "annotations" not in parts else set()) == BEYOND_NAMES.get(name, set())


@pytest.mark.parametrize("name", every(6, KINDS))
def test_a_threshold_changes_the_texts_that_name_it(name: str, tree: Path) -> None:
    """Each sentence of the runbooks that names it is found and rewritten, in its file alone, and back again."""
    naming = {
        path: [one for one in sentences if re.search(rf"\b{name}\b", one)]
        for path, sentences in yaml.safe_load(MENTIONS.read_text("utf-8")).items()
    }
    naming = {path: sentences for path, sentences in naming.items() if sentences}
    thresholds = changed(name)
    found = list(differing(thresholds, tree))
    assert len(found) == sum(map(len, naming.values()))
    assert all("where config/thresholds.yml makes it" in sentence for sentence in found)
    assert [str(path.relative_to(tree)) for path in write(thresholds, tree)] == list(naming)
    assert list(differing(thresholds, tree)) == []
    write(SHIPPED, tree)
    assert [path for path in naming if (tree / path).read_bytes() != (ROOT / path).read_bytes()] == []


def test_every_sentence_is_in_its_file_once() -> None:
    """None is lost, none is so short that it is found in two places, none begins or ends with its value."""
    for path, sentences in mentions(SHIPPED).items():
        text = (ROOT / path).read_text("utf-8")
        for sentence in sentences:
            assert len(sentence.pattern.findall(text)) == 1, sentence
            assert len(sentence.pieces) > 1
            assert sentence.pieces[0].strip()
            assert sentence.pieces[-1].strip()


def test_a_sentence_that_was_rewritten_is_named_with_its_cure(tree: Path) -> None:
    """A runbook in other words no longer follows the threshold, so somebody must say so."""
    page = tree / "docs" / "runbooks" / "JournalFailing.md"
    page.write_text(page.read_text("utf-8").replace("For 5 minutes the journal", "Since a while the journal"), "utf-8")
    assert list(differing(SHIPPED, tree)) == [
        f"{page}: does not say 'For 5 minutes the journal has'; write it so, or change "
        "pantau/alerting/rules/mentions.yml"
    ]


def test_a_folder_without_runbooks_has_none_that_differ(tmp_path: Path) -> None:
    """An installation has its configuration, and the texts where they were published."""
    assert list(differing(changed(*KINDS), tmp_path)) == []
    assert write(changed(*KINDS), tmp_path) == []


def test_rules_with_all_thresholds_changed_are_good_rules(settings: Path) -> None:
    """promtool takes them, and they ask only for what is exported or recorded under its new name."""
    table = yaml.safe_load((settings.parent / "thresholds.yml").read_text("utf-8"))
    new = {
        **{name: OTHER[kind] for name, kind in KINDS.items()},
        "outage_closes": "0.5",
        "degraded_closes": "0.05",
        "flapping_closes": "3",
        "silent_page": "39",
        "long_first": "7200",
        "long_second": "90000",
        "burn_middle": "3",
        "burn_slow": "2",
        "long_last": "777600",
        "beat_quiet": "100",
        "beat_interval": "200",
        "beat_overdue": "300",
        "unserved_page": "300",
        "isolated_closes": "3",
    }
    for name, row in table.items():
        row["value"] = new[name]
    (settings.parent / "thresholds.yml").write_text(yaml.safe_dump(table, sort_keys=False), "utf-8")
    build(settings)
    folder = settings.parent / "rules"
    done = promtool("check", "rules", "--lint-fatal", *sorted(folder.glob("*.yml")))
    assert done.returncode == 0, done.stdout + done.stderr
    built = [rule for path in sorted(folder.glob("*.yml")) for rule in rules_in(path.read_text("utf-8"))]
    assert problems(built, offered(rules=folder)) == []
    assert "city:outage:held6m17s" in {rule.get("record") for rule in built}
    steps = [(r["labels"]["step"], r["expr"]) for r in built if r.get("alert") == "HotspotDownLong"]
    assert [step for step, _ in steps] == ["2h", "25h", "9d"]
    assert [f'step="{step}"' in expr for step, expr in steps] == [True] * 3
    words = {rule["alert"]: rule["annotations"] for rule in built if "alert" in rule}
    assert "pada sedikitnya 17 ISP" in words["KecamatanOutage"]["description"]
    assert "down on 17 ISPs or more" in words["KecamatanOutage"]["description"]
    assert "ratio[5m]) >= 0.617)" in words["CityOutage"]["where"]
    assert "lebih dari 6.17 kali" in words["HotspotRttHigh"]["description"]
    assert "more than 6.17 times its" in words["HotspotRttHigh"]["description"]


def typed(text: str) -> list[str]:
    """The lines of a template that compare with a number, hold or reach back for a time that is typed there."""
    code = re.sub(r"<#.*?#>", "", text, flags=re.DOTALL)
    found = []
    for line in code.splitlines():
        bare = re.sub(r"\$\{[^}]*\}|<%.*?%>", "X", line)
        compared = set(re.findall(r"(?:>=|<=|>|<)\s*(\d+(?:\.\d+)?)(?![\w.])", bare)) - {"0", "1"}
        fraction = re.search(r"(?<![\w.])\d+\.\d+(?![\w.])", re.sub(r"quantile\w*\(0\.\d+|eq \(.*\) 0\.0", "", bare))
        if not bare.lstrip().startswith("#") and (compared or fraction or re.match(r"\s*for: [^X]", bare)):
            found.append(line.strip())
    return found


def test_no_number_is_typed_in_a_template() -> None:
    """No comparison, no `for`, no share: each is a threshold's name. Windows of rates and states' numbers are none."""
    found = {str(path.relative_to(TEMPLATES)): typed(path.read_text("utf-8")) for path in TEMPLATES.rglob("*.j2")}
    assert len(found) == 38
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "line", ["expr: a >= 0.6", "expr: a > 12", "for: 12s", "expr: 0.9 * b", 'where: ${names("a")} > 5', "and a < 3"]
)
def test_a_number_that_is_typed_is_found(line: str) -> None:
    """The check can fail."""
    assert typed(f"  {line}\n") == [line]


def test_each_value_of_a_template_comes_from_the_thresholds() -> None:
    """A figure that is used in a rule is one of the table: the comments of the built files name all and no other."""
    named = {name for text in BEFORE.values() for line in text.splitlines() for name in names_on(line)}
    assert named == set(KINDS)
    assert all(isinstance(figure, Figure) for figure in SHIPPED.values())
    assert {path.name: path.read_text("utf-8") for path in sorted(RULES.glob("*.yml"))} == BEFORE
