"""The small city of the dense hours: four hotspots of each ISP in each kecamatan, an ISP's canary, maintenance."""

from dataclasses import replace
from datetime import datetime, timedelta

from lab.history.recorded import probed_every, smaller
from pantau.clock import NANOSECONDS
from pantau.inventory import Canary, Configuration
from pantau.inventory.maintenance import MaintenanceWindow
from pantau.simulator.truth import Interval

MIDNIGHT = datetime(2024, 4, 1)  # noqa: DTZ001 - the inventory's times are local
START_SECONDS = 1_711_900_800  # the same in WITA: the month to date is the whole of it
SECONDS = 7800
INTERVAL_SECONDS = 4.0
UNSEEN_ISP, UNSEEN_FROM = "pc24", 114
"""Its canary is one of its own hotspots, and falls silent with it, after so many minutes: we cannot see the ISP."""
OPEN, OVERRUN = ("maesa", "telkom", 60, 240), ("matuari", "telkom", 106, 120)
"""Maintenance from minute to minute: of one hotspot, still going on at the end; of all there, of which one overruns."""


def dense_city(whole: Configuration) -> Configuration:
    """The city of the dense hours, made from the shipped one."""
    city = probed_every(INTERVAL_SECONDS, smaller(whole, part=1000, least=4))
    own = next(hotspot for hotspot in city.inventory.active_hotspots if hotspot.isp == UNSEEN_ISP)
    canaries = (
        Canary(name="gateway", address="10.76.0.1"),
        Canary(name="dns", address="10.76.0.2"),
        Canary(name="inti-pc24", address=own.address, isp=UNSEEN_ISP),
    )
    vantage = city.settings.vantage.model_copy(update={"canaries": canaries})
    windows = [_window(id_, OPEN) for id_ in _at(city, OPEN)[:1]] + [
        _window(id_, OVERRUN) for id_ in _at(city, OVERRUN)
    ]
    return replace(
        city,
        settings=city.settings.model_copy(update={"vantage": vantage}),
        inventory=replace(city.inventory, maintenance=tuple(windows)),
    )


def unjudged(city: Configuration) -> dict[str, Interval]:
    """When a hotspot's time is nobody's, beside our own blindness: maintenance, or an ISP that we cannot see."""
    found = {one.id: _minutes(UNSEEN_FROM, SECONDS / 60) for one in city.inventory.hotspots if one.isp == UNSEEN_ISP}
    found |= {id_: _minutes(*OPEN[2:]) for id_ in _at(city, OPEN)[:1]}
    return found | {id_: _minutes(*OVERRUN[2:]) for id_ in _at(city, OVERRUN)}


def _at(city: Configuration, place: tuple[str, str, int, int]) -> list[str]:
    hotspots = city.inventory.active_hotspots
    return [hotspot.id for hotspot in hotspots if (hotspot.kecamatan, hotspot.isp) == place[:2]]


def _window(hotspot: str, place: tuple[str, str, int, int]) -> MaintenanceWindow:
    begin, end = (MIDNIGHT + timedelta(minutes=minutes) for minutes in place[2:])
    return MaintenanceWindow(
        id=f"uji-{hotspot}",
        scope="hotspot",
        target=hotspot,
        start=begin,
        end=end,
        reason="uji",
        filed_at=MIDNIGHT - timedelta(days=3),
        approved_by="Diskominfo",
    )


def _minutes(begin: float, end: float) -> Interval:
    return Interval(*(round((START_SECONDS + min(at * 60, SECONDS)) * NANOSECONDS) for at in (begin, end)))
