"""The command line as its user meets it: words and exit statuses."""

import json
from pathlib import Path

import pytest

from tests.commands import pantau
from tests.exporter.app.running import ROOT


def test_check_is_content_with_the_shipped_configuration() -> None:
    """Exit status 0 and one line that counts what was found; of no city yet, how to begin."""
    result = pantau("check", "--config", "examples/bitung/pantau.yml")
    assert result.returncode == 0, result.stderr
    found = "good. 1000 active hotspots of 1000, 8 kecamatan, 7 ISPs, "
    assert result.stdout.startswith(f"examples/bitung/pantau.yml: {found}")
    fresh = pantau("check")
    assert (fresh.returncode, fresh.stdout.startswith("config/pantau.yml: good. 0 active hotspots")) == (0, True)
    assert "there is no inventory yet; begin with `pantau init`" in fresh.stderr


def test_check_lists_every_problem_and_leaves_with_1(city: Path) -> None:
    """Two mistakes in two files are both told, each with file, line and field."""
    city.write_text(city.read_text(encoding="utf-8").replace("timeout: 200ms", "timeout: 600ms"), encoding="utf-8")
    (city.parent / "isps.yml").write_text("isps: [{id: telkom, name: Telkom}]\nx: 1\n", encoding="utf-8")
    result = pantau("check", "--config", str(city))
    assert result.returncode == 1
    problems = [line for line in result.stderr.splitlines() if line.startswith("/")]
    assert len(problems) == 2
    assert problems[0].startswith(f"{city.parent}/isps.yml:2: x: ")
    assert problems[1].startswith(f"{city}:1: probing.timeout: ")


def test_check_schema_writes_the_shipped_schemas(tmp_path: Path) -> None:
    """The two files equal those in config/schema byte for byte."""
    assert pantau("check", "--schema", str(tmp_path / "out")).returncode == 0
    for name in ("pantau.schema.json", "inventory.schema.json"):
        assert (tmp_path / "out" / name).read_bytes() == (ROOT / "config/schema" / name).read_bytes()
        json.loads((tmp_path / "out" / name).read_text(encoding="utf-8"))


def test_run_refuses_a_bad_configuration_with_its_problems(city: Path) -> None:
    """`pantau run` on an empty inventory leaves with 1 and names the file."""
    (city.parent / "hotspots.csv").write_text("", encoding="utf-8")
    result = pantau("run", "--config", str(city))
    assert result.returncode == 1
    assert f"{city.parent}/hotspots.csv" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("run", "--web.listen-address", "nonsense", "--simulate", "calm"), "HOST:PORT"),
        (("run", "--simulate", "no-such-scenario"), "no-such-scenario"),
    ],
)
def test_run_refuses_bad_arguments_in_one_sentence(arguments: tuple[str, ...], word: str) -> None:
    """A bad --listen or an unknown scenario leaves with 2 and a sentence, without a traceback."""
    result = pantau(*arguments)
    assert result.returncode == 2
    assert word in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("command", [(), ("run",), ("check",), ("probe",), ("dashboards", "build")])
def test_help_teaches(command: tuple[str, ...]) -> None:
    """Every command explains itself."""
    result = pantau(*command, "--help")
    assert result.returncode == 0
    assert "Usage" in result.stdout


def test_probe_of_a_name_that_does_not_exist_leaves_with_2() -> None:
    """No hotspot and no such name: said so, status 2, nothing sent."""
    result = pantau("probe", "no-such-host.invalid")
    assert result.returncode == 2
    assert "no-such-host.invalid" in result.stdout
