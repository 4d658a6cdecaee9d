"""Nothing that an alert rests on is believed once it may be over: every expression, as it is parsed."""

import pytest

from tests.rules.absence import EXPORTED_AT_TIMES, problems, rested_on
from tests.rules.checking import shipped_rules


def test_whatever_may_be_absent_is_told_as_absent() -> None:
    """No rule that an alert rests on believes what nobody says any more."""
    rules = shipped_rules()
    assert {"hotspot_down_since_timestamp_seconds", "hotspot_maintenance", "uplink_up"} < EXPORTED_AT_TIMES
    assert len(rested_on(rules)) > 100
    assert problems(rules) == []


M, BY_SCRAPE = "hotspot_maintenance", "on (job, instance) group_left () timestamp(pantau_vantage_up)"
SEEN = f"({M} unless (timestamp({M}) < scalar(max(timestamp(pantau_vantage_up)))) < {BY_SCRAPE})"
SAID = 'scalar(vantage:said_since:timestamp_seconds{group="g"})'
A = f"count({SEEN}) or 0 * (timestamp(city:a:count) < {SAID})"


@pytest.mark.parametrize(
    ("recorded", "alert", "expected"),
    [
        (A, "city:a:count > 0", []),
        (A, "sum(city:a:count) > 3", []),
        ("vector(1)", "city:a:count and city:a:count > 0", []),
        (A, "last_over_time(city:a:count[1m])", []),
        (A, "city:a:count", ["CityOutage does not see that city:a:count has ended"]),
        (A, "vector(1) unless city:a:count", ["CityOutage does not see that city:a:count has ended"]),
        (A, "count(city:a:count) > 3", ["CityOutage does not see that city:a:count has ended"]),
        (A, "city:a:count < 5", ["CityOutage does not see that city:a:count has ended"]),
        (A, "(city:a:count > 0) < 5", []),
        (f"count({SEEN})", "city:a:count > 0", ["city:a:count does not tell its end"]),
        ("sum(up) > 1", "city:a:count > 0", ["city:a:count does not tell its end"]),
        ("sum(up) > 1 or vector(0)", "city:a:count > 0", []),
        (
            A.replace("scalar(max(timestamp(pantau_vantage_up)))", "scalar(min(timestamp(pantau_vantage_up)))"),
            "city:a:count > 0",
            ["city:a:count believes hotspot_maintenance of an earlier scrape"],
        ),
        (
            A.replace(SEEN, "hotspot_maintenance"),
            "city:a:count > 0",
            ["city:a:count believes hotspot_maintenance of an earlier scrape"],
        ),
        (
            A,
            'city:a:count > 0 or (city:a:count > 1 and on () ALERTS{alertname="CityOutage"})',
            ["CityOutage is asked for by rules, and does not fire once more"],
        ),
        (
            A,
            'city:a:count > 0 and on () ALERTS{alertname="CityOutage"} or 0 * max by (x) '
            f'(timestamp(ALERTS{{alertname="CityOutage"}}) < {SAID})',
            [],
        ),
    ],
)
def test_what_believes_too_long_is_found(recorded: str, alert: str, expected: list[str]) -> None:
    """The check can fail, and does not cry over what is right."""
    rules = [{"record": "city:a:count", "expr": recorded}, {"alert": "CityOutage", "expr": alert}]
    assert problems(rules) == expected
