"""Money in a reader's language, in any currency."""

from zoneinfo import ZoneInfo

from pantau.texts import Formats
from pantau.texts.money import Money


def test_a_currency_has_its_decimals() -> None:
    """Cents are printed behind a point, and said as figures; rupiah have none."""
    dollars = Formats("en", ZoneInfo("UTC"), Money("USD", 2))
    assert [dollars.rupiah(amount) for amount in (0, 5, 4999, 123_456_789, -150)] == [
        *("US$0.00", "US$0.05", "US$49.99", "US$1,234,567.89", "−US$1.50")
    ]
    assert dollars.in_words(4999) == "forty-nine US dollars + 99/100"
    assert Formats("id", ZoneInfo("UTC")).in_words(1000) == "seribu rupiah"
    assert Money("USD", 2).cell_format() == '"US$"0"."00'
