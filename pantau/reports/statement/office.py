"""What a report says in the words of the office: of its districts, its currency, and what its city means to reach."""

from dataclasses import dataclass
from fractions import Fraction

from pantau.inventory import Settings
from pantau.levels import LevelWords
from pantau.texts.money import Money


@dataclass(frozen=True, slots=True)
class EarlierShare:
    """A count that somebody made before Pantau did."""

    when: str
    """The month."""
    online: str
    """The share as a fraction: ``3/4``."""


@dataclass(frozen=True, slots=True)
class OfficeWords:
    """Of one office; by default those of an Indonesian city."""

    short_name: str = ""
    district: str = "Kecamatan"
    ward: str = "Kelurahan"
    district_head: str = "Camat"
    """Who signs for the buyer, before the district's name."""
    currency: str = "IDR"
    currency_digits: int = 0
    target: str = "1/1"
    baselines: tuple[EarlierShare, ...] = ()
    programme_points: int | None = None
    """How many points were promised; `None` where nobody said."""

    @property
    def levels(self) -> LevelWords:
        """What districts and wards are called."""
        return LevelWords(self.district, self.ward, "rupiah" if self.currency == "IDR" else self.currency)

    @property
    def money(self) -> Money:
        """What amounts are given in."""
        return Money(self.currency, self.currency_digits)


def office_words(settings: Settings) -> OfficeWords:
    """What the settings say."""
    office = settings.office
    target = Fraction(str(office.target))
    counted = [(one.when, one.online) for one in office.baselines]
    return OfficeWords(
        short_name=office.short_name or office.name,
        district=office.district_word,
        ward=office.ward_word,
        district_head=office.district_head,
        currency=office.currency.code,
        currency_digits=office.currency.digits,
        target=f"{target.numerator}/{target.denominator}",
        baselines=tuple(EarlierShare(when, _hundredths(share)) for when, share in sorted(counted)),
        programme_points=office.programme_points,
    )


def _hundredths(share: float) -> str:
    value = Fraction(str(share))
    percent = value * 100
    return f"{percent}/100" if percent.denominator == 1 else f"{value.numerator}/{value.denominator}"
