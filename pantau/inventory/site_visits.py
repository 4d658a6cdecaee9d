"""Site checks (uji petik): what people found who went there."""

from pydantic import BaseModel, Field

from pantau.inventory.fields import FROZEN, Day, Id, Text
from pantau.inventory.vocabulary import VisitResult


class SiteVisit(BaseModel):
    """One visit of one hotspot."""

    model_config = FROZEN
    hotspot: Id = Field(description="Id of the hotspot.")
    date: Day = Field(description="When.")
    by: Text = Field(description="Who went.")
    result: VisitResult = Field(description="What was found: good, poor, dead (no service) or absent (no device).")
    download_mbps: float | None = Field(None, ge=0, le=1_000_000, description="Speed test, Mbit/s.")
    upload_mbps: float | None = Field(None, ge=0, le=1_000_000, description="Speed test, Mbit/s.")
    photo: Text | None = Field(None, description="Path of a photo.")
    note: Text | None = Field(None, description="What else is to be said.")
