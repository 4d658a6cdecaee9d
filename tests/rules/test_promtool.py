"""promtool over the shipped files: they load, and the rules do what tests/rules/*.test.yml say."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.patience import PATIENCE_SECONDS
from tests.programs import newer_program, require_program
from tests.rules.checking import ROOT, RULES, shipped_rules

UNIT_TESTS = sorted(Path(__file__).parent.glob("*.test.yml"))


VERSIONS = {"installed": require_program, "newer": newer_program}
"""Debian 12's Prometheus is 2.42; the newer one is 3.5 or later."""


def promtool(*arguments: str | Path, version: str = "") -> subprocess.CompletedProcess[str]:
    """Runs promtool in the project's root and returns how it ended; which one, PANTAU_PROMTOOL may say."""
    command = [VERSIONS[version or os.environ.get("PANTAU_PROMTOOL", "installed")]("promtool"), *arguments]
    environment = os.environ | {"GOGC": "400"}  # its heap is small: a quarter less of CPU
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_prometheus_takes_its_configuration(version: str) -> None:
    """prometheus.yml loads, finds the target files it names, and all rule files with it."""
    done = promtool("check", "config", "prometheus.yml", version=version)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(list(RULES.glob('*.yml')))} rule files found" in done.stdout
    assert "WARNING" not in done.stdout + done.stderr


@pytest.mark.parametrize("version", VERSIONS)
def test_rule_files_are_clean(version: str) -> None:
    """promtool finds neither errors nor duplicate rules."""
    done = promtool("check", "rules", "--lint-fatal", *sorted(RULES.glob("*.yml")), version=version)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("version", ["installed", pytest.param("newer", marks=pytest.mark.long)])
@pytest.mark.parametrize("path", UNIT_TESTS, ids=lambda path: path.name)
def test_rules_do_what_their_tests_say(path: Path, version: str) -> None:
    """Exact figures and exact alerts at exact times."""
    done = promtool("test", "rules", path, version=version)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_wrong_expectation_fails(tmp_path: Path) -> None:
    """The unit tests can fail: one number changed, and promtool says so."""
    text = (Path(__file__).parent / "online.test.yml").read_text(encoding="utf-8")
    wrong = text.replace("value: 0.25", "value: 0.75").replace("../../config", str(ROOT / "config"))
    (tmp_path / "wrong.test.yml").write_text(wrong, encoding="utf-8")
    done = promtool("test", "rules", tmp_path / "wrong.test.yml")
    assert done.returncode == 1
    assert "city:hotspot_up:ratio" in done.stdout + done.stderr


def test_each_level_has_the_same_figures() -> None:
    """City, ISP and kecamatan are recorded alike, so that a dashboard can offer one view for all three."""
    recorded = {rule["record"] for rule in shipped_rules() if "record" in rule}
    figures = {name.split(":", 1)[1] for name in recorded if name.startswith("city:")}
    assert len(figures) == 34
    for level in ("isp", "kecamatan"):
        assert {f"{level}:{figure}" for figure in figures} <= recorded
