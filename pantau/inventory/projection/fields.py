"""Which fields of settings and inventory decide money, and which do not: each is in exactly one of the two tables.

What decides money is chained in the journal and exported from it for good, so nothing is here that is somebody's
affair: no contact, credential, note or path. A field that is in neither table fails a test.
"""

from collections.abc import Mapping

from pydantic import BaseModel

from pantau.inventory.agents import AgentLimits, Agents
from pantau.inventory.assignments import Assignment
from pantau.inventory.checks import Check, CheckScope, DiscoveryJob, Isolation, ServiceReference
from pantau.inventory.contracts import Addendum, Contract, ContractTerms, DeductionStep, InstabilityLimits
from pantau.inventory.degraded import AccessLimits, Degraded, DegradedByAccess
from pantau.inventory.exclusions import Exclusion
from pantau.inventory.maintenance import MaintenanceWindow, Weekly
from pantau.inventory.models import Contact, Hotspot, Isp, Kecamatan, Kelurahan, Uplink
from pantau.inventory.office import Currency, EarlierCount, Office
from pantau.inventory.people import Person
from pantau.inventory.settings import (
    Canary,
    Confirm,
    Journal,
    Probing,
    Settings,
    Vantage,
    Web,
    Witness,
)
from pantau.inventory.site_visits import SiteVisit
from pantau.inventory.snmp import Snmp, SnmpAccess
from pantau.inventory.tsa import Tsa, TsaMail

_TERMS = (
    "sla_ratio",
    "method",
    "steps",
    "level",
    "denominator",
    "threshold",
    "minimum_coverage_ratio",
    "deduction_cap_ratio",
    "degraded_counts",
    "isolated_counts",
    "no_internet_counts",
    "service_hours",
    "maintenance_notice",
    "maintenance_allowance",
    "admitted_causes",
    "repair_limit",
    "repair_starts",
    "penalty_permille",
    "penalty_base",
    "penalty_cap_ratio",
    "late_repair_penalised",
    "instability",
)
_CONTRACT = (
    *("id", "kecamatan", "isp", "start", "end", "order_number", "catalogue_package", "agreement_number", "signed"),
    *("value", "payment", "points", "objection_days", "addenda"),
)

_QUESTION = (
    *("name", "kind", "url", "host", "port", "query", "record", "status", "text", "redirect", "answer", "verify"),
    "timeout_seconds",
)

DECIDES: Mapping[type[BaseModel], tuple[str, ...]] = {
    Isp: ("id", "legal_name"),
    Kecamatan: ("id",),
    Contract: (*_CONTRACT, *_TERMS),
    ContractTerms: _TERMS,
    Addendum: ("number", "start", *_TERMS),
    DeductionStep: ("below_ratio", "deduct_ratio"),
    InstabilityLimits: ("per_day", "monthly", "charged"),
    Uplink: ("id", "kecamatan", "isp", "upstream", "address"),
    Hotspot: (
        *("id", "address", "kecamatan", "isp", "kelurahan", "category", "access", "contract", "upstream", "status"),
        *("ping", "agent", "agent_custody"),
    ),
    Assignment: (*("hotspot", "contract", "start", "end", "monthly_fee", "mbps", "sla_ratio", "accepted", "stopped"),),
    Exclusion: (
        *("id", "scope", "target", "start", "end", "cause", "document", "proposed_by", "accepted_by", "accepted_on"),
    ),
    SiteVisit: ("hotspot", "date", "by", "result", "download_mbps", "upload_mbps"),
    MaintenanceWindow: ("id", "scope", "target", "start", "end", "weekly", "reason", "filed_at", "approved_by"),
    Weekly: ("days", "from_seconds", "to_seconds"),
    Person: ("id", "name", "office", "role", "side", "key", "former_keys", "until"),
    Settings: ("probing", "vantage", "agents", "timezone", "checks", "isolation"),
    Agents: ("interval_seconds", "grace_seconds", "late_seconds"),
    Probing: ("interval_seconds", "timeout_seconds", "packets", "confirm", "recover_after", "family", "degraded"),
    Confirm: ("attempts", "spacing_seconds"),
    Degraded: ("loss_ratio", "rtt_seconds", "window", "access"),
    DegradedByAccess: tuple(DegradedByAccess.model_fields),
    AccessLimits: ("loss_ratio", "rtt_seconds"),
    Vantage: ("name", "canaries", "quorum", "references"),
    Canary: ("name", "address", "isp"),
    Check: (
        *_QUESTION,
        "scope",
        "interval_seconds",
        "slow_seconds",
        "confirm",
        "recover_after",
        "grace_seconds",
        "proves",
    ),
    CheckScope: ("hotspots", "categories", "access", "isps"),
    ServiceReference: (*_QUESTION, "isp"),
    Isolation: ("isp", "url", "text", "answer"),
}
"""A canary decides money: while it answers, silence is the hotspot's. So does a ward: it tells faults apart. A category
decides none, and is what a statement groups by. A person decides what the keys sign, and is named on the paper."""

LEFT_OUT: Mapping[type[BaseModel], tuple[str, ...]] = {
    Isp: ("name", "asn", "status", "contacts"),
    Kecamatan: (*("name", "code", "bps_code", "latitude", "longitude", "area_km2", "island", "contacts"),),
    Kelurahan: tuple(Kelurahan.model_fields),
    Contact: tuple(Contact.model_fields),
    Uplink: ("name",),
    Hotspot: ("name", "latitude", "longitude", "agent_generation", "priority", "note"),
    Exclusion: ("scan", "note"),
    SiteVisit: ("photo", "note"),
    Settings: (
        *("inventory", "web", "journal", "snmp", "tsa", "witness", "office", "sd"),
        *("categories", "access_types", "priority_categories", "internal_webhooks"),
    ),
    DiscoveryJob: tuple(DiscoveryJob.model_fields),
    Probing: ("burst", "engine", "socket", "source", "dscp", "size"),
    Agents: (
        *(
            "listen",
            "key_files",
            "web_config",
            "ca",
            "url",
            "check_url",
            "allow_get",
            "limits",
            "portal_url",
            "portal_text",
        ),
        *("state",),
    ),
    AgentLimits: tuple(AgentLimits.model_fields),
    Web: tuple(Web.model_fields),
    Journal: tuple(Journal.model_fields),
    Witness: tuple(Witness.model_fields),
    Office: tuple(Office.model_fields),
    Snmp: tuple(Snmp.model_fields),
    SnmpAccess: tuple(SnmpAccess.model_fields),
    Currency: tuple(Currency.model_fields),
    EarlierCount: tuple(EarlierCount.model_fields),
    Tsa: tuple(Tsa.model_fields),
    TsaMail: tuple(TsaMail.model_fields),
}
"""Names and places for people, which a report takes from today's files; contacts and notes; how probes are sent."""

SETS = frozenset(
    {"admitted_causes", "days", "steps", "canaries", "former_keys", "checks", "references", "isolation", "status"}
    | {"hotspots", "categories", "access", "isps"}
)
"""Lists whose order means nothing."""

UNSAID: Mapping[type[BaseModel], tuple[str, ...]] = {Hotspot: ("ping", "agent", "agent_custody")}
"""Fields that are absent where they are as if nobody had written them, so that what was chained before there were such
fields is still the line of a record that has not changed."""
