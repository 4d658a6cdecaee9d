"""`pantau alerts explain`: for each reason that something does or does not page, the sentence that says so."""

from datetime import UTC, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from pantau.alerting.explaining.clauses import Clause, Clauses
from pantau.alerting.explaining.explanation import Explanation
from pantau.alerting.explaining.prometheus import Prometheus
from pantau.alerting.explaining.screen import shown
from pantau.alerting.explaining.subject import find_subject
from pantau.alerting.explaining.verdict import verdict
from pantau.inventory import Inventory, load
from pantau.prometheus import Sample
from tests.pantau.alerting.amtool import CONFIG, ROOT
from tests.pantau.alerting.recording import MOMENT, Recording, vector
from tests.rules.checking import shipped_rules

WITA = ZoneInfo("Asia/Makassar")

TICKET = "BTG-03-1004-003"
OF_INDOSAT = "BTG-02-1001-001"
UP = "BTG-01-1001-002"


@pytest.fixture(scope="module")
def inventory() -> Inventory:
    """The shipped one."""
    return load(ROOT / "examples" / "bitung" / "pantau.yml").inventory


@pytest.fixture
def recording() -> Recording:
    """The answers of a minute in which Indosat was dark."""
    return Recording()


def screen(explanation: Explanation) -> str:
    """What the terminal shows."""
    console = Console(width=300, color_system=None, highlight=False)
    with console.capture() as captured:
        console.print(shown(explanation))
    return captured.get()


EXPLAINED = """\
BTG-02-1001-001 · Kantor Kelurahan Wangurer Barat (contoh) (hotspot)
does not page: IspOutage isp=indosat explains it

Facts
  state              down since 26-11-2026 07:05:18 WITA (50s)
  isp indosat        143 of 143 hotspots down
  kecamatan madidir  40 of 118 hotspots down
  our own path       good; 2 of 2 canaries answer

Wider causes
  IspOutage isp=indosat (page): firing since 26-11-2026 07:05:29 WITA (39s)
    → goes to page (after 5s, again every 4h, grouped by alertname, isp, kecamatan, uplink, window)

Rules about it
  HotspotDown (page): does not hold
    ✘ hotspot:hotspot_down_unexplained:seconds >= 40   [there is none]
      ✘ time() - max without (instance, job)(hotspot_state_since_timestamp_seconds and on (hotspot, kecamatan, isp) \
hotspot:hotspot_down_unexplained:held) >= 40   [there is none]
        ✘ unless last_over_time(isp:outage:ratio[1m])   [1]
    ✘ hotspot_info{category=~"puskesmas|rumah_sakit"}   [there is none]
    → would go to page (after 5s, again every 4h, grouped by alertname, isp, kecamatan, uplink, window)
  HotspotDown (ticket): does not hold either
"""


async def test_a_wider_cause_explains_a_hotspot(recording: Recording, inventory: Inventory) -> None:
    """Facts, the cause and where it is told, the rule and the clauses that fail, the route that it would take."""
    assert screen(await recording.explain(OF_INDOSAT, inventory)).startswith(EXPLAINED)


class _NothingRecorded:
    """A Prometheus that has no answer to anything."""

    async def query(self, _: str) -> list[Sample]:
        """None."""
        return []


async def test_what_a_rule_says_after_a_restart_is_no_reason(inventory: Inventory) -> None:
    """Of the shipped rules only the conditions are asked, not the ways to tell what ended meanwhile."""
    clauses = Clauses(cast("Prometheus", _NothingRecorded()), {}, find_subject("indosat", inventory))
    (rule,) = (one for one in shipped_rules() if one.get("alert") == "IspOutage")
    assert "said_since" in rule["expr"]
    assert [one.clause.text for one in (await clauses.of(rule["expr"])).deciding("IspOutage")] == [
        "isp:outage:ratio > 0"
    ]
    seen = "max by (isp) (a) or (b unless timestamp(b) < on (job, instance) group_left () timestamp(pantau_vantage_up))"
    assert [one.clause.text for one in (await clauses.of(seen)).deciding("x")] == ["max by (isp)(a)", "b"]


async def test_since_is_what_the_message_says(recording: Recording, inventory: Inventory) -> None:
    """The first lost probe, where the rule names it; how long is reckoned from there."""
    recording.raised("IspOutage", "indosat")["annotations"]["since"] = "26-11-2026 07:05:08 WITA"
    assert "(page): firing since 26-11-2026 07:05:08 WITA (1m)" in screen(
        await recording.explain(OF_INDOSAT, inventory, datetime(2026, 11, 26, 7, 6, 8, tzinfo=WITA))
    )


async def test_an_isp_that_pages(recording: Recording, inventory: Inventory) -> None:
    """The rule that fires, and who is told."""
    explanation = await recording.explain("indosat", inventory)
    assert verdict(explanation) == "pages: IspOutage fires, and page is told"
    assert {(case.rule.name, case.raised is not None) for case in explanation.own} == {
        ("IspOutage", True),
        ("IspDegraded", False),
        ("MaintenanceOverrun", False),
    }
    assert explanation.wider == ()


async def test_a_hotspot_that_is_a_ticket(recording: Recording, inventory: Inventory) -> None:
    """Each clause of the rule that fires holds; the page's does not, for the place is no puskesmas."""
    explanation = await recording.explain(TICKET, inventory)
    assert verdict(explanation) == "is a ticket: HotspotDown fires, and ticket is told"
    clauses = {
        case.rule.labels["severity"]: case.clauses for case in explanation.own if case.rule.name == "HotspotDown"
    }
    assert [(one.clause.text, one.clause.holds) for one in clauses["ticket"]] == [
        ("hotspot:hotspot_down_unexplained:seconds >= 60", True),
        ('unless hotspot_info{category=~"puskesmas|rumah_sakit"}', True),
    ]
    assert [(one.clause.text, one.clause.holds) for one in clauses["page"]] == [
        ('hotspot_info{category=~"puskesmas|rumah_sakit"}', False),
    ]


async def test_what_is_up_does_not_page(recording: Recording, inventory: Inventory) -> None:
    """Absent series are followed into the rules that record them, down to the value that decides."""
    explanation = await recording.explain(UP, inventory)
    assert verdict(explanation) == "does not page: it answers (up)"
    first = next(case for case in explanation.own if case.rule.name == "HotspotDown")
    found = [
        (one.depth, one.clause.text, one.clause.found) for one in first.clauses if one.clause.found != "there is none"
    ]
    assert found == [
        (3, "hotspot:hotspot_up:held == 0", "1"),
        (1, "time() - hotspot_probe_last_reply_timestamp_seconds >= 40", "9.872"),
    ]


async def test_a_kecamatan_with_some_points_down(recording: Recording, inventory: Inventory) -> None:
    """The absent series is followed into the rule that records it: the share that is too small, as a number."""
    explanation = await recording.explain("ranowulu", inventory)
    assert verdict(explanation) == "does not page: 7 of its 158 hotspots are down, and no rule about it holds"
    assert "✘ kecamatan:hotspots_down_unexplained:ratio >= 0.6   [0.0" in screen(explanation)


async def test_a_ticket_outside_working_hours(recording: Recording, inventory: Inventory) -> None:
    """At 07:06 WITA on the shipped routes: quiet until the office opens."""
    recording.configure(CONFIG.read_text(encoding="utf-8"))
    explanation = await recording.explain(TICKET, inventory)
    until = "26-11-2026 07:30:00 WITA"
    assert verdict(explanation) == (
        f"is not told now: HotspotDown fires, but its route is outside its hours until {until}"
    )
    assert f"quiet now, outside jam-kerja until {until})" in screen(explanation)
    friday_evening = datetime(2026, 11, 27, 20, 0, tzinfo=WITA)
    later = await recording.explain(TICKET, inventory, friday_evening)
    assert verdict(later).endswith("until 30-11-2026 07:30:00 WITA")


async def test_a_silence_is_named_with_its_author(recording: Recording, inventory: Inventory) -> None:
    """Who, until when, why."""
    recording.held("HotspotDown", TICKET)["status"]["silencedBy"] = ["s1"]
    recording.answers["api/v2/silences"] = [
        {"id": "s1", "comment": "tiang diganti", "createdBy": "rani", "endsAt": "2026-11-26T01:00:00.000Z"}
    ]
    explanation = await recording.explain(TICKET, inventory)
    said = "HotspotDown fires, but is silenced by rani, until 26-11-2026 01:00 UTC: tiang diganti"
    assert verdict(explanation) == f"does not page: {said}"


async def test_an_inhibition_is_named_by_its_source(recording: Recording, inventory: Inventory) -> None:
    """By the alert, not by a fingerprint."""
    source = recording.held("IspOutage", "indosat")["fingerprint"]
    recording.held("HotspotDown", TICKET)["status"]["inhibitedBy"] = [source]
    explanation = await recording.explain(TICKET, inventory)
    assert verdict(explanation) == "does not page: HotspotDown fires, but IspOutage isp=indosat inhibits it"


async def test_a_lost_wider_uplink_explains_a_narrower_one(recording: Recording, inventory: Inventory) -> None:
    """The same rule, about what carries it: a wider cause, and no alert of its own."""
    rules = [rule for group in recording.answers["api/v1/rules"]["data"]["groups"] for rule in group["rules"]]
    rule = next(rule for rule in rules if rule["name"] == "UplinkDown")
    labels = {"alertname": "UplinkDown", "severity": "page", "scope": "uplink", "uplink": "pop-infotek"}
    rule["alerts"] = [{"labels": labels, "state": "firing", "activeAt": MOMENT.isoformat()}]
    recording.answer('uplink_state{uplink="lembeh-radio"}', vector(0))
    explanation = await recording.explain("lembeh-radio", inventory)
    assert verdict(explanation) == "does not page: UplinkDown uplink=pop-infotek explains it"
    assert [case.raised for case in explanation.own] == [None] * len(explanation.own)
    assert explanation.own[0].delivery is not None
    assert [taken.route.receiver for taken in explanation.own[0].delivery.routes] == ["page"]


async def test_what_is_pending_says_when_it_fires(recording: Recording, inventory: Inventory) -> None:
    """Its `for` of 12 s has not passed."""
    raised = recording.raised("IspOutage", "indosat")
    raised["state"], raised["activeAt"] = "pending", (MOMENT - timedelta(seconds=5)).isoformat()
    due = f"{MOMENT + timedelta(seconds=7):%d-%m-%Y %H:%M:%S}"
    assert verdict(await recording.explain("indosat", inventory)) == (
        f"does not page yet: IspOutage is pending and fires at {due} WITA if it lasts"
    )


NOT_READ = "Prometheus cannot read the exporter; what fired before stays, nothing new comes"
IN_WINDOW = "it is in the maintenance window w1 until 26-11-2026 07:00:00 WITA"
OVER_UPLINK = {"window": "w1", "scope": "uplink", "target": "lembeh-radio"}
OVER_TELKOM = {"window": "w1", "scope": "isp", "target": "telkom"}


@pytest.mark.parametrize(
    ("query", "answer", "said"),
    [
        ('max(up{job="pantau"})', vector(0), NOT_READ),
        ("max(pantau_vantage_up)", vector(0), "our own path is cut; we cannot see it"),
        ("pantau_peering_up == 0", vector(0, isp="infotek"), "our path to the ISP infotek is cut; we cannot see it"),
        ("pantau_peering_up == 0", vector(0, isp="telkom"), "it answers (up)"),
        (f'hotspot_state{{hotspot="{UP}"}}', vector(5), "its state is unknown"),
        (f'hotspot_state{{hotspot="{UP}"}}', vector(0), "no rule about it holds; see what decides below"),
        ("pantau_maintenance_active", vector(1, **OVER_UPLINK), IN_WINDOW),
        ("pantau_maintenance_active", vector(1, **OVER_TELKOM), "it answers (up)"),
        ("pantau_maintenance_active", vector(0, **OVER_UPLINK), "it answers (up)"),
    ],
)
async def test_the_reason_why_a_hotspot_does_not_page(
    query: str, answer: dict[str, object], said: str, recording: Recording, inventory: Inventory
) -> None:
    """Our own blindness, a window over what carries it, its state; another ISP's peering or window is no reason."""
    end = datetime(2026, 11, 25, 23, 0, tzinfo=UTC).timestamp()
    recording.answer("pantau_maintenance_end_timestamp_seconds", vector(end, window="w1"))
    recording.answer(query, answer)
    assert verdict(await recording.explain(UP, inventory)) == f"does not page: {said}"


def test_an_alert_that_is_evaluated_once_more_has_no_reason_in_that() -> None:
    """Of a rule that does not hold only the clauses are told that would make it hold."""
    cause = Clause("isp:outage:ratio > 0", False, "there is none")
    over = Clause("0 * isp:outage_over:timestamp_seconds", False, "there is none")
    whole = Clause("either", False, joined="any", parts=(cause, over))
    assert [one.clause for one in whole.deciding("IspOutage")] == [cause]
