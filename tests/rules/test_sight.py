"""Our own faults and announced work: nothing fires and nothing resolves about the city because of them."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.rules.bitung import FAULT, OVER, UPSTREAM, bitung, check, hotspot, of, wide
from tests.rules.observed import City, Fault, Window
from tests.rules.scenario import Expected
from tests.sampling import sampled

EARLIER = Fault(of(isp="jinom"), FAULT, 230)
FIRED = wide("IspOutage", heal=230, isp="jinom")
"""An outage that is told already and must go on through our own fault."""


def everything(start: float, end: float) -> Fault:
    """No packet comes back."""
    return Fault(lambda _: True, start, end)


def test_our_own_path_is_one_page_and_the_city_stays_as_it_was(tmp_path: Path) -> None:
    """VantageDown within 30 s; what fired goes on, what falls silent meanwhile is unknown, and its end is no trail."""
    city = City(bitung(), [EARLIER, everything(92, 160)], blind=[(90, 162)], upstream=UPSTREAM, seconds=290)
    check(tmp_path, city, FIRED, Expected("VantageDown", {}, 90, 90 + 18, 162, 162 + 18))


def test_a_dead_exporter_is_one_page_and_the_city_stays_as_it_was(tmp_path: Path) -> None:
    """PantauDown after a minute, and its end; nothing about the city while it is away, nor while it judges anew."""
    city = City(bitung(), [EARLIER], dead=[(84, 200)], upstream=UPSTREAM, seconds=290)
    check(tmp_path, city, FIRED, Expected("PantauDown", {}, 84, 84 + 78, 200, 218))


@pytest.mark.long
def test_a_cut_peering_is_one_page_and_the_isp_stays_as_it_was(tmp_path: Path) -> None:
    """PeeringDown, though no point of that ISP answers."""
    city = City(bitung(), [Fault(of(isp="indosat"), 42, 100)], peering=[("indosat", 40, 102)], upstream=UPSTREAM)
    city.seconds = 180
    check(tmp_path, city, Expected("PeeringDown", {"isp": "indosat"}, 40, 58, 102, 120))


def test_a_window_that_overruns_pages_once_after_its_end(tmp_path: Path) -> None:
    """Nothing inside the window; a minute after its end MaintenanceOverrun, and no IspOutage beside it."""
    window = Window("malam", "isp", "indosat", of(isp="indosat"), 20, 100)
    city = City(bitung(), [Fault(of(isp="indosat"), 30, 210)], [window], upstream=UPSTREAM, seconds=330)
    about = {"window": "malam", "isp": "indosat"}
    check(tmp_path, city, Expected("MaintenanceOverrun", about, 160, 180, 210, 210 + OVER))


WINDOWS = {
    "kecamatan": ("girian", of(kecamatan="girian"), "page"),
    "uplink": ("lembeh-radio", of(uplink="lembeh-radio"), "page"),
    "hotspot": ("maesa-biznet-1", of(id="maesa-biznet-1"), "ticket"),
}


@pytest.mark.parametrize("scope", sampled(WINDOWS, {"hotspot"}))
def test_a_window_of_every_scope_overruns_as_itself(scope: str, tmp_path: Path) -> None:
    """What overruns is told of the window's own target, once; of one hotspot it is a ticket. Nothing inside it."""
    target, which, severity = WINDOWS[scope]
    window = Window("malam", scope, target, which, 20, 100)
    city = City(bitung(), [Fault(which, 30, 210)], [window], upstream=UPSTREAM, seconds=330)
    about = {"window": "malam", scope: target}
    check(tmp_path, city, Expected("MaintenanceOverrun", about, 160, 180, 210, 210 + OVER, severity))


@pytest.mark.long
def test_a_window_that_leaves_two_points_behind_is_a_ticket(tmp_path: Path) -> None:
    """Of 28 points two do not come back: one ticket about the window, none about them."""
    left = {"maesa-indosat-0", "girian-indosat-1"}
    window = Window("malam", "isp", "indosat", of(isp="indosat"), 20, 100)
    faults = [Fault(of(isp="indosat"), 30, 70), Fault(lambda p: p.id in left, 30)]
    city = City(bitung(), faults, [window], upstream=UPSTREAM, seconds=240)
    check(tmp_path, city, Expected("MaintenanceOverrun", {"window": "malam"}, 160, 180, severity="ticket"))


@pytest.mark.long
def test_a_dead_exporter_does_not_turn_an_overrun_into_an_outage(tmp_path: Path) -> None:
    """A restart forgets the window's end; the rules remember it until the points answer."""
    window = Window("malam", "isp", "indosat", of(isp="indosat"), 20, 60)
    city = City(bitung(), [Fault(of(isp="indosat"), 30)], [window], dead=[(150, 190)], upstream=UPSTREAM, seconds=290)
    check(tmp_path, city, Expected("MaintenanceOverrun", {"window": "malam", "isp": "indosat"}, 120, 140))


def test_a_reload_that_loses_points_is_one_ticket_about_the_inventory(tmp_path: Path) -> None:
    """Three tenths are gone: nothing about hotspots, also where all that is left of an ISP is its dead points."""
    gone = {p.id for k, p in enumerate(bitung()) if k % 3 == 0}
    dead = "maesa-indosat-0"
    gone.discard(dead)
    city = City(bitung(), [Fault(of(id=dead), 0)], removed=[(lambda p: p.id in gone, 80)], upstream=UPSTREAM)
    city.seconds = 160
    ticket = replace(hotspot(dead, "ticket", 0), fault=40)
    check(tmp_path, city, ticket, Expected("InventoryEmptyOrShrunk", {}, 80, 98, severity="ticket"))
