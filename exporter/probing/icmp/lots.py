"""Packets that were prepared together and leave in lots, and the times at which they did.

What a lot's departure brings is only noted, and told for many lots at once: to write a few numbers into arrays costs as
much as to write a few hundred.
"""

from collections import deque
from typing import NamedTuple

import numpy as np

from exporter.probing.icmp.sending import spread_lots
from exporter.probing.icmp.transport import PreparedPackets, SendReport
from exporter.probing.outcome import Int32, Int64
from pantau.clock import Clock


class Departed(NamedTuple):
    """Packets that have left: the token of each, and when, by the monotonic clock and by that of the stamps."""

    tokens: Int64
    sent_ns: Int64
    wall_ns: Int64


class _Batch(NamedTuple):
    first: int
    end: int
    least_timeout_ns: int
    packets: PreparedPackets


class Lots:
    """Owns what was prepared and has not all left. Tokens are numbers in a row, in the order of leaving."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._batches: deque[_Batch] = deque()
        self._left: list[tuple[int, int, int, int, int, int]] = []
        """Of each lot that has left: the first token, how many, and between which two monotonic and wall times."""

    def add(self, tokens: Int64, timeout_ns: Int64, packets: PreparedPackets) -> int:
        """Keep packets; the number of the first."""
        first = int(tokens[0])
        self._batches.append(_Batch(first, first + len(tokens), int(timeout_ns.min()), packets))
        return first

    def send(self, first: int, count: int) -> tuple[int, tuple[Departed, Int32] | None]:
        """Send so many from that token on; the earliest deadline of them, and of each when it left and its errno.

        None in place of the latter where all have left: `take_departed` will tell.
        """
        while first >= self._batches[0].end:
            self._batches.popleft().packets.release()
        batch = self._batches[0]
        before_ns = self._clock.monotonic_ns()
        sent = batch.packets.send(first - batch.first, first - batch.first + count)
        after_ns, deadline_ns = self._clock.monotonic_ns(), before_ns + batch.least_timeout_ns
        if not isinstance(sent, SendReport):
            self._left.append((first, count, before_ns, after_ns, *sent))
            return deadline_ns, None
        # Within the call by the monotonic clock: the wall clock may step in it, and a deadline must not.
        sent_ns = np.clip(after_ns - (self._clock.wall_ns() - sent.wall_ns), before_ns, after_ns)
        return deadline_ns, (Departed(np.arange(first, first + count), sent_ns, sent.wall_ns), sent.errno)

    def take_departed(self) -> Departed | None:
        """What has left since the last call, but for what `send` has reported."""
        if not self._left:
            return None
        first, count, *times_ns = np.array(self._left, np.int64).T
        self._left = []
        return Departed(*spread_lots(first, count, (times_ns[0], times_ns[1]), (times_ns[2], times_ns[3])))

    def clear(self) -> None:
        """Nothing more of them will leave."""
        while self._batches:
            self._batches.popleft().packets.release()
