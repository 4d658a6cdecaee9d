"""Which of its name's addresses a target is probed at. Pure: what DNS told and what probes brought go in.

The address in use stays while it is in the answer and somebody answers there. Where nobody does, the others of the set
are tried: a target is silent when all of them are. Who answers is the address in use from then on, so two that both
answer never alternate. What could not be asked, an address without a route or a family that no server would tell, keeps
silence from being proof.
"""

from collections.abc import Callable, Sequence

from pantau.inventory.addresses import IpAddress

SLOTS = 8
"""So many addresses of a name are tried; a probe carries the number of the one that it went to."""
_NEVER = -1

HasRoute = Callable[[IpAddress], bool]


class Aim:
    """The aim of one target; addresses are told apart by slots, which they keep while they are candidates.

    `packets` probes begin a round, all at one address; as many as `attempts` then confirm its loss.
    """

    def __init__(self, packets: int = 1, attempts: int = 0) -> None:
        self.packets, self.attempts = packets, attempts
        self.in_use: IpAddress | None = None
        self._candidates: tuple[IpAddress, ...] = ()
        self._incomplete = False
        self._slots: list[IpAddress | None] = [None] * SLOTS
        self._filled = [0] * SLOTS
        """In which order: a reply to a probe of before the set changed must not count for another address."""
        self._unsent: set[IpAddress | None] = set()
        """Where the last probe could not be sent to."""
        self.forget_rounds()

    def forget_rounds(self) -> None:
        """Rounds are numbered anew."""
        self._round = self._lost = self._replied = _NEVER
        self._asked = 0
        """Probes of this round so far."""
        self._first: IpAddress | None = None

    @property
    def troubled(self) -> bool:
        """Whether nobody answers there, or nothing can be sent there: every address is worth knowing."""
        return self._lost > self._replied or self.in_use in self._unsent

    def adopt(self, addresses: Sequence[IpAddress], has_route: HasRoute, *, incomplete: bool = False) -> bool:
        """DNS has told these addresses, the preferred ones first; returns whether the address in use is another now."""
        before = self.in_use
        self._incomplete = incomplete
        if self.in_use not in addresses:
            routed = (address for address in addresses if has_route(address))
            self.in_use = next(routed, addresses[0] if addresses else None)
        others = [address for address in addresses if address != self.in_use]
        self._candidates = (*([self.in_use] if self.in_use else []), *others)[:SLOTS]
        self._unsent.intersection_update(self._candidates)
        for address in self._candidates:
            if address not in self._slots:
                free = (slot for slot, old in enumerate(self._slots) if old not in self._candidates)
                slot = min(free, key=self._filled.__getitem__)
                self._slots[slot], self._filled[slot] = address, max(self._filled) + 1
        return self.in_use != before

    def choose(self, number: int, has_route: HasRoute) -> IpAddress | None:
        """Where the next probe of round `number` goes; None where that is not known."""
        if number != self._round:
            self._round, self._asked = number, 0
            self._first = self._first_of_round(has_route)
        if self._first not in self._candidates:
            self._first = self.in_use
        self._asked += 1
        confirming = self._asked - self.packets
        if confirming <= 0:
            return self._first
        steps = self.attempts + 1  # the round itself is the first of them
        order = self._order(steps, has_route)
        return order[min(confirming * len(order) // steps, len(order) - 1)]

    def slot_of(self, address: IpAddress) -> int:
        """The slot of a candidate."""
        return self._slots.index(address)

    def answered(self, slot: int, number: int) -> bool:
        """A probe of a round was answered; returns whether the address in use is another now.

        The first answer of a round decides: a second one comes from an address that was asked beside it.
        """
        address = self._slots[slot]
        self._unsent.discard(address)
        if number <= self._replied:
            return False
        self._replied = number
        if address == self.in_use or address not in self._candidates:
            return False
        self.in_use = address
        return True

    def lost(self, slot: int, number: int) -> bool:
        """A probe of a round brought no answer; returns whether none of that round has, so far."""
        self._unsent.discard(self._slots[slot])
        if number <= self._replied:
            return False
        self._lost = max(self._lost, number)
        return True

    def unsent(self, slot: int) -> None:
        """A probe could not be sent."""
        if (address := self._slots[slot]) is not None:
            self._unsent.add(address)

    def _first_of_round(self, has_route: HasRoute) -> IpAddress | None:
        """The address in use; after a lost round the next one, so that one of them that wakes up is found."""
        if not self.troubled or len(self._candidates) < 2:
            return self.in_use
        ready = [it for it in self._candidates if it not in self._unsent and has_route(it)]
        if not ready:
            return self.in_use
        if self.in_use in self._unsent and self._lost <= self._replied:
            return ready[0]
        return ready[(ready.index(self._first) + 1) % len(ready)] if self._first in ready else ready[0]

    def _order(self, probes: int, has_route: HasRoute) -> list[IpAddress | None]:
        """All that a round of so many probes asks: each as often as the next, and none left out that must not be."""
        order: list[IpAddress | None] = [self._first]
        if self.in_use != self._first:
            order.append(self.in_use)
        if self._incomplete:
            order.append(None)
        order += [it for it in self._candidates if it not in order and has_route(it)]
        return order[:probes]
