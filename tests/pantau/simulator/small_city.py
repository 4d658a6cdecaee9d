"""A town of 40 hotspots, small enough to count by hand, and the scenarios that tests make for it."""

from ipaddress import ip_address
from typing import Any

from pantau.clock import NANOSECONDS
from pantau.simulator.city import City
from pantau.simulator.hotspots import Hotspots, words_array
from pantau.simulator.scenario import Scenario

START_NS = 1_709_222_400 * NANOSECONDS
"""2024-03-01 00:00:00 WITA."""

ISPS = ("telkom", "infotek")
DISTRICTS = ("maesa", "lembeh-utara")
WARDS = ("Bitung Timur", "Mawali")
ACCESSES = ("ftth_gpon", "radio_ptmp", "starlink", "vsat")


def town(count: int = 40) -> Hotspots:
    """Hotspot i has ISP i % 2, district and ward i // 2 % 2, access i % 4; every tenth has an IPv6 address."""
    return Hotspots(
        ids=tuple(f"H-{index:03}" for index in range(count)),
        kecamatan=tuple(DISTRICTS[index // 2 % 2] for index in range(count)),
        isp=tuple(ISPS[index % 2] for index in range(count)),
        kelurahan=tuple(WARDS[index // 2 % 2] for index in range(count)),
        access=tuple(ACCESSES[index % 4] for index in range(count)),
        # The second district hangs on a radio link; the fourth hotspot carries the one after it.
        upstream=tuple(_upstream(index) for index in range(count)),
        addresses=words_array([ip_address(_address(index)) for index in range(count)]),
        uplinks={"lembeh-radio": "pop-infotek", "pop-infotek": ""},
        ward_names={"71.72.08.1001": "Mawali"},
    )


def scenario(*events: dict[str, Any], **fields: Any) -> Scenario:
    """A scenario without the links' own loss, unless it says otherwise."""
    return Scenario.model_validate({"name": "test", "background_loss": False, "events": list(events), **fields})


def city(*events: dict[str, Any], count: int = 40, seed: int = 1, **fields: Any) -> City:
    """The town under these events."""
    return City(town(count), scenario(*events, **fields), START_NS, seed)


def at(seconds: float) -> int:
    """Wall time so many seconds after the start."""
    return START_NS + round(seconds * NANOSECONDS)


def _upstream(index: int) -> str:
    if index == 4:
        return "H-003"
    return "lembeh-radio" if index // 2 % 2 else ""


def _address(index: int) -> str:
    return f"2001:db8::{index + 1:x}" if index % 10 == 9 else f"10.77.{index // 250}.{index % 250 + 1}"
