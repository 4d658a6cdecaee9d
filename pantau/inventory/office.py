"""The settings below `office`: who runs Pantau, how that office speaks of its city, and what it pays in."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from pantau.inventory.fields import FROZEN, Ratio, Text, fault
from pantau.inventory.wording import quote
from pantau.levels import LevelWords


def _month(text: str) -> str:
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text):
        raise fault(f"{quote(text)} is not a month; write year-month, as in 2024-03")
    return text


def _currency(text: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", text):
        raise fault(f"{quote(text)} is no code of a currency; write three capitals, as in IDR or USD")
    return text


class EarlierCount(BaseModel):
    """How many of the city's points were online when somebody counted, before Pantau did."""

    model_config = FROZEN
    when: Annotated[str, AfterValidator(_month)] = Field(
        description="The month of the count: YYYY-MM.", json_schema_extra={"pattern": r"^[0-9]{4}-[0-9]{2}$"}
    )
    online: Ratio = Field(description="The share that was online, 0 to 1.")


class Currency(BaseModel):
    """What contracts are paid in. Every amount is a whole number of its smallest units: rupiah, or cents."""

    model_config = FROZEN
    code: Annotated[str, AfterValidator(_currency)] = Field(
        "IDR", description="By ISO 4217.", json_schema_extra={"pattern": r"^[A-Z]{3}$"}
    )
    digits: int = Field(0, ge=0, le=3, description="Decimal places of an amount as it is printed: 2 for cents.")


class Office(BaseModel):
    """Who runs Pantau: reports say so."""

    model_config = FROZEN
    name: str = Field("", max_length=200, description="The office that measures, as reports print it.")
    short_name: str = Field("", max_length=60, description="The office where there is little room; else its name.")
    operator: str = Field("", max_length=200, description="The unit or person there who runs Pantau.")
    target: Ratio = Field(1.0, description="The share of its points that the city means to have online.")
    baselines: tuple[EarlierCount, ...] = Field((), description="Earlier counts that figures are compared with.")
    district_word: Text = Field("Kecamatan", description="What a district is called, before its name.")
    ward_word: Text = Field("Kelurahan", description="What a ward is called, before its name.")
    district_head: Text = Field("Camat", description="Who signs for a district, before its name.")
    programme_points: int | None = Field(
        None, ge=1, le=1_000_000, description="How many points the programme has promised; if left out, nobody said."
    )
    currency: Currency = Field(default_factory=Currency, description="What amounts of money are given in.")

    @property
    def levels(self) -> LevelWords:
        """What the city calls its districts and wards."""
        return LevelWords(self.district_word, self.ward_word)
