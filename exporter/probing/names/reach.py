"""What this machine says of an address: whether it may be a hotspot's, seen from here, and whether a route leads there.

Nothing is sent for it: the interfaces are read, and the kernel is asked for a route by connecting a datagram socket.
"""

import socket as socketlib
from collections.abc import Sequence
from typing import Protocol

import structlog

from exporter.probing.addresses import FAMILIES, Family
from exporter.probing.names.interfaces import InterfaceAddress, read_interfaces
from pantau.inventory.addresses import IpAddress, nobody_at

_DISCARD_PORT = 9
OWN = "this machine's own address"

log = structlog.get_logger(__name__)


class Reach(Protocol):
    """What can be probed from here."""

    @property
    def families(self) -> Sequence[Family]:
        """Those that are probed, the preferred one first."""

    def objection(self, address: IpAddress) -> str | None:
        """Why no hotspot can be probed at an address, as what the address is; None where one can."""

    def has_route(self, address: IpAddress) -> bool:
        """Whether a packet could be sent there now."""

    def look(self) -> int:
        """Look at the machine again; a number that changes when `objection` may say something else than before."""


class Anywhere:
    """The reach of a network that is no machine's: only what nobody can have is refused."""

    families: Sequence[Family] = FAMILIES

    def objection(self, address: IpAddress) -> str | None:
        """See `Reach.objection`."""
        return nobody_at(address)

    def has_route(self, address: IpAddress) -> bool:  # noqa: ARG002 - the network is everywhere
        """See `Reach.has_route`."""
        return True

    def look(self) -> int:
        """Nothing changes."""
        return 0


class MachineReach:
    """The reach of this machine, in the families that are to be probed."""

    def __init__(self, families: Sequence[Family] = FAMILIES) -> None:
        self.families = families
        self._interfaces: frozenset[InterfaceAddress] = frozenset()
        self._taken: dict[IpAddress, str] = {}
        """Where nobody else can be, and why."""
        self._changes = 0
        self._warned = False
        self.look()

    def objection(self, address: IpAddress) -> str | None:
        """See `Reach.objection`: also our own addresses, and the ends of the networks that we are in."""
        return nobody_at(address) or self._taken.get(address)

    def has_route(self, address: IpAddress) -> bool:
        """See `Reach.has_route`."""
        family = socketlib.AF_INET if address.version == 4 else socketlib.AF_INET6
        try:
            with socketlib.socket(family, socketlib.SOCK_DGRAM) as sock:
                sock.connect((str(address), _DISCARD_PORT))
        except OSError:
            return False
        return True

    def look(self) -> int:
        """See `Reach.look`."""
        try:
            interfaces = read_interfaces()
        except OSError as error:
            if not self._warned:
                self._warned = True
                log.warning("own addresses cannot be read: none is recognised as no hotspot's", reason=str(error))
            return self._changes
        if interfaces != self._interfaces:
            self._changes += 1
            self._interfaces, self._taken = interfaces, {}
            for own in sorted(interfaces, key=str):
                for address, reason in own.others_cannot_be_at():
                    self._taken.setdefault(address, reason)
            self._taken.update((own.address, OWN) for own in interfaces)
        return self._changes


ANYWHERE = Anywhere()
