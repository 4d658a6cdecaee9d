"""What a city calls its districts and wards: kecamatan and kelurahan, or a borough and a neighborhood.

Our sentences speak of kecamatan and kelurahan, in every language; a city that calls them otherwise has its own words
put in their place, wherever they stand as words and not as names of fields.
"""

import re
from dataclasses import dataclass

_WORD = re.compile(r"(?<![\w{(<$./=-])(kecamatan|kelurahan|rupiah)(?![\w})=\[/-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LevelWords:
    """The words of a city, as they stand before a name."""

    district: str = "Kecamatan"
    ward: str = "Kelurahan"
    money: str = "rupiah"
    """What its contracts are paid in, where a sentence names it."""

    def within(self, text: str) -> str:
        """The text with the city's words; a capital letter stays one."""
        return text if self == _USUAL else _WORD.sub(self._of, text)

    def _of(self, found: re.Match[str]) -> str:
        word = {"kecamatan": self.district, "kelurahan": self.ward}.get(found[1].casefold())
        if word is None:
            return found[1] if self.money == _USUAL.money else self.money
        return word if found[1][0].isupper() else word[:1].lower() + word[1:]


_USUAL = LevelWords()
