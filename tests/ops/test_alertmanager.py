"""Alertmanager's shipped file: it loads, its inhibitions speak of scopes that there are, and it holds no secret."""

import re
from collections.abc import Iterator

import yaml

from tests.pantau.alerting.amtool import BASE, CONFIG, amtool
from tests.rules.checking import shipped_alerts

SCOPES = {
    "vantage",
    "city",
    "isp",
    "kecamatan",
    "isp_kecamatan",
    "uplink",
    "hotspot",
    "contract",
    "pantau",
    "watchdog",
}
NOT_OF_THE_CITY = {"vantage", "pantau", "watchdog", "contract"}


def inhibitions() -> Iterator[tuple[set[str], set[str], list[str]]]:
    """The scopes that each inhibition is from and for, and the labels that must be equal."""
    for rule in yaml.safe_load(CONFIG.read_text(encoding="utf-8"))["inhibit_rules"]:
        yield scopes(rule["source_matchers"]), scopes(rule["target_matchers"]), rule.get("equal", [])


def scopes(matchers: list[str]) -> set[str]:
    """What the matchers say of `scope`; an alert's name stands for the scope of its rule."""
    found = {value for one in matchers for value in re.findall(r'^scope=~?"(.+)"$', one)}
    return {scope for value in found for scope in value.split("|")}


def test_configuration_is_accepted() -> None:
    """amtool takes the shipped file and its templates, with no secret present."""
    done = amtool("check-config", CONFIG)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 templates" in done.stdout


def test_inhibition_knows_only_scopes_that_alerts_have() -> None:
    """A scope misspelt in an inhibition would let every child through without a word."""
    named = {scope for source, target, _ in inhibitions() for scope in source | target}
    assert named <= SCOPES
    assert {alert["labels"]["scope"] for alert in shipped_alerts().values()} <= SCOPES
    assert named == SCOPES - {"watchdog", "contract", "pantau"}


def test_only_what_speaks_of_all_silences_without_a_common_place() -> None:
    """An ISP's outage must not silence another's points: what is narrower than the city names what must be equal."""
    for source, target, equal in inhibitions():
        if source <= {"city", "vantage"}:  # also by name: PantauDown, VantageDown
            continue
        assert equal, (source, target)
        assert not target & NOT_OF_THE_CITY


def test_no_secret_is_written_in_the_files() -> None:
    """Passwords and tokens are named by file only."""
    for file in (CONFIG, BASE):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"(password|token|secret|credentials|api_key)\s*:", text)
    assert len(re.findall(r"(password|token)_file:", BASE.read_text(encoding="utf-8"))) == 3
