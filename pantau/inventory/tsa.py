"""The setting `tsa`: the authority that stamps the journal, and the parties that get its anchors."""

import re
from datetime import time
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, WithJsonSchema

from pantau.inventory.fields import FROZEN, Text, fault
from pantau.inventory.wording import quote

_HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]\Z")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\Z")
_SERVER = re.compile(r"(\[[0-9A-Fa-f:]+\]|[^:\s]+):[0-9]{1,5}\Z")


def _url(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise fault(f"{quote(text)} is no URL of a time stamping authority; write https://tsa.example/tsr")
    return text


def _time(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not _HOUR.match(value.strip()):
        raise fault(f"{quote(value)} is no time of day; write hours and minutes, as in 01:30")
    return time.fromisoformat(value.strip())


def _address(text: str) -> str:
    if not _ADDRESS.match(text):
        raise fault(f"{quote(text)} is not an e-mail address; write name@example.go.id")
    return text


def _server(text: str) -> str:
    if not _SERVER.match(text) or int(text.rpartition(":")[2]) > 65535:
        raise fault(f"{quote(text)} is not HOST:PORT; write mail.example.go.id:587")
    return text


Mailbox = Annotated[Text, AfterValidator(_address)]


DEFAULT_FOLDER = "data/anchors"
"""Where anchors are kept, and looked for also where no authority is set any more."""


class TsaMail(BaseModel):
    """How anchors get to the parties."""

    model_config = FROZEN
    to: tuple[Mailbox, ...] = Field(description="E-mail addresses of the parties: kecamatan, ISPs, auditor.")
    sender: Mailbox = Field(alias="from", description="E-mail address that the mail is from.")
    server: Annotated[Text, AfterValidator(_server)] = Field(description="HOST:PORT of the mail server.")
    tls: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the way to the mail server is secured."
    )
    user: Text | None = Field(None, description="Who logs in to the mail server; none where nobody has to.")
    password_file: Text | None = Field(
        None, description="File with that user's password, relative to this file's folder."
    )


class Tsa(BaseModel):
    """A time stamping authority (RFC 3161): each day it stamps where the journal ends."""

    model_config = FROZEN
    url: Annotated[Text, AfterValidator(_url)] = Field(description="URL of the authority; it gets digests and no data.")
    roots: Text = Field(
        description="File of the certificates that are trusted (PEM), relative to this file's folder; no other is."
    )
    folder: Text = Field(DEFAULT_FOLDER, description="Where anchors are kept, relative to this file's folder.")
    time_of_day: Annotated[time, BeforeValidator(_time), WithJsonSchema({"type": "string"})] = Field(
        time(1, 30),
        alias="time",
        description="When, each day, the exporter takes an anchor; local time.",
        json_schema_extra={"default": "01:30"},
    )
    mail: TsaMail | None = Field(None, description="The parties that get each anchor by mail.")
