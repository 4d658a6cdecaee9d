"""Settings and inventory: what an operator writes, read and checked as a whole.

`load` reads `pantau.yml` and the YAML and CSV files it lists, and either returns one frozen `Configuration` or raises
one `ConfigurationError` with every problem of every file. ``durations``, ``addresses`` and ``vocabulary`` know single
values, ``fields``, ``settings`` and ``models`` one record, ``rules`` what must hold between them; ``yaml_source`` and
``csv_source`` the formats; only ``loading`` touches the disk. Nothing here knows of probing.
"""

from exporter.inventory.addresses import canonical_address, parse_ip
from exporter.inventory.durations import format_duration, parse_duration
from exporter.inventory.loading import Configuration, load
from exporter.inventory.models import Contact, Contract, Hotspot, Inventory, Isp, Kecamatan, Kelurahan, Uplink
from exporter.inventory.schema import inventory_json_schema, json_schema
from exporter.inventory.settings import (
    PACKET_SPACING_SECONDS,
    Canary,
    Confirm,
    Degraded,
    Listen,
    Probing,
    Settings,
    Vantage,
    Web,
    parse_listen,
)
from exporter.inventory.vocabulary import Access, Category, HotspotStatus, IspStatus

__all__ = [
    "PACKET_SPACING_SECONDS",
    "Access",
    "Canary",
    "Category",
    "Configuration",
    "Confirm",
    "Contact",
    "Contract",
    "Degraded",
    "Hotspot",
    "HotspotStatus",
    "Inventory",
    "Isp",
    "IspStatus",
    "Kecamatan",
    "Kelurahan",
    "Listen",
    "Probing",
    "Settings",
    "Uplink",
    "Vantage",
    "Web",
    "canonical_address",
    "format_duration",
    "inventory_json_schema",
    "json_schema",
    "load",
    "parse_duration",
    "parse_ip",
    "parse_listen",
]
