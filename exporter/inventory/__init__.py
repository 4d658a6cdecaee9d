"""Settings and inventory: what an operator writes, read and checked as a whole.

`load` reads `pantau.yml` and the YAML and CSV files it lists, and either returns one frozen `Configuration` or raises
one `ConfigurationError` with every problem of every file. ``durations``, ``addresses`` and ``vocabulary`` know single
values, ``fields``, ``settings`` and ``models`` one record, ``rules`` what must hold between them; ``yaml_source`` and
``csv_source`` the formats; only ``loading`` touches the disk. Nothing here knows of probing.
"""

from exporter.inventory.addresses import canonical_address, parse_ip
from exporter.inventory.assignments import Assignment
from exporter.inventory.contracts import Addendum, Contract, ContractTerms
from exporter.inventory.durations import format_duration, parse_duration
from exporter.inventory.exclusions import Exclusion
from exporter.inventory.loading import Configuration, load
from exporter.inventory.maintenance import MaintenanceScope, MaintenanceWindow
from exporter.inventory.models import Contact, Hotspot, Inventory, Isp, Kecamatan, Kelurahan, Uplink
from exporter.inventory.office_names import OFFICE_NAMES
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
from exporter.inventory.site_visits import SiteVisit
from exporter.inventory.vocabulary import Access, Category, Cause, HotspotStatus, IspStatus

__all__ = [
    "OFFICE_NAMES",
    "PACKET_SPACING_SECONDS",
    "Access",
    "Addendum",
    "Assignment",
    "Canary",
    "Category",
    "Cause",
    "Configuration",
    "Confirm",
    "Contact",
    "Contract",
    "ContractTerms",
    "Degraded",
    "Exclusion",
    "Hotspot",
    "HotspotStatus",
    "Inventory",
    "Isp",
    "IspStatus",
    "Kecamatan",
    "Kelurahan",
    "Listen",
    "MaintenanceScope",
    "MaintenanceWindow",
    "Probing",
    "Settings",
    "SiteVisit",
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
