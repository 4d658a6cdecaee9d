"""What a check of a service says: one of five results for a hotspot, and a batch of such results as arrays.

A check asks whether what a hotspot is there for works. Who asks (this vantage over HTTP, TCP or DNS, or an agent at the
hotspot) knows nothing of states: the judge confirms results, lets them expire, and combines them with reachability.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from exporter.probing.outcome import Bool, Int8, Int32, Int64


class Result(IntEnum):
    """What one check has said of one hotspot."""

    UNKNOWN = 0
    """It tells nothing, for we could not ask; counts as not had."""
    YES = 1
    """It works."""
    NO = 2
    """A client gets nothing."""
    ISOLATED = 3
    """A client gets the page by which the ISP says that it has suspended the line."""
    BAD = 4
    """It works, beyond its limits."""

    @property
    def label(self) -> str:
        """As the page and the log show it."""
        return self.name.lower()


class HeldWords(NamedTuple):
    """What has been said of targets, and waits to be believed: any number of words of each."""

    target: Int32
    at_ns: Int64
    """When it was said: from then on it may still change what is said of the target."""


@dataclass(frozen=True, slots=True)
class ServiceResults:
    """Checks that have been made, one row each, in no particular order."""

    check: Int32
    """The place in the `checks` of the kind's own `KindPlan`."""
    target: Int32
    """The row of the plan."""
    result: Int8
    """A `Result`."""
    at_ns: Int64
    """Monotonic time at which the check began; of what an agent says, when it came."""
    duration_ns: Int64
    """How long it took; `NO_RTT` where that is not known."""
    expiry_s: Int64 | None = None
    """Unix time at which the certificate expires that it was shown, 0 where there was none; None: no such thing."""
    waiting: HeldWords | None = None
    """All that waits by now; None: as it was told before."""

    def __len__(self) -> int:
        return len(self.check)

    @classmethod
    def empty(cls) -> "ServiceResults":
        """No results."""
        return cls.concatenate([])

    @classmethod
    def concatenate(cls, parts: Sequence["ServiceResults"]) -> "ServiceResults":
        """All rows of `parts`."""
        if len(parts) == 1:
            return parts[0]
        return cls(
            np.concatenate([_NO_INT32, *(part.check for part in parts)]),
            np.concatenate([_NO_INT32, *(part.target for part in parts)]),
            np.concatenate([_NO_INT8, *(part.result for part in parts)]),
            np.concatenate([_NO_INT64, *(part.at_ns for part in parts)]),
            np.concatenate([_NO_INT64, *(part.duration_ns for part in parts)]),
            np.concatenate([_NO_INT64, *(part.expiries() for part in parts)]),
        )

    def expiries(self) -> Int64:
        """`expiry_s`, of whoever sees none too."""
        return np.zeros(len(self), np.int64) if self.expiry_s is None else self.expiry_s

    def take(self, rows: Bool | Int64) -> "ServiceResults":
        """Some of the rows."""
        return ServiceResults(
            *(self.check[rows], self.target[rows], self.result[rows], self.at_ns[rows], self.duration_ns[rows]),
            expiry_s=None if self.expiry_s is None else self.expiry_s[rows],
        )


_NO_INT8, _NO_INT32, _NO_INT64 = np.empty(0, np.int8), np.empty(0, np.int32), np.empty(0, np.int64)
