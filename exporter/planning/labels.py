"""The label values of what is watched, as the inventory writes them (not escaped), and which group each belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class TargetName(NamedTuple):
    """What a row is known by, over reloads too: a hotspot that becomes an uplink begins anew."""

    name: str
    is_uplink: bool = False


@dataclass(frozen=True, slots=True)
class HotspotLabels:
    """The label values of one hotspot. Empty where not given."""

    hotspot: str
    kecamatan: str
    isp: str
    name: str = ""
    kelurahan: str = ""
    category: str = ""
    access: str = ""
    contract: str = ""
    address: str = ""
    latitude: str = ""
    longitude: str = ""
    priority: str = ""
    """true or false where the inventory says so of this one."""


@dataclass(frozen=True, slots=True)
class UplinkLabels:
    """The label values of one probed uplink. Empty where not given."""

    uplink: str
    kecamatan: str = ""
    isp: str = ""


@dataclass(frozen=True, slots=True)
class GroupLabels:
    """The label values of the hotspots of one ISP in one kecamatan under one contract; empty without a contract."""

    kecamatan: str
    isp: str
    contract: str


@dataclass(frozen=True, slots=True)
class Grouping:
    """Which group each hotspot belongs to."""

    labels: tuple[GroupLabels, ...]
    of_row: NDArray[np.intp]

    @classmethod
    def of(cls, hotspots: Sequence[HotspotLabels]) -> "Grouping":
        """The groups in the order in which the inventory first names them."""
        numbers: dict[GroupLabels, int] = {}
        rows = [numbers.setdefault(GroupLabels(row.kecamatan, row.isp, row.contract), len(numbers)) for row in hotspots]
        return cls(tuple(numbers), np.array(rows, np.intp))

    def sums(self, counts: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows' counts, n x k, added up by group: g x k. Column by column, which numpy does three times as fast."""
        found = np.zeros((counts.shape[1], len(self.labels)), np.int64)
        for total, column in zip(found, counts.T, strict=True):
            np.add.at(total, self.of_row, column)
        return found.T
