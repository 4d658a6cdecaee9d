"""The inventory boiled down to the facts that a scrape shows: names, what carries what, contracts."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, tzinfo

from exporter.metrics import facts
from exporter.metrics.facts import FactTable
from pantau.inventory import Configuration, Contract, Inventory
from pantau.inventory.carrying import carriers

_Row = tuple[tuple[str, ...], float]


def make_facts(configuration: Configuration) -> tuple[FactTable, ...]:
    """All tables, in the order of `facts.FACT_FAMILIES`."""
    inventory, zone = configuration.inventory, configuration.settings.zone
    contracts = inventory.contracts
    hotspots = Counter(hotspot.contract for hotspot in inventory.active_hotspots)
    promised = [(_contract(contract), contract.sla_ratio) for contract in contracts if contract.sla_ratio is not None]
    return (
        FactTable(facts.UPLINK_INFO, tuple(_uplinks(inventory))),
        FactTable(facts.HOTSPOT_UPLINK_INFO, tuple(_carried(inventory))),
        FactTable(facts.ISP_INFO, tuple(((isp.id, isp.name), 1) for isp in inventory.isps)),
        FactTable(facts.KECAMATAN_INFO, tuple(((district.id, district.name), 1) for district in inventory.kecamatan)),
        FactTable(facts.CONTRACT_OBJECTIVE, tuple(promised)),
        FactTable(facts.CONTRACT_START, tuple((_contract(it), _midnight(it.start, zone)) for it in contracts)),
        FactTable(facts.CONTRACT_END, tuple((_contract(it), _midnight(it.end, zone)) for it in contracts)),
        FactTable(facts.CONTRACT_HOTSPOTS, tuple((_contract(it), hotspots[it.id]) for it in contracts)),
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


def _contract(contract: Contract) -> tuple[str, ...]:
    return contract.id, contract.kecamatan, contract.isp


def _midnight(day: date, zone: tzinfo) -> int:
    """Unix time of the day's first moment."""
    return int(datetime.combine(day, time(), zone).timestamp())
