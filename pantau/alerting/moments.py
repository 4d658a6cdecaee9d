"""The moments that annotations name, as the rules write them."""

from datetime import datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Makassar")
"""WITA, in which the office's people read."""
_WRITTEN = "%d-%m-%Y %H:%M:%S WITA"


def clock(moment: datetime) -> str:
    """The moment in WITA."""
    return f"{moment.astimezone(ZONE):{_WRITTEN}}"


def moment_of(text: str) -> datetime | None:
    """The moment that such a text means; nothing if it is none."""
    try:
        return datetime.strptime(text, _WRITTEN).replace(tzinfo=ZONE)
    except ValueError:
        return None
