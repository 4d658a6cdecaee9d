"""`pantau rules` as its users meet it: words and exit statuses."""

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pantau.cli.main import app, main
from tests.rules.checking import RULES


def pantau(*arguments: str) -> Result:
    """Run a command in this process; an exception of ours stays one."""
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False, env={"COLUMNS": "200"})


def test_check_is_content_with_what_is_shipped(settings: Path) -> None:
    """One word, status 0."""
    result = pantau("rules", "check", "--config", str(settings))
    assert (result.exit_code, result.output) == (0, "good\n")


def test_check_says_what_differs_and_build_mends_it(settings: Path) -> None:
    """A changed threshold: status 1 and each place with its cure; built, it is good, in rules and runbooks."""
    file = settings.parent / "thresholds.yml"
    file.write_text(file.read_text("utf-8").replace("value: 12s\n", "value: 20s\n"), "utf-8")
    result = pantau("rules", "check", "--config", str(settings))
    causes = settings.parent / "rules" / "causes.yml"
    assert result.exit_code == 1
    (line,) = result.output.splitlines()
    assert line.startswith(f"{causes}:")
    said = "has 'for: 12s  # hold_wide' where thresholds and templates say 'for: 20s  # hold_wide'"
    assert line.endswith(f"{said}; run `pantau rules build`")
    result = pantau("rules", "build", "--config", str(settings))
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        str(settings.parent / "rules" / path.name) for path in sorted(RULES.glob("*.yml"))
    ]
    assert pantau("rules", "check", "--config", str(settings)).exit_code == 0


def test_build_says_which_runbook_no_longer_follows(settings: Path) -> None:
    """The rules are written; status 1 and the sentence that is gone."""
    page = settings.parent.parent / "docs" / "runbooks" / "JournalFailing.md"
    page.write_text("# JournalFailing\n", "utf-8")
    result = pantau("rules", "build", "--config", str(settings))
    assert result.exit_code == 1
    assert f"{page}: does not say 'For 5 minutes the journal has'; write it so, or change" in result.output


def test_build_into_a_folder_writes_rules_alone(settings: Path, tmp_path: Path) -> None:
    """To look at what a change would make."""
    result = pantau("rules", "build", "--config", str(settings), "--output", str(tmp_path / "look"))
    assert result.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "look").iterdir()) == sorted(path.name for path in RULES.iterdir())
    assert pantau("rules", "check", "--config", str(settings), "--output", str(tmp_path / "look")).exit_code == 0


@pytest.mark.parametrize("command", ["build", "check"])
def test_thresholds_that_do_not_fit_are_a_finding(
    command: str, settings: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 1, the sentence on its own line, and not a byte written."""
    file = settings.parent / "thresholds.yml"
    file.write_text(file.read_text("utf-8").replace("value: 12s\n", "value: soon\n"), "utf-8")
    before = {path: path.read_bytes() for path in settings.parent.rglob("*") if path.is_file()}
    monkeypatch.setattr(sys, "argv", ["pantau", "rules", command, "--config", str(settings)])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 1
    told = capsys.readouterr().err
    assert "hold_wide.value: 'soon' does not fit; write a duration as Prometheus writes it" in told
    assert "1 problem." in told
    assert {path: path.read_bytes() for path in settings.parent.rglob("*") if path.is_file()} == before


def test_without_thresholds_the_cure_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Status 1 for a folder that has none."""
    monkeypatch.setattr(sys, "argv", ["pantau", "rules", "check", "--config", str(tmp_path / "pantau.yml")])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 1
