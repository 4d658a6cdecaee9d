"""Settings and inventory: what an operator writes, read and checked as a whole.

`load` reads `pantau.yml` and the YAML and CSV files it lists, and either returns one frozen `Configuration` or raises
one `ConfigurationError` with every problem of every file. ``durations``, ``addresses`` and ``vocabulary`` know single
values, ``fields``, ``settings`` and ``models`` one record, ``rules`` what must hold between them; ``yaml_source`` and
``csv_source`` the formats; only ``loading`` touches the disk. Nothing here knows of probing.
"""

from pantau.inventory.addresses import canonical_address, parse_ip
from pantau.inventory.assignments import Assignment
from pantau.inventory.beginning import has_begun
from pantau.inventory.contracts import Addendum, Contract, ContractTerms
from pantau.inventory.degraded import Degraded
from pantau.inventory.durations import format_duration, parse_duration
from pantau.inventory.exclusions import Exclusion
from pantau.inventory.listening import Listen, parse_listen
from pantau.inventory.loading import Configuration, load, read_settings
from pantau.inventory.maintenance import MaintenanceScope, MaintenanceWindow
from pantau.inventory.models import Contact, Hotspot, Inventory, Isp, Kecamatan, Kelurahan, Uplink
from pantau.inventory.office_names import OFFICE_NAMES
from pantau.inventory.people import Person
from pantau.inventory.public_keys import PublicKey, parse_public_key
from pantau.inventory.schema import inventory_json_schema, json_schema
from pantau.inventory.settings import (
    PACKET_SPACING_SECONDS,
    Canary,
    Confirm,
    Probing,
    Settings,
    Vantage,
    Web,
)
from pantau.inventory.site_visits import SiteVisit
from pantau.inventory.vocabulary import Access, Category, Cause, HotspotStatus, IspStatus

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
    "Person",
    "Probing",
    "PublicKey",
    "Settings",
    "SiteVisit",
    "Uplink",
    "Vantage",
    "Web",
    "canonical_address",
    "format_duration",
    "has_begun",
    "inventory_json_schema",
    "json_schema",
    "load",
    "parse_duration",
    "parse_ip",
    "parse_listen",
    "parse_public_key",
    "read_settings",
]
