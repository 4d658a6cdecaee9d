"""Addresses against ``probing.family``: what is not probed at all would be unknown for ever."""

from collections.abc import Iterator

from pantau.errors import Problem
from pantau.inventory.addresses import parse_ip
from pantau.inventory.rows import Rows
from pantau.inventory.settings import Settings
from pantau.inventory.validation import Checked, FieldProblem
from pantau.inventory.wording import quote


def check_canary_families(settings: Checked[Settings]) -> list[FieldProblem]:
    """Each canary has an address of the family that is probed, or a name, which may have one."""
    if not settings.usable("probing.family"):
        return []
    family, canaries = settings.value.probing.family, settings.value.vantage.canaries or ()
    found = ((index, _excluded(canary.address, family)) for index, canary in enumerate(canaries))
    return [FieldProblem(("vantage", "canaries", index, "address"), message) for index, message in found if message]


def check_row_families(rows: Rows, family: str) -> Iterator[Problem]:
    """Each active hotspot and each uplink likewise."""
    for kind in ("hotspots", "uplinks"):
        for row in rows.usable(kind, "address"):
            watched = kind == "uplinks" or row.value.status == "active"
            if watched and (message := _excluded(row.value.address, family)):
                yield row.problem("address", message)


def _excluded(address: str | None, family: str) -> str | None:
    number = parse_ip(address) if address else None
    if family == "any" or number is None or f"ipv{number.version}" == family:
        return None
    return f"{quote(str(address))} is not probed with probing.family: {family}; write an address of it, or family: any"
