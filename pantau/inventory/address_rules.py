"""Addresses that can be probed and are yet probably a mistake; and what one machine says against them.

What hangs on the machine, its own addresses and networks, is a warning and never a problem: another machine may load
the same files, and an interface that comes or goes must not keep a running exporter from reloading.
"""

from collections.abc import Callable, Iterator

from pantau.errors import Problem
from pantau.inventory.addresses import IpAddress, doubtful_address, parse_ip
from pantau.inventory.rows import Rows
from pantau.inventory.settings import Settings
from pantau.inventory.validation import Checked, FieldProblem
from pantau.inventory.wording import quote

Objection = Callable[[IpAddress], str | None]
"""Why nobody can be probed at an address from here, as what the address is; None where somebody can."""


def warn_addresses(rows: Rows, objection: Objection | None) -> Iterator[Problem]:
    """Of hotspots and uplinks; `objection` is that of the machine that loads them, where it is to be heard."""
    for row in (row for kind in ("hotspots", "uplinks") for row in rows.usable(kind, "address")):
        if row.value.address:
            for message in _doubts(row.value.address, objection):
                yield row.problem("address", message)


def warn_canaries(settings: Checked[Settings], objection: Objection | None) -> Iterator[FieldProblem]:
    """Of the vantage's canaries."""
    for index, canary in enumerate(settings.value.vantage.canaries or ()):
        for message in _doubts(canary.address, objection) if canary.address else ():
            yield FieldProblem(("vantage", "canaries", index, "address"), message)


def _doubts(text: str, objection: Objection | None) -> Iterator[str]:
    address = parse_ip(text)
    reason = objection(address) if objection is not None and address is not None else None
    if reason is not None:
        yield f"{quote(text)} is {reason}; it is not probed from here, write the address of the other side"
    elif (doubt := doubtful_address(text)) is not None:
        yield doubt
