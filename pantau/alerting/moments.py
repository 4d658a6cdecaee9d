"""The moments that annotations name, as the rules write them: on the city's clocks, with the name of its zone."""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from pantau.zones import INDONESIAN, name_at

_WRITTEN = "%d-%m-%Y %H:%M:%S"


def clock(moment: datetime, zone: tzinfo | None) -> str:
    """The moment on the clocks of the zone, which it names."""
    local = moment.astimezone(zone)
    name = name_at(zone, int(moment.timestamp())) if isinstance(zone, ZoneInfo) else local.tzname()
    return f"{local:{_WRITTEN}} {name}"


def moment_of(text: str, zone: tzinfo | None = None) -> datetime | None:
    """The moment that such a text means in the zone; nothing if it is none.

    Where no city's zone is known, Indonesia's are, by the names that the text has at its end.
    """
    try:
        local = datetime.strptime(text.rpartition(" ")[0], _WRITTEN).replace(tzinfo=UTC)
    except ValueError:
        return None
    zones = [zone] if isinstance(zone, ZoneInfo) else [UTC, *map(ZoneInfo, INDONESIAN.values())]
    # Where clocks are put back an hour is there twice; the zone's name says which is meant.
    meant = (local.replace(tzinfo=one, fold=fold) for one in zones for fold in (0, 1))
    return next((moment.astimezone(UTC) for moment in meant if clock(moment, moment.tzinfo) == text), None)
