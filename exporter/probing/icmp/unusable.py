"""Replies that came and do not count: kept by target, so that somebody can be told what came, from whom, how often.

A reply is attributed only to a probe that is in flight, and noted only if that probe stays without a good one: a
hotspot that answers well has nothing here, and a flood of forgeries costs no memory. What is noted is bounded: three
defects a target, the last address of each. The identifier plays no part in it, so that nobody can find it out by what
we show.
"""

from dataclasses import dataclass, replace
from enum import IntEnum
from ipaddress import IPv4Address, IPv6Address

import numpy as np

from exporter.probing.addresses import address_of_words
from exporter.probing.icmp.flights import IN_FLIGHT, FlightTable
from exporter.probing.icmp.packet import ECHO_REPLY, HEADER_SIZE, EchoFields
from exporter.probing.icmp.transport import PACKET_SIZE, Family, Replies
from exporter.probing.outcome import Bool, Int32, Int64, renamed


class Defect(IntEnum):
    """Why a reply to a probe of ours does not count."""

    NONE = 0
    OTHER_ADDRESS = 1
    TRUNCATED = 2
    ALTERED = 3

    @property
    def label(self) -> str:
        """As the hotspot's API names it."""
        return self.name.lower()


MEANINGS: dict[Defect, tuple[str, str]] = {
    Defect.OTHER_ADDRESS: (
        "balasan datang dari alamat lain, {address}, jadi tidak dihitung: bila itu perangkat yang sama di balik NAT, "
        "tulis alamat itu di inventaris",
        "replies come from another address, {address}, and do not count: if it is the same device behind a NAT, put "
        "that address into the inventory",
    ),
    Defect.TRUNCATED: (
        "balasan dari {address} terpotong, jadi tidak dihitung: periksa MTU dan perangkat di jalurnya, atau kecilkan "
        "probing.size",
        "replies from {address} come truncated and do not count: look at the MTU and at the devices on the way, or "
        "make probing.size smaller",
    ),
    Defect.ALTERED: (
        "balasan dari {address} isinya diubah, jadi tidak dihitung: cari firewall, NAT atau perangkat di jalurnya yang "
        "menulis ulang ICMP, dan biarkan isinya utuh",
        "replies from {address} come with another content and do not count: find the firewall, NAT or device on the "
        "way that rewrites ICMP, and have it leave the payload whole",
    ),
}
"""Indonesian, English: what came, and the cure."""


@dataclass(frozen=True, slots=True)
class UnusableReply:
    """What is known of one defect of one target's replies."""

    defect: Defect
    address: IPv4Address | IPv6Address
    """Who sent the last of them."""
    probes: int
    """How many probes got no better reply."""
    last_wall_ns: int

    @property
    def meaning(self) -> tuple[str, str]:
        """What came and what cures it, Indonesian and English."""
        indonesian, english = MEANINGS[self.defect]
        return indonesian.format(address=self.address), english.format(address=self.address)


class UnusableReplies:
    """Those of all targets of an engine. `size` is that of a whole packet."""

    def __init__(self, flights: FlightTable, size: int) -> None:
        self._flights = flights
        self._size = size
        self._known: dict[int, dict[Defect, UnusableReply]] = {}

    def of(self, target: int) -> tuple[UnusableReply, ...]:
        """What is known of a target, in the order of `Defect`."""
        known = self._known.get(target, {})
        return tuple(known[defect] for defect in sorted(known))

    def look_at(self, family: Family, replies: Replies, echo: EchoFields, wrong: Bool) -> None:
        """Note at the probes in flight which of the `wrong` replies are meant for them, and what is wrong with each."""
        flights = self._flights
        known = flights.holds(echo.token) & (flights.tag[echo.token & flights.mask] == echo.tag)
        known &= replies.length >= PACKET_SIZE
        tokens = np.where(known, echo.token, flights.newest(echo.sequence))
        rows = tokens & flights.mask
        theirs = wrong & (echo.type == ECHO_REPLY[family]) & (replies.length >= HEADER_SIZE) & flights.holds(tokens)
        theirs &= flights.state[rows] == IN_FLIGHT
        elsewhere = flights.differs(rows, replies.source)
        # Without the tag, only the address that was asked tells that a reply is meant for the probe.
        theirs &= known | ~elsewhere
        defect = np.where(replies.length < self._size, Defect.TRUNCATED, Defect.ALTERED)
        defect = np.where(elsewhere, Defect.OTHER_ADDRESS, defect).astype(np.int8)
        rows = rows[theirs]
        flights.unusable[rows] = defect[theirs]
        flights.unusable_from[rows] = replies.source[theirs]
        flights.unusable_wall_ns[rows] = replies.wall_ns[theirs]

    def keep(self, rows: Int64, wall_ns: int) -> None:
        """Of these probes, which ended without a reply, keep what came instead. `wall_ns` is the time of now."""
        flights = self._flights
        rows = rows[(flights.unusable[rows] != Defect.NONE) & (flights.target[rows] >= 0)]
        for row in rows.tolist():
            target, defect = int(flights.target[row]), Defect(flights.unusable[row])
            stamp_ns = int(flights.unusable_wall_ns[row])
            address = address_of_words(*flights.unusable_from[row].tolist())
            of_target = self._known.setdefault(target, {})
            before = of_target.get(defect)
            latest = UnusableReply(defect, address, 1, stamp_ns if stamp_ns >= 0 else wall_ns)
            of_target[defect] = latest if before is None else replace(latest, probes=before.probes + 1)

    def retarget(self, new_index: Int32) -> None:
        """See `Engine.retarget`: what came for targets of -1 is forgotten."""
        targets = np.fromiter(self._known, np.int32, len(self._known))
        pairs = zip(renamed(targets, new_index).tolist(), self._known.values(), strict=True)
        self._known = {target: known for target, known in pairs if target >= 0}
