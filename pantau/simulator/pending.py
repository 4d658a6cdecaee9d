"""What is on its way to us: kept in arrays, taken out when its time has come."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from exporter.probing.icmp.transport import PACKET_SIZE, Bytes
from exporter.probing.outcome import Bool, Int8, Int64, Uint64

_NEVER: Final = np.iinfo(np.int64).max
_FIRST_CAPACITY = 1024


@dataclass(frozen=True, slots=True)
class Messages:
    """ICMP messages on their way, one row each."""

    due_ns: Int64
    """When it arrives."""
    outcome: Int8
    """`Outcome.REPLY`, or the ICMP error that it is."""
    request: Bytes
    """n x PACKET_SIZE: the packet of ours that it answers, or quotes."""
    host: Uint64
    """n x 2 address words of the host that was asked."""

    def where(self, mask: Bool) -> "Messages":
        """The rows of `mask`."""
        rows = np.flatnonzero(mask)  # several times quicker than a mask on each array
        return Messages(self.due_ns[rows], self.outcome[rows], self.request[rows], self.host[rows])


class Pending:
    """Messages of any number; adding costs the batch, taking a scan of due times besides."""

    def __init__(self) -> None:
        self._free: Int64 = np.empty(0, np.int64)
        self._free_count = 0
        self._due_ns: Int64 = np.empty(0, np.int64)
        self._outcome: Int8 = np.empty(0, np.int8)
        self._request: Bytes = np.empty((0, PACKET_SIZE), np.uint8)
        self._host: Uint64 = np.empty((0, 2), np.uint64)
        self._first_due_ns: int = _NEVER

    def __len__(self) -> int:
        return len(self._due_ns) - self._free_count

    def add(self, messages: Messages) -> None:
        """Put messages on their way."""
        count = len(messages.due_ns)
        if not count:
            return
        if count > self._free_count:
            self._grow(len(self) + count)
        self._free_count -= count
        rows = self._free[self._free_count : self._free_count + count]
        self._due_ns[rows] = messages.due_ns
        self._outcome[rows] = messages.outcome
        self._request[rows] = messages.request
        self._host[rows] = messages.host
        self._first_due_ns = min(self._first_due_ns, int(messages.due_ns.min()))

    def take(self, now_ns: int) -> Messages | None:
        """Take out what arrives up to and including `now_ns`, in the order of arrival; `None` if nothing does."""
        if now_ns < self._first_due_ns:
            return None
        rows = np.flatnonzero(self._due_ns <= now_ns)
        rows = rows[self._due_ns[rows].argsort(kind="stable")]
        taken = Messages(self._due_ns[rows], self._outcome[rows], self._request[rows], self._host[rows])
        self._due_ns[rows] = _NEVER
        self._free[self._free_count : self._free_count + len(rows)] = rows
        self._free_count += len(rows)
        self._first_due_ns = int(self._due_ns.min())
        return taken

    def _grow(self, needed: int) -> None:
        old = len(self._due_ns)
        new = max(_FIRST_CAPACITY, 1 << (needed - 1).bit_length())
        added = new - old
        self._due_ns = np.concatenate([self._due_ns, np.full(added, _NEVER, np.int64)])
        self._outcome = np.concatenate([self._outcome, np.empty(added, np.int8)])
        self._request = np.concatenate([self._request, np.empty((added, PACKET_SIZE), np.uint8)])
        self._host = np.concatenate([self._host, np.empty((added, 2), np.uint64)])
        free = np.concatenate([np.arange(new - 1, old - 1, -1), self._free[: self._free_count]])
        self._free_count = len(free)
        self._free = np.concatenate([free, np.empty(new - len(free), np.int64)])
