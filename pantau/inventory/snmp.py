"""The setting `snmp`: which devices are asked for their uptime after a recovery, and with which secrets."""

from collections.abc import Iterable
from typing import Literal, Self

from pydantic import BaseModel, Field, model_validator

from pantau.inventory.durations import parse_duration
from pantau.inventory.fields import FROZEN, Id, Seconds, Text, fault
from pantau.inventory.models import Hotspot
from pantau.inventory.vocabulary import Access

AuthProtocol = Literal["md5", "sha", "sha224", "sha256", "sha384", "sha512"]
PrivacyProtocol = Literal["des", "aes", "aes192", "aes256"]
_OF_V3 = ("user", "auth_file", "privacy_file")


class SnmpAccess(BaseModel):
    """How some hotspots are asked: all to which every given condition applies."""

    model_config = FROZEN
    name: Id = Field(description="Name of this access, for messages.")
    version: Literal["2c", "3"] = Field("2c", description="SNMP's version.")
    community_file: Text | None = Field(
        None, description="Of 2c: file with the community, relative to this file's folder."
    )
    user: Text | None = Field(None, description="Of 3: the user.")
    auth: AuthProtocol = Field("sha256", description="Of 3: how the user proves to be it.")
    auth_file: Text | None = Field(None, description="Of 3: file with the user's authentication password.")
    privacy: PrivacyProtocol = Field("aes", description="Of 3: how what is asked is hidden.")
    privacy_file: Text | None = Field(
        None, description="Of 3: file with the privacy password; in the open without one."
    )
    port: int = Field(161, ge=1, le=65535, description="UDP port of the device.")
    access: tuple[Access, ...] = Field((), description="Only hotspots with one of these kinds of access.")
    isps: tuple[Id, ...] = Field((), description="Only hotspots of these ISPs.")
    hotspots: tuple[Id, ...] = Field((), description="Only these hotspots.")

    @model_validator(mode="after")
    def _has_its_secrets(self) -> Self:
        if self.version == "2c":
            if self.community_file is None:
                raise fault("is of version 2c and has no community_file; name the file with the community")
            if any(getattr(self, key) is not None for key in _OF_V3):
                raise fault("is of version 2c, and has a user of version 3; write version: '3'")
            return self
        if self.community_file is not None:
            raise fault("is of version 3, and has a community_file; write user and auth_file")
        if self.user is None or self.auth_file is None:
            raise fault("is of version 3 and lacks user or auth_file; name both: who proves nothing is told nothing")
        return self

    def covers(self, hotspot: Hotspot) -> bool:
        """Whether a hotspot is asked this way."""
        return (
            (not self.access or hotspot.access in self.access)
            and (not self.isps or hotspot.isp in self.isps)
            and (not self.hotspots or hotspot.id in self.hotspots)
        )


class Snmp(BaseModel):
    """Devices are asked for their uptime when they come back: whether the power or the link had failed."""

    model_config = FROZEN
    accesses: tuple[SnmpAccess, ...] = Field((), description="Who is asked, and how; of several the first that fits.")
    timeout_seconds: Seconds = Field(
        parse_duration("2s"),
        alias="timeout",
        description="How long an answer is waited for.",
        json_schema_extra={"default": "2s"},
    )
    attempts: int = Field(
        4,
        ge=1,
        le=10,
        description="How often a device is asked that does not answer: 5 s, 15 s, 45 s ... after the first.",
    )

    def access_of(self, hotspot: Hotspot) -> SnmpAccess | None:
        """How a hotspot is asked; None where it is not."""
        return next((one for one in self.accesses if one.covers(hotspot)), None)

    def unknown(self, isps: Iterable[str], hotspots: Iterable[str]) -> list[tuple[tuple[int, str, int], str]]:
        """The places, within `accesses`, and the words of ids that the inventory does not know."""
        known = {"isps": set(isps), "hotspots": set(hotspots)}
        return [
            ((index, key, place), name)
            for index, one in enumerate(self.accesses)
            for key in ("isps", "hotspots")
            for place, name in enumerate(getattr(one, key) or ())
            if name not in known[key]
        ]
