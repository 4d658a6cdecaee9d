"""Every second of a hotspot is counted in exactly one state, and down seconds are those of the outages."""

import pytest

from tests.city.story import INTERVAL_SECONDS, ObservedExporter, Story, TimedScrape

pytestmark = [pytest.mark.story, pytest.mark.city, pytest.mark.timeout(300)]

TOLERANCE = 0.001
IN_FLIGHT_SECONDS, IN_FLIGHT_SHARE = 2.0, 0.05
"""Who has a probe in flight at the scrape is booked up to its departure only: few hotspots, by a timeout at most."""
STATE_SECONDS = "hotspot_state_seconds_total"


TimedScrapes = tuple[list[TimedScrape], list[TimedScrape]]
"""The scrapes shortly before the first outage, and shortly after the last."""


@pytest.fixture(params=["raw", "datagram"])
def scrapes(request: pytest.FixtureRequest, story: Story) -> TimedScrapes:
    """Those of one exporter."""
    observed: ObservedExporter = story.observed[request.param]
    return observed.before, observed.after


@pytest.fixture
def best(scrapes: TimedScrapes) -> tuple[TimedScrape, TimedScrape]:
    """Before and after, the scrapes in which most of the city's time had been booked."""
    before, after = scrapes
    return max(before, key=_booked), max(after, key=_booked)


def test_state_seconds_add_up_to_the_time_that_passed(story: Story, scrapes: TimedScrapes) -> None:
    """Each hotspot's seconds grow, over all states, by what the clock says, within 0.1 %.

    Time is booked up to the last answer that has been read: of each, those scrapes count in which it was furthest.
    """
    before, after = ([(scrape, scrape.scrape.by("hotspot", STATE_SECONDS)) for scrape in when] for when in scrapes)
    for name in story.hotspots:
        first, booked_first = max(before, key=lambda seen: seen[1][name] - seen[0].asked)
        last, booked_last = max(after, key=lambda seen: seen[1][name] - seen[0].asked)
        grown = booked_last[name] - booked_first[name]
        shortest, longest = last.asked - first.got, last.got - first.asked
        assert shortest * (1 - TOLERANCE) <= grown <= longest * (1 + TOLERANCE), name
        assert longest - shortest < 5.0, "the scrapes were too slow to tell anything"


def test_all_hotspots_were_monitored_equally_long(story: Story, best: tuple[TimedScrape, TimedScrape]) -> None:
    """From the start on, for all of a thousand hotspots, within 0.1 %, and not longer than the process lives."""
    for scrape in best:
        seconds = sorted(scrape.scrape.by("hotspot", STATE_SECONDS).values())
        settled = seconds[round(len(seconds) * IN_FLIGHT_SHARE) :]
        assert len(seconds) == len(story.hotspots)
        assert seconds[-1] <= scrape.got - scrape.scrape.value("process_start_time_seconds")
        assert settled[-1] - settled[0] <= settled[-1] * TOLERANCE
        assert seconds[-1] - seconds[0] <= IN_FLIGHT_SECONDS


def test_down_seconds_match_the_outages_within_an_interval(story: Story, best: tuple[TimedScrape, TimedScrape]) -> None:
    """Outages of 14 to 60 s, each on its hotspots, and not a second of down for any other."""
    down = best[1].scrape.by("hotspot", STATE_SECONDS, state="down")
    wanted = {name: outage.seconds for outage in story.outages for name in outage.hotspots}
    errors = {name: down[name] - wanted.get(name, 0.0) for name in story.hotspots}
    assert max(abs(error) for error in errors.values()) <= INTERVAL_SECONDS
    assert [name for name in story.hotspots if name not in wanted and errors[name] != 0] == []


def test_states_that_did_not_occur_have_no_seconds(best: tuple[TimedScrape, TimedScrape]) -> None:
    """Only up and down, and unknown until the first answer."""
    before, after = (scrape.scrape for scrape in best)
    booked = {state for state, seconds in after.by("state", STATE_SECONDS).items() if seconds}
    assert booked == {"up", "down", "unknown"}
    assert before.by("hotspot", STATE_SECONDS, state="unknown") == after.by("hotspot", STATE_SECONDS, state="unknown")


def _booked(scrape: TimedScrape) -> float:
    """Booked seconds of the city's hotspots less those that have passed: a measure of how far behind it is."""
    booked = scrape.scrape.by("hotspot", STATE_SECONDS)
    return sum(booked.values()) / len(booked) - scrape.asked
