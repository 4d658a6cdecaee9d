"""Time zones by the names that people in Indonesia use, and by province."""

from zoneinfo import ZoneInfo, available_timezones

from pantau.intake.errors import IntakeError
from pantau.inventory.wording import did_you_mean, quote

WIB, PONTIANAK, WITA, WIT = "Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura"
_NAMED = {"WIB": WIB, "WITA": WITA, "WIT": WIT}
_CENTRAL = {"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"}
_EASTERN = {"81", "82", "91", "92", "93", "94", "95", "96"}
_WEST_OF_KALIMANTAN = {"61", "62"}


def zone_of_province(code: str) -> str:
    """The IANA name of the zone of a province, by the first two digits of a code (Keppres 41/1987)."""
    province = code[:2]
    if province in _EASTERN:
        return WIT
    if province in _CENTRAL:
        return WITA
    return PONTIANAK if province in _WEST_OF_KALIMANTAN else WIB


def zone_named(text: str) -> str:
    """The IANA name of what somebody calls a zone: WIB, WITA, WIT, or an IANA name. Raises `IntakeError`."""
    name = _NAMED.get(text.strip().upper(), text.strip())
    if name not in available_timezones():
        cure = did_you_mean(name, sorted(available_timezones()), 3)
        raise IntakeError(
            f"{quote(text)} is no time zone; write WIB, WITA, WIT, or a name such as Asia/Jakarta ({cure})"
        )
    return name


def fixed_offset_seconds(zone: str) -> int | None:
    """How far a zone is from UTC, where it is the same all year; `None` where it is not."""
    from datetime import UTC, datetime

    found = {datetime(2026, month, 1, tzinfo=UTC).astimezone(ZoneInfo(zone)).utcoffset() for month in range(1, 13)}
    offsets = [offset for offset in found if offset is not None]
    return int(offsets[0].total_seconds()) if len(offsets) == 1 else None
