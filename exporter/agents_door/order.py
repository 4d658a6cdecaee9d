"""(boot, seq) must rise: what of each agent was heard last, so that an old body again changes nothing. Pure.

A device that has begun anew has another boot, and which of two boots is the later nobody can see. So those that were
left behind are remembered: a body of one of them is an old one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_MOST_BOOTS = 32
"""Of one hotspot: a month of a device that begins anew each day."""


@dataclass(slots=True)
class Order:
    """The order of one hotspot's heartbeats."""

    boot: str = ""
    seq: int = -1
    left: list[str] = field(default_factory=list)
    """Boots before this one, the latest last."""

    def rises(self, boot: str, seq: int) -> bool:
        """Whether it is later than all that was heard."""
        return seq > self.seq if boot == self.boot else boot not in self.left

    def note(self, boot: str, seq: int) -> None:
        """It was heard."""
        if boot != self.boot:
            if self.boot:
                self.left = [*self.left, self.boot][-_MOST_BOOTS:]
            self.boot = boot
        self.seq = seq


def orders_of(facts: Mapping[str, Any]) -> dict[str, Order]:
    """Orders out of what `facts_of` has made; what is none is passed over."""
    return dict(_orders(facts))


def facts_of(orders: Mapping[str, Order]) -> dict[str, list[Any]]:
    """Orders as JSON holds them."""
    return {name: [one.boot, one.seq, one.left] for name, one in orders.items() if one.boot}


def _orders(facts: Mapping[str, Any]) -> Iterator[tuple[str, Order]]:
    for name, fact in facts.items():
        match fact:
            case [str(boot), int(seq), [*left]]:
                yield name, Order(boot, seq, [one for one in left if isinstance(one, str)])
            case _:
                continue
