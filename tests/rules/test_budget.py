"""A page is due at a time, and each part of the way there is a number in a file: together they must not exceed it.

A play of a scenario takes one phase of probing and of evaluation; here stands the worst of them.
"""

import re
from functools import cache
from itertools import chain
from typing import Any

import pytest
import yaml

from exporter.kinds import plan_of
from exporter.planning.checks import CheckPolicy
from exporter.probing.icmp.plan import IcmpPlan
from pantau.alerting.routing import parse_route
from pantau.inventory import load
from pantau.inventory.agents import Agents
from tests.rules.checking import ROOT, RULES

SECONDS = {"s": 1, "m": 60}
PRIORITY_DUE = 60
UNSERVED_DUE = 360
DOOR_CLOSED_INTERVALS = 1.5
"""After so many intervals without a heartbeat of two ISPs our door counts as closed (exporter/probing/agent)."""
DELIVERED = 1.0
"""Prometheus to Alertmanager to the webhook."""


def pings() -> IcmpPlan:
    """What the shipped city is pinged by."""
    plan = plan_of(load(ROOT / "examples" / "bitung" / "pantau.yml")).kinds[0]
    assert isinstance(plan, IcmpPlan)
    return plan


def seconds(text: str) -> float:
    """A duration as Prometheus writes it."""
    return float(text[:-1]) * SECONDS[text[-1]]


@cache
def rule_files() -> list[dict[str, Any]]:
    """The content of each, read once."""
    return [yaml.safe_load(path.read_text("utf-8")) for path in sorted(RULES.glob("*.yml"))]


def group_of(name: str, **labels: str) -> dict[str, Any]:
    """The group of the rule that records `name`, or alerts by it with these labels."""
    files = rule_files()
    groups: list[dict[str, Any]] = [
        group
        for group in chain.from_iterable(file["groups"] for file in files)
        for rule in group["rules"]
        if name in (rule.get("record"), rule.get("alert")) and labels.items() <= rule.get("labels", {}).items()
    ]
    assert all(group is groups[0] for group in groups)
    return groups[0]


def table() -> dict[str, Any]:
    """The value of each threshold."""
    rows = yaml.safe_load((ROOT / "config" / "thresholds.yml").read_text("utf-8"))
    return {name: row["value"] for name, row in rows.items()}


def confirmed_seconds() -> float:
    """From the first unanswered probe of a point to its being down, at the latest."""
    plan, rounds = pings(), pings().policy.round
    confirming = 2 * rounds.lost_after_ns + (rounds.confirm_attempts - 1) * rounds.confirm_spacing_ns
    return (confirming + plan.grain_ns(1024)) / 1e9


def scrape_seconds() -> float:
    """Between two scrapes."""
    scrape = re.search(r"scrape_interval: (\S+)", (ROOT / "prometheus.yml").read_text("utf-8"))
    assert scrape
    return seconds(scrape[1])


def waits(**labels: str) -> float:
    """How long Alertmanager waits for others of this alert's group; a second contact hears of it later."""
    route = parse_route(yaml.safe_load((ROOT / "examples" / "bitung" / "alertmanager.yml").read_text("utf-8"))["route"])
    return min(seconds(taken.group_wait) for taken in route.taken_by(labels))


WIDE_DUE = 45
WIDE = {
    "CityOutage": "city",
    "KecamatanOutage": "kecamatan",
    "IspOutage": "isp",
    "IspKecamatanOutage": "isp_kecamatan",
    "UplinkDown": "uplink",
}


@pytest.mark.parametrize("alert", WIDE)
def test_a_wide_cause_is_told_in_time_in_the_worst_phase(alert: str) -> None:
    """The last of its points probed and confirmed, a scrape and an evaluation just missed, `for`, `group_wait`.

    The last, not six tenths: of an ISP of three points, and of an uplink of up to nine, all must be down; and an uplink
    that is probed must have been found silent itself.
    """
    group = group_of(alert)
    (rule,) = (rule for rule in group["rules"] if rule.get("alert") == alert and rule["labels"]["severity"] == "page")
    assert {one["name"] for one in (group, group_of(rule["expr"].split(" ")[0]))} == {group["name"]}
    shown = pings().interval_ns / 1e9 + confirmed_seconds() + scrape_seconds() + seconds(group["interval"])
    told = seconds(rule.get("for", "0s")) + waits(alertname=alert, severity="page", scope=WIDE[alert]) + DELIVERED
    assert shown + told < WIDE_DUE


@pytest.mark.parametrize("reason", ["", "degraded"])
def test_a_priority_hotspot_is_told_in_time_in_the_worst_phase(reason: str) -> None:
    """A whole interval until a probe goes unanswered, then `silent_page`, an evaluation just missed, `group_wait`."""
    plan = pings()
    thresholds = yaml.safe_load((ROOT / "config" / "thresholds.yml").read_text("utf-8"))
    wait = waits(alertname="HotspotDown", severity="page", scope="hotspot", reason=reason)
    facts, alert = group_of("hotspot:hotspot_down_unexplained:seconds"), group_of("HotspotDown", severity="page")
    evaluations = seconds(alert["interval"]) + (0 if facts["name"] == alert["name"] else seconds(facts["interval"]))
    silent = (plan.interval_ns + plan.grain_ns(1024)) / 1e9
    assert silent + thresholds["silent_page"]["value"] + evaluations + wait + DELIVERED < PRIORITY_DUE


def test_points_that_fall_silent_together_are_on_one_page() -> None:
    """When the first of them pages, the last, whose last reply came an interval later, is silent for long enough."""
    plan = pings()
    thresholds = yaml.safe_load((ROOT / "config" / "thresholds.yml").read_text("utf-8"))
    apart = (plan.interval_ns + plan.grain_ns(1024)) / 1e9
    assert thresholds["silent_together"]["value"] <= thresholds["silent_page"]["value"] - apart
    assert thresholds["silent_together"]["value"] > confirmed_seconds() + scrape_seconds()


def test_a_wider_cause_is_known_before_a_priority_hotspot_pages() -> None:
    """Six tenths of it probed and confirmed, a scrape, `hold_wide`: all before `silent_page` of the first point."""
    thresholds = yaml.safe_load((ROOT / "config" / "thresholds.yml").read_text("utf-8"))
    probed = pings().interval_ns / 1e9 * thresholds["outage_opens"]["value"] + confirmed_seconds()
    shown = probed + scrape_seconds() + seconds(thresholds["hold_wide"]["value"])
    assert group_of("kecamatan:outage:ratio")["name"] == group_of("HotspotDown", severity="page")["name"]
    assert shown < thresholds["silent_page"]["value"]


def test_heartbeats_are_judged_by_the_times_of_agents() -> None:
    """When the first point of an outage is judged, the silence of each other one is known, and our door is open."""
    thresholds = table()
    agents = Agents(key_files=("key",))
    interval, grace = agents.interval_seconds, agents.grace_seconds
    assert thresholds["beat_interval"] == interval
    assert DOOR_CLOSED_INTERVALS * interval + scrape_seconds() < thresholds["beat_overdue"] <= grace - interval
    assert thresholds["beat_judged"] > grace + scrape_seconds() + seconds(group_of("IspOutage")["interval"])
    assert pings().interval_ns / 1e9 < thresholds["beat_quiet"] < pings().interval_ns / 1e9 + confirmed_seconds()


def test_points_that_do_not_serve_wait_for_each_other() -> None:
    """Each agent looks at a second of its own, three times: a wide cause shows itself before a single point is told."""
    thresholds = table()
    interval, group = Agents(key_files=("key",)).interval_seconds, group_of("IspIsolated")
    shown = scrape_seconds() + seconds(group["interval"])
    assert seconds(thresholds["unserved_hold"]) > interval + scrape_seconds()
    assert thresholds["unserved_page"] > (CheckPolicy().confirm - 1) * interval + interval + shown
    waited = waits(alertname="IspIsolated", severity="page", scope="isp")
    told = CheckPolicy().confirm * interval + shown + seconds(thresholds["unserved_hold"]) + waited + DELIVERED
    assert told < UNSERVED_DUE
