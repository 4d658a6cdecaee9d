"""Each alert reaches its receivers: the cases of routes.yml, by amtool and by our own walk of the tree."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from pantau.alerting import build
from pantau.alerting.routing import Route, parse_route
from tests.pantau.alerting.amtool import BASE, CITY, CONFIG, routed
from tests.rules.checking import shipped_alerts

CASES = yaml.safe_load(Path(__file__).with_name("routes.yml").read_text(encoding="utf-8"))
NAMES = [f"{case['city']}-{'-'.join(case['labels'].values())}" for case in CASES]


@pytest.fixture(scope="module")
def configs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The shipped file, and the one that the inventory with contacts makes."""
    built = tmp_path_factory.mktemp("routes") / "alertmanager.yml"
    build(CITY, built, BASE)
    return {"shipped": CONFIG, "contacts": built}


@pytest.fixture(scope="module")
def trees(configs: dict[str, Path]) -> dict[str, Route]:
    """Our reading of their routes."""
    return {
        city: parse_route(yaml.safe_load(config.read_text(encoding="utf-8"))["route"])
        for city, config in configs.items()
    }


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_an_alert_reaches_its_receivers(
    case: dict[str, Any], configs: dict[str, Path], trees: dict[str, Route]
) -> None:
    """amtool and our own reading agree with the table."""
    city = case["city"]
    assert routed(configs[city], case["labels"]) == case["receivers"]
    assert [route.receiver for route in trees[city].taken_by(case["labels"])] == case["receivers"]


@pytest.mark.parametrize("city", ["shipped", "contacts"])
def test_every_route_has_a_case(city: str, trees: dict[str, Route]) -> None:
    """No leaf of the tree, and no parent at which an alert may end, is without one."""
    root = trees[city]
    own = {"isp", "kecamatan"} if city == "contacts" else {"page", "second", "ticket", "watchdog", "none"}
    due = [node for node in root.nodes() if not node.children and node.receiver.partition("-")[0] in own]
    ended = [id(end) for case in CASES if case["city"] == city for end in root.taken_by(case["labels"])]
    assert [node for node in due if id(node) not in ended] == []


def test_every_alert_is_a_page_a_ticket_or_for_machines(trees: dict[str, Route]) -> None:
    """Each shipped rule ends at the receiver of its severity, whatever it speaks about."""
    receivers = {"page": ["second", "page"], "ticket": ["ticket"], "info": ["none"]}
    place = {"isp": "telkom", "kecamatan": "maesa", "hotspot": "M-1", "uplink": "pop-telkom", "window": "w1"}
    root = trees["shipped"]
    for name, rule in shipped_alerts().items():
        labels = {"alertname": name, **place, **rule["labels"]}
        expected = ["watchdog"] if name == "Watchdog" else receivers.get(labels["severity"], ["ticket"])
        assert [route.receiver for route in root.taken_by(labels)] == expected, name


def test_pages_are_at_once_and_tickets_in_working_hours(trees: dict[str, Route]) -> None:
    """Every route of a page: 5 s at most, repeated after 4 h, at any hour; to the second contact each alert by itself
    after 15 minutes. Every route of a ticket: in hours only."""
    place = {"isp": "telkom", "kecamatan": "maesa"}
    for scope in ("vantage", "city", "isp", "kecamatan", "isp_kecamatan", "uplink", "hotspot", "pantau", "contract"):
        for root in trees.values():
            taken = root.taken_by({"severity": "page", "scope": scope, **place})
            pages = [page for page in taken if page.receiver != "second"]
            assert {(page.group_wait in {"1s", "5s"}, page.repeat_interval, page.active_in) for page in pages} == {
                (True, "4h", ())
            }
            escalated = [page for page in taken if page.receiver == "second"]
            assert [(page.group_wait, page.group_by, page.active_in) for page in escalated] == [("15m", ("...",), ())]
            tickets = root.taken_by({"severity": "ticket", "scope": scope, **place})
            assert {(ticket.repeat_interval, ticket.active_in) for ticket in tickets} == {("24h", ("jam-kerja",))}
