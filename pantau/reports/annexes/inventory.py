"""The inventory of one contract as it was when the report was made: its documents, points and assignments.

Contacts are left out: they are people's addresses, and no figure rests on them.
"""

import json
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from pantau.inventory import Inventory
from pantau.inventory.carrying import above, upstreams

_PRIVATE = {"contacts"}


def inventory_snapshot(inventory: Inventory, contract: str) -> bytes:
    """As JSON, in the field names of the inventory's files; `KeyError` for an unknown contract."""
    own = inventory.contract_by_id[contract]
    assignments = [one for one in inventory.assignments if one.contract == contract]
    points = {one.hotspot for one in assignments}
    upstream_of = upstreams(inventory)
    carriers = {carrier for point in points for carrier in above(point, upstream_of)}
    targets = {*points, *carriers, own.isp, own.kecamatan}
    snapshot = {
        "contract": _plain(own),
        "kecamatan": _plain(inventory.kecamatan_by_id[own.kecamatan]),
        "isp": _plain(inventory.isp_by_id[own.isp]),
        "hotspots": _all(one for one in inventory.hotspots if one.id in points),
        "assignments": _all(assignments),
        "uplinks": _all(one for one in inventory.uplinks if one.id in carriers),
        "exclusions": _all(one for one in inventory.exclusions if one.target in targets),
        "maintenance": _all(one for one in inventory.maintenance if one.target in targets),
        "site_visits": _all(one for one in inventory.site_visits if one.hotspot in points),
    }
    return (json.dumps(snapshot, ensure_ascii=False, indent=1) + "\n").encode()


def _all(records: Iterable[BaseModel]) -> list[Any]:
    return [_plain(record) for record in records]


def _plain(record: BaseModel) -> Any:
    return record.model_dump(mode="json", exclude=_PRIVATE, exclude_none=True)
