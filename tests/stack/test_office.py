"""Who is notified, in which words, when: the shipped rules and built routes, in real Prometheus and Alertmanager.

Telkom is dark. The inventory of tests/pantau/alerting/city/ gives Telkom and Maesa a mailbox, Biznet a webhook.
Working hours begin at a coming minute, so that a ticket is held back before it and told after it.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pantau.inventory import load
from tests.pantau.alerting.amtool import ROOT
from tests.sources import EXAMPLE
from tests.stack.office.city import page
from tests.stack.office.programs import CLOSED, Office
from tests.stack.office.sinks import open_sinks
from tests.stack.running import require_stack, wait_for

pytestmark = [pytest.mark.stack, pytest.mark.timeout(400)]

OF_TELKOM = "BTG-02-1001-006"
TICKET: dict[str, Any] = {
    "labels": {"alertname": "PantauReloadFailed", "severity": "ticket", "scope": "pantau"},
    "annotations": {"description": "Konfigurasi ditolak."},
}
BRIEF: dict[str, Any] = {"labels": {**TICKET["labels"], "alertname": "PantauScrapeSlow"}, "annotations": {}}


def opening_in(seconds: float) -> datetime:
    """The first minute to begin in so many seconds or later, in a zone where it is not midnight."""
    opening = (datetime.now(UTC) + timedelta(seconds=seconds + 60)).replace(second=0, microsecond=0)
    local = opening.astimezone(ZoneInfo("Asia/Makassar"))
    return local if local.hour or local.minute else opening.astimezone(ZoneInfo("UTC"))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Both programs running, a ticket and one that has ended before anybody comes to the office."""
    require_stack()
    inventory = load(ROOT / "examples" / "bitung" / "pantau.yml").inventory
    with open_sinks() as sinks:
        sinks.metrics = page(inventory, "telkom", time.time() - 60)
        office = Office(tmp_path_factory.mktemp("office"), sinks, opening_in(20))
        with office.run():
            office.post(TICKET, BRIEF)
            time.sleep(4)  # a look of their groups, and another
            office.post({**BRIEF, "endsAt": datetime.now(UTC).isoformat()})
            assert datetime.now(UTC) < office.opening, "too slow a machine: the office is open already"
            yield office


def explain(office: Office, subject: str) -> subprocess.CompletedProcess[str]:
    """`pantau alerts explain` as somebody at the keyboard runs it."""
    command = [sys.executable, "-m", "pantau", "alerts", "explain", subject, "--config", str(EXAMPLE)]
    addresses = ["--prometheus", office.prometheus, "--alertmanager", office.alertmanager]
    return subprocess.run([*command, *addresses], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


def test_an_isp_outage_notifies_the_isp_and_the_noc(office: Office) -> None:
    """One mail to Telkom, one page to the NOC, none to others; the subject is the first line of the text."""
    wait_for(lambda: bool(office.sinks.mails), 90, "a mail")
    wait_for(lambda: bool(office.sinks.told("page", "IspOutage")), 10, "the page")
    (mail,) = office.sinks.mails
    assert mail.recipient == "noc@telkom.example"
    assert mail.subject == mail.text.splitlines()[0]
    assert "elkom" in mail.subject
    assert [status for _, status in office.sinks.told("page", "IspOutage")] == ["firing"]
    pages = {
        message["receiver"] for _, message in office.sinks.messages if message["commonLabels"]["severity"] == "page"
    }
    assert pages == {"page"}


def test_explain_names_the_page_of_an_isp_and_of_its_hotspot(office: Office) -> None:
    """The ISP's page with both receivers, and one of its hotspots that has none of its own."""
    done = explain(office, "telkom")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1] == "pages: IspOutage fires, and isp-telkom and second and page are told"
    done = explain(office, OF_TELKOM)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1] == "does not page: IspOutage isp=telkom explains it"


def test_a_ticket_is_held_back_until_the_office_opens(office: Office) -> None:
    """Not before, though its group has been looked at; soon after. What had ended by then is never told."""
    left = max(0, (office.opening - datetime.now(UTC)).total_seconds())
    wait_for(lambda: bool(office.sinks.told("ticket", "PantauReloadFailed")), left + 20, "the ticket")
    ((when, status), *_) = office.sinks.told("ticket", "PantauReloadFailed")
    assert status == "firing"
    assert office.opening <= when < office.opening + timedelta(seconds=15)
    assert office.sinks.told("ticket", "PantauScrapeSlow") == []


def test_a_recovery_outside_the_hours_sends_no_notification(office: Office) -> None:
    """Alertmanager drops what ends while its route is muted; the guide says so, and this test holds it to it."""
    office.configure(CLOSED)
    office.reload()
    office.post({**TICKET, "endsAt": datetime.now(UTC).isoformat()})
    time.sleep(6)
    assert [status for _, status in office.sinks.told("ticket", "PantauReloadFailed")] == ["firing"]
