"""What a trial's Alertmanager reads: one receiver, and nothing that could hold its message back."""

from typing import Any

import pytest

from pantau.alerting.errors import AlertingError
from pantau.alerting.testing.configuration import integrations, trial_alert, trial_of

CONTENT: dict[str, Any] = {
    "global": {"smtp_from": "a@b.c"},
    "templates": ["x.tmpl"],
    "time_intervals": [{"name": "jam-kerja"}],
    "inhibit_rules": [{}],
    "route": {"receiver": "none", "routes": [{"receiver": "page", "active_time_intervals": ["jam-kerja"]}]},
    "receivers": [
        {"name": "none"},
        {"name": "empty", "email_configs": []},
        {"name": "page", "email_configs": [{}, {}], "webhook_configs": [{}]},
    ],
}


def test_each_way_of_a_receiver_is_named_as_alertmanager_names_it() -> None:
    """Two mailboxes are two ways."""
    assert integrations(CONTENT, "page") == ["email[0]", "email[1]", "webhook[0]"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("pege", "there is no receiver 'pege': did you mean 'page'?"),
        ("xyz", "there is no receiver 'xyz': there are none, empty, page"),
        ("none", "receiver 'none' tells nobody: give it email_configs"),
        ("empty", "receiver 'empty' tells nobody: give it email_configs"),
    ],
)
def test_what_cannot_be_tried_is_one_sentence(name: str, said: str) -> None:
    """With its cure."""
    with pytest.raises(AlertingError) as caught:
        integrations(CONTENT, name)
    assert str(caught.value).startswith(said)


def test_nothing_holds_a_test_back() -> None:
    """No hours, no inhibition, no other route; what the receiver stands on stays."""
    trial = trial_of(CONTENT, "page")
    assert set(trial) == {"global", "templates", "route", "receivers"}
    assert trial["receivers"] == [CONTENT["receivers"][2]]
    assert (trial["route"]["receiver"], trial["route"]["group_wait"]) == ("page", "0s")


def test_the_alert_says_that_it_is_a_test() -> None:
    """In both languages; to the watchdog it is a beat that asks for a page."""
    alert = trial_alert("page", "noc")
    assert alert["annotations"]["what"] == "Uji coba Pantau dari noc, bukan gangguan / a test, no fault"
    assert (alert["labels"]["alertname"], alert["labels"]["test"]) == ("PantauTest", "true")
    assert trial_alert("watchdog", "noc")["labels"]["alertname"] == "Watchdog"
