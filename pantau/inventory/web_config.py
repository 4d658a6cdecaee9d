"""How a listener speaks TLS and whom it lets in: the file that Prometheus' exporter-toolkit calls web configuration.

Its keys and values are exporter-toolkit's. What Python's TLS cannot do as it is meant there is refused with its cure,
and never passed over. No message quotes a key or a hash.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, model_validator

from pantau.errors import ConfigurationError, Problem
from pantau.inventory.ciphers import CIPHERS, CURVES
from pantau.inventory.fields import FROZEN, SecondsOrNone, Text, fault
from pantau.inventory.one_file import read_one
from pantau.inventory.wording import did_you_mean, quote

_HASH = re.compile(r"\$2[abxy]\$(0[4-9]|[12][0-9]|3[01])\$[./A-Za-z0-9]{53}\Z")
_UNVERIFIED = ("RequestClientCert", "RequireAnyClientCert", "RequireClientCert")
_HEADERS: Mapping[str, tuple[str, ...]] = {
    "Content-Security-Policy": (),
    "X-Frame-Options": ("deny", "sameorigin"),
    "X-Content-Type-Options": ("nosniff",),
    "X-XSS-Protection": (),
    "Strict-Transport-Security": (),
}
"""Those that may be set; where values are listed, to one of them."""
_FILES = ("cert_file", "key_file", "client_ca_file")


def _client_auth(value: str) -> str:
    if value in _UNVERIFIED:
        raise fault(
            f"{quote(value)} would take any certificate unseen, which is no proof of anything and is not supported; "
            "write RequireAndVerifyClientCert"
        )
    known = ("NoClientCert", "VerifyClientCertIfGiven", "RequireAndVerifyClientCert")
    if value not in known:
        raise fault(f"{quote(value)} is not one of {', '.join(known)}; {did_you_mean(value, known)}")
    return value


def _old_tls(value: Any) -> Any:
    if value in ("TLS10", "TLS11"):
        raise fault(f"{quote(value)} has been broken for years and is not spoken; write TLS12 or TLS13")
    return value


def _ciphers(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if name not in CIPHERS:
            raise fault(f"{quote(name)} is no cipher suite that is spoken; {did_you_mean(name, list(CIPHERS))}")
    return names


def _curves(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if name not in CURVES:
            raise fault(f"{quote(name)} is not a known curve; {did_you_mean(name, list(CURVES))}")
    if len(names) > 1:
        raise fault("Python's TLS prefers one curve at most; name one, or leave curve_preferences out")
    return names


def _headers(given: Mapping[str, str]) -> Mapping[str, str]:
    for name, value in given.items():
        if name not in _HEADERS:
            raise fault(f"header {quote(name)} cannot be set; {did_you_mean(name, list(_HEADERS))}")
        if value and _HEADERS[name] and value not in _HEADERS[name]:
            raise fault(f"{name} cannot be {quote(value)}; write {' or '.join(_HEADERS[name])}")
    return given


def _users(given: Mapping[str, str]) -> Mapping[str, str]:
    for name, value in given.items():
        if ":" in name:
            raise fault(f"the name {quote(name)} has a colon, which ends a name in basic authentication; delete it")
        if not _HASH.match(value):
            raise fault(f"what stands beside {quote(name)} is no bcrypt hash; make one with: htpasswd -nBC 10 {name}")
    return given


Version = Annotated[Literal["TLS12", "TLS13"], BeforeValidator(_old_tls)]


class TlsServer(BaseModel):
    """``tls_server_config``; paths are relative to the file."""

    model_config = FROZEN
    cert: str | None = Field(None, description="Certificate with its chain (PEM), in place of cert_file.")
    key: str | None = Field(None, description="Its private key (PEM), in place of key_file.")
    client_ca: str | None = Field(None, description="Authorities of clients' certificates (PEM).")
    cert_file: Text | None = Field(None, description="Certificate with its chain (PEM).")
    key_file: Text | None = Field(None, description="Its private key (PEM).")
    client_auth_type: Annotated[str, AfterValidator(_client_auth)] = Field(
        "NoClientCert", description="Whether clients show certificates."
    )
    client_ca_file: Text | None = Field(None, description="Authorities of clients' certificates (PEM).")
    client_allowed_sans: tuple[Text, ...] = Field((), description="Names, one of which a client's certificate has.")
    min_version: Version = Field("TLS12", description="The oldest TLS that is spoken.")
    max_version: Version = Field("TLS13", description="The newest TLS that is spoken.")
    cipher_suites: Annotated[tuple[Text, ...], AfterValidator(_ciphers)] = Field((), description="Of TLS 1.2.")
    prefer_server_cipher_suites: bool = Field(True, description="Whether our order of them counts.")
    curve_preferences: Annotated[tuple[Text, ...], AfterValidator(_curves)] = Field((), description="Of ECDHE.")

    @model_validator(mode="after")
    def _is_whole(self) -> "TlsServer":
        for name in ("cert", "key"):
            inline, file = getattr(self, name), getattr(self, f"{name}_file")
            if not inline and not file:
                raise fault(f"neither {name}_file nor {name} is given; name the PEM file")
            if inline and file:
                raise fault(f"both {name}_file and {name} are given; delete one")
        authorities = bool(self.client_ca or self.client_ca_file)
        if authorities and self.client_auth_type == "NoClientCert":
            cure = "add client_auth_type: RequireAndVerifyClientCert"
            raise fault(f"client_ca_file without client_auth_type verifies nobody; {cure}")
        if not authorities and self.client_auth_type != "NoClientCert":
            raise fault(f"{self.client_auth_type} needs authorities; add client_ca_file")
        if self.client_allowed_sans and self.client_auth_type != "RequireAndVerifyClientCert":
            raise fault("client_allowed_sans needs client_auth_type: RequireAndVerifyClientCert")
        if self.min_version > self.max_version:
            raise fault(f"min_version {self.min_version} is above max_version {self.max_version}; exchange them")
        return self


class HttpServer(BaseModel):
    """``http_server_config``."""

    model_config = FROZEN
    http2: bool = Field(True, description="Whether HTTP/2 may be spoken; it is not, in either case.")
    headers: Annotated[dict[str, str], AfterValidator(_headers)] = Field(
        default_factory=dict, description="Headers of each answer; one that is blank is left out."
    )


class RateLimit(BaseModel):
    """``rate_limit``: a token bucket for all requests together."""

    model_config = FROZEN
    interval: SecondsOrNone = Field(0.0, description="Time between two requests; 0s for no limit.")
    burst: int = Field(0, ge=0, le=1_000_000, description="Requests that may come at once.")


class WebConfig(BaseModel):
    """The file."""

    model_config = FROZEN
    tls_server_config: TlsServer | None = Field(None, description="TLS of the listener; plain HTTP if left out.")
    http_server_config: HttpServer = Field(default_factory=HttpServer, description="What HTTP is like.")
    basic_auth_users: Annotated[dict[str, str], AfterValidator(_users)] = Field(
        default_factory=dict, description="Names, and bcrypt hashes of their passwords; everybody if left out."
    )
    rate_limit: RateLimit = Field(default_factory=RateLimit, description="Of all requests together.")

    @property
    def files(self) -> tuple[str, ...]:
        """Those that it names."""
        tls = self.tls_server_config
        return () if tls is None else tuple(filter(None, (getattr(tls, name) for name in _FILES)))


def read_web_config(file: Path) -> WebConfig:
    """What a file sets, with paths that can be opened; `ConfigurationError` with every problem."""
    config = read_one(file, WebConfig)
    tls = config.tls_server_config
    if tls is None:
        return config
    paths = {name: str(file.parent / given) for name in _FILES if (given := getattr(tls, name))}
    return config.model_copy(update={"tls_server_config": tls.model_copy(update=paths)})


def tls_of(config: WebConfig, file: Path) -> TlsServer:
    """TLS of a listener that must speak it; `ConfigurationError` where the file sets none."""
    if config.tls_server_config is None:
        problem = Problem(file, 0, "tls_server_config", "is missing; add it with cert_file and key_file")
        raise ConfigurationError([problem])
    return config.tls_server_config
