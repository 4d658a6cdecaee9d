"""Which hotspots a check or a discovery job is for, and what stands in the places of its texts. Pure."""

from pantau.inventory.checks import CheckScope, DiscoveryJob
from pantau.inventory.models import Hotspot, Inventory


def in_scope(scope: CheckScope, hotspot: Hotspot) -> bool:
    """Whether it fits all lists that are given."""
    pairs = (
        (scope.hotspots, hotspot.id),
        (scope.categories, hotspot.category),
        (scope.access, hotspot.access),
        (scope.isps, hotspot.isp),
    )
    return all(not wanted or own in wanted for wanted, own in pairs)


def placed(text: str, hotspot: Hotspot) -> str | None:
    """A text with the hotspot's own address, as URLs and HOST:PORT have it, and id.

    None where it needs an address and the hotspot has none.
    """
    address: str | None = hotspot.address
    if "{address}" in text:
        if not address:
            return None
        text = text.replace("{address}", f"[{address}]" if ":" in address else address)
    return text.replace("{hotspot}", hotspot.id)


def discovered(job: DiscoveryJob, inventory: Inventory) -> list[dict[str, object]]:
    """The active hotspots of a job as Prometheus' HTTP service discovery wants them: a target each, with its labels."""
    settings = {"__param_module": job.module, "__param_auth": job.auth}
    fixed = {name: value for name, value in settings.items() if value is not None}
    found: list[dict[str, object]] = []
    for hotspot in inventory.active_hotspots:
        target = placed(job.target, hotspot) if in_scope(job.scope, hotspot) else None
        if target is not None:
            labels = {"hotspot": hotspot.id, "kecamatan": hotspot.kecamatan, "isp": hotspot.isp}
            found.append({"targets": [target], "labels": labels | fixed})
    return found
