"""What of the rules is a city's own."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pantau.alerting.rules.city import RulesCity
from pantau.errors import ConfigurationError


def test_points_that_wake_somebody_are_those_of_categories_and_those_that_say_so() -> None:
    """One that says no is none; a city without such categories has only those that say yes."""
    zone = ZoneInfo("UTC")
    assert RulesCity(zone, "Borough").names()["priority_points"] == 'hotspot_info{priority="true"}'
    assert RulesCity(zone, "Borough", ("library", "clinic")).names()["priority_points"] == (
        '(hotspot_info{category=~"library|clinic", priority!="false"} or hotspot_info{priority="true"})'
    )


def test_a_zone_is_one_figure_or_a_series() -> None:
    """Where the clocks are changed, both names of the zone are known, by their offset."""
    fixed = RulesCity(ZoneInfo("Asia/Jakarta"), "Kecamatan").names()
    assert (fixed["local_time"], fixed["offset_nanoseconds"], fixed["zone_name"]) == (
        *("time() + 25200", 25_200_000_000_000, "WIB"),
    )
    changing = RulesCity(ZoneInfo("Europe/London"), "Ward").names()
    assert changing["offset_nanoseconds"] is None
    assert changing["zone_names"] == {0: "GMT", 3600: "BST"}
    assert changing["local_time"] == "time() + scalar(calendar:zone_offset:seconds)"


def test_settings_alone_are_read(tmp_path: Path) -> None:
    """Rules need no inventory; a mistake in the settings is told as everywhere."""
    file = tmp_path / "pantau.yml"
    file.write_text("timezone: America/New_York\npriority_categories: [puskesmas]\noffice: {district_word: Borough}\n")
    city = RulesCity.read(file)
    assert (city.zone.key, city.district_word, city.priority_categories) == (
        "America/New_York",
        "Borough",
        ("puskesmas",),
    )
    file.write_text("timezone: Asia/Bandung\n")
    with pytest.raises(ConfigurationError, match="is not a time zone"):
        RulesCity.read(file)
