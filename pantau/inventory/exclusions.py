"""Events whose downtime the ISP is not charged for, each with its paper and whoever accepted it."""

from typing import Literal

from pydantic import BaseModel, Field

from pantau.inventory.fields import FROZEN, Day, Id, LocalTime, Text
from pantau.inventory.vocabulary import Cause

ExclusionScope = Literal["hotspot", "uplink", "isp", "kecamatan"]


class Exclusion(BaseModel):
    """A proposed exclusion; it counts once the kecamatan has accepted it."""

    model_config = FROZEN
    id: Id = Field(description="Permanent id.")
    scope: ExclusionScope = Field(description="What it is about: hotspot, uplink, isp or kecamatan.")
    target: Id = Field(description="Id of that hotspot, uplink, ISP or kecamatan.")
    start: LocalTime = Field(description="First moment, local time.")
    end: LocalTime = Field(description="The moment after the last, local time.")
    cause: Cause = Field(description="Code of the cause.")
    document: Text | None = Field(None, description="Number of the paper that shows it; needed to accept.")
    scan: Text | None = Field(None, description="Path of its scan.")
    proposed_by: Text = Field(description="Who asks for it.")
    accepted_by: Text | None = Field(None, description="Who accepted it for the kecamatan; nobody yet if empty.")
    accepted_on: Day | None = Field(None, description="When it was accepted.")
    note: Text | None = Field(None, description="What else is to be said.")
