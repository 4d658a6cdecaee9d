"""How links behave by access type."""

import math
from ipaddress import IPv4Address

import numpy as np
import pytest

from exporter.probing.outcome import Int64, Outcome
from pantau.clock import NANOSECONDS
from pantau.simulator.access import JITTER, MODELS, crowd
from pantau.simulator.city import City
from pantau.simulator.hotspots import Hotspots, words_array
from tests.pantau.simulator.small_city import START_NS, at, scenario

MS = 1_000_000
COUNT = 200


def _city(access: str, *, lossy: bool = False) -> City:
    """200 hotspots of one access type."""
    addresses = np.arange(2 * COUNT, dtype=np.uint64).reshape(COUNT, 2)
    ids = tuple(f"{access}-{index}" for index in range(COUNT))
    same = ("",) * COUNT
    hotspots = Hotspots(ids, same, same, same, (access,) * COUNT, same, addresses)
    return City(hotspots, scenario(background_loss=lossy), START_NS)


def _rtts(access: str, hour: float, probes: int = 100) -> Int64:
    """RTT of every hotspot (rows) at probes 200 ms apart from an hour of the day on."""
    hosts, probe = np.meshgrid(np.arange(COUNT), np.arange(probes), indexing="ij")
    times_ns = at(hour * 3600 + 1) + probe * 200 * MS
    answers = _city(access).answers(hosts.ravel(), times_ns.ravel())
    return answers.rtt_ns.reshape(COUNT, probes)


def test_jitter_is_lognormal_with_median_one() -> None:
    """The table's quantiles have the median and mean of the distribution: 1 and exp(sigma^2 / 2)."""
    assert len(JITTER) == 1 << 14
    assert (np.diff(JITTER) > 0).all()
    assert math.sqrt(JITTER[8191] * JITTER[8192]) == pytest.approx(1)
    assert JITTER.mean() == pytest.approx(math.exp(0.6**2 / 2), rel=1e-3)


@pytest.mark.parametrize(
    ("access", "low_ms", "high_ms"),
    [
        ("ftth_gpon", 2, 8),
        ("fo_dedicated", 2, 8),
        ("metro", 2, 8),
        ("radio_ptp", 8, 40),
        ("radio_ptmp", 8, 40),
        ("starlink", 35, 80),
        ("vsat", 550, 700),
        ("seluler", 30, 120),
        ("something else", 2, 8),
    ],
)
def test_the_median_rtt_is_that_of_the_access(access: str, low_ms: float, high_ms: float) -> None:
    """Before dawn each hotspot's median lies in its type's range, and no probe below it."""
    rtts_ns = _rtts(access, 5)
    medians = np.median(rtts_ns, axis=1)
    assert medians.min() > low_ms * MS
    assert medians.max() < high_ms * MS
    assert rtts_ns.min() > low_ms * MS


def test_each_hotspot_has_its_own_distance() -> None:
    """The fastest RTTs of hotspots of one type fill the type's range evenly: mean and spread are those of it."""
    low, high = MODELS["fo_dedicated"].base_ms
    floors_ms = _rtts("fo_dedicated", 5, probes=300).min(axis=1) / MS
    assert floors_ms.mean() == pytest.approx((low + high) / 2, abs=0.3)
    assert floors_ms.std() == pytest.approx((high - low) / math.sqrt(12), abs=0.15)


@pytest.mark.parametrize(("hour", "load"), [(5, 0.05), (12, 0.5), (18, 0.75), (19, 1), (20.5, 1), (22, 1), (23, 0.65)])
def test_load_peaks_in_the_evening(hour: float, load: float) -> None:
    """Full load from 19 to 22 WITA, half at noon, next to none before dawn; every day the same."""
    assert crowd(at(hour * 3600)) == pytest.approx(load)
    assert crowd(at((hour + 48) * 3600)) == pytest.approx(load)


def test_congestion_slows_shared_links() -> None:
    """At its height the evening adds the type's peak to the floor of every hotspot, and hardly anything to fibre."""
    for access in ("radio_ptmp", "fo_dedicated"):
        model = MODELS[access]
        added_ms = (np.median(_rtts(access, 20, 400), axis=1) - np.median(_rtts(access, 5, 400), axis=1)) / MS
        # Load rises from 0.05 to 1, and with it the median of the jitter.
        expected_ms = 0.95 * (model.peak_ms + model.jitter_ms)
        assert added_ms.mean() == pytest.approx(expected_ms, rel=0.05)


def test_starlink_changes_satellites_every_15_seconds() -> None:
    """At seconds 12, 27, 42 and 57 RTTs leap for a quarter of a second, then keep to a new level."""
    city = _city("starlink")
    hosts = np.arange(COUNT)

    def median_ms(second: float) -> float:
        return float(np.median(city.answers(hosts, np.full(COUNT, at(second))).rtt_ns)) / MS

    calm = [median_ms(second) for second in (11.9, 12.26, 26.9, 27.26, 56.9)]
    changing = [median_ms(second) for second in (12, 12.24, 27, 42.1, 57.2)]
    assert max(calm) < 75
    assert min(changing) > 95


@pytest.mark.parametrize(("access", "hour"), [("radio_ptmp", 20), ("radio_ptmp", 5), ("ftth_gpon", 20), ("vsat", 12)])
def test_links_lose_what_their_type_loses(access: str, hour: float) -> None:
    """Over 400,000 probes the loss is the model's for that hour, within four standard deviations."""
    model = MODELS[access]
    ratio = model.loss + crowd(at(hour * 3600)) * model.peak_loss
    hosts, probe = np.meshgrid(np.arange(COUNT), np.arange(2000))
    # Within one minute, over which the load is the same.
    times_ns = at(hour * 3600) + probe.ravel() * 29 * MS
    lost = np.count_nonzero(_city(access, lossy=True).answers(hosts.ravel(), times_ns).outcome == Outcome.TIMEOUT)
    assert abs(lost / hosts.size - ratio) < 4 * math.sqrt(ratio / hosts.size)


def test_a_calm_scenario_loses_nothing() -> None:
    """Without background loss every probe of a day is answered."""
    times_ns = START_NS + np.arange(86_400) * NANOSECONDS
    assert np.count_nonzero(_city("radio_ptmp").answers(np.zeros(86_400, np.int64), times_ns).outcome) == 0


def test_canaries_are_near() -> None:
    """A canary answers in 0.5 to 4 ms and loses nothing, even where links are lossy."""
    hotspots = Hotspots((), (), (), (), (), (), words_array([]))
    city = City(hotspots, scenario(background_loss=True), START_NS, canaries=[IPv4Address("9.9.9.9")])
    answers = city.answers(np.zeros(10_000, np.int64), START_NS + np.arange(10_000) * NANOSECONDS)
    assert set(answers.outcome.tolist()) == {Outcome.REPLY}
    assert 0.5 * MS < answers.rtt_ns.min() < answers.rtt_ns.max() < 4 * MS
