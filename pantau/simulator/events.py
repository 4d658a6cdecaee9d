"""What may happen in a scenario: one model per kind of event, with when and where. It knows no file and no array."""

import errno
import re
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, model_validator

from pantau.inventory.durations import format_duration, parse_duration
from pantau.inventory.fields import FROZEN, Id, Seconds, Text, fault
from pantau.inventory.vocabulary import Access
from pantau.inventory.wording import quote

DAY_SECONDS = 86_400
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])\Z")
_ERRNO_NAMES = frozenset(errno.errorcode.values())


def _start(value: Any) -> Any:
    """A duration that may be nothing."""
    if not isinstance(value, str):
        return value
    if value.strip() == "0s":
        return 0.0
    try:
        return parse_duration(value.strip())
    except ValueError as error:
        raise fault(str(error)) from error


def _clock(value: Any) -> Any:
    """``13:00`` as seconds of the local day."""
    if not isinstance(value, str):
        return value
    match = _CLOCK.match(value)
    if match is None:
        raise fault(f"{quote(value)} is not a time of day; write hours and minutes, as in 07:30 or 19:00")
    return int(match[1]) * 3600.0 + int(match[2]) * 60.0


def _errno(value: Any) -> Any:
    if value not in _ERRNO_NAMES:
        raise fault(f"{quote(value)} is not an errno of this system; write one such as ENOBUFS or ENETUNREACH")
    return value


def _part(value: float) -> float:
    if not 0 < value < 1:
        raise fault(f"{value:g} is not between 0 and 1; for 5 % write 0.05, and for everything use hotspot_down")
    return value


class HotspotSelection(BaseModel):
    """A set of hotspots: those to which all given conditions apply, or so many of them, chosen by the seed."""

    model_config = FROZEN
    isp: Id | None = Field(None, description="Id of their ISP.")
    kecamatan: Id | None = Field(None, description="Id of their kecamatan.")
    kelurahan: Text | None = Field(None, description="Their ward, as the inventory names it.")
    access: Access | None = Field(None, description="What carries them to their ISP.")
    uplink: Id | None = Field(None, description="Uplink or hotspot that carries them, at any distance.")
    hotspots: tuple[Id, ...] = Field((), description="Their ids.")
    agent: bool = Field(False, description="Those that have an agent.")
    all: bool = Field(False, description="Every hotspot.")
    random: int | None = Field(None, ge=1, description="So many of them.")

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if self.hotspots and self.random:
            raise fault("gives both 'hotspots' and 'random'; give one of them")
        if not self.model_fields_set & set(HotspotSelection.model_fields):
            raise fault(
                "says of no hotspot that it is meant; give isp, kecamatan, kelurahan, access, uplink, "
                "hotspots, random, 'agent: true' or 'all: true'"
            )
        return self


class ScenarioEvent(BaseModel):
    """When something happens: once, again and again, or each day at the same hour."""

    model_config = FROZEN
    where_path: ClassVar[tuple[str, ...]] = ()
    """The keys below the event that lead to its `HotspotSelection`."""
    at_seconds: Annotated[float | None, BeforeValidator(_start)] = Field(
        None, alias="at", description="Time since the scenario's start; at once if neither this nor daily is given."
    )
    daily_seconds: Annotated[float | None, BeforeValidator(_clock)] = Field(
        None, alias="daily", description="Time of day (WITA) at which it happens every day."
    )
    for_seconds: Seconds | None = Field(None, alias="for", description="How long it lasts; to the end if not given.")
    repeat_every_seconds: Seconds | None = Field(
        None, alias="repeat_every", description="Time from start to next start."
    )

    @property
    def where(self) -> HotspotSelection | None:
        """The hotspots it concerns; `None` if it concerns us, who probe."""
        return None

    @model_validator(mode="after")
    def _timing(self) -> Self:
        period = self.repeat_every_seconds
        if self.daily_seconds is not None:
            if self.at_seconds is not None or period is not None:
                raise fault("gives 'daily' together with 'at' or 'repeat_every'; daily says both, give it alone")
            period = DAY_SECONDS
        if period is not None and self.for_seconds is None:
            raise fault("comes again and again but has no 'for'; say how long it lasts")
        if period is not None and (self.for_seconds or 0) > period:
            raise fault(f"lasts longer than the {format_duration(period)} after which it comes again; shorten 'for'")
        return self


class IspOutage(ScenarioEvent):
    """An outage of an ISP, everywhere or in one kecamatan."""

    isp: Id = Field(description="Id of the ISP.")
    kecamatan: Id | None = Field(None, description="Only there.")

    @property
    def where(self) -> HotspotSelection:
        """The ISP's hotspots."""
        return _where(isp=self.isp, kecamatan=self.kecamatan)


class KecamatanOutage(ScenarioEvent):
    """Every hotspot of a kecamatan is down."""

    kecamatan: Id = Field(description="Id of the kecamatan.")

    @property
    def where(self) -> HotspotSelection:
        """The kecamatan's hotspots."""
        return _where(kecamatan=self.kecamatan)


class KelurahanPowerCut(ScenarioEvent):
    """A ward is without electricity, and its hotspots are down whichever ISP serves them."""

    kelurahan: Text = Field(description="The ward.")
    kecamatan: Id | None = Field(None, description="Its kecamatan, where two wards have the same name.")

    @property
    def where(self) -> HotspotSelection:
        """The ward's hotspots."""
        return _where(kelurahan=self.kelurahan, kecamatan=self.kecamatan)


class UplinkCut(ScenarioEvent):
    """A tower, POP or backhaul fails, and with it all that hangs on it."""

    uplink: Id = Field(description="Id of the uplink, or of a hotspot that carries others.")

    @property
    def where(self) -> HotspotSelection:
        """What it carries, at any distance, and itself if it is a hotspot."""
        return _where(uplink=self.uplink)


class HotspotDown(HotspotSelection, ScenarioEvent):
    """Single hotspots are down."""

    spread_seconds: Seconds | None = Field(
        None, alias="spread", description="Each begins at its own moment within this time, not all at once."
    )

    power: bool = Field(False, description="Their devices are without electricity; else their links fail.")

    @property
    def where(self) -> HotspotSelection:
        """Those hotspots."""
        return self


class Flap(HotspotSelection, ScenarioEvent):
    """Hotspots go down and come up in a cycle, each in its own phase."""

    up_seconds: Seconds = Field(alias="up", description="How long each time they answer.")
    down_seconds: Seconds = Field(alias="down", description="How long each time they are silent.")

    @property
    def where(self) -> HotspotSelection:
        """Those hotspots."""
        return self


class _Scoped(ScenarioEvent):
    """An impairment, or an outage that an ICMP error announces, for any set of hotspots."""

    where_path: ClassVar[tuple[str, ...]] = ("scope",)
    scope: HotspotSelection = Field(description="Which hotspots.")

    @property
    def where(self) -> HotspotSelection:
        """The hotspots of the scope."""
        return self.scope


class Loss(_Scoped):
    """Some packets are lost."""

    ratio: Annotated[float, AfterValidator(_part)] = Field(description="Share of probes lost, above 0 and below 1.")


class Latency(_Scoped):
    """Replies take longer."""

    add_seconds: Seconds = Field(alias="add", description="Time added to each RTT.")


class Unreachable(_Scoped):
    """A router on the way answers with an ICMP error in the hotspot's place."""

    error: Literal["net", "host", "prohibited", "ttl"] = Field(description="Which error.")


class VantageCut(ScenarioEvent):
    """Our own uplink is cut: nothing answers, the canaries neither."""


class SendFailure(ScenarioEvent):
    """The kernel refuses to send."""

    errno: Annotated[str, BeforeValidator(_errno)] = Field(description="Name of the error, such as ENOBUFS.")


class ReceiveOverflow(ScenarioEvent):
    """Our receive buffer is full: replies that arrive are dropped and counted."""


def _where(**conditions: str | None) -> HotspotSelection:
    return HotspotSelection(**{name: value for name, value in conditions.items() if value is not None})
