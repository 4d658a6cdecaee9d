"""The table of probes: one row for each that is in flight, kept as arrays.

A probe has a token, counted up from 0; ``token & mask`` is its row. A row outlives its probe until another takes it, so
that late and duplicate replies are recognised.
"""

from typing import ClassVar

import numpy as np

from exporter.probing.icmp.packet import SEQUENCE_MASK
from exporter.probing.outcome import Bool, Int8, Int32, Int64, Observations, Uint64, renamed
from pantau.clock import NEVER_NS

FREE, IN_FLIGHT, ANSWERED, ENDED, STAGED = range(5)
LARGEST_CAPACITY = 1 << 17
"""Beyond so many rows, 16 bits of sequence no longer name one probe in flight."""


class FlightTable:
    """Rows of probes. `capacity`, a power of two, is how many may be in flight."""

    CHANGED_BY_RELOAD: ClassVar = ("target", "state")
    """A reload renames and ends probes; the others of these arrays are megabytes, which nobody needs a copy of."""

    def __init__(self, capacity: int) -> None:
        if capacity & (capacity - 1) or capacity > LARGEST_CAPACITY:
            raise ValueError(f"capacity must be a power of two, at most {LARGEST_CAPACITY}")
        self.mask = capacity - 1
        self.next = 0
        """The token that the next probe gets."""
        self.next_deadline_ns = NEVER_NS
        """Before that, no probe in flight ends by silence; may be early."""
        self._oldest = 0
        self.token: Int64 = np.full(capacity, -1, np.int64)
        self.state: Int8 = np.full(capacity, FREE, np.int8)
        self.target: Int32 = np.empty(capacity, np.int32)
        self.round: Int64 = np.empty(capacity, np.int64)
        self.address: Uint64 = np.empty((capacity, 2), np.uint64)
        self.tag: Uint64 = np.zeros(capacity, np.uint64)
        self.sent_ns: Int64 = np.empty(capacity, np.int64)
        self.sent_wall_ns: Int64 = np.empty(capacity, np.int64)
        self.timeout_ns: Int64 = np.empty(capacity, np.int64)
        self.blurred: Bool = np.zeros(capacity, np.bool_)
        """The receive buffer dropped something while this probe was in flight: silence then proves nothing."""
        self.stamp_lost: Bool = np.zeros(capacity, np.bool_)
        """The wall clock stepped while this probe was in flight: its two stamps cannot be compared."""
        self.error: Int8 = np.zeros(capacity, np.int8)
        """The `Outcome` that an ICMP error gives this probe if no reply comes; REPLY while there was no error."""
        self.unusable: Int8 = np.zeros(capacity, np.int8)
        """The `Defect` of a reply to this probe that does not count; NONE while there was no such reply."""
        self.unusable_from: Uint64 = np.empty((capacity, 2), np.uint64)
        self.unusable_wall_ns: Int64 = np.empty(capacity, np.int64)
        self.place: Int32 = np.zeros(capacity, np.int32)
        """Scratch space of `one_of_each`."""

    def admit(self, targets: Int32, rounds: Int64, addresses: Uint64, timeout_ns: int | Int64, now_ns: int) -> Int64:
        """Give each probe a token and its row, and return the tokens; none at all where there is no room for all."""
        count = len(targets)
        tokens = np.arange(self.next, self.next + count, dtype=np.int64)
        rows = tokens & self.mask
        occupied = (self.state[rows] == IN_FLIGHT) | (self.state[rows] == STAGED)
        if count > len(self.token) or occupied.any():
            return tokens[:0]
        self.next += count
        self._oldest = max(self._oldest, self.next - len(self.token))  # each row is looked at once
        self.token[rows] = tokens
        self.state[rows] = IN_FLIGHT
        self.target[rows] = targets
        self.round[rows] = rounds
        self.address[rows] = addresses
        self.timeout_ns[rows] = timeout_ns
        self.blurred[rows] = False
        self.stamp_lost[rows] = False
        self.error[rows] = 0
        self.unusable[rows] = 0
        self.next_deadline_ns = min(self.next_deadline_ns, now_ns + int(np.min(timeout_ns)))
        return tokens

    def stage(self, tokens: Int64) -> None:
        """These probes, just admitted, have not left yet."""
        self.state[tokens & self.mask] = STAGED

    def launch(self, tokens: Int64, sent_ns: Int64, wall_ns: Int64) -> None:
        """These staged probes have left, at these times."""
        rows = tokens & self.mask
        self.state[rows] = IN_FLIGHT
        self.sent_ns[rows], self.sent_wall_ns[rows] = sent_ns, wall_ns
        self.blurred[rows] = self.stamp_lost[rows] = False
        self.expect(int((sent_ns + self.timeout_ns[rows]).min()))

    def expect(self, deadline_ns: int) -> None:
        """A probe is in flight that may end by silence then."""
        self.next_deadline_ns = min(self.next_deadline_ns, deadline_ns)

    def unstage(self, rows: Int64) -> None:
        """Those of these probes that have not left will not leave."""
        self.state[rows[self.state[rows] == STAGED]] = ENDED

    def results(self, rows: Int64, outcome: Int8, rtt_ns: Int64) -> Observations:
        """The ends of these probes."""
        return Observations(self.target[rows], self.round[rows], outcome.astype(np.int8), self.sent_ns[rows], rtt_ns)

    def in_use(self) -> Int64:
        """The rows of all probes since the oldest one in flight."""
        return np.arange(self._oldest, self.next, dtype=np.int64) & self.mask

    def retarget(self, new_index: Int32) -> None:
        """Rename the targets of probes in flight; those of -1 keep their row, so that their replies stay recognised."""
        rows = self.in_use()
        self.target[rows] = renamed(self.target[rows], new_index)
        forgotten = rows[(self.target[rows] < 0) & (self.state[rows] == IN_FLIGHT)]
        self.state[forgotten] = ENDED

    def newest(self, sequences: Int64) -> Int64:
        """The token of the newest probe with each of these low 16 bits; below 0 where there has been none.

        It is unique while no more than 2^16 probes are in flight and all go by the same sequence.
        """
        last = self.next - 1
        return last - ((last - sequences) & SEQUENCE_MASK)

    def holds(self, tokens: Int64) -> Bool:
        """Which of these tokens still name a probe, in flight or over."""
        rows = tokens & self.mask
        # A row that was never used has the token -1, which anybody may write into a packet.
        held: Bool = (self.token[rows] == tokens) & (self.state[rows] != FREE)
        return held

    def differs(self, rows: Int64, addresses: Uint64) -> Bool:
        """Which of these addresses are not those that the rows' probes were sent to."""
        known = self.address[rows]
        differs: Bool = (known[:, 0] != addresses[:, 0]) | (known[:, 1] != addresses[:, 1])
        return differs

    def expire(self, now_ns: int) -> Int64:
        """End the probes that are past their deadline; their rows."""
        rows = self.in_use()
        flying = self.state[rows] == IN_FLIGHT
        due = flying & (self.sent_ns[rows] + self.timeout_ns[rows] <= now_ns)
        expired: Int64 = rows[due]
        self.state[expired] = ENDED
        waiting = np.flatnonzero((flying & ~due) | (self.state[rows] == STAGED))
        left = rows[flying & ~due]
        self._oldest = self._oldest + int(waiting[0]) if len(waiting) else self.next
        if len(left):
            self.next_deadline_ns = int((self.sent_ns[left] + self.timeout_ns[left]).min())
        else:
            self.next_deadline_ns = NEVER_NS
        return expired
