"""The inventory's records and the inventory as a whole. Here each record is checked alone; in `rules`, with others."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Address, IPv6Address
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, Field, ValidationInfo, field_validator

from pantau.inventory.addresses import parse_ip
from pantau.inventory.assignments import Assignment
from pantau.inventory.contracts import Contract
from pantau.inventory.exclusions import Exclusion
from pantau.inventory.fields import FROZEN, Address, Id, Latitude, Longitude, Reference, Text, Texts, fault
from pantau.inventory.maintenance import MaintenanceWindow
from pantau.inventory.people import Person
from pantau.inventory.site_visits import SiteVisit
from pantau.inventory.vocabulary import (
    ACCESS_TYPES,
    CATEGORIES,
    ContactKind,
    Custody,
    HotspotStatus,
    IspStatus,
    Ping,
)
from pantau.inventory.wording import quote

_CONTACT_FORMS = {
    # Alertmanager takes it as a template and as a header: one bare address, of letters that neither gives a meaning.
    "email": (
        r"(?!\.)(?:[A-Za-z0-9!#$&'*+/=?^_`|~%-]|\.(?![.@])){1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*"
        r"[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\Z",
        "is not an e-mail address; write name@example.org",
    ),
    "telegram": (r"-?[1-9][0-9]*\Z", "is not the number of a Telegram chat; write it as in -1001234567890"),
    "webhook": (
        r"https?://[^\s/]+|/[^\s/{]+[^{]*\Z",
        "is not a URL; write https://..., or the absolute path of a file with it",
    ),
}


_URL = re.compile(r"https://[A-Za-z0-9._~\-\[\]:]+(?:[/?][A-Za-z0-9._~:/?\[\]@!$&'()*+,;=%\-]*)?\Z")
"""Characters of RFC 3986 without braces, which are Alertmanager's templates, and without user and password."""


def _check_webhook(value: str) -> None:
    if value.startswith("http://"):
        raise fault(f"{quote(value)} would carry alerts in the clear; write https://...")
    if not _URL.match(value):
        reason = "has a user, braces, or characters that no URL has"
        raise fault(f"{quote(value)} {reason}; write https://HOST/..., or put it into a file and name that")


class Contact(BaseModel):
    """How to reach an office or a NOC."""

    model_config = FROZEN
    kind: ContactKind = Field(description="Which way.")
    value: Text = Field(description="E-mail address, Telegram chat, telephone number or URL.")

    @field_validator("value")
    @classmethod
    def _fits_its_kind(cls, value: str, info: ValidationInfo) -> str:
        """An alert that goes to an address of the wrong form is told to nobody, and only Alertmanager's log says so."""
        form, cure = _CONTACT_FORMS.get(info.data.get("kind", ""), (".", ""))
        if not re.match(form, value):
            raise fault(f"{quote(value)} {cure}")
        if info.data.get("kind") == "webhook" and value.startswith("http"):
            _check_webhook(value)
        return value


def _contacts(value: Any) -> Any:
    """A CSV cell holds contacts as ``kind:value`` with ``|`` between."""
    if not isinstance(value, str):
        return value
    parts = (part.partition(":") for part in value.split("|") if part.strip())
    return [{"kind": kind.strip(), "value": rest.strip()} for kind, _, rest in parts]


Contacts = Annotated[tuple[Contact, ...], BeforeValidator(_contacts)]


class Isp(BaseModel):
    """An internet service provider."""

    model_config = FROZEN
    id: Id = Field(description="Permanent id.")
    name: Text = Field(description="Name shown to people.")
    legal_name: Text | None = Field(None, description="Name of the legal body, as in the contract.")
    asn: int | None = Field(None, ge=1, le=4_294_967_295, description="Autonomous system number.")
    status: IspStatus = Field("active", description="Whether it serves, may come to serve, or has ended.")
    contacts: Contacts = Field((), description="Its NOC.")


class Kecamatan(BaseModel):
    """A district: it signs and pays the contracts."""

    model_config = FROZEN
    id: Id = Field(description="Permanent id.")
    name: Text = Field(description="Name shown to people.")
    code: Text | None = Field(None, description="Code of the Ministry of Home Affairs (Kemendagri).")
    bps_code: Text | None = Field(None, description="Code of Statistics Indonesia (BPS); another system.")
    latitude: Latitude | None = Field(None, description="Centre, for maps.")
    longitude: Longitude | None = Field(None, description="Centre, for maps.")
    area_km2: float | None = Field(None, gt=0, description="Area in square kilometres.")
    island: bool = Field(False, description="Whether the sea parts it from the mainland.")
    contacts: Contacts = Field((), description="Its office.")


class Kelurahan(BaseModel):
    """A ward, and the box of coordinates that it lies in, where it is known."""

    model_config = FROZEN
    code: Id = Field(description="Code of the Ministry of Home Affairs (Kemendagri), unique.")
    name: Text = Field(description="Name shown to people; unique only within its kecamatan.")
    kecamatan: Reference = Field(description="Id of its kecamatan.")
    bps_code: Text | None = Field(None, description="Code of Statistics Indonesia (BPS).")
    latitude: Latitude | None = Field(None, description="Centre, for maps.")
    longitude: Longitude | None = Field(None, description="Centre, for maps.")
    latitude_min: Latitude | None = Field(None, description="Southern edge of its box; all four edges or none.")
    latitude_max: Latitude | None = Field(None, description="Northern edge of its box; all four edges or none.")
    longitude_min: Longitude | None = Field(None, description="Western edge of its box; all four edges or none.")
    longitude_max: Longitude | None = Field(None, description="Eastern edge of its box; all four edges or none.")
    aliases: Texts = Field((), description="Other spellings of its name.")


class Uplink(BaseModel):
    """A tower, POP or backhaul that carries hotspots or further uplinks."""

    model_config = FROZEN
    id: Id = Field(description="Permanent id; no hotspot has it either.")
    name: Text = Field(description="Name shown to people.")
    kecamatan: Reference | None = Field(None, description="Id of the kecamatan where it stands.")
    isp: Reference | None = Field(None, description="Id of the ISP that runs it.")
    upstream: Id | None = Field(None, description="Id of the uplink or hotspot that carries it.")
    address: Address | None = Field(None, description="What is probed: IPv4 address, IPv6 address or name; or nothing.")


class Hotspot(BaseModel):
    """A point of the city's public WiFi."""

    model_config = FROZEN
    columns: ClassVar = ("address",)
    """What a CSV file has a column for, though a record may leave it empty."""
    id: Id = Field(description="Permanent id.")
    name: Text = Field(description="Name shown to people.")
    address: Address = Field(
        "",
        description="What is probed: IPv4 address, IPv6 address or host name; those that are planned, retired or not "
        "pinged need none.",
    )
    kecamatan: Reference = Field(description="Id of its kecamatan.")
    isp: Reference = Field(description="Id of its ISP.")
    kelurahan: Text | None = Field(None, description="Name, other spelling or code of its ward.")
    category: Id | None = Field(None, description="The kind of place.", json_schema_extra={"examples": [*CATEGORIES]})
    access: Id | None = Field(
        None, description="What carries it to its ISP.", json_schema_extra={"examples": [*ACCESS_TYPES]}
    )
    contract: Reference | None = Field(None, description="Id of the contract that pays for it.")
    latitude: Latitude | None = Field(None, description="Degrees, WGS 84; with longitude or not at all.")
    longitude: Longitude | None = Field(None, description="Degrees, WGS 84; with latitude or not at all.")
    upstream: Id | None = Field(None, description="Id of the hotspot or uplink that carries it.")
    status: HotspotStatus = Field("active", description="Only active hotspots are probed.")
    ping: Ping = Field("icmp", description="Whether it can be pinged: none where nobody can reach it from outside.")
    agent: bool = Field(False, description="Whether an agent at the hotspot sends heartbeats.")
    agent_custody: Custody = Field(
        "isp", description="Whose the device is that the agent runs on: city, or isp, whose word lifts no silent point."
    )
    agent_generation: int = Field(
        1, ge=1, le=1_000_000, description="Of the agent's token; the next number revokes the one before."
    )
    priority: bool | None = Field(
        None,
        description="Whether somebody is woken for it alone: true, false, or by its category (priority_categories).",
    )
    note: Text | None = Field(None, description="What else a list says of it, for people.")

    @property
    def pinged(self) -> bool:
        """Whether it has an address that answers pings."""
        return self.ping != "none" and bool(self.address)

    @property
    def ip(self) -> IPv4Address | IPv6Address | None:
        """The address as a number; `None` where it is a host name."""
        return parse_ip(self.address)


@dataclass(frozen=True)
class Inventory:
    """Everything there is, in the order of the files; it holds together (see `rules`)."""

    isps: tuple[Isp, ...] = ()
    kecamatan: tuple[Kecamatan, ...] = ()
    kelurahan: tuple[Kelurahan, ...] = ()
    contracts: tuple[Contract, ...] = ()
    uplinks: tuple[Uplink, ...] = ()
    hotspots: tuple[Hotspot, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    site_visits: tuple[SiteVisit, ...] = ()
    maintenance: tuple[MaintenanceWindow, ...] = ()
    people: tuple[Person, ...] = ()

    @cached_property
    def active_hotspots(self) -> tuple[Hotspot, ...]:
        """Those that are probed."""
        return tuple(hotspot for hotspot in self.hotspots if hotspot.status == "active")

    @cached_property
    def probed_uplinks(self) -> tuple[Uplink, ...]:
        """Uplinks with an address; the others are known by what they carry."""
        return tuple(uplink for uplink in self.uplinks if uplink.address is not None)

    @cached_property
    def isp_by_id(self) -> Mapping[str, Isp]:
        """ISPs by their id."""
        return {isp.id: isp for isp in self.isps}

    @cached_property
    def kecamatan_by_id(self) -> Mapping[str, Kecamatan]:
        """Kecamatan by their id."""
        return {kecamatan.id: kecamatan for kecamatan in self.kecamatan}

    @cached_property
    def contract_by_id(self) -> Mapping[str, Contract]:
        """Contracts by their id."""
        return {contract.id: contract for contract in self.contracts}

    @cached_property
    def uplink_by_id(self) -> Mapping[str, Uplink]:
        """Uplinks by their id."""
        return {uplink.id: uplink for uplink in self.uplinks}

    @cached_property
    def hotspot_by_id(self) -> Mapping[str, Hotspot]:
        """Hotspots by their id, active or not."""
        return {hotspot.id: hotspot for hotspot in self.hotspots}

    @cached_property
    def person_by_id(self) -> Mapping[str, Person]:
        """People by their id."""
        return {person.id: person for person in self.people}


RECORDS: Mapping[str, type[BaseModel]] = {
    "isps": Isp,
    "kecamatan": Kecamatan,
    "kelurahan": Kelurahan,
    "contracts": Contract,
    "uplinks": Uplink,
    "hotspots": Hotspot,
    "assignments": Assignment,
    "exclusions": Exclusion,
    "site_visits": SiteVisit,
    "maintenance": MaintenanceWindow,
    "people": Person,
}
"""The kinds of record by the key of a YAML file, or the stem of a CSV file's name."""
