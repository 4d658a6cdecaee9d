"""Families that only the inventory decides: names, what carries what, contracts. They change with a reload alone.

Who builds them from the inventory is above this package; here stand the contract's families, and how a table of facts
becomes lines. The lines are the same in both exposition formats.
"""

from collections.abc import Iterator, Sequence

from exporter.metrics.families import HOTSPOT_LABELS, UPLINK_LABELS, Family
from exporter.metrics.literals import escape, go_float
from exporter.planning.facts import FactTable

_CONTRACT_LABELS = ("contract", "kecamatan", "isp")
_CHUNK_LINES = 250
"""These lines are long, and made by a thread that shall not keep the probing loop waiting."""

UPLINK_INFO = Family(
    "uplink_info",
    "gauge",
    "What the inventory says of the uplink, probed or not; always 1. A label is empty where nothing is given.",
    (*UPLINK_LABELS, "name", "upstream", "address"),
)
HOTSPOT_UPLINK_INFO = Family(
    "hotspot_uplink_info",
    "gauge",
    "Which uplinks carry the hotspot: hops is 1 for the nearest, 2 for what carries that; always 1.",
    (*HOTSPOT_LABELS, "uplink", "hops"),
)
ISP_INFO = Family("isp_info", "gauge", "Name of the ISP; always 1.", ("isp", "name"))
KECAMATAN_INFO = Family("kecamatan_info", "gauge", "Name of the kecamatan; always 1.", ("kecamatan", "name"))
CONTRACT_OBJECTIVE = Family(
    "pantau_contract_objective_ratio",
    "gauge",
    "Availability that the contract promises, 0 to 1; absent where it promises none.",
    _CONTRACT_LABELS,
)
CONTRACT_START = Family(
    "pantau_contract_start_timestamp_seconds", "gauge", "Unix time at which the contract begins.", _CONTRACT_LABELS
)
CONTRACT_END = Family(
    "pantau_contract_end_timestamp_seconds", "gauge", "Unix time at which the contract has ended.", _CONTRACT_LABELS
)
CONTRACT_HOTSPOTS = Family(
    "pantau_contract_hotspots", "gauge", "Active hotspots that the contract pays for.", _CONTRACT_LABELS
)
CONTRACTED = Family(
    "hotspot_contracted_bytes_per_second",
    "gauge",
    "Bandwidth that was ordered for the hotspot; absent where the inventory gives none.",
    HOTSPOT_LABELS,
)
CHECK_INFO = Family(
    "pantau_check_info",
    "gauge",
    "Which checks of the service there are; proves is client_path where a check crosses the way of a client; always 1.",
    ("check", "proves"),
)
DEGRADED_LOSS = Family(
    "pantau_degraded_limit_loss_ratio",
    "gauge",
    "Loss from which a hotspot of this access is degraded; the empty access is that of hotspots without one.",
    ("access",),
)
DEGRADED_RTT = Family(
    "pantau_degraded_limit_rtt_seconds",
    "gauge",
    "Smoothed round-trip time from which a hotspot of this access is degraded; the empty access as for loss.",
    ("access",),
)

FACT_FAMILIES = (
    UPLINK_INFO,
    HOTSPOT_UPLINK_INFO,
    ISP_INFO,
    KECAMATAN_INFO,
    CONTRACT_OBJECTIVE,
    CONTRACT_START,
    CONTRACT_END,
    CONTRACT_HOTSPOTS,
    CONTRACTED,
    CHECK_INFO,
    DEGRADED_LOSS,
    DEGRADED_RTT,
)


_BY_NAME = {family.name: family for family in FACT_FAMILIES}


def family_of(table: FactTable) -> Family:
    """The family of a table."""
    return _BY_NAME[table.metric]


def fact_lines(table: FactTable) -> Iterator[bytes]:
    """All lines of a table, in chunks."""
    family = family_of(table)
    for start in range(0, len(table.rows), _CHUNK_LINES):
        part = table.rows[start : start + _CHUNK_LINES]
        lines = (f"{family.name}{{{_labels(family.labels, row)}}} {_number(value)}\n" for row, value in part)
        yield "".join(lines).encode()


def _labels(names: Sequence[str], values: Sequence[str]) -> str:
    return ",".join([f'{name}="{escape(value)}"' for name, value in zip(names, values, strict=True)])


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else go_float(value)
