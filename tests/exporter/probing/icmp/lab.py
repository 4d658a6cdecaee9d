"""The batch engine on an in-memory network, with words for the tests of it."""

from collections.abc import Sequence
from ipaddress import ip_address
from typing import NamedTuple

import numpy as np

from exporter.probing.icmp.batch import BatchEngine
from exporter.probing.icmp.transport import Family
from exporter.probing.outcome import Outcome
from pantau.clock import ManualClock
from tests.network import SECOND, Network, Request, words

KEY = 0x0123_4567_89AB_CDEF_0123_4567_89AB_CDEF
HOST = "10.77.0.1"


class Ended(NamedTuple):
    """One result, readable."""

    target: int
    round: int
    outcome: Outcome
    rtt_ns: int
    sent_ns: int


class Lab:
    """One engine, a network of each family, a clock."""

    def __init__(self, capacity: int = 64, families: Sequence[Family] = (4,), padding: int = 0, key: int = KEY) -> None:
        self.clock = ManualClock()
        self.networks = {family: Network(self.clock, family) for family in families}
        self.engine = BatchEngine(list(self.networks.values()), self.clock, key, capacity, padding)
        self.statistics = self.engine.statistics

    @property
    def network(self) -> Network:
        """The IPv4 network."""
        return self.networks[4]

    def submit(self, *addresses: str, first: int = 0, number: int = 1, timeout_ns: int = 2 * SECOND) -> list[Request]:
        """Probe addresses as targets `first`, `first` + 1, ...; returns what left for them, in the engine's order."""
        targets = np.arange(first, first + len(addresses), dtype=np.int32)
        before = {family: len(network.sent) for family, network in self.networks.items()}
        self.engine.submit(targets, np.full(len(targets), number, np.int64), words(*addresses), timeout_ns)
        return [request for family, network in self.networks.items() for request in network.sent[before[family] :]]

    def collect(self) -> list[Ended]:
        """What has ended, by target and round."""
        results = self.engine.collect()
        rows = zip(
            results.target.tolist(),
            results.round.tolist(),
            map(Outcome, results.outcome.tolist()),
            results.rtt_ns.tolist(),
            results.sent_ns.tolist(),
            strict=True,
        )
        return sorted(Ended(*row) for row in rows)

    def after(self, nanoseconds: int) -> list[Ended]:
        """Let time pass, then collect."""
        self.clock.advance(nanoseconds)
        return self.collect()

    def outcomes_after(self, nanoseconds: int) -> list[tuple[int, Outcome]]:
        """Let time pass; which targets have ended how."""
        return [(ended.target, ended.outcome) for ended in self.after(nanoseconds)]

    def noted(self) -> list[tuple[int, int]]:
        """Target and round of each probe that has got an ICMP error since the last call."""
        noted = self.engine.take_noted()
        return sorted(zip(noted.targets.tolist(), noted.rounds.tolist(), strict=True))

    def ignored(self) -> dict[str, int]:
        """The ICMP types that have been counted and changed nothing."""
        return {kind: count for kind, count in self.statistics.ignored.items() if count}

    def unmatched(self) -> dict[str, int]:
        """The reasons that have been counted, without those at zero."""
        return {reason: count for reason, count in self.statistics.unmatched.items() if count}


def hosts(count: int, first: str = HOST) -> list[str]:
    """`count` addresses in a row."""
    start = ip_address(first)
    return [str(start + number) for number in range(count)]
