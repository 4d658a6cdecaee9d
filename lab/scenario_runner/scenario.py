"""What the file of a scenario may say: faults with their times, and the exact list of notifications expected."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from pantau.inventory.durations import parse_duration
from pantau.inventory.fields import FROZEN, Address, Id, Ratio, Seconds, Text, fault

Part = Literal["nameserver", "exporter", "alertmanager", "prometheus"]
"""In the order in which they are started; there is a name server only where hotspots are `named`."""


def _moment(value: Any) -> Any:
    """A duration that may be nothing, ``0s``."""
    if not isinstance(value, str):
        return value
    try:
        return 0.0 if value.strip() == "0s" else parse_duration(value.strip())
    except ValueError as error:
        raise fault(str(error)) from error


Moment = Annotated[float, BeforeValidator(_moment)]
"""Seconds since the first fault could happen; written as a duration."""


class TargetSelection(BaseModel):
    """Hotspots to which all given conditions apply, then evenly spread a share or a number of them; and canaries."""

    model_config = FROZEN
    isp: Id | None = Field(None, description="Id of their ISP.")
    kecamatan: Id | None = Field(None, description="Id of their kecamatan.")
    kelurahan: Text | None = Field(None, description="Name of their kelurahan.")
    uplink: Id | None = Field(None, description="What carries them, at any distance; its own address with them.")
    hotspots: tuple[Id, ...] = Field((), description="Their ids.")
    category: Id | None = Field(None, description="Their category.")
    all: bool = Field(False, description="Every hotspot.")
    share: Ratio | None = Field(None, description="This share of them, evenly spread.")
    count: int | None = Field(None, ge=1, description="So many of them, evenly spread.")
    canaries: bool = Field(False, description="The canaries, too.")

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if self.share is not None and self.count is not None:
            raise fault("gives both 'share' and 'count'; give one of them")
        if not self.model_fields_set:
            raise fault(
                "says of nothing that it is meant; give isp, kecamatan, kelurahan, uplink, hotspots, category, "
                "canaries, or 'all: true'"
            )
        return self


class FlapCycle(BaseModel):
    """Hotspots that fall silent and come back, over and over."""

    model_config = FROZEN
    of: TargetSelection = Field(description="Which.")
    down: Seconds = Field(description="How long they are silent.")
    up: Seconds = Field(description="How long they answer.")
    lasts: Seconds = Field(description="When it is over; a multiple of both together.")


class Overflow(BaseModel):
    """The exporter's receive buffer is made too small for what comes in."""

    model_config = FROZEN
    lasts: Seconds = Field(description="For so long.")


class AgentsWords(BaseModel):
    """What agents tell from now on of what a client gets."""

    model_config = FROZEN
    of: TargetSelection = Field(description="Whose; who has none is passed over.")
    say: Literal["ok", "isolir", "fail", "nothing"] = Field(
        description="The page, the ISP's suspension page, no page; or nothing at all, as where no heartbeat comes in."
    )


class PlannedMaintenance(BaseModel):
    """An announced window, filed by an edit of the running exporter's inventory. Times from the edit on."""

    model_config = FROZEN
    id: Id = Field(description="Id of the window.")
    scope: Literal["hotspot", "uplink", "isp", "kecamatan"] = Field(description="What it is about.")
    target: Id = Field(description="Id of that.")
    starts: Moment = Field(description="Its start.")
    ends: Moment = Field(description="Its end.")


class TimedFault(BaseModel):
    """One thing that happens."""

    model_config = FROZEN
    at: Moment = Field(0.0, description="When.")
    black_hole: TargetSelection | None = Field(None, description="These fall silent.")
    heal: TargetSelection | None = Field(None, description="These answer again.")
    agents: AgentsWords | None = Field(None, description="These agents tell something else.")
    flap: FlapCycle | None = Field(None, description="These come and go.")
    overflow: Overflow | None = Field(None, description="Replies are lost in the exporter's own buffer.")
    step_clock: Seconds | None = Field(None, description="The exporter's wall clock steps forwards by this.")
    kill: Part | None = Field(None, description="Ended with SIGKILL.")
    stop: Part | None = Field(None, description="Ended in good order.")
    start: Part | None = Field(None, description="Started again, on its old data.")
    restart: Part | None = Field(None, description="Ended in good order and started again, on its old data.")
    maintenance: PlannedMaintenance | None = Field(None, description="A window is filed.")
    lose_hotspots: int | None = Field(None, ge=1, description="So many hotspots vanish from the inventory.")

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if len(self.model_fields_set - {"at"}) != 1:
            kinds = ", ".join(name for name in TimedFault.model_fields if name != "at")
            raise fault(f"must be exactly one thing that happens, and 'at'; known are {kinds}")
        return self


class ExpectedNotification(BaseModel):
    """A notification: how many messages tell of this, and when. What no entry expects is false."""

    model_config = FROZEN
    alert: Id = Field(description="alertname.")
    status: Literal["firing", "resolved"] = Field("firing", description="What is said of it.")
    severity: Literal["page", "ticket", "info"] = Field(description="How loud.")
    about: Text | None = Field(None, description="Id of what it is about; left out, anything.")
    messages: int = Field(1, ge=1, description="So many.")
    optional: bool = Field(False, description="At most so many; none is right, too.")
    since: Moment = Field(0.0, description="Where `within` and `earliest` count from.")
    within: Seconds | None = Field(None, description="The first comes so soon after `since`.")
    earliest: Seconds | None = Field(None, description="The first comes not sooner after `since`.")
    faulted: Moment | None = Field(None, description="It says that the fault began then.")
    says: dict[str, Text] = Field({}, description="By annotation a regular expression of the whole of it.")


class ScenarioCanary(BaseModel):
    """A canary of this scenario's city."""

    model_config = FROZEN
    name: Id = Field(description="Its name.")
    address: Address = Field(description="In the namespace's prefixes.")
    isp: Id | None = Field(None, description="Whose path it proves.")


class UplinkAddress(BaseModel):
    """An uplink of the shipped inventory that is probed here."""

    model_config = FROZEN
    uplink: Id = Field(description="Its id.")
    address: Address = Field(description="In the namespace's prefixes.")


CANARIES = (
    ScenarioCanary(name="gateway", address="fd77::1", isp=None),
    ScenarioCanary(name="dns", address="fd77::2", isp=None),
)


class AlertingScenario(BaseModel):
    """What happens to the city, and what the night shift shall hear of it."""

    model_config = FROZEN
    row: int = Field(ge=1, description="Its place in the table.")
    fault: Text = Field(description="What happens, in the table's words.")
    notifications: Text = Field(description="What is expected, in the table's words.")
    quick: bool = Field(False, description="Whether `make test` runs it.")
    canaries: tuple[ScenarioCanary, ...] = Field(CANARIES, description="The vantage's.")
    probed_uplinks: tuple[UplinkAddress, ...] = Field((), description="Uplinks with another address than shipped.")
    unprobed_uplinks: tuple[Id, ...] = Field((), description="Uplinks without the address that they are shipped with.")
    named: TargetSelection | None = Field(None, description="These have host names, which a name server tells.")
    agents: TargetSelection | None = Field(None, description="These have agents on devices of the city's own.")
    unpinged: TargetSelection | None = Field(None, description="Of these nobody sees more than their agents tell.")
    acts: tuple[TimedFault, ...] = Field(description="In the order of their times.")
    expected: tuple[ExpectedNotification, ...] = Field(description="All that shall be told.")
    lasts: Seconds = Field(description="The time that is watched; notifications after it would not be seen.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        times = [act.at for act in self.acts]
        if not times:
            raise fault("has no acts; say what happens")
        if times != sorted(times) or times[-1] >= self.lasts:
            raise fault("has acts out of order or beyond 'lasts'; sort them by 'at', or lengthen it")
        if self.agents is None and (self.unpinged or any(act.agents for act in self.acts)):
            raise fault("has no agents; say who has them by 'agents'")
        parts = {part for act in self.acts for part in (act.kill, act.stop, act.start, act.restart)}
        if "nameserver" in parts and self.named is None:
            raise fault("has no name server; say whose names it tells by 'named'")
        return self

    @property
    def steps_clock(self) -> bool:
        """Whether the exporter needs a clock that can be stepped."""
        return any(act.step_clock is not None for act in self.acts)
