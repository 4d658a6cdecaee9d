"""The setting `agents`: the door that hotspots' own agents knock at, the keys of their tokens, and its limits."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, WithJsonSchema

from pantau.inventory.addresses import parse_ip
from pantau.inventory.checks import Url
from pantau.inventory.durations import parse_duration
from pantau.inventory.fields import FROZEN, Seconds, Text, fault
from pantau.inventory.listening import Listen, listen_setting
from pantau.inventory.wording import quote

MOST_KEYS = 4
"""The present key, and those of before that are still accepted: each costs a comparison for a token that is wrong."""
LEAST_PATIENCE = 1.5
"""Intervals in the grace: a beat that is due and a little late is none that was missed."""


def _duration(key: str, default: str, description: str) -> Any:
    """A field that is ``key: 1m`` in YAML and a number of seconds in Python."""
    return Field(parse_duration(default), alias=key, description=description, json_schema_extra={"default": default})


class AgentLimits(BaseModel):
    """What one client may cost. What is beyond a limit is refused and counted."""

    model_config = FROZEN
    body_bytes: int = Field(65_536, ge=1024, le=1_048_576, description="Of one request; a minute takes some 300.")
    per_token: int = Field(12, ge=2, le=600, description="Heartbeats a minute with the token of one hotspot.")
    per_address: int = Field(
        300, ge=1, le=10_000, description="Requests a second from one address; a refused token costs as much as ten."
    )
    connections: int = Field(1024, ge=16, le=16_384, description="Connections at once.")
    connections_per_address: int = Field(
        256, ge=4, le=16_384, description="Of them from one address: many agents may be behind one that they share."
    )


def _key_files(files: tuple[str, ...]) -> tuple[str, ...]:
    if not files:
        raise fault("the list is empty; name the file with the key of the tokens, made by: openssl rand -hex 32")
    if len(files) > MOST_KEYS:
        raise fault(f"{len(files)} keys are more than {MOST_KEYS}; delete those that no agent uses any more")
    repeated = next((file for file in files if files.count(file) > 1), None)
    if repeated is not None:
        raise fault(f"{quote(repeated)} is listed twice; delete one")
    return files


def _https(text: str) -> str:
    if not text.startswith("https://"):
        raise fault(f"{quote(text)} is no address that agents may send to; write https://HOST:PORT")
    return text.rstrip("/")


def _page_url(text: str) -> str:
    if "{" in text or "}" in text:
        raise fault(f"{quote(text)} is one page for all agents; nothing in braces stands for anything there")
    return text


class Agents(BaseModel):
    """The door for heartbeats of agents at the hotspots."""

    model_config = FROZEN
    listen: Annotated[Listen, BeforeValidator(listen_setting), WithJsonSchema({"type": "string"})] = Field(
        Listen("127.0.0.1", 9811),
        description="HOST:PORT of the agents' listener; without TLS it is on a loopback address.",
        json_schema_extra={"default": "127.0.0.1:9811"},
    )
    key_files: Annotated[tuple[Text, ...], AfterValidator(_key_files)] = Field(
        description="Files, relative to this file's folder, of the keys that tokens are made with; the first makes "
        "new ones, all are accepted.",
        json_schema_extra={"minItems": 1, "maxItems": MOST_KEYS},
    )
    web_config: Text | None = Field(
        None,
        alias="web_config_file",
        description="File with tls_server_config in the format of Prometheus' exporter-toolkit, relative to this "
        "file's folder; plain HTTP if left out.",
    )
    ca: Text | None = Field(
        None,
        alias="ca_file",
        description="Certificates (PEM) by which agents know our listener, for `agents install`; if left out, those "
        "that the device has.",
    )
    url: Annotated[Text, AfterValidator(_https)] | None = Field(
        None, description="Address that agents send to from outside, as in https://pantau.example.go.id:9811."
    )
    check_url: bool = Field(
        False,
        description="Whether we knock at url ourselves, as agents do: while that fails and no heartbeat comes, the "
        "door counts as closed. That it works proves nothing, for our own router may let us in alone (NAT hairpin).",
    )
    allow_get: bool = Field(
        False, description="Whether heartbeats may come as GET, for clients that know nothing else."
    )
    interval_seconds: Seconds = _duration("interval", "1m", "How often each agent sends.")
    grace_seconds: Seconds = _duration(
        "grace", "3m", "After so long without a heartbeat a hotspot is down, since the last one."
    )
    late_seconds: Seconds = _duration("late", "24h", "Minutes that come later than this are not taken.")
    limits: AgentLimits = Field(default_factory=AgentLimits, description="What one client may cost.")
    portal_url: Annotated[Url, AfterValidator(_page_url)] | None = Field(
        None,
        description="Page that agents fetch to see what a client gets; they check none if left out. It is asked from "
        "here too: while it fails itself, nobody is without internet for it.",
    )
    portal_text: Text = Field("pantau-ok", description="What that page says.")
    state: Text = Field(
        "data/agents.json",
        alias="state_file",
        description="File, relative to this file's folder, of what was last heard of each agent.",
    )

    @property
    def on_loopback(self) -> bool:
        """Whether the listener can be reached from this machine alone."""
        address = parse_ip(self.listen.host)
        return self.listen.host == "localhost" if address is None else address.is_loopback

    @property
    def missed(self) -> int:
        """Heartbeats that are missed when the grace is over: those that were due well before its end."""
        return max(1, int((self.grace_seconds - 1e-6) // self.interval_seconds))
