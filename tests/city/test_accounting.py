"""Every second of a hotspot's life is booked to exactly one state, and down seconds are those of the outages."""

import pytest

from tests.city.story import INTERVAL_SECONDS, Look, Story, Witness

pytestmark = [pytest.mark.city, pytest.mark.timeout(300)]

TOLERANCE = 0.001
IN_FLIGHT_SECONDS, IN_FLIGHT_SHARE = 2.0, 0.05
"""Who has a probe in flight at the scrape is booked up to its departure only: few hotspots, by a timeout at most."""
STATE_SECONDS = "hotspot_state_seconds_total"


@pytest.fixture(params=["raw", "datagram"])
def looks(request: pytest.FixtureRequest, story: Story) -> tuple[Look, Look]:
    """The scrapes before the first outage and after the last."""
    witness: Witness = story.witnesses[request.param]
    assert witness.before is not None
    assert witness.after is not None
    return witness.before, witness.after


def test_state_seconds_add_up_to_the_time_that_passed(story: Story, looks: tuple[Look, Look]) -> None:
    """Between two scrapes each hotspot's seconds grow, over all states, by what the clock says, within 0.1 %."""
    before, after = looks
    first, last = (look.scrape.by("hotspot", STATE_SECONDS) for look in looks)
    grown = sorted(last[name] - first[name] for name in story.hotspots)
    settled = grown[round(len(grown) * IN_FLIGHT_SHARE) :]
    shortest, longest = after.asked - before.got, after.got - before.asked
    assert settled[0] >= shortest * (1 - TOLERANCE)
    assert grown[0] >= shortest - IN_FLIGHT_SECONDS
    assert grown[-1] <= longest * (1 + TOLERANCE)
    assert longest - shortest < 5.0, "the scrapes were too slow to tell anything"


def test_all_hotspots_were_monitored_equally_long(story: Story, looks: tuple[Look, Look]) -> None:
    """From the start on, for all of a thousand hotspots, within 0.1 %, and not longer than the process lives."""
    for look in looks:
        seconds = sorted(look.scrape.by("hotspot", STATE_SECONDS).values())
        settled = seconds[round(len(seconds) * IN_FLIGHT_SHARE) :]
        assert len(seconds) == len(story.hotspots)
        assert seconds[-1] <= look.got - look.scrape.value("process_start_time_seconds")
        assert settled[-1] - settled[0] <= settled[-1] * TOLERANCE
        assert seconds[-1] - seconds[0] <= IN_FLIGHT_SECONDS


def test_down_seconds_match_the_outages_within_an_interval(story: Story, looks: tuple[Look, Look]) -> None:
    """Outages of 14 to 60 s, each on its hotspots, and not a second of down for any other."""
    down = looks[1].scrape.by("hotspot", STATE_SECONDS, state="down")
    wanted = {name: outage.seconds for outage in story.outages for name in outage.hotspots}
    errors = {name: down[name] - wanted.get(name, 0.0) for name in story.hotspots}
    assert max(abs(error) for error in errors.values()) <= INTERVAL_SECONDS
    assert [name for name in story.hotspots if name not in wanted and errors[name] != 0] == []


def test_no_second_is_booked_to_a_state_that_never_was(looks: tuple[Look, Look]) -> None:
    """Only up and down, and unknown until the first answer."""
    before, after = (look.scrape for look in looks)
    booked = {state for state, seconds in after.by("state", STATE_SECONDS).items() if seconds}
    assert booked == {"up", "down", "unknown"}
    assert before.by("hotspot", STATE_SECONDS, state="unknown") == after.by("hotspot", STATE_SECONDS, state="unknown")
