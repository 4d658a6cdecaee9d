"""The settings below `probing.degraded`: when a hotspot that answers is degraded, for all or by what carries it.

A satellite link at 600 ms is as good as it can be, fibre at 300 ms is not: one limit for all makes the one degraded for
good, or never sees the other.
"""

from typing import Any, NamedTuple

from pydantic import BaseModel, Field

from pantau.inventory.durations import parse_duration
from pantau.inventory.fields import FROZEN, Ratio, Seconds

_RTT = "500ms"


class DegradedLimits(NamedTuple):
    """What holds for one hotspot."""

    loss_ratio: float
    rtt_seconds: float


class AccessLimits(BaseModel):
    """Own limits of hotspots of one access; what is left out is as for all."""

    model_config = FROZEN
    loss_ratio: Ratio | None = Field(None, description="Share of lost probes over the window, 0 to 1.")
    rtt_seconds: Seconds | None = Field(None, alias="rtt", description="Smoothed round-trip time (RFC 6298).")


def _own(what: str) -> Any:
    return Field(default_factory=AccessLimits, description=f"Own limits of {what}.")


class DegradedByAccess(BaseModel):
    """Own limits by what carries a hotspot to its ISP: the values of the inventory's `access`."""

    model_config = FROZEN
    ftth_gpon: AccessLimits = _own("fibre to the home")
    fo_dedicated: AccessLimits = _own("dedicated fibre")
    radio_ptp: AccessLimits = _own("a radio link between two points")
    radio_ptmp: AccessLimits = _own("a radio link that several points share")
    starlink: AccessLimits = _own("satellites in a low orbit")
    vsat: AccessLimits = _own("a geostationary satellite")
    seluler: AccessLimits = _own("mobile telephony")
    metro: AccessLimits = _own("metro Ethernet")


class Degraded(BaseModel):
    """The limits beyond which a hotspot that answers is degraded."""

    model_config = FROZEN
    loss_ratio: Ratio = Field(0.1, description="Share of lost probes over the window, 0 to 1.")
    rtt_seconds: Seconds = Field(
        parse_duration(_RTT),
        alias="rtt",
        description="Smoothed round-trip time (RFC 6298).",
        json_schema_extra={"default": _RTT},
    )
    window: int = Field(30, ge=10, le=64, description="Probes over which loss is taken.")
    access: DegradedByAccess = Field(
        default_factory=DegradedByAccess, description="Own limits by access, where those for all do not fit."
    )

    def limits_of(self, access: str | None) -> DegradedLimits:
        """What holds for hotspots of an access, or for those whose access is not known."""
        name = access or ""
        own: AccessLimits = getattr(self.access, name) if name in DegradedByAccess.model_fields else AccessLimits()
        return DegradedLimits(
            self.loss_ratio if own.loss_ratio is None else own.loss_ratio,
            self.rtt_seconds if own.rtt_seconds is None else own.rtt_seconds,
        )
