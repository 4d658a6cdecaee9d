"""Which addresses a scenario means."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from lab.scenario_runner.scenario import ScenarioCanary, TargetSelection
from pantau.errors import ScenarioError
from pantau.inventory import Hotspot, Inventory

T = TypeVar("T")


def addresses(where: TargetSelection, inventory: Inventory, canaries: Sequence[ScenarioCanary]) -> list[str]:
    """The addresses of all that is meant; `ScenarioError` if that is nothing."""
    found = [hotspot.address for hotspot in hotspots(where, inventory)]
    found += [
        uplink.address
        for uplink in inventory.uplinks
        if where.uplink is not None and uplink.address is not None and where.uplink in _carriers(uplink.id, inventory)
    ]
    if where.canaries:
        found += [canary.address for canary in canaries]
    if not found:
        raise ScenarioError(f"no hotspot is meant by {where!r}")
    return found


def hotspots(where: TargetSelection, inventory: Inventory) -> list[Hotspot]:
    """The hotspots that are meant; none where only canaries are."""
    if not where.model_fields_set - {"canaries"}:
        return []
    found = [hotspot for hotspot in inventory.active_hotspots if _meant(hotspot, where, inventory)]
    count = where.count if where.share is None else round(where.share * len(found))
    return found if count is None else spread(found, count)


def spread(items: Sequence[T], count: int) -> list[T]:
    """`count` of the items, evenly spread; `ScenarioError` if there are not so many."""
    if count > len(items):
        raise ScenarioError(f"{count} are wanted and only {len(items)} are there")
    return [items[place * len(items) // count] for place in range(count)]


def _meant(hotspot: Hotspot, where: TargetSelection, inventory: Inventory) -> bool:
    return (
        where.isp in (None, hotspot.isp)
        and where.kecamatan in (None, hotspot.kecamatan)
        and where.kelurahan in (None, hotspot.kelurahan)
        and where.category in (None, hotspot.category)
        and (not where.hotspots or hotspot.id in where.hotspots)
        and (where.uplink is None or where.uplink in _carriers(hotspot.id, inventory))
    )


def _carriers(name: str, inventory: Inventory) -> Iterator[str]:
    """The hotspot or uplink itself, and all that carries it."""
    upstream = {uplink.id: uplink.upstream for uplink in inventory.uplinks}
    upstream |= {hotspot.id: hotspot.upstream for hotspot in inventory.hotspots}
    here: str | None = name
    while here is not None:
        yield here
        here = upstream.get(here)
