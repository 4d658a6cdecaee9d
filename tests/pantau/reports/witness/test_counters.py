"""What counters gained, from readings of them: exact over gaps, restarts and steps of the clock."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pantau.reports.witness.counters import Gain, Reading, Unclear, add_up, began_anew, settle

HOUR = 3600
MONTH = Unclear(0, 10 * HOUR, opens=True, closes=True)


def run(*ats: int, since: int = -100 * HOUR, down_from: int = 10**9) -> list[Reading]:
    """Readings of one run of an exporter that began at `since` and saw its hotspot down from `down_from` on."""
    return [Reading(at, float(max(0, at - down_from)), float(at - since), float(at - since)) for at in ats]


def certain(readings: list[Reading], span: Unclear = MONTH) -> tuple[Gain, list[Unclear]]:
    """What adds up, and what does not."""
    gain = Gain()
    return gain, list(add_up(readings, span, gain))


def test_what_lies_between_readings_need_not_be_known() -> None:
    """Counters go on over a gap in the scrapes."""
    gain, unclear = certain(run(0, HOUR, 8 * HOUR, 10 * HOUR, down_from=2 * HOUR))
    assert (gain, unclear) == (Gain(8 * HOUR, 10 * HOUR), [])


def test_a_restart_is_unclear_until_one_looks_closest() -> None:
    """A reset between two readings is reported for a closer look, then counted from 0."""
    readings = [*run(0, HOUR), *run(2 * HOUR, 3 * HOUR, since=HOUR + 600)]
    span = Unclear(0, 3 * HOUR, opens=True, closes=True)
    gain, unclear = certain(readings, span)
    assert (gain.seen, unclear) == (2 * HOUR, [Unclear(HOUR, 2 * HOUR, opens=False, closes=False)])
    settle(readings[1:3], unclear[0], gain)
    assert gain.seen == 2 * HOUR + 3000


def test_a_new_run_that_is_older_than_the_old_one_was_is_known_by_its_youth() -> None:
    """A restart in a long gap is recognised: the counters are too young for the time that has passed."""
    old, new = run(HOUR, since=HOUR - 600) + run(6 * HOUR, since=2 * HOUR)
    assert began_anew(old, new)
    gain = Gain()
    settle([old, new], Unclear(HOUR, 6 * HOUR, opens=False, closes=False), gain)
    assert gain.seen == 4 * HOUR


def test_a_step_of_the_clock_is_no_restart() -> None:
    """A clock step of an hour in a long run is not taken for a reset."""
    before, after = run(HOUR)[0], Reading(2 * HOUR, 0.0, 101.0 * HOUR + 15, 101.0 * HOUR + 15)
    assert not began_anew(before, after)
    gain, unclear = certain([before, after], Unclear(HOUR, 2 * HOUR, opens=False, closes=False))
    assert (gain.seen, unclear) == (15, [])


def test_what_began_within_the_month_counts_whole_and_what_began_before_does_not() -> None:
    """Prometheus came to a run that began an hour into the month, and to one that is days old."""
    for since, gained in ((HOUR, HOUR), (-90 * HOUR, 0)):
        readings = run(2 * HOUR, since=since)
        _, unclear = certain(readings)
        assert unclear == [
            Unclear(0, 2 * HOUR, opens=True, closes=False),
            Unclear(2 * HOUR, 10 * HOUR, opens=False, closes=True),
        ]
        gain = Gain()
        settle(readings, unclear[0], gain)
        settle(readings, unclear[1], gain)
        assert gain.seen == gained


def test_no_reading_is_no_gain() -> None:
    """Without readings there is nothing to count and nothing to look at."""
    assert certain([]) == (Gain(), [])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 5000), st.booleans(), st.booleans()), min_size=1, max_size=60),
    st.lists(st.booleans(), min_size=60, max_size=60),
)
def test_readings_that_are_left_out_change_no_sum(steps: list[tuple[int, bool, bool]], kept: list[bool]) -> None:
    """Within one run the gain is the last reading less the first."""
    readings, at, down, seen = [Reading(0, 0.0, 0.0, 0.0)], 0, 0.0, 0.0
    for length, is_seen, is_down in steps:
        at += length
        seen += length * is_seen
        down += length * (is_seen and is_down)
        readings.append(Reading(at, down, seen, float(at)))
    chosen = [one for one, keep in zip(readings, [True, *kept], strict=False) if keep or one is readings[-1]]
    gain, unclear = certain(chosen, Unclear(0, at, opens=True, closes=True))
    assert (gain, unclear) == (Gain(down, seen), [])
