"""What every row is handed: the network, how long it may take, and how to tell what is being done."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from lab.benchmarks.network import BenchNetwork

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bench:
    """One run of the benchmark."""

    network: BenchNetwork
    quick: bool
    tell: Callable[[str], None]
    """Says in a few words what is being measured now."""
    sizes: tuple[int, ...] = ()
    """Of the row false_loss, where not all are wanted."""

    def seconds(self, full: float, quick: float) -> float:
        """How long to measure."""
        return quick if self.quick else full


def spread(values: list[float]) -> Row:
    """Median, least and greatest of repeated measurements."""
    return {"median": median(values), "least": min(values), "greatest": max(values), "repeats": len(values)}
