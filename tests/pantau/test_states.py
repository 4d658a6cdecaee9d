"""The table of states: numbers and labels as the metrics' contract has them, sets, and looks that can be told apart."""

import numpy as np
import pytest

from dashboards.queries import in_states
from exporter.verdicts.combined import CombinedStates
from exporter.verdicts.machine import NO_VERDICT
from pantau.reports.accounting import OFFLINE, ONLINE, Condition
from pantau.reports.statement.evidence import CONDITION_OF
from pantau.states import (
    ASIDE,
    EVERYDAY,
    JUDGED,
    NOT_SERVING,
    SERVING,
    SHOWN,
    UNJUDGED,
    UNSERVED,
    State,
    matcher,
    named,
    numbers_of,
    word_of,
)
from pantau.texts import LANGUAGES

GROUNDS = {
    "paper, and panels and cards in the light": "#ffffff",
    "Grafana's canvas in the light": "#f4f5f5",
    "the page in the light": "#f4f6f8",
    "Grafana's panels in the dark": "#181b1f",
    "Grafana's canvas in the dark": "#111217",
    "the page's cards in the dark": "#18212a",
}


def contrast(one: str, other: str) -> float:
    """Of two sRGB colours, 1 to 21, as WCAG 2 has it."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative, 0 to 1."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_numbers_and_labels_are_the_contract() -> None:
    """What Prometheus holds of years cannot be numbered anew."""
    assert {state.label: state.value for state in State} == {
        "down": 0,
        "up": 1,
        "degraded": 2,
        "isolated": 3,
        "maintenance": 4,
        "unknown": 5,
        "inactive": 6,
        "no_internet": 7,
    }
    assert State(3) is State.ISOLATED
    assert f"{State.ISOLATED}" == "3"


def test_sets_come_from_the_table() -> None:
    """Every state is service, the lack of it, or not to be judged."""
    assert SERVING == (State.UP, State.DEGRADED)
    assert NOT_SERVING == (State.DOWN, State.ISOLATED, State.NO_INTERNET)
    assert set(JUDGED) == {*SERVING, *NOT_SERVING}
    assert set(UNJUDGED) == {State.MAINTENANCE, State.UNKNOWN, State.INACTIVE}
    assert UNSERVED == (State.ISOLATED, State.NO_INTERNET)
    assert ASIDE == (State.MAINTENANCE, State.INACTIVE)
    assert [state for state in State if state.reached is False] == [State.DOWN]
    assert [state for state in State if state.reached] == [*SERVING, *UNSERVED]
    assert sorted([*SERVING, *NOT_SERVING, *UNJUDGED]) == sorted(State)
    assert numbers_of(SERVING) == [1, 2]
    assert SHOWN[: len(EVERYDAY)] == EVERYDAY
    assert sorted(SHOWN) == sorted(State)


def test_a_set_is_asked_of_prometheus_by_label() -> None:
    """As rules and the second witness select it."""
    assert (matcher(SERVING), matcher(NOT_SERVING)) == ("up|degraded", "down|isolated|no_internet")
    assert matcher(JUDGED) == "up|degraded|down|isolated|no_internet"


def test_each_judged_state_is_a_condition_of_the_report() -> None:
    """One that the report took for unseen would be downtime that nobody is charged for."""
    assert {state: condition.value for state, condition in CONDITION_OF.items()} == {it: it.label for it in JUDGED}
    assert {CONDITION_OF[state] for state in SERVING} == set(ONLINE)
    assert {CONDITION_OF[state] for state in NOT_SERVING} == set(OFFLINE)
    assert {*ONLINE, *OFFLINE, Condition.UNSEEN} == set(Condition)


def test_each_judged_state_gives_a_verdict() -> None:
    """Up where it serves, down where not; of what is not judged the last verdict stays."""
    states = CombinedStates(len(State), 0)
    everyone = np.arange(len(State), dtype=np.int32)
    states.enter(everyone, everyone.astype(np.int8), np.ones(len(State), np.int64))
    given = {state: int(state.serves) if state.judged else NO_VERDICT for state in State}
    assert states.verdict.tolist() == list(given.values())
    assert states.fell_ns.tolist() == [int(state.reached is False) for state in State]


def test_a_set_is_asked_of_prometheus_by_number() -> None:
    """Neighbouring numbers in one comparison, others joined; a state in between is not taken along."""
    assert in_states("hotspot_state", UNJUDGED) == "(hotspot_state >= 4 <= 6)"
    assert in_states("hotspot_state", NOT_SERVING) == "(hotspot_state == 0 or hotspot_state == 3 or hotspot_state == 7)"
    assert in_states("s", [State.UNKNOWN, State.DOWN, State.UP]) == "(s >= 0 <= 1 or s == 5)"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_state_has_a_word_and_a_shape_of_its_own(language: str) -> None:
    """Whoever sees no colours tells them apart all the same."""
    assert len({word_of(state, language) for state in State}) == len(State)
    assert len({state.shape for state in State}) == len({state.colour for state in State}) == len(State)
    assert named(State.DOWN, language) == "✖ Offline"


def test_the_words_in_both_languages() -> None:
    """One word a state, wherever it stands."""
    assert [word_of(state, "id") for state in SHOWN] == [
        "Online",
        "Terganggu",
        "Offline",
        "Tak diketahui",
        "Isolir",
        "Tanpa internet",
        "Pemeliharaan",
        "Nonaktif",
    ]
    assert [word_of(state, "en") for state in SHOWN] == [
        "Online",
        "Degraded",
        "Offline",
        "Unknown",
        "Isolated",
        "No internet",
        "Maintenance",
        "Inactive",
    ]


@pytest.mark.parametrize("ground", GROUNDS)
def test_colours_can_be_seen_on_every_ground(ground: str) -> None:
    """A contrast of 3, WCAG's for graphics and large text, in the light and in the dark."""
    assert [state.label for state in State if contrast(state.colour, GROUNDS[ground]) < 3] == []
