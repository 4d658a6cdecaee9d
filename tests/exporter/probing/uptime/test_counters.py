"""From a device's counters to how long it has been running: what devices do wrong, and that nothing wrong is said."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from exporter.probing.uptime.counters import AGREE_SECONDS, WRAP_SECONDS, Counters, conclude

DAY = 86_400.0
DOWN = 4000.0
"""The device was silent for up to so long."""


@pytest.mark.parametrize(
    ("counters", "uptime"),
    [
        (Counters(9e6, 9e6, 9e6), 9_000_000),
        (Counters(300, 280, 282), 300),
        (Counters(3900, 3880, 3881), 3900),
        (Counters(9e6, None, None), 9_000_000),
        (Counters(300, None, None), 300),
        (Counters(None, 9e6, 9e6), 9_000_000),
        (Counters(None, None, 9e6), 9_000_000),
        (Counters(9e6, 8e6, 8e6), 9_000_000),
        # Its agent has started anew, as some do when a link comes back; or its clock was set. Nobody knows.
        (Counters(9e6, 120, 121), None),
        # Only an agent that has started anew is known: of the machine nothing is.
        (Counters(None, 120, 121), None),
        (Counters(None, None, 121), None),
        (Counters(None, 9e6, 121), None),
        # Wrapped at 497 days, which the engine's seconds do not.
        (Counters(100, WRAP_SECONDS + 95, 98), int(WRAP_SECONDS) + 95),
        (Counters(100, 90 * DAY, 98), None),
        # It began in 1970, and its clock was set; or in the year of its firmware.
        (Counters(130, 1.79e9, 128), None),
        (Counters(130, 10 * 365 * DAY, 128), None),
        (Counters(None, None, None), None),
    ],
)
def test_what_the_counters_say(counters: Counters, uptime: int | None) -> None:
    """Without anything known from before."""
    assert conclude(counters, DOWN).uptime_seconds == uptime


def test_a_wrap_is_no_restart_where_the_device_was_asked_before() -> None:
    """Though it has no engine's time: what has counted on from then was not set back."""
    earlier = Counters(WRAP_SECONDS - 6000, None, WRAP_SECONDS - 6000)
    now = Counters(1000.5, None, 1000.5)
    assert conclude(now, DOWN, earlier, 7000).uptime_seconds == int(WRAP_SECONDS) + 1000
    assert conclude(now, DOWN, earlier, 9000).uptime_seconds == 1000


def test_an_agent_that_began_anew_and_was_asked_twice_tells_nothing_of_its_machine() -> None:
    """That it has gone on for a second since says no more than it did."""
    assert conclude(Counters(None, None, 2), 60, Counters(None, None, 1), 1).uptime_seconds is None


def test_a_clock_that_was_set_between_two_askings_is_not_believed() -> None:
    """It reaches back beyond the asking before, and not to where it began then."""
    earlier = Counters(None, None, 5000)
    assert conclude(Counters(None, None, 5000 + 2e6), DOWN, earlier, 1e6).uptime_seconds is None
    assert conclude(Counters(None, None, 5000 + 1e6), DOWN, earlier, 1e6).uptime_seconds == 1_005_000


@given(
    boot_ago=st.floats(0, 7 * 365 * DAY),
    agent_late=st.floats(0, AGREE_SECONDS - 31),
    agent_ago=st.none() | st.floats(0, 365 * DAY),
    down=st.floats(60, 40 * DAY),
    has=st.tuples(st.booleans(), st.booleans(), st.booleans()),
    since=st.none() | st.floats(1, 400 * DAY),
)
def test_an_honest_device_is_never_misjudged(
    boot_ago: float,
    agent_late: float,
    agent_ago: float | None,
    down: float,
    has: tuple[bool, bool, bool],
    since: float | None,
) -> None:
    """Whatever it has of the counters, wherever they wrap, whenever its agent began: restarted is restarted, or open.

    But for a wrap within the very outage, of a device that was not asked before and that says no engine's time, or
    whose agent has started anew as well.
    """
    agent = max(boot_ago - agent_late, 0.0) if agent_ago is None else min(agent_ago, boot_ago)

    def said(ago: float) -> Counters:
        host, own = boot_ago - ago, max(agent - ago, 0.0)
        return Counters(
            host % WRAP_SECONDS if has[0] else None, own if has[1] else None, own % WRAP_SECONDS if has[2] else None
        )

    earlier, after = (said(since), since) if since is not None and since < min(boot_ago, agent) else (None, 0.0)
    told_apart = (earlier is not None and after >= down) or (has[1] and agent_ago is None)
    assume(told_apart or boot_ago % WRAP_SECONDS > down or boot_ago < WRAP_SECONDS)
    found = conclude(said(0), down, earlier, after).uptime_seconds
    if found is not None and abs(found - down) > 1 and abs(boot_ago - down) > 1:  # whole seconds are told
        assert (found < down) == (boot_ago < down)
