"""How dates, times, durations, ratios and rupiah are written, in the reader's language and the contract's time zone.

What is not known is a dash, never 0. Times are Unix seconds; money whole rupiah.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, get_decimal_symbol

from pantau.texts import spelling
from pantau.texts.catalogues import catalogue, check
from pantau.texts.catalogues import mark as _
from pantau.texts.money import Money

UNKNOWN = "—"
LOCALE = Path(__file__).parent / "locale"
_REGIONS = {"en": "en_GB"}
"""Whose dates and figures are meant, where the language alone would mean another's."""
_UNITS = (_("d"), _("h"), _("min"), _("s"))
_ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
_DECIMALS, _MOST_DECIMALS = 4, 12
_SIZES = (86_400, 3600, 60, 1)


class HasPercent(Protocol):
    """A ratio that knows its percentage."""

    @property
    def percent(self) -> str:
        """With four decimals: ``95.0000``."""


class IsExact(HasPercent, Protocol):
    """A ratio that knows itself exactly, too."""

    @property
    def numerator(self) -> int:
        """Whole."""

    @property
    def denominator(self) -> int:
        """Whole, above 0."""


@dataclass(frozen=True, slots=True)
class DateInWords:
    """A date as it is read out: day and year in words."""

    weekday: str
    day: str
    month: str
    year: str
    date: str
    """In figures: ``04-05-2024``."""


@dataclass(frozen=True, slots=True)
class Formats:
    """Raises `ValueError` for a language that is not one of `LANGUAGES`."""

    language: str
    zone: ZoneInfo
    currency: Money = field(default_factory=Money)

    def __post_init__(self) -> None:
        check(self.language)

    @property
    def zone_name(self) -> str:
        """As people call it: WITA."""
        return _ZONES.get(self.zone.key, self.zone.key)

    def day(self, value: str | date) -> str:
        """``30 April 2024``, from a date or its ISO text."""
        return format_date(_date(value), "d MMMM y", locale=self._locale)

    def day_before(self, value: str) -> str:
        """The last day of what ends before this one."""
        return self.day(_date(value) - timedelta(days=1))

    def period(self, start: int, end: int) -> str:
        """``1–30 April 2024, 00:00–24:00 WITA``: whole days from `start` up to `end`."""
        first, last = (datetime.fromtimestamp(second, self.zone).date() for second in (start, end - 1))
        days = f"{first.day}–{self.day(last)}" if first.month == last.month else f"{self.day(first)} – {self.day(last)}"
        return f"{days}, 00:00–24:00 {self.zone_name}"

    def days(self, start: int, end: int) -> str:
        """``1–30 (30)``: days of a month, and how many; to a tenth where it is cut within a day."""
        first, last = (datetime.fromtimestamp(second, self.zone).day for second in (start, end - 1))
        tenths = (2 * 10 * (end - start) + 86_400) // 172_800
        return f"{first}–{last} ({self._separated(f'{tenths / 10:g}')})"

    def month(self, value: str) -> str:
        """``April 2024``, from ``2024-04``."""
        return format_date(date.fromisoformat(f"{value}-01"), "MMMM y", locale=self._locale)

    def short_month(self, value: str) -> str:
        """``Apr 24``, from ``2024-04``."""
        return format_date(date.fromisoformat(f"{value}-01"), "MMM yy", locale=self._locale)

    def time(self, second: int | None) -> str:
        """``15 Apr 2024 18:00:05``: a Unix second on the clocks of the zone."""
        return self._time(second, "d MMM y HH:mm:ss")

    def short_time(self, second: int | None) -> str:
        """``15/04 18:00:05``: within a table of one month."""
        return self._time(second, "dd/MM HH:mm:ss")

    def day_of(self, second: int) -> str:
        """The date to which a Unix second belongs: ``15 April 2024``."""
        return self._time(second, "d MMMM y")

    def date_in_words(self, second: int) -> DateInWords:
        """The date to which a Unix second belongs, as a record has it: ``Sabtu``, ``empat``, ``Mei``, ...."""
        on = datetime.fromtimestamp(second, self.zone).date()
        return DateInWords(
            weekday=format_date(on, "EEEE", locale=self._locale),
            day=spelling.in_words(on.day, self.language),
            month=format_date(on, "MMMM", locale=self._locale),
            year=spelling.in_words(on.year, self.language),
            date=f"{on:%d-%m-%Y}",
        )

    def duration(self, seconds: int | None) -> str:
        """The two greatest units, rounded down: ``1 hari 4 jam``; ``0`` for none at all."""
        if seconds is None:
            return UNKNOWN
        parts: list[str] = []
        rest = seconds
        text = catalogue(LOCALE, self.language).gettext
        for size, unit in zip(_SIZES, _UNITS, strict=True):
            count, rest = divmod(rest, size)
            if count or parts:
                parts.append(f"{count} {text(unit)}" if count else "")
        return " ".join(part for part in parts[:2] if part) or "0"

    def clock(self, seconds: int | None) -> str:
        """Hours, minutes and seconds exactly: ``28:00:00``."""
        if seconds is None:
            return UNKNOWN
        minutes, rest = divmod(seconds, 60)
        return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"

    def hours(self, seconds: int | None) -> str:
        """Hours with two decimals, half-up."""
        if seconds is None:
            return UNKNOWN
        hundredths = (2 * seconds * 100 + 3600) // 7200
        return self._separated(f"{hundredths // 100}.{hundredths % 100:02}", hundredths // 100)

    def percent(self, text: str | None) -> str:
        """``95,0000 %`` from the four decimals of a ratio."""
        return UNKNOWN if text is None else f"{self._separated(text)} %"

    def ratio(self, value: HasPercent | None) -> str:
        """The percentage of a ratio; a dash where there is none."""
        return UNKNOWN if value is None else self.percent(value.percent)

    def decided(self, value: IsExact | None, *limits: IsExact | None) -> str:
        """As `ratio`, with as many decimals more as it takes to see on which side of each limit it lies.

        97,99999 % of a promised 98 % are not 98,0000 %: whoever reads that beside a "not met" would not believe it.
        """
        if value is None:
            return UNKNOWN
        exact = Fraction(value.numerator, value.denominator)
        edges = [Fraction(limit.numerator, limit.denominator) for limit in limits if limit is not None]
        return self.percent(deciding_percent(exact, edges))

    def short_ratio(self, value: HasPercent | None) -> str:
        """As `ratio`, without zeros at the end: ``98 %``, ``99,5 %``."""
        return UNKNOWN if value is None else self.percent(value.percent.rstrip("0").rstrip("."))

    def tenths(self, part: int, whole: int) -> str:
        """``12,3 %``: a share for the eye, half-up."""
        permille = (2 * 1000 * part + whole) // (2 * whole)
        return self._separated(f"{permille // 10}.{permille % 10} %")

    def number(self, value: float | None) -> str:
        """With the language's separators."""
        return UNKNOWN if value is None else format_decimal(value, locale=self._locale)

    @property
    def currency_name(self) -> str:
        """``rupiah``; ``US dollars``."""
        return self.currency.name(self._locale)

    def rupiah(self, value: int | None) -> str:
        """An amount: ``Rp1.234.567``; ``Rp1,234,567`` in English; in another currency ``US$49.99``."""
        return UNKNOWN if value is None else self.currency.amount(value, self._locale)

    def minus(self, value: int | None) -> str:
        """An amount that is subtracted: ``−Rp16.667``; nothing is Rp0."""
        return f"−{self.rupiah(value)}" if value else self.rupiah(value)

    def in_words(self, value: int | None) -> str:
        """An amount in words: ``seribu rupiah``."""
        return UNKNOWN if value is None else self.currency.in_words(value, self.language, self._locale)

    def _separated(self, text: str, whole: int | None = None) -> str:
        """A decimal as the language writes it; its `whole` part grouped, where given."""
        before, dot, after = text.partition(".")
        if whole is not None:
            before = self.number(whole)
        return before + (dot and get_decimal_symbol(self._locale)) + after

    def _time(self, second: int | None, pattern: str) -> str:
        if second is None:
            return UNKNOWN
        return format_datetime(datetime.fromtimestamp(second, self.zone), pattern, locale=self._locale)

    @property
    def _locale(self) -> str:
        return _REGIONS.get(self.language, self.language)


def deciding_percent(value: Fraction, limits: Iterable[Fraction]) -> str:
    """A ratio as a percentage, half-up: with four decimals, or as many more, up to twelve, as its limits ask for."""
    edges = list(limits)
    for digits in range(_DECIMALS, _MOST_DECIMALS + 1):
        scale = 100 * 10**digits
        scaled = (2 * value.numerator * scale + value.denominator) // (2 * value.denominator)
        if all(_side(Fraction(scaled, scale), edge) == _side(value, edge) for edge in edges):
            break
    whole, rest = divmod(scaled, 10**digits)
    return f"{whole}.{rest:0{digits}}"


def _side(value: Fraction, edge: Fraction) -> int:
    return (value > edge) - (value < edge)


def _date(value: str | date) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
