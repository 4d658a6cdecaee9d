"""JSON Schemas of the settings and of YAML inventory files, for editors that complete and check while one types."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from pantau.inventory.assignments import Assignment
from pantau.inventory.contracts import Contract
from pantau.inventory.exclusions import Exclusion
from pantau.inventory.maintenance import MaintenanceWindow
from pantau.inventory.models import Hotspot, Isp, Kecamatan, Kelurahan, Uplink
from pantau.inventory.people import Person
from pantau.inventory.settings import Settings
from pantau.inventory.site_visits import SiteVisit

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class InventoryFile(BaseModel):
    """A YAML file of the inventory: any of these lists."""

    model_config = ConfigDict(extra="forbid")
    isps: list[Isp] | None = Field(None, description="Internet service providers.")
    kecamatan: list[Kecamatan] | None = Field(None, description="Districts.")
    kelurahan: list[Kelurahan] | None = Field(None, description="Wards.")
    contracts: list[Contract] | None = Field(None, description="What each kecamatan has agreed with each ISP.")
    uplinks: list[Uplink] | None = Field(None, description="Towers, POPs and backhauls that carry hotspots.")
    hotspots: list[Hotspot] | None = Field(None, description="The points of the city's public WiFi.")
    assignments: list[Assignment] | None = Field(None, description="Which contract pays for which hotspot, and when.")
    exclusions: list[Exclusion] | None = Field(None, description="Events whose downtime is not charged.")
    site_visits: list[SiteVisit] | None = Field(None, description="Site checks (uji petik).")
    maintenance: list[MaintenanceWindow] | None = Field(None, description="Announced windows of maintenance.")
    people: list[Person] | None = Field(None, description="Who proposes and approves what changes money.")


def json_schema() -> dict[str, Any]:
    """The schema of `pantau.yml`."""
    return {"$schema": _DIALECT, **Settings.model_json_schema(by_alias=True), "title": "Pantau settings"}


def inventory_json_schema() -> dict[str, Any]:
    """The schema of an inventory file in YAML."""
    return {"$schema": _DIALECT, **InventoryFile.model_json_schema(by_alias=True), "title": "Pantau inventory"}
