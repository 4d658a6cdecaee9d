"""What carries what, read off the upstreams of uplinks and hotspots. The graph is a forest: each has one upstream."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pantau.inventory.maintenance import MaintenanceWindow
from pantau.inventory.models import Hotspot, Inventory, Uplink


@dataclass(frozen=True, slots=True)
class Carrier:
    """An uplink above a hotspot."""

    uplink: str
    hops: int
    """1 for what carries it directly, 2 for what carries that, ..."""


def upstreams(inventory: Inventory) -> dict[str, str | None]:
    """The upstream of every uplink and hotspot, by id."""
    return {node.id: node.upstream for kind in (inventory.uplinks, inventory.hotspots) for node in kind}


def above(start: str, upstream_of: Mapping[str, str | None]) -> Iterator[str]:
    """All that carries `start`, the nearest first. What closes a circle, or is not known, ends it."""
    seen = {start}
    here = upstream_of.get(start)
    while here is not None and here not in seen:
        yield here
        seen.add(here)
        here = upstream_of.get(here)


def carriers(inventory: Inventory) -> Iterator[tuple[str, Carrier]]:
    """Each active hotspot with each uplink that carries it; a hotspot on the way is a hop, and no uplink."""
    upstream_of, uplinks = upstreams(inventory), inventory.uplink_by_id
    for hotspot in inventory.active_hotspots:
        if hotspot.upstream is None:
            continue
        for hops, node in enumerate(above(hotspot.id, upstream_of), 1):
            if node in uplinks:
                yield hotspot.id, Carrier(node, hops)


def covered(window: MaintenanceWindow, inventory: Inventory) -> frozenset[str]:
    """Ids of the active hotspots and the probed uplinks that a window is about."""
    nodes: tuple[Hotspot | Uplink, ...] = (*inventory.active_hotspots, *inventory.probed_uplinks)
    if window.scope in {"isp", "kecamatan"}:
        return frozenset(node.id for node in nodes if getattr(node, window.scope) == window.target)
    upstream_of = upstreams(inventory)
    return frozenset(
        node.id for node in nodes if window.target == node.id or window.target in above(node.id, upstream_of)
    )
