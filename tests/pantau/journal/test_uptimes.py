"""What devices told of their uptime: stored, proved, read back by hotspot; and what a report makes of it."""

import pytest

from lab.samples.journal import Place, down, ns, up
from pantau.journal import Reader
from pantau.journal.entries import Entry, uptime_told
from pantau.journal.uptimes import ToldUptime, uptimes_of
from pantau.reports.accounting import Condition, Stretch, WholeOutage, outages_of
from pantau.reports.accounting.outages import OFFLINE
from pantau.reports.statement import DeviceUptime
from pantau.reports.statement.evidence import device_uptime
from pantau.reports.statement.outage_facts import facts_of


def test_told_uptimes_are_read_back_in_the_order_of_time(place: Place) -> None:
    """Of the span that is asked for; what was not clear is read as that; the chain proves them."""
    with place.store() as store:
        store.append(
            [
                down("h1", 10),
                up("h1", 900),
                uptime_told("h1", ns(905), 4000, "snmp", "10.77.0.1", {"sysUpTime": 4000}),
                uptime_told("h2", ns(906), None, "snmp", None, {}),
                uptime_told("h1", ns(890), 30, "agent", "10.77.0.1", {}),
                uptime_told("h1", ns(2000), 5, "snmp", "10.77.0.1", {}),
            ]
        )
    assert place.findings() == []
    with Reader(place.url, place.folder) as reader:
        assert reader.uptimes(ns(0), ns(2000)) == {
            "h1": [ToldUptime(ns(890), 30, "agent", 5), ToldUptime(ns(905), 4000, "snmp", 3)],
            "h2": [ToldUptime(ns(906), None, "snmp", 4)],
        }


def outage(start: int, end: int) -> tuple[list[Stretch], list[WholeOutage]]:
    """A point that was down once."""
    stretches = [
        Stretch(0, start, Condition.UP, (1,)),
        Stretch(start, end, Condition.DOWN, (2,)),
        Stretch(end, end + 9000, Condition.UP, (3,)),
    ]
    return stretches, outages_of("p", stretches, frozenset(OFFLINE))


def restarted(*told: tuple[int, int | None]) -> bool | None:
    """Whether the device restarted in an outage from 1000 to 2000, by what it told then."""
    (fact,) = facts_of(*outage(1000, 2000), [DeviceUptime(at, uptime) for at, uptime in told])
    return fact.restarted


def test_a_report_reckons_back_to_the_end_of_the_outage() -> None:
    """Told 60 s after it: a start at 1500 is a restart, one before the outage is none, one just before it is one."""
    assert restarted((2060, 560)) is True
    assert restarted((2060, 1059)) is True  # one second before its first unanswered probe
    assert restarted((2060, 1180)) is False
    assert restarted((2060, 10**7)) is False


def test_what_says_nothing_of_this_outage_leaves_it_open() -> None:
    """Told not at all, not clearly, before its end, hours after it, or by a device that has started anew since."""
    for told in ([], [(2060, None)], [(1999, 10**7)], [(2000 + 3600, 10**7)], [(2060, 59)]):
        assert restarted(*told) is None, told


def test_two_that_disagree_leave_it_open() -> None:
    """An ISP's own device claims a restart, and a measurement none: nobody is excused, and nobody blamed firmly."""
    assert restarted((2010, 100), (2060, 10**7)) is None
    assert restarted((2010, None), (2060, 10**7)) is False
    assert restarted((2010, 5000), (2060, 10**7)) is False


SECOND = 1_000_000_000


@pytest.mark.parametrize(
    ("facts", "failed"),
    [
        (
            {"mains_absent_from_ns": 990 * SECOND, "mains_absent_until_ns": 1900 * SECOND, "custody": "city"},
            990 * SECOND,
        ),
        ({"mains_absent_from_ns": 990 * SECOND, "mains_absent_until_ns": 1900 * SECOND, "custody": "isp"}, None),
        ({"mains_absent_from_ns": 990 * SECOND, "mains_absent_until_ns": 1900 * SECOND}, None),
        ({}, None),
    ],
)
def test_a_sensor_counts_on_a_device_of_the_city_alone(facts: dict[str, object], failed: int | None) -> None:
    """Whose word it is stands in the entry; an ISP that holds the device would gain by it."""
    entry = Entry(7, uptime_told("h1", 2060 * SECOND, 10**7, "agent", None, facts), b"")
    (one,) = uptimes_of([entry])["h1"]
    assert one.mains_failed_ns == failed
    (fact,) = facts_of(*outage(1000, 2000), [device_uptime(one)])
    assert fact.lost_its_mains is (failed is not None)
