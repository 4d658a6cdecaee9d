"""The settings of `pantau.yml`: what they are, their defaults and limits. It knows no files and no inventory."""

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, WithJsonSchema

from pantau.inventory.agents import Agents
from pantau.inventory.checks import Check, DiscoveryJob, Isolation, ServiceReference
from pantau.inventory.degraded import Degraded
from pantau.inventory.durations import parse_duration
from pantau.inventory.fields import FROZEN, Address, Id, Seconds, Text, fault
from pantau.inventory.listening import Listen, listen_setting, listen_settings, network_setting, parse_listen
from pantau.inventory.office import Office
from pantau.inventory.sending import SourceSetting
from pantau.inventory.snmp import Snmp
from pantau.inventory.tsa import Tsa
from pantau.inventory.wording import did_you_mean, quote
from pantau.zones import INDONESIAN

PACKET_SPACING_SECONDS = 0.1
"""Between two echo requests of one round."""

LEAST_PAYLOAD_BYTES = 16
"""A tag that nobody can guess, and the number of the probe."""
IPV4_PAYLOAD_BYTES, IPV6_PAYLOAD_BYTES = 1472, 1452
"""What an Ethernet frame of 1500 bytes holds behind the headers of IP and ICMP."""

DEFAULT_INVENTORY = (
    "inventory/isps.yml",
    "inventory/kecamatan.yml",
    "inventory/kelurahan.csv",
    "inventory/uplinks.yml",
    "inventory/contracts.yml",
    "inventory/hotspots.csv",
    "inventory/maintenance.yml",
)

MAY_BE_MISSING = (
    "inventory/kelurahan.csv",
    "inventory/uplinks.yml",
    "inventory/contracts.yml",
    "inventory/assignments.csv",
    "inventory/exclusions.yml",
    "inventory/site_visits.yml",
    "inventory/maintenance.yml",
    "people.yml",
)
"""Taken where they are there, when the settings list no file: what lies in its usual place is not passed over."""

MOST_FILES = 200
"""Of an inventory: each costs a look a second."""


def _duration(key: str, default: str, description: str) -> Any:
    """A field that is ``key: 10s`` in YAML and a number of seconds in Python."""
    return Field(parse_duration(default), alias=key, description=description, json_schema_extra={"default": default})


class Confirm(BaseModel):
    """Quick re-probes after a lost round, before the verdict down."""

    model_config = FROZEN
    attempts: int = Field(3, ge=0, le=10, description="Re-probes after a lost round; 0 believes the first loss.")
    spacing_seconds: Seconds = _duration("spacing", "1s", "Time between two re-probes.")


class Probing(BaseModel):
    """How hotspots are probed."""

    model_config = FROZEN
    interval_seconds: Seconds = _duration("interval", "10s", "One round per hotspot each interval.")
    timeout_seconds: Seconds = _duration("timeout", "2s", "How long a reply is waited for; less than the interval.")
    packets: int = Field(1, ge=1, le=20, description="Echo requests in a round.")
    burst: int | None = Field(
        None,
        ge=1,
        le=10_000,
        description="Packets that leave within 10 ms at most; if left out, 16, or what 1.5 times the rate are.",
    )
    confirm: Confirm = Field(default_factory=Confirm, description="Quick re-probes before the verdict down.")
    recover_after: int = Field(2, ge=1, le=100, description="Answered rounds before the verdict up.")
    engine: Literal["auto", "batch", "aioping"] = Field("auto", description="What sends the probes.")
    socket: Literal["auto", "datagram", "raw"] = Field("auto", description="The ICMP socket of the batch engine.")
    source: SourceSetting | None = Field(
        None, description="Where probes leave from: an address of this machine, one of each family, or an interface."
    )
    dscp: int = Field(0, ge=0, le=63, description="Differentiated services code point of the probes; 0 is best effort.")
    size: int = Field(
        LEAST_PAYLOAD_BYTES,
        ge=LEAST_PAYLOAD_BYTES,
        le=IPV4_PAYLOAD_BYTES,
        description="Bytes behind the ICMP header, without fragmentation: 16 to 1472 with IPv4, to 1452 with IPv6.",
    )
    family: Literal["any", "ipv4", "ipv6"] = Field("any", description="Which addresses are probed.")
    degraded: Degraded = Field(default_factory=Degraded, description="When an answering hotspot is degraded.")


class Canary(BaseModel):
    """A host that tells whether our own path works."""

    model_config = FROZEN
    name: Id = Field(description="Label of the canary in the metrics.")
    address: Address = Field(description="IPv4 address, IPv6 address or host name.")
    isp: Id | None = Field(None, description="Id of the ISP whose path it proves; none where it proves our own.")


class Vantage(BaseModel):
    """Where we probe from."""

    model_config = FROZEN
    name: Text = Field("noc", description="Name of this vantage.")
    canaries: tuple[Canary, ...] = Field((), description="Hosts that tell whether our own path works.")
    quorum: int = Field(
        1, ge=1, le=1000, description="How many canaries without isp must answer for us to trust our sight."
    )
    references: tuple[ServiceReference, ...] = Field(
        (), description="Services that tell whether our own path works, for the checks of their kind."
    )


class Web(BaseModel):
    """The exporter's web server."""

    model_config = FROZEN
    listen: Annotated[
        tuple[Annotated[Listen, BeforeValidator(listen_setting)], ...],
        BeforeValidator(listen_settings),
        WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}),
    ] = Field(
        (Listen("127.0.0.1", 9810),),
        description="HOST:PORT, an IPv6 host in brackets; :PORT for every address. One, or a list.",
        json_schema_extra={"default": "127.0.0.1:9810"},
    )
    config_file: Text | None = Field(
        None,
        alias="web_config_file",
        description="File with TLS, users and headers in the format of Prometheus' exporter-toolkit, relative to this "
        "file's folder; plain HTTP for everybody if left out.",
    )
    http_config_file: Text | None = Field(
        None,
        description="How our own commands, and the Prometheus of `pantau up`, ask that server: file with password and "
        "certificates in the format of Prometheus' HTTP client configuration, relative to this file's folder.",
    )
    scrapers: tuple[
        Annotated[IPv4Network | IPv6Network, BeforeValidator(network_setting), WithJsonSchema({"type": "string"})],
        ...,
    ] = Field(
        (), description="Addresses or networks whose scrapes have places of their own, beside those of this machine."
    )


def _journal_url(text: str) -> str:
    if not text.startswith(("sqlite:///", "postgresql://")):
        cure = "write sqlite:///data/journal.sqlite or postgresql://HOST/NAME"
        raise fault(f"{quote(text)} is no place for a journal; {cure}")
    return text


class Journal(BaseModel):
    """The journal: the evidence that reports and bills rest on."""

    model_config = FROZEN
    url: Annotated[Text, AfterValidator(_journal_url)] = Field(
        "sqlite:///data/journal.sqlite",
        description="An SQLite file, relative to this file's folder, or a PostgreSQL database (password: PGPASSFILE).",
    )
    spool: Text | None = Field(
        None, description="File, on another disk, for what the journal does not take; without one it is kept in memory."
    )
    spool_key: Text | None = Field(
        None,
        description="File for the key that seals the spool; if not given, beside an SQLite journal, else the spool.",
    )


class Witness(BaseModel):
    """Prometheus beside the journal, the second witness of what a report says."""

    model_config = FROZEN
    tolerance: Seconds = _duration(
        "tolerance",
        "10m",
        "How far the two may differ at a point in a month before somebody has to say why; never more than 0.1 % of it.",
    )


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        zone = INDONESIAN.get(name.upper())
        cure = f"did you mean {quote(zone)}?" if zone else did_you_mean(name, sorted(available_timezones()))
        raise fault(f"{quote(name)} is not a time zone; {cure}") from error
    return name


def _not_empty(files: tuple[str, ...]) -> tuple[str, ...]:
    if not files:
        raise fault("the list is empty; name at least one file")
    if len(files) > MOST_FILES:
        raise fault(f"{len(files)} files are more than {MOST_FILES}; put several into one")
    return files


def _place_text(text: str) -> str:
    try:
        return str(parse_listen(text.lower()))
    except ValueError as error:
        raise fault(f"{quote(text)} is not HOST:PORT; write it as in gateway.kantor.lan:8443") from error


class Settings(BaseModel):
    """All settings of `pantau.yml`."""

    model_config = FROZEN
    probing: Probing = Field(default_factory=Probing, description="How hotspots are probed.")
    vantage: Vantage = Field(default_factory=Vantage, description="Where we probe from.")
    inventory: Annotated[tuple[Text, ...], AfterValidator(_not_empty)] = Field(
        DEFAULT_INVENTORY,
        description="YAML and CSV files, relative to this file's folder; those in their usual places if left out.",
        json_schema_extra={"minItems": 1, "maxItems": MOST_FILES},
    )
    timezone: Annotated[str, AfterValidator(_timezone)] = Field(
        "Asia/Makassar", description="IANA name of the zone that people read times in."
    )
    web: Web = Field(default_factory=Web, description="The exporter's web server.")
    journal: Journal = Field(default_factory=Journal, description="The journal that reports and bills rest on.")
    witness: Witness = Field(default_factory=Witness, description="The comparison of journal and Prometheus.")
    categories: tuple[Id, ...] = Field((), description="Kinds of places beside those that every city has.")
    access_types: tuple[Id, ...] = Field((), description="What else carries hotspots to their ISPs, likewise.")
    priority_categories: tuple[Id, ...] = Field(
        (), description="Kinds of places whose single hotspots somebody is woken for."
    )
    internal_webhooks: tuple[Annotated[Text, AfterValidator(_place_text)], ...] = Field(
        (), description="HOST:PORT in networks of ours that a contact's webhook may lead to; else it may to none."
    )
    office: Office = Field(default_factory=Office, description="Who runs Pantau.")
    checks: tuple[Check, ...] = Field((), description="Checks of the service, made from here.")
    isolation: tuple[Isolation, ...] = Field((), description="What the ISPs' suspension pages look like.")
    sd: tuple[DiscoveryJob, ...] = Field((), description="Targets for other exporters, told at /sd/{job}.")
    agents: Agents | None = Field(
        None, description="The door for heartbeats of agents at the hotspots; there is none if left out."
    )
    snmp: Snmp = Field(default_factory=Snmp, description="Devices that are asked whether the power or the link failed.")
    tsa: Tsa | None = Field(
        None, description="The authority that stamps the journal each day; none stamps it if left out."
    )

    @property
    def zone(self) -> ZoneInfo:
        """The time zone itself."""
        return ZoneInfo(self.timezone)
