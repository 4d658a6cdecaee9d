"""Money as a reader of one language writes it; amounts are whole numbers of a currency's smallest units."""

from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal, get_currency_name, get_currency_symbol

from pantau.texts import spelling

_RUPIAH = "IDR"


@dataclass(frozen=True, slots=True)
class Money:
    """A currency as it is printed: its code, and how many decimal places its amounts are printed with."""

    code: str = _RUPIAH
    digits: int = 0

    def symbol(self, locale: str) -> str:
        """What stands before an amount: ``Rp``, ``US$``."""
        return "Rp" if self.code == _RUPIAH else str(get_currency_symbol(self.code, locale))

    def amount(self, value: int, locale: str) -> str:
        """``Rp1.234.567``; ``−US$49.99``."""
        decimals = "." + "0" * self.digits if self.digits else ""
        figures = format_decimal(Decimal(abs(value)).scaleb(-self.digits), f"#,##0{decimals}", locale)
        return f"{'−' if value < 0 else ''}{self.symbol(locale)}{figures}"

    def in_words(self, value: int, language: str, locale: str) -> str:
        """``seribu rupiah``; ``forty-nine US dollars and 99/100``: cents as figures, as on a cheque."""
        whole, rest = divmod(abs(value), 10**self.digits)
        words = f"{spelling.in_words(-whole if value < 0 else whole, language)} {self.name(locale, whole)}"
        return words + (f" + {rest:0{self.digits}}/{10**self.digits}" if self.digits else "")

    def name(self, locale: str, count: int = 2) -> str:
        """``rupiah``, ``US dollars``: so many of them."""
        return "rupiah" if self.code == _RUPIAH else str(get_currency_name(self.code, count, locale))

    def cell_format(self) -> str:
        """Of a spreadsheet's cell with the whole number of smallest units: the last digits stand behind a point."""
        if not self.digits:
            return f'"{self.symbol("en_GB")}"#,##0'
        return f'"{self.symbol("en_GB")}"0"."{"0" * self.digits}'
