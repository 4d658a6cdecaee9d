"""Types of single fields: text in, a checked value out, and a message with its cure where it is wrong.

Every scalar of a YAML or CSV file arrives here as text, so that ``id: 007`` and ``name: no`` stay what was written.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from pantau.inventory.addresses import probed_address
from pantau.inventory.durations import parse_duration, parse_span
from pantau.inventory.wording import quote, strange, unprintable

FROZEN = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)
"""The configuration of all models."""

OWN_MESSAGE = "pantau"
"""The error type of those messages that are ours and need no translation."""

FIRST_YEAR, LAST_YEAR = 1970, 2199
"""Of all dates."""
_When = TypeVar("_When", bound=date)

_ID = re.compile(r"[A-Za-z0-9._-]+\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_LOCAL_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2})?\Z")
_AMOUNT = re.compile(r"[0-9]{1,15}\Z")
_HOURS = re.compile(r"([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2})\Z")


def fault(message: str) -> PydanticCustomError:
    """An error that says `message` as it stands."""
    return PydanticCustomError(OWN_MESSAGE, "{message}", {"message": message})


def _parsed_by(parse: Callable[[str], Any]) -> Callable[[Any], Any]:
    """`parse` for text, its `ValueError` turned into our own kind; what is no text passes, for defaults are values."""

    def validate(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return parse(value.strip())
        except ValueError as error:
            raise fault(str(error)) from error

    return validate


def _id(text: str) -> str:
    if not _ID.match(text):
        raise ValueError(f"{quote(text)} is not an id; use letters, digits, '-', '_' and '.' only")
    return text


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    if _CONTROL.search(line):  # YAML can write them as escapes
        raise fault(f"{line!r} holds a control character; delete it")
    if found := unprintable(line):
        raise fault(f"{quote(line)} {strange(found[0])}")
    return line


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text if _DAY.match(text) else "")
    except ValueError as error:
        raise ValueError(f"{quote(text)} is not a date; write year-month-day, as in 2024-04-01") from error
    return _of_our_time(day, text)


def _local_time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text if _LOCAL_TIME.match(text) else "")
    except ValueError as error:
        raise ValueError(f"{quote(text)} is not a local time; write date and time, as in 2024-04-12 03:15") from error
    return _of_our_time(moment, text)


def _of_our_time(when: _When, text: str) -> _When:
    """Sums with times must stay within what a calendar and 64 bits of nanoseconds hold, whatever is added to them."""
    if not FIRST_YEAR <= when.year <= LAST_YEAR:
        raise ValueError(f"{quote(text)} lies outside the years {FIRST_YEAR} to {LAST_YEAR}; correct the year")
    return when


def _amount(text: str) -> int:
    if not _AMOUNT.match(text):
        cure = "write digits only, without points, commas or a currency: 500000"
        raise ValueError(f"{quote(text)} is no whole amount; {cure}")
    return int(text)


def _hours(text: str) -> tuple[time, time] | None:
    """`None` for round the clock."""
    if text.lower() == "24x7":
        return None
    match = _HOURS.match(text)
    try:
        opens, closes = (time.fromisoformat(part) for part in match.groups()) if match else (time(), time())
    except ValueError:
        opens = closes = time()
    if opens == closes:
        raise ValueError(f"{quote(text)} are no service hours; write 24x7, or from-to as in 06:00-22:00")
    return opens, closes


def _ratio(value: float) -> float:
    if not 0 <= value <= 1:
        raise fault(f"{value:g} is not a ratio from 0 to 1; for 98 % write 0.98")
    return value


def _within(limit: float, name: str, other: str) -> Callable[[float], float]:
    def validate(value: float) -> float:
        if not -limit <= value <= limit:
            raise fault(f"{value:g} is no {name} (from -{limit:g} to {limit:g}); was it exchanged with the {other}?")
        return value

    return validate


def _texts(value: Any) -> Any:
    """A CSV cell holds several texts with ``|`` between."""
    return [part.strip() for part in value.split("|") if part.strip()] if isinstance(value, str) else value


Id = Annotated[str, AfterValidator(_parsed_by(_id)), Field(json_schema_extra={"pattern": r"^[A-Za-z0-9._-]+$"})]
"""Permanent, unique among its kind."""

Reference = Annotated[str, AfterValidator(_one_line), Field(json_schema_extra={"pattern": r"^[A-Za-z0-9._-]+$"})]
"""The id of another record. That it is one is seen where the others are known: people write a name in its place."""

Text = Annotated[str, AfterValidator(_one_line), Field(json_schema_extra={"minLength": 1})]
"""Shown to people, on one line."""

Address = Annotated[str, AfterValidator(_parsed_by(probed_address))]
"""IPv4, IPv6 or host name, in its canonical spelling."""

Seconds = Annotated[
    float,
    BeforeValidator(_parsed_by(parse_duration)),
    WithJsonSchema({"type": "string", "pattern": r"^([0-9]+(\.[0-9]+)?(d|h|m|s|ms))+$"}),
]
"""Written as a duration (``10s``), kept in seconds."""

SecondsOrNone = Annotated[
    float,
    BeforeValidator(_parsed_by(parse_span)),
    WithJsonSchema({"type": "string", "pattern": r"^([0-9]+(\.[0-9]+)?(d|h|m|s|ms))+$"}),
]
"""The same, and ``0s`` is allowed."""

Day = Annotated[date, BeforeValidator(_parsed_by(_day))]
LocalTime = Annotated[
    datetime,
    BeforeValidator(_parsed_by(_local_time)),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2})?$"}),
]
"""Date and time in the settings' time zone, as people there write them."""

Amount = Annotated[int, BeforeValidator(_parsed_by(_amount)), Field(json_schema_extra={"minimum": 0})]
"""Whole smallest units of the currency. ``500.000`` is refused: it is five hundred thousand to one reader and five
hundred to the next."""

Hours = Annotated[
    tuple[time, time] | None,
    BeforeValidator(_parsed_by(_hours)),
    WithJsonSchema({"type": "string", "pattern": r"^(24x7|[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2})$"}),
]
"""Daily service hours, local time; over midnight where the second is the earlier one."""

Ratio = Annotated[float, AfterValidator(_ratio), Field(json_schema_extra={"minimum": 0, "maximum": 1})]
Latitude = Annotated[
    float,
    AfterValidator(_within(90, "latitude", "longitude")),
    Field(json_schema_extra={"minimum": -90, "maximum": 90}),
]
Longitude = Annotated[
    float,
    AfterValidator(_within(180, "longitude", "latitude")),
    Field(json_schema_extra={"minimum": -180, "maximum": 180}),
]
"""Degrees, WGS 84."""

Texts = Annotated[tuple[Text, ...], BeforeValidator(_texts)]
