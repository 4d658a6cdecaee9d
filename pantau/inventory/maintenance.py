"""Announced maintenance: a window of time for a hotspot, an uplink, an ISP or a kecamatan, with reason and approval."""

import re
from datetime import datetime, tzinfo
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, WithJsonSchema, model_validator

from pantau.inventory.calendar import Calendar, Week
from pantau.inventory.fields import FROZEN, Id, LocalTime, Text, fault
from pantau.inventory.wording import quote

MaintenanceScope = Literal["hotspot", "uplink", "isp", "kecamatan"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])\Z|(24):(00)\Z")


def _clock(value: Any) -> Any:
    """``HH:MM`` as seconds since midnight."""
    if not isinstance(value, str):
        return value
    match = _CLOCK.match(value.strip())
    if match is None:
        raise fault(f"{quote(value)} is not a time of day; write hours and minutes, as in 01:30")
    hours, minutes = filter(None, match.groups())
    return int(hours) * 3600 + int(minutes) * 60


ClockTime = Annotated[
    int,
    BeforeValidator(_clock),
    WithJsonSchema({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$"}),
]


def _some_days(days: tuple[str, ...]) -> tuple[str, ...]:
    if not days:
        raise fault("the list is empty; name at least one day")
    return days


class Weekly(BaseModel):
    """The same hours on some days of each week."""

    model_config = FROZEN
    days: Annotated[tuple[Weekday, ...], AfterValidator(_some_days)] = Field(
        description="Days on which it begins.", json_schema_extra={"minItems": 1}
    )
    from_seconds: ClockTime = Field(alias="from", description="Local time of day at which it begins.")
    to_seconds: ClockTime = Field(
        alias="to", description="Local time of day at which it ends; up to 24:00, or next day."
    )

    @model_validator(mode="after")
    def _lasts(self) -> "Weekly":
        if self.from_seconds == self.to_seconds:
            raise fault("begins and ends at the same time of day; write a whole day as from 00:00 to 24:00")
        return self


def _weekly(value: Any) -> Any:
    """A CSV cell holds it as ``mon|thu 01:00-03:00``."""
    if not isinstance(value, str):
        return value
    days, _, hours = value.strip().partition(" ")
    begin, _, end = hours.partition("-")
    return {"days": [day.strip() for day in days.split("|")], "from": begin.strip(), "to": end.strip()}


class MaintenanceWindow(BaseModel):
    """A time in which what is down is no outage: the state is maintenance, nothing pages, no second is charged."""

    model_config = FROZEN
    id: Id = Field(description="Permanent id.")
    scope: MaintenanceScope = Field(description="The kind of target.")
    target: Id = Field(
        description="Id of the hotspot, uplink, ISP or kecamatan. A hotspot or uplink takes along all that it carries."
    )
    start: LocalTime = Field(description="Local time at which it begins; of a weekly one, from which it counts.")
    end: LocalTime = Field(description="Local time at which it has ended; of a weekly one, up to which it counts.")
    weekly: Annotated[Weekly | None, BeforeValidator(_weekly)] = Field(
        None, description="Days and hours of a window that comes each week; none for one that comes once."
    )
    reason: Text = Field(description="Why, for people and reports.")
    filed_at: LocalTime = Field(description="Local time at which it was announced.")
    approved_by: Text = Field(description="Who agreed.")

    def calendar(self, zone: tzinfo) -> Calendar:
        """When it is open, its local times read in `zone`."""
        week = None
        if self.weekly is not None:
            days = frozenset(get_args(Weekday).index(day) for day in self.weekly.days)
            week = Week(days, self.weekly.from_seconds, self.weekly.to_seconds)
        return Calendar(self.start, self.end, week, zone)


def format_local(time: datetime) -> str:
    """A local time as the files have it."""
    return f"{time:%Y-%m-%d %H:%M:%S}".removesuffix(":00")
