"""Makes `examples/bitung/inventory/assignments.csv`: each example hotspot under the contract of its kecamatan and ISP.

Fees and bandwidths are made up: nothing is known of Bitung's. They depend on the access alone, so that
anybody can follow the sums.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Protocol

from pantau.csv_text import csv_rows_to

START = "2024-04-05"
"""The first day of the example contracts."""
FEES: Mapping[str, tuple[int, int]] = {
    "ftth_gpon": (450_000, 50),
    "fo_dedicated": (900_000, 50),
    "metro": (900_000, 50),
    "radio_ptp": (600_000, 30),
    "radio_ptmp": (550_000, 20),
    "starlink": (1_100_000, 40),
    "vsat": (1_500_000, 10),
    "seluler": (400_000, 20),
}
"""Rupiah a month and Mbit/s by access."""


@dataclass(frozen=True, slots=True)
class ExampleAssignment:
    """A row of `assignments.csv`; the contract's end is its end."""

    hotspot: str
    contract: str
    start: str
    monthly_fee: int
    mbps: int


class Served(Protocol):
    """What of an example hotspot an assignment depends on."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def contract(self) -> str:
        """Its contract's id; empty where it has none."""

    @property
    def access(self) -> str:
        """What carries it to its ISP."""


def example_assignments(examples: Sequence[Served]) -> Iterator[ExampleAssignment]:
    """One for each hotspot that has a contract."""
    for example in examples:
        if example.contract:
            fee, mbps = FEES[example.access]
            yield ExampleAssignment(example.id, example.contract, START, fee, mbps)


def write_assignments(examples: Sequence[Served], path: Path) -> None:
    """Write them as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        write = csv_rows_to(file, "\n")
        write(field.name for field in fields(ExampleAssignment))
        for assignment in example_assignments(examples):
            write(astuple(assignment))
