"""The sums of hours are held against the transitions: what somebody made of them, digests and all, is named."""

from collections.abc import Mapping, Sequence

import pytest

from lab.samples.journal import Place, change, down, ns, up
from pantau.journal import HotspotHour
from pantau.journal.entries import clock_step, hour, start
from pantau.states import State

UP, DOWN, UNKNOWN = State.UP, State.DOWN, State.UNKNOWN
Sums = Mapping[State, int]
TRUE: list[Sums] = [
    {UNKNOWN: 1, UP: 2999 + 400, DOWN: 200},
    {UP: 3600},
    {UP: 3400},  # down since 200 s before its end, decided in the next hour: what is open is counted later
    {DOWN: 200 + 3600},
]


def journal_of(place: Place, sums: Sequence[Sums], **settings: object) -> list[str]:
    """Four hours of h1 with these sums in seconds, true or not; what proving finds."""
    with place.store() as store:
        store.append([start(ns(0), ["h1"], [], settings), change("h1", 1, UNKNOWN, UP)])
        store.append([down("h1", 3000), up("h1", 3200)])
        for number, states in enumerate(sums):
            until = (number + 1) * 3600
            if number == 3:
                store.append([down("h1", 10_600)._replace(recorded_ns=ns(10_810))])
            row = HotspotHour("h1", 360, 350, {int(state): 1000 * seconds for state, seconds in states.items()})
            rows = [row] if states else []
            store.append([hour(ns(until - 3600), ns(until), rows)])
    return place.findings()


def test_sums_that_are_true_fit_though_a_verdict_is_dated_back(sqlite: Place) -> None:
    """What an open round keeps back is made up for in the next hour."""
    assert journal_of(sqlite, TRUE) == []


@pytest.mark.parametrize(
    ("number", "states", "found"),
    [
        (0, {UNKNOWN: 1, UP: 3599}, []),  # 200 s: within what a verdict takes
        (0, {DOWN: 3600}, ["entry 6: its sums have 3400 s more down of h1 than the transitions up to it"]),
        (1, {DOWN: 3600}, ["entry 7: its sums have 3600 s less up of h1 than the transitions up to it"]),
        (1, {}, ["entry 7: its sums have 3600 s less up of h1 than the transitions up to it"]),
        (3, {UP: 3800}, ["entry 10: its sums have 3800 s more up of h1 than the transitions up to it"]),
    ],
)
def test_sums_that_no_transition_bears_out_are_named(
    number: int, states: Sums, found: list[str], sqlite: Place
) -> None:
    """Whoever writes them can compute every digest anew: the two accounts still differ."""
    assert journal_of(sqlite, [*TRUE[:number], states, *TRUE[number + 1 :]]) == found


def test_small_thefts_add_up(sqlite: Place) -> None:
    """150 s an hour are within the tolerance once, not each hour."""
    sums = [{**states, UP: states[UP] - 150, DOWN: states.get(DOWN, 0) + 150} for states in TRUE[:3]]
    assert [finding.partition(":")[0] for finding in journal_of(sqlite, sums)] == ["entry 8"]


def test_a_slow_prober_has_its_own_tolerance(sqlite: Place) -> None:
    """As the start says: an hour's interval, four rounds until a recovery is sure."""
    sums = [TRUE[0], {DOWN: 3600}, *TRUE[2:]]
    assert journal_of(sqlite, sums, settles_ms=4 * 3_600_000) == []


def test_a_clock_that_was_set_begins_the_account_anew(sqlite: Place) -> None:
    """Wall time that did not pass, or passed twice, is in no sum."""
    with sqlite.store() as store:
        store.append([start(ns(0), ["h1"], [], {}), change("h1", 1, UNKNOWN, UP)])
        store.append([clock_step(ns(5000), ns(3000) - ns(0), "set")])
        for until in (7200, 10_800):
            row = HotspotHour("h1", 1, 1, {1: 600_000 if until == 7200 else 3_600_000})
            store.append([hour(ns(until - 7200 if until == 7200 else 7200), ns(until), [row])])
    assert sqlite.findings() == []
