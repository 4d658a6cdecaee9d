"""A thousand hotspots over real packets: every outage is detected in time, and there is no false one."""

from collections import Counter

import pytest

from tests.city.story import DEAD, DETECTION_SECONDS, HOLES, INTERVAL_SECONDS, ObservedExporter, Outage, Story

pytestmark = [pytest.mark.story, pytest.mark.city, pytest.mark.timeout(300)]

HALF_OF_RECOVERY = 3.0
"""Recovery takes two rounds: a probe that was lost in the last moment, a busy machine and the log come on top."""


@pytest.fixture(params=["raw", "datagram"])
def observed(request: pytest.FixtureRequest, story: Story) -> ObservedExporter:
    """The exporter over that kind of socket."""
    return story.observed[request.param]


def _found(observed: ObservedExporter, outage: Outage) -> set[str]:
    """The hotspots found down from the outage's beginning until the time in which it must have been found."""
    until = outage.began + DETECTION_SECONDS
    return {
        change.hotspot
        for change in observed.changes
        if change.after == "down" and outage.began <= change.decided <= until
    }


def _cut(story: Story) -> set[str]:
    return {name for cut in story.cuts for name in cut.hotspots}


def test_the_script_is_as_specified(story: Story) -> None:
    """137 hotspots, then 500 for a minute, and thirty more; no two of these sets share a hotspot."""
    assert (len(story.holes.hotspots), len(story.dead.hotspots), len(story.cuts)) == (HOLES, DEAD, 30)
    assert len({name for outage in story.outages for name in outage.hotspots}) == HOLES + DEAD + 30
    assert story.dead.seconds >= 60.0
    assert story.holes.seconds >= DETECTION_SECONDS


def test_all_are_up_after_the_first_full_round(story: Story, observed: ObservedExporter) -> None:
    """Each hotspot's first verdict is up, and the last of them is there one interval after the start."""
    firsts = observed.changes[: len(story.hotspots)]
    assert {change.hotspot for change in firsts} == set(story.hotspots)
    assert {(change.before, change.after) for change in firsts} == {("unknown", "up")}
    assert max(change.decided for change in firsts) - observed.probing_since <= INTERVAL_SECONDS + 1.0


def test_exactly_the_black_holed_go_down_in_time(story: Story, observed: ObservedExporter) -> None:
    """Of 137 random hotspots all, and only these, are down within the interval and eight seconds."""
    assert _found(observed, story.holes) - _cut(story) == set(story.holes.hotspots)


def test_an_outage_of_half_of_the_city_gives_no_wrong_verdict(story: Story, observed: ObservedExporter) -> None:
    """The silent half, and only it, is down in time; replayed replies of theirs are rejected."""
    assert _found(observed, story.dead) - _cut(story) == set(story.dead.hotspots)
    rises = [
        change.hotspot
        for change in observed.changes
        if change.after == "up" and story.dead.began + DETECTION_SECONDS < change.decided < story.dead.ended
    ]
    assert not set(rises) & set(story.dead.hotspots)
    assert story.replayed == 2100


def test_all_recover_in_two_rounds(story: Story, observed: ObservedExporter) -> None:
    """Each hotspot is up again within two intervals of the end of its outage."""
    ends = {name: outage.ended for outage in story.outages for name in outage.hotspots}
    rises = {change.hotspot: change.decided for change in observed.changes if change.after == "up"}
    late = {name: rises[name] - ended for name, ended in ends.items()}
    # One answered round alone raises nobody: it would within milliseconds. Two are an interval apart, less what the
    # first of them left late, and less what passed between the first packet let through and the note of the time.
    assert min(late.values()) > INTERVAL_SECONDS - 0.5
    assert max(late.values()) <= 2 * INTERVAL_SECONDS + HALF_OF_RECOVERY


def test_no_change_but_the_scripted_ones(story: Story, observed: ObservedExporter) -> None:
    """Every hotspot's whole history: up, and down and up once if it was in an outage; 333 hotspots had none."""
    wounded = {name for outage in story.outages for name in outage.hotspots}
    histories: dict[str, list[str]] = {name: [] for name in story.hotspots}
    for change in observed.changes:
        histories[change.hotspot].append(f"{change.before}>{change.after}")
    wanted = {
        name: ["unknown>up", "up>down", "down>up"] if name in wounded else ["unknown>up"] for name in story.hotspots
    }
    assert histories == wanted
    assert Counter(len(history) for history in histories.values()) == {1: 333, 3: 667}


def test_hotspots_without_an_outage_lose_no_packet(story: Story, observed: ObservedExporter) -> None:
    """Every request to the 333 is answered, while half of the city is silent and replies are forged."""
    scrape, wounded = observed.after[-1].scrape, {name for outage in story.outages for name in outage.hotspots}
    requests = scrape.by("hotspot", "hotspot_probe_requests_total")
    replies = scrape.by("hotspot", "hotspot_probe_replies_total")
    failures = scrape.by("hotspot", "hotspot_probe_failures_total")
    for name in set(story.hotspots) - wounded:
        assert requests[name] == replies[name] >= 100 / INTERVAL_SECONDS
        assert failures[name] == 0
    assert set(scrape.by("hotspot", "hotspot_up").values()) == {1.0}


def test_both_sockets_are_what_they_were_asked_to_be(story: Story) -> None:
    """Root's exporter has the raw socket, the ordinary user's a datagram socket."""
    for kind, observed in story.observed.items():
        scrape = observed.after[-1].scrape
        assert scrape.value("pantau_engine_info", engine="batch", socket=kind) == 1
        assert scrape.value("pantau_socket_receive_drops_total") == 0
        assert scrape.total("pantau_socket_send_errors_total") == 0
