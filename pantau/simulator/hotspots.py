"""The hotspots of the city as columns, with the addresses they answer at, host names included."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address

import numpy as np

from exporter.probing.addresses import address_words
from exporter.probing.outcome import Uint64
from pantau.inventory.addresses import parse_ip
from pantau.inventory.models import Hotspot, Inventory, Uplink
from pantau.simulator.randomness import word_of

_TEN = int(IPv4Address("10.0.0.0"))
_TEN_SIZE = 1 << 24


@dataclass(frozen=True)
class Hotspots:
    """One row a hotspot. A text is empty where nothing is known."""

    ids: tuple[str, ...]
    kecamatan: tuple[str, ...]
    isp: tuple[str, ...]
    kelurahan: tuple[str, ...]
    access: tuple[str, ...]
    upstream: tuple[str, ...]
    addresses: Uint64
    """n x 2 address words."""
    agents: tuple[bool, ...] = ()
    """Which have an agent; none where it is left out."""
    names: Mapping[str, IPv4Address] = field(default_factory=dict)
    """The made-up address of each host name."""
    uplinks: Mapping[str, str] = field(default_factory=dict)
    """What carries each uplink, by id; empty for the last."""
    uplink_isps: Mapping[str, str] = field(default_factory=dict)
    """Whose each uplink is, where the inventory says so."""
    uplink_addresses: Mapping[str, IPv4Address | IPv6Address] = field(default_factory=dict)
    """Where the probed ones answer."""
    ward_names: Mapping[str, str] = field(default_factory=dict)
    """The ward that each spelling or code (case folded) means."""

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def from_inventory(cls, inventory: Inventory) -> "Hotspots":
        """The active hotspots of an inventory, in its order."""
        active, probed = inventory.active_hotspots, inventory.probed_uplinks
        numbers, names = _addresses((*active, *probed))
        return cls(
            ids=tuple(hotspot.id for hotspot in active),
            kecamatan=tuple(hotspot.kecamatan for hotspot in active),
            isp=tuple(hotspot.isp for hotspot in active),
            kelurahan=tuple(hotspot.kelurahan or "" for hotspot in active),
            access=tuple(hotspot.access or "" for hotspot in active),
            upstream=tuple(hotspot.upstream or "" for hotspot in active),
            addresses=words_array(numbers[: len(active)]),
            agents=tuple(hotspot.agent for hotspot in active),
            names=names,
            uplinks={uplink.id: uplink.upstream or "" for uplink in inventory.uplinks},
            uplink_isps={uplink.id: uplink.isp for uplink in inventory.uplinks if uplink.isp},
            uplink_addresses=dict(zip((uplink.id for uplink in probed), numbers[len(active) :], strict=True)),
            ward_names=_ward_names(inventory),
        )

    def carried_by(self, uplink: str) -> list[int]:
        """The rows whose chain of upstreams holds `uplink`, and its own row if it is a hotspot."""
        parents = self._parents()
        return [index for index, start in enumerate(self.ids) if uplink in _chain(start, parents)]

    def uplinks_carried_by(self, uplink: str) -> list[str]:
        """The probed uplinks whose chain of upstreams holds `uplink`, itself included."""
        parents = self._parents()
        return [start for start in self.uplink_addresses if uplink in _chain(start, parents)]

    def _parents(self) -> dict[str, str]:
        return {**self.uplinks, **dict(zip(self.ids, self.upstream, strict=True))}


def simulated_address(name: str) -> IPv4Address:
    """A stable address out of 10.0.0.0/8 for a host name that no resolver shall be asked for."""
    return IPv4Address(_TEN + word_of(name) % _TEN_SIZE)


def words_array(addresses: Sequence[IPv4Address | IPv6Address]) -> Uint64:
    """Addresses as n x 2 words."""
    return np.array([address_words(address) for address in addresses], np.uint64).reshape(-1, 2)


def ward_name(ward_names: Mapping[str, str], text: str) -> str:
    """The ward that `text` means; itself if the inventory has no list of wards that holds it."""
    return ward_names.get(text.casefold(), text)


def _ward_names(inventory: Inventory) -> dict[str, str]:
    names: dict[str, str] = {}
    for ward in inventory.kelurahan:
        for spelling in (*ward.aliases, ward.code):
            names.setdefault(spelling.casefold(), ward.name)
    # A ward's own name is stronger than another's old spelling.
    return names | {ward.name.casefold(): ward.name for ward in inventory.kelurahan}


def _addresses(
    nodes: Sequence[Hotspot | Uplink],
) -> tuple[list[IPv4Address | IPv6Address], dict[str, IPv4Address]]:
    """The number of each node, and of each name the one that was made up for it; no two are the same."""
    written = [node.address or "" for node in nodes]
    literal = [parse_ip(text) for text in written]
    taken = {address for address in literal if address is not None}
    names: dict[str, IPv4Address] = {}
    numbers: list[IPv4Address | IPv6Address] = []
    for text, address in zip(written, literal, strict=True):
        if address is None:
            address = names[text] = _free_address(text, taken)
            taken.add(address)
        numbers.append(address)
    return numbers, names


def _free_address(name: str, taken: Collection[IPv4Address | IPv6Address]) -> IPv4Address:
    offset = int(simulated_address(name)) - _TEN
    while (address := IPv4Address(_TEN + offset)) in taken:
        offset = (offset + 1) % _TEN_SIZE
    return address


def _chain(start: str, parents: Mapping[str, str]) -> set[str]:
    """`start` and all that carries it; a ring ends where it closes."""
    chain: set[str] = set()
    while start and start not in chain:
        chain.add(start)
        start = parents.get(start, "")
    return chain
