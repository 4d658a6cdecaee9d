"""The wire format of heartbeats (docs/agents.md), read as from somebody who means harm: bounded, and typed strictly.

Names that are not known are passed over, for an agent may be newer than its server.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from exporter.probing.agent.beats import LateMinute, Lookup, Mains, Minute, Portal

MOST_LATE = 240
"""Late minutes in one body; the agents of this project send 60."""
_MOST_COUNTER = 2**64 - 1
_MOST_UPTIME_SECONDS = 200 * 366 * 86_400
_MOST_SEQ = 2**53
_MOST_RTT_SECONDS = 60.0
_MOST_AGE_SECONDS = 30 * 86_400

_STRICT = ConfigDict(frozen=True, extra="ignore", strict=True, allow_inf_nan=False)
_Counter = Annotated[int, Field(ge=0, le=_MOST_COUNTER)]
_Rtt = Annotated[float, Field(ge=0, le=_MOST_RTT_SECONDS)]
_Word = Annotated[str, Field(max_length=40, pattern=r"^[A-Za-z0-9._+~-]*$")]


class _Measured(BaseModel):
    """The fields of one minute."""

    model_config = _STRICT
    uptime: Annotated[int, Field(ge=0, le=_MOST_UPTIME_SECONDS)] | None = None
    clients: Annotated[int, Field(ge=0, le=100_000)] | None = None
    rx_bytes: _Counter | None = None
    tx_bytes: _Counter | None = None
    portal: Portal | None = None
    dns: Lookup | None = None
    gateway_rtt: _Rtt | None = None
    internet_rtt: _Rtt | None = None
    loss: Annotated[float, Field(ge=0, le=1)] | None = None
    mains: Mains | None = None

    def minute(self) -> Minute:
        """What is handed on of it."""
        return Minute(*(getattr(self, name) for name in Minute._fields))

    @property
    def says_anything(self) -> bool:
        """Whether it is more than a sign of presence."""
        return any(getattr(self, name) is not None for name in Minute._fields)


class _Late(_Measured):
    """A minute that could not be sent."""

    age: Annotated[float, Field(ge=0, le=_MOST_AGE_SECONDS)]


class Heartbeat(_Measured):
    """One body."""

    boot: Annotated[str, Field(pattern=r"^[0-9a-f]{8,64}$")] | None = None
    seq: Annotated[int, Field(ge=0, le=_MOST_SEQ)] | None = None
    late: Annotated[tuple[_Late, ...], Field(max_length=MOST_LATE, strict=False)] = ()
    version: _Word | None = None
    unverified: bool = False
    """The client says that it could not tell whom it speaks to."""

    @model_validator(mode="after")
    def _in_order(self) -> "Heartbeat":
        """Anything but bare presence has its place in an order, for an old body must change nothing."""
        if (self.boot is None) != (self.seq is None):
            raise ValueError("boot and seq come together")
        if self.boot is None and (self.says_anything or self.late):
            raise ValueError("what says anything needs boot and seq")
        return self

    def late_minutes(self, most_seconds: float) -> tuple[LateMinute, ...]:
        """Those of them that are not too old."""
        return tuple(LateMinute(one.age, one.minute()) for one in self.late if one.age <= most_seconds)


def read_body(body: bytes) -> Heartbeat | None:
    """A body of a POST; None where it is no heartbeat. An empty one is a bare sign of presence."""
    if not body.strip():
        return Heartbeat()
    try:
        return Heartbeat.model_validate_json(body)
    except (ValidationError, RecursionError):
        return None


def read_query(fields: dict[str, Any]) -> Heartbeat | None:
    """The same of the names and texts of a GET; late minutes cannot come that way."""
    try:
        return Heartbeat.model_validate_strings({name: text for name, text in fields.items() if name != "late"})
    except ValidationError:
        return None
