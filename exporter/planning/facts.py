"""The inventory boiled down to the facts that a scrape shows: names, what carries what, contracts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Literal

from pantau.inventory import Configuration, Contract, Inventory
from pantau.inventory.carrying import carriers
from pantau.inventory.degraded import Degraded, DegradedLimits
from pantau.inventory.vocabulary import ACCESS_TYPES

FactName = Literal[
    "uplink_info",
    "hotspot_uplink_info",
    "isp_info",
    "kecamatan_info",
    "pantau_contract_objective_ratio",
    "pantau_contract_start_timestamp_seconds",
    "pantau_contract_end_timestamp_seconds",
    "pantau_contract_hotspots",
    "hotspot_contracted_bytes_per_second",
    "pantau_check_info",
    "pantau_degraded_limit_loss_ratio",
    "pantau_degraded_limit_rtt_seconds",
]
_MEGABIT_BYTES = 125_000
AGENT_CHECKS = ("portal", "agent_dns")
"""What agents look at, wherever there are any: both cross the way of a client."""
_Row = tuple[tuple[str, ...], float]


@dataclass(frozen=True, slots=True)
class FactTable:
    """The series of one metric that only the inventory decides."""

    metric: FactName
    rows: Sequence[_Row]
    """The label values, in the order of the metric's labels, and the value."""


def make_facts(configuration: Configuration) -> tuple[FactTable, ...]:
    """All tables, in the order in which a scrape shows them."""
    inventory, zone = configuration.inventory, configuration.settings.zone
    contracts = inventory.contracts
    hotspots = Counter(hotspot.contract for hotspot in inventory.active_hotspots)
    limits = tuple(_limits(configuration.settings.probing.degraded, configuration.settings.access_types))
    promised = [(_contract(contract), contract.sla_ratio) for contract in contracts if contract.sla_ratio is not None]
    starts = tuple((_contract(it), _midnight(it.start, zone)) for it in contracts)
    ends = tuple((_contract(it), _midnight(it.end, zone)) for it in contracts)
    return (
        FactTable("uplink_info", tuple(_uplinks(inventory))),
        FactTable("hotspot_uplink_info", tuple(_carried(inventory))),
        FactTable("isp_info", tuple(((isp.id, isp.name), 1) for isp in inventory.isps)),
        FactTable("kecamatan_info", tuple(((district.id, district.name), 1) for district in inventory.kecamatan)),
        FactTable("pantau_contract_objective_ratio", tuple(promised)),
        FactTable("pantau_contract_start_timestamp_seconds", starts),
        FactTable("pantau_contract_end_timestamp_seconds", ends),
        FactTable("pantau_contract_hotspots", tuple((_contract(it), hotspots[it.id]) for it in contracts)),
        FactTable("hotspot_contracted_bytes_per_second", tuple(_contracted(inventory))),
        FactTable("pantau_check_info", tuple(_checks(configuration))),
        FactTable("pantau_degraded_limit_loss_ratio", tuple((name, it.loss_ratio) for name, it in limits)),
        FactTable("pantau_degraded_limit_rtt_seconds", tuple((name, it.rtt_seconds) for name, it in limits)),
    )


def _uplinks(inventory: Inventory) -> Iterator[_Row]:
    for it in inventory.uplinks:
        given = (it.kecamatan, it.isp, it.name, it.upstream, it.address)
        yield (it.id, *(value or "" for value in given)), 1


def _carried(inventory: Inventory) -> Iterator[_Row]:
    by_id = inventory.hotspot_by_id
    for name, carrier in carriers(inventory):
        hotspot = by_id[name]
        yield (name, hotspot.kecamatan, hotspot.isp, carrier.uplink, str(carrier.hops)), 1


def _contracted(inventory: Inventory) -> Iterator[_Row]:
    """What was ordered for each active hotspot, by its last assignment that says so."""
    mbps = {it.hotspot: it.mbps for it in sorted(inventory.assignments, key=lambda it: it.start) if it.mbps is not None}
    for hotspot in inventory.active_hotspots:
        if hotspot.id in mbps:
            yield (hotspot.id, hotspot.kecamatan, hotspot.isp), mbps[hotspot.id] * _MEGABIT_BYTES


def _checks(configuration: Configuration) -> Iterator[_Row]:
    settings = configuration.settings
    agents = () if settings.agents is None else ((name, "client_path") for name in AGENT_CHECKS)
    for name, proves in (*agents, *((check.name, check.proves) for check in settings.checks)):
        yield (name, proves), 1


def _limits(degraded: Degraded, own: Iterable[str]) -> Iterator[tuple[tuple[str, ...], DegradedLimits]]:
    """What holds for each access, own or not, and under the empty one for hotspots without: each finds its own."""
    yield ("",), degraded.limits_of(None)
    for access in (*ACCESS_TYPES, *own):
        yield (access,), degraded.limits_of(access)


def _contract(contract: Contract) -> tuple[str, ...]:
    return contract.id, contract.kecamatan, contract.isp


def _midnight(day: date, zone: tzinfo) -> int:
    """Unix time of the day's first moment."""
    return int(datetime.combine(day, time(), zone).timestamp())
