"""Loss is measured as it is, and a hotspot that answers badly is degraded and not down."""

import pytest

from tests.city.lossy import LOSS_PERCENT, PROBES, Lossy

pytestmark = [pytest.mark.story, pytest.mark.city, pytest.mark.timeout(300)]

STATES = {"loses0": "up", "loses5": "up", "loses20": "degraded", "loses30": "degraded"}


@pytest.fixture(scope="module", autouse=True)
def _enough_probes(lossy: Lossy) -> None:
    """Each hotspot has had its five hundred probes."""
    lossy.wait()


@pytest.mark.parametrize("name", LOSS_PERCENT)
def test_the_loss_ratio_is_measured_within_three_points(lossy: Lossy, name: str) -> None:
    """One minus replies through requests, over at least five hundred probes."""
    scrape = lossy.exporter.scrape()
    requests = scrape.value("hotspot_probe_requests_total", hotspot=name)
    replies = scrape.value("hotspot_probe_replies_total", hotspot=name)
    assert requests >= PROBES
    assert abs((1 - replies / requests) - LOSS_PERCENT[name] / 100) <= 0.03


def test_loss_beyond_the_limit_is_degraded(lossy: Lossy) -> None:
    """The limit is a tenth: 20 % and 30 % are beyond it, 0 and 5 % are not, and no hotspot is down."""
    lossy.exporter.wait_for_states(STATES, 10)
    assert lossy.exporter.ever("degraded") == {"loses20", "loses30"}
    assert lossy.exporter.ever("down") == set()


def test_a_degraded_hotspot_counts_as_up(lossy: Lossy) -> None:
    """It answers: `hotspot_up` is 1, `hotspot_state` says the rest, and its time is counted apart."""
    scrape = lossy.exporter.scrape()
    assert scrape.by("hotspot", "hotspot_up") == dict.fromkeys(STATES, 1.0)
    assert scrape.value("hotspot_state_seconds_total", hotspot="loses20", state="degraded") > 60
    assert scrape.value("hotspot_state_seconds_total", hotspot="loses20", state="down") == 0
    assert scrape.value("hotspot_state_seconds_total", hotspot="loses5", state="degraded") == 0


def test_lost_packets_are_timeouts_and_nothing_else(lossy: Lossy) -> None:
    """Every request is either a reply or a failure, and each failure a timeout; what never left tells of us alone."""
    scrape = lossy.exporter.scrape()
    requests = scrape.by("hotspot", "hotspot_probe_requests_total")
    replies = scrape.by("hotspot", "hotspot_probe_replies_total")
    timeouts = scrape.by("hotspot", "hotspot_probe_failures_total", reason="timeout")
    assert {name: replies[name] + timeouts[name] for name in requests} == requests
    unsent = scrape.by("hotspot", "hotspot_probe_failures_total", reason="inconclusive")
    assert scrape.total("hotspot_probe_failures_total") == sum(timeouts.values()) + sum(unsent.values())
    assert timeouts["loses0"] == 0
