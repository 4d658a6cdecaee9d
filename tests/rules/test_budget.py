"""A page is due at a time, and each part of the way there is a number in a file: together they must not exceed it.

A play of a scenario takes one phase of probing and of evaluation; here stands the worst of them.
"""

import re
from itertools import chain
from typing import Any

import yaml

from exporter.kinds import plan_of
from exporter.probing.icmp.plan import IcmpPlan
from pantau.inventory import load
from tests.rules.checking import ROOT, RULES

SECONDS = {"s": 1, "m": 60}
PRIORITY_DUE = 60
DELIVERED = 1.0
"""Prometheus to Alertmanager to the webhook."""


def pings() -> IcmpPlan:
    """What the shipped city is pinged by."""
    plan = plan_of(load(ROOT / "config" / "pantau.yml")).kinds[0]
    assert isinstance(plan, IcmpPlan)
    return plan


def seconds(text: str) -> float:
    """A duration as Prometheus writes it."""
    return float(text[:-1]) * SECONDS[text[-1]]


def group_of(name: str, **labels: str) -> dict[str, Any]:
    """The group of the rule that records `name`, or alerts by it with these labels."""
    files = (yaml.safe_load(path.read_text("utf-8")) for path in sorted(RULES.glob("*.yml")))
    groups: list[dict[str, Any]] = [
        group
        for group in chain.from_iterable(file["groups"] for file in files)
        for rule in group["rules"]
        if name in (rule.get("record"), rule.get("alert")) and labels.items() <= rule.get("labels", {}).items()
    ]
    (group,) = groups
    return group


def test_a_priority_hotspot_is_told_in_time_in_the_worst_phase() -> None:
    """A whole interval until a probe goes unanswered, then `silent_page`, an evaluation just missed, `group_wait`."""
    plan = pings()
    thresholds = yaml.safe_load((ROOT / "config" / "thresholds.yml").read_text("utf-8"))
    routes = yaml.safe_load((ROOT / "config" / "alertmanager.yml").read_text("utf-8"))["route"]["routes"]
    (wait,) = (seconds(route["group_wait"]) for route in routes if route["matchers"] == ['severity="page"'])
    facts, alert = group_of("hotspot:hotspot_down_unexplained:seconds"), group_of("HotspotDown", severity="page")
    evaluations = seconds(alert["interval"]) + (0 if facts["name"] == alert["name"] else seconds(facts["interval"]))
    silent = (plan.interval_ns + plan.grain_ns(1024)) / 1e9
    assert silent + thresholds["silent_page"]["value"] + evaluations + wait + DELIVERED < PRIORITY_DUE


def test_a_wider_cause_is_known_before_a_priority_hotspot_pages() -> None:
    """Six tenths of it probed and confirmed, a scrape, `hold_wide`: all before `silent_page` of the first point."""
    plan = pings()
    thresholds = yaml.safe_load((ROOT / "config" / "thresholds.yml").read_text("utf-8"))
    rounds = plan.policy.round
    confirmed = (
        2 * rounds.lost_after_ns + (rounds.confirm_attempts - 1) * rounds.confirm_spacing_ns + plan.grain_ns(1024)
    ) / 1e9
    probed = plan.interval_ns / 1e9 * thresholds["outage_opens"]["value"] + confirmed
    scrape = re.search(r"scrape_interval: (\S+)", (ROOT / "prometheus.yml").read_text("utf-8"))
    assert scrape
    shown = probed + seconds(scrape[1]) + seconds(thresholds["hold_wide"]["value"])
    assert group_of("kecamatan:outage:ratio")["name"] == group_of("HotspotDown", severity="page")["name"]
    assert shown < thresholds["silent_page"]["value"]
