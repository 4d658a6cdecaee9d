"""The settings `checks`, `vantage.references`, `isolation` and `sd`: what is asked of hotspots beside pings."""

import re
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field

from pantau.inventory.durations import parse_duration
from pantau.inventory.fields import FROZEN, Id, Seconds, Text, Texts, fault
from pantau.inventory.vocabulary import Access, Category
from pantau.inventory.wording import quote

CheckKind = Literal["http", "tcp", "dns"]
RESERVED_CHECKS = frozenset({"icmp", "agent", "portal", "agent_dns"})
"""Names of checks that other kinds of probes make."""
PLACEHOLDERS = ("{address}", "{hotspot}")
"""What stands for the hotspot's own address and id."""
_BRACES = re.compile(r"\{[^{}]*\}|[{}]")


def _placed(text: str) -> str:
    wrong = [found for found in _BRACES.findall(text) if found not in PLACEHOLDERS]
    if wrong:
        raise fault(f"{quote(text)} has {quote(wrong[0])}; only {' and '.join(PLACEHOLDERS)} stand for something")
    return text


def _url(text: str) -> str:
    _placed(text)
    try:
        parts = urlsplit(text.replace("{address}", "192.0.2.1").replace("{hotspot}", "x"))
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good or "@" in parts.netloc or not text.isascii() or " " in text:
        raise fault(f"{quote(text)} is no URL of a page; write https://HOST/PATH, without a user")
    return text


Url = Annotated[Text, AfterValidator(_url)]
Host = Annotated[Text, AfterValidator(_placed)]
Port = Annotated[int, Field(ge=1, le=65535)]
Status = Annotated[int, Field(ge=100, le=599)]


def _duration(key: str, default: str, description: str) -> Any:
    return Field(parse_duration(default), alias=key, description=description, json_schema_extra={"default": default})


class ServiceQuestion(BaseModel):
    """What is asked, and which answer is right."""

    model_config = FROZEN
    name: Id = Field(description="Label `check` in the metrics; of a reference its name.")
    kind: CheckKind = Field(description="http, tcp or dns.")
    url: Url | None = Field(None, description="Of http: the page. {address} and {hotspot} stand for the hotspot's own.")
    host: Host | None = Field(None, description="Of tcp and dns: address or name; {address} if left out.")
    port: Port | None = Field(None, description="Of tcp: the port. Of dns: 53 if left out.")
    query: Text | None = Field(None, description="Of dns: the name that is asked for.")
    record: Literal["A", "AAAA", "TXT", "SOA", "NS", "CNAME"] = Field("A", description="Of dns: the record's type.")
    status: tuple[Status, ...] = Field((), description="Of http: the answers that are right; any 2xx if left out.")
    text: Text | None = Field(None, description="Of http: what the page's beginning (64 KiB) has; * is anything.")
    redirect: Text | None = Field(None, description="Of http: where a redirect may lead; * is anything. None may else.")
    answer: Text | None = Field(None, description="Of dns: what one of the answers is; * is anything.")
    verify: bool = Field(True, description="Of http: whether the certificate must be one that we trust.")
    timeout_seconds: Seconds = _duration("timeout", "10s", "How long the answer may take.")


class ServiceReference(ServiceQuestion):
    """A service that tells whether our own path works, for checks of its kind."""

    isp: Id | None = Field(None, description="Id of the ISP whose path it proves; none where it proves our own.")


class CheckScope(BaseModel):
    """Which hotspots are checked: those that fit all lists that are given."""

    model_config = FROZEN
    hotspots: Texts = Field((), description="Ids.")
    categories: tuple[Category, ...] = Field((), description="Categories.")
    access: tuple[Access, ...] = Field((), description="What carries them.")
    isps: Texts = Field((), description="Ids of ISPs.")


class Check(ServiceQuestion):
    """A check of the service, made from this vantage."""

    scope: CheckScope = Field(default_factory=CheckScope, alias="for", description="Which hotspots; all if left out.")
    interval_seconds: Seconds = _duration("interval", "1m", "One check of a hotspot each interval.")
    slow_seconds: Seconds | None = Field(None, alias="slow", description="An answer that takes longer is degraded.")
    confirm: int = Field(3, ge=1, le=100, description="Failed checks in a row that make an outage.")
    recover_after: int = Field(2, ge=1, le=100, description="Good checks in a row that end it.")
    grace_seconds: Seconds | None = Field(
        None,
        alias="grace",
        description="So long what was said holds without an answer; three intervals if left out.",
    )
    proves: Literal["vantage", "client_path"] = Field(
        "vantage", description="Whether it crosses a client's path; if not, a failure makes degraded at most."
    )

    @property
    def lasts_seconds(self) -> float:
        """The grace."""
        return 3 * self.interval_seconds if self.grace_seconds is None else self.grace_seconds


class Isolation(BaseModel):
    """What an ISP's suspension page looks like: all that is given fits. Several entries of one ISP are alternatives."""

    model_config = FROZEN
    isp: Id = Field(description="Id of the ISP.")
    url: Text | None = Field(None, description="Where it redirects to; * is anything.")
    text: Text | None = Field(None, description="What the page says; * is anything. Case means nothing.")
    answer: Text | None = Field(None, description="The address that its name server gives in place of the right one.")


class DiscoveryJob(BaseModel):
    """Targets for another exporter: `GET /sd/{job}` in Prometheus' HTTP service discovery format."""

    model_config = FROZEN
    job: Id = Field(description="Name of the job, as in the path.")
    scope: CheckScope = Field(default_factory=CheckScope, alias="for", description="Which hotspots; all if left out.")
    target: Host = Field("{address}", description="The target: an address, HOST:PORT, or a URL.")
    module: Text | None = Field(None, description="The exporter's module: the label __param_module.")
    auth: Text | None = Field(None, description="The exporter's credentials by name: the label __param_auth.")
