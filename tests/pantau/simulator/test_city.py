"""The city as a pure model: its answers follow from its script, in whatever order and however often it is asked."""

import dataclasses
from ipaddress import IPv4Address, ip_address
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.probing.outcome import NO_RTT, Int64, Outcome
from pantau.clock import NANOSECONDS
from pantau.simulator.city import City
from pantau.simulator.hotspots import words_array
from pantau.simulator.truth import Interval
from tests.pantau.simulator.small_city import START_NS, at, city, scenario, town

ROWS = {
    "telkom": range(0, 40, 2),
    "lembeh": [row for row in range(40) if row // 2 % 2],
}


def _ask(town_city: City, host: int, times_ns: Int64) -> list[int]:
    outcomes: list[int] = town_city.answers(np.full(len(times_ns), host, np.int64), times_ns).outcome.tolist()
    return outcomes


def _down_rows(town_city: City, seconds: float) -> list[int]:
    rows: list[int] = np.flatnonzero(town_city.state(at(seconds)) != Outcome.REPLY).tolist()
    return rows


@pytest.mark.parametrize(
    ("event", "rows"),
    [
        ({"isp_outage": {"isp": "telkom", "at": "60s", "for": "30s"}}, list(ROWS["telkom"])),
        ({"isp_outage": {"isp": "telkom", "kecamatan": "maesa", "at": "60s", "for": "30s"}}, list(range(0, 40, 4))),
        ({"kecamatan_outage": {"kecamatan": "lembeh-utara", "at": "60s", "for": "30s"}}, ROWS["lembeh"]),
        ({"kelurahan_power_cut": {"kelurahan": "Mawali", "at": "60s", "for": "30s"}}, ROWS["lembeh"]),
        ({"kelurahan_power_cut": {"kelurahan": "71.72.08.1001", "at": "60s", "for": "30s"}}, ROWS["lembeh"]),
        ({"uplink_cut": {"uplink": "lembeh-radio", "at": "60s", "for": "30s"}}, sorted([*ROWS["lembeh"], 4])),
        ({"uplink_cut": {"uplink": "pop-infotek", "at": "60s", "for": "30s"}}, sorted([*ROWS["lembeh"], 4])),
        ({"uplink_cut": {"uplink": "H-003", "at": "60s", "for": "30s"}}, [3, 4]),
        ({"hotspot_down": {"hotspots": ["H-007", "H-001"], "at": "60s", "for": "30s"}}, [1, 7]),
        (
            {"unreachable": {"scope": {"access": "vsat"}, "error": "net", "at": "60s", "for": "30s"}},
            list(range(3, 40, 4)),
        ),
    ],
)
def test_an_event_takes_exactly_its_hotspots_for_exactly_its_time(event: dict[str, Any], rows: list[int]) -> None:
    """Those meant are down from first nanosecond to last, none other, and a probe each second finds the same."""
    subject = city(event)
    assert [_down_rows(subject, seconds) for seconds in (60 - 1e-9, 60, 90 - 1e-9, 90)] == [[], rows, rows, []]
    truth = subject.truth(START_NS, at(200))
    assert truth.down == tuple((Interval(at(60), at(90)),) if row in rows else () for row in range(40))
    assert truth.blind == ()
    hosts, seconds = np.meshgrid(np.arange(40), np.arange(200), indexing="ij")
    outcomes = subject.answers(hosts.ravel(), START_NS + seconds.ravel() * NANOSECONDS).outcome.reshape(40, 200)
    expected = np.zeros((40, 200), np.bool_)
    expected[rows, 60:90] = True
    assert ((outcomes != Outcome.REPLY) == expected).all()


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        ("net", Outcome.UNREACHABLE_NET),
        ("host", Outcome.UNREACHABLE_HOST),
        ("prohibited", Outcome.PROHIBITED),
        ("ttl", Outcome.TTL_EXCEEDED),
    ],
)
def test_an_unreachable_hotspot_is_answered_for_by_a_router(error: str, outcome: Outcome) -> None:
    """The error has an RTT, and comes even if the hotspot is down besides."""
    subject = city(
        {"unreachable": {"scope": {"hotspots": ["H-002"]}, "error": error}}, {"hotspot_down": {"hotspots": ["H-002"]}}
    )
    answer = subject.answers(np.array([2]), np.array([at(1)]))
    assert answer.outcome.tolist() == [outcome]
    assert answer.rtt_ns[0] > 0


def test_silence_has_no_rtt() -> None:
    """What does not answer has no RTT, never 0."""
    answers = city({"hotspot_down": {"hotspots": ["H-000"]}}).answers(np.array([0, 1]), np.array([at(1), at(1)]))
    assert answers.outcome.tolist() == [Outcome.TIMEOUT, Outcome.REPLY]
    assert answers.rtt_ns[0] == NO_RTT
    assert answers.rtt_ns[1] > 0


def test_dead_hotspots_never_answer() -> None:
    """As many as are counted, the same ones for the same seed, others for another."""
    dead = [tuple(_down_rows(city(seed=seed, dead={"count": 7}), 0)) for seed in (1, 1, 2)]
    assert [len(rows) for rows in dead] == [7, 7, 7]
    assert dead[0] == dead[1] != dead[2]
    assert _down_rows(city(dead={"hotspots": ["H-005", "H-001"]}), 10**6) == [1, 5]


def test_a_random_selection_leaves_dead_hotspots_out() -> None:
    """So that the event has an effect."""
    subject = city({"hotspot_down": {"random": 30, "at": "10s"}}, dead={"count": 10})
    assert len(_down_rows(subject, 0)) == 10
    assert len(_down_rows(subject, 10)) == 40


def test_a_new_hotspot_hardly_changes_the_choice() -> None:
    """Growing the inventory by one takes at most one hotspot out of a random choice."""
    event = {"hotspot_down": {"random": 10}}
    before, after = (set(_down_rows(city(event, count=count), 0)) for count in (40, 41))
    assert len(before - after) <= 1


def test_a_cut_vantage_is_blind_and_takes_no_hotspot_down() -> None:
    """Everything is silent, canaries too, but the truth has a blind time and no hotspot down."""
    canary = IPv4Address("9.9.9.9")
    subject = City(town(), scenario({"vantage_cut": {"at": "10s", "for": "5s"}}), START_NS, canaries=[canary])
    hosts = np.arange(41)
    outcomes = [set(subject.answers(hosts, np.full(41, at(seconds))).outcome.tolist()) for seconds in (9, 10, 15)]
    assert outcomes == [{Outcome.REPLY}, {Outcome.TIMEOUT}, {Outcome.REPLY}]
    truth = subject.truth(START_NS, at(60))
    assert truth.down == ((),) * 40
    assert truth.blind == (Interval(at(10), at(15)),)


_LIVELY: tuple[dict[str, Any], ...] = (
    {"flap": {"random": 5, "up": "7s", "down": "3s"}},
    {"loss": {"scope": {"access": "radio_ptmp"}, "ratio": 0.3, "at": "20s", "for": "40s"}},
    {"isp_outage": {"isp": "infotek", "at": "30s", "for": "11s"}},
    {"vantage_cut": {"at": "70s", "for": "3s"}},
)


@settings(deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 200))
def test_answers_do_not_depend_on_order_or_batches(random: Random, batch: int) -> None:
    """The same probes in any order and any batches have the same fate."""
    hosts, seconds = (grid.ravel() for grid in np.meshgrid(np.arange(40), np.arange(0, 90, 4)))
    times_ns = START_NS + seconds * NANOSECONDS + hosts * 1_000_003
    whole = city(*_LIVELY, background_loss=True).answers(hosts, times_ns)
    order = np.array(random.sample(range(len(hosts)), len(hosts)))
    other = city(*_LIVELY, background_loss=True)
    for begin in range(0, len(order), batch):
        rows = order[begin : begin + batch]
        part = other.answers(hosts[rows], times_ns[rows])
        assert part.outcome.tolist() == whole.outcome[rows].tolist()
        assert part.rtt_ns.tolist() == whole.rtt_ns[rows].tolist()


def test_another_seed_gives_other_losses_and_rtts() -> None:
    """Neither losses nor RTTs repeat from one seed to the next."""
    hosts, times_ns = np.arange(40), np.full(40, at(1))
    first, second = (city(seed=seed).answers(hosts, times_ns).rtt_ns for seed in (1, 2))
    assert not (first == second).any()


@pytest.mark.parametrize("ratio", [0.05, 0.2, 0.5])
def test_scripted_loss_is_lost(ratio: float) -> None:
    """Over 200,000 probes the ratio holds within four standard deviations, and outside the scope nothing is lost."""
    subject = city({"loss": {"scope": {"isp": "telkom"}, "ratio": ratio}})
    count = 200_000
    times_ns = START_NS + np.arange(count) * 10_000_000
    lost = np.count_nonzero(subject.answers(np.zeros(count, np.int64), times_ns).outcome)
    assert abs(lost / count - ratio) < 4 * (ratio * (1 - ratio) / count) ** 0.5
    assert np.count_nonzero(subject.answers(np.ones(count, np.int64), times_ns).outcome) == 0


def test_losses_of_two_events_combine() -> None:
    """Two independent halves leave a quarter."""
    half = {"loss": {"scope": {"all": True}, "ratio": 0.5}}
    count = 100_000
    answers = city(half, half).answers(np.zeros(count, np.int64), START_NS + np.arange(count) * 1000)
    assert abs(np.count_nonzero(answers.outcome == Outcome.REPLY) / count - 0.25) < 4 * (0.25 * 0.75 / count) ** 0.5


def test_added_latency_is_added_exactly() -> None:
    """The same probe takes just so much longer while the event lasts."""
    event = {"latency": {"scope": {"isp": "telkom"}, "add": "700ms", "at": "10s", "for": "10s"}}
    hosts = np.arange(40)
    for seconds, added in ((9, 0), (10, 700_000_000), (20, 0)):
        times_ns = np.full(40, at(seconds))
        difference = city(event).answers(hosts, times_ns).rtt_ns - city().answers(hosts, times_ns).rtt_ns
        assert difference.tolist() == [added, 0] * 20


def test_hosts_are_found_by_their_addresses() -> None:
    """Hotspots of both families, canaries behind them, and no other address."""
    canary = IPv4Address("9.9.9.9")
    subject = City(town(), scenario(), START_NS, canaries=[canary])
    wanted = ["10.77.0.1", "2001:db8::a", "9.9.9.9", "10.77.0.10", "2001:db8::b", "10.77.0.39"]
    assert subject.find(words_array([ip_address(text) for text in wanted])).tolist() == [0, 9, 40, -1, -1, 38]


def test_a_canary_at_a_hotspots_address_is_the_hotspot() -> None:
    """It is not added a second time; nor is a canary that is named twice."""
    canaries = [IPv4Address("10.77.0.1"), IPv4Address("9.9.9.9"), IPv4Address("9.9.9.9")]
    assert City(town(), scenario(), START_NS, canaries=canaries).canaries == (IPv4Address("9.9.9.9"),)


def test_an_empty_city_answers_nothing() -> None:
    """A city of nobody finds nobody and can be asked nothing."""
    subject = city(count=0)
    assert subject.find(words_array([ip_address("10.77.0.1")])).tolist() == [-1]
    assert len(subject.answers(np.empty(0, np.int64), np.empty(0, np.int64)).outcome) == 0
    assert subject.truth(START_NS, at(60)).down == ()


@pytest.mark.parametrize(("event", "errno"), [("ENOBUFS", 105), ("ENETUNREACH", 101)])
def test_refused_sends_have_their_errno(event: str, errno: int) -> None:
    """For the time of the event, and we are blind meanwhile."""
    subject = city({"send_failure": {"errno": event, "at": "10s", "for": "2s"}})
    assert [subject.send_errno(at(seconds)) for seconds in (9, 10, 11.9, 12)] == [0, errno, errno, 0]
    assert subject.truth(START_NS, at(60)).blind == (Interval(at(10), at(12)),)


def test_overflow_is_known_at_each_time() -> None:
    """Also where one question spans the event's edges, in any order of questions."""
    subject = city({"receive_overflow": {"at": "10s", "for": "2s", "repeat_every": "20s"}})
    times_ns = np.array([at(seconds) for seconds in (9, 10, 11.9, 12, 31)])
    assert subject.overflowing(times_ns).tolist() == [False, True, True, False, True]
    assert [subject.overflowing(times_ns[row : row + 1])[0] for row in (3, 1, 0, 4, 2)] == [
        False,
        True,
        False,
        True,
        True,
    ]


def test_a_cut_uplink_is_silent_with_all_that_it_carries() -> None:
    """The POP answers while the radio link behind it is cut; cut itself, it takes the link along."""
    places = {"pop-infotek": ip_address("10.78.0.1"), "lembeh-radio": ip_address("10.78.0.2")}
    hotspots = dataclasses.replace(town(), uplink_addresses=places)
    hosts = np.array([len(hotspots), len(hotspots) + 1])
    for uplink, silent in (("lembeh-radio", [False, True]), ("pop-infotek", [True, True])):
        subject = City(hotspots, scenario({"uplink_cut": {"uplink": uplink, "at": "10s"}}), START_NS)
        assert subject.find(words_array(list(places.values()))).tolist() == hosts.tolist()
        for second, expected in ((5, [False, False]), (15, silent)):
            outcome = subject.answers(hosts, np.full(2, at(second))).outcome
            assert (outcome == Outcome.TIMEOUT).tolist() == expected


def test_an_isp_s_outage_silences_its_uplinks() -> None:
    """Those of other ISPs answer; an outage in one kecamatan leaves the uplinks alone."""
    places = {"pop-infotek": ip_address("10.78.0.1"), "pop-telkom": ip_address("10.78.0.2")}
    isps = {"pop-infotek": "infotek", "pop-telkom": "telkom"}
    hotspots = dataclasses.replace(town(), uplink_addresses=places, uplink_isps=isps)
    hosts = np.array([len(hotspots), len(hotspots) + 1])
    for kecamatan, expected in (({}, [True, False]), ({"kecamatan": "maesa"}, [False, False])):
        subject = City(hotspots, scenario({"isp_outage": {"isp": "infotek", "at": "0s", **kecamatan}}), START_NS)
        assert (subject.answers(hosts, np.full(2, at(1))).outcome == Outcome.TIMEOUT).tolist() == expected
