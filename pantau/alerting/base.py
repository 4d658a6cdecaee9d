"""The hand-written half of Alertmanager's configuration, `config/alertmanager/base.yml`.

Its key `contacts` is ours and says how the receivers and routes of ISPs and kecamatan are made; all else is
Alertmanager's and passes untouched, for amtool judges it better than we could.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from pantau.alerting.errors import AlertingError
from pantau.alerting.yaml_file import read_mapping
from pantau.texts import LANGUAGES

Settings = dict[str, Any]
"""A piece of Alertmanager's own configuration."""


def _known_language(value: str) -> str:
    if value not in LANGUAGES:
        expected = " or ".join(map(repr, LANGUAGES))
        raise PydanticCustomError("literal_error", "Input should be {expected}", {"expected": expected})
    return value


Language = Annotated[str, AfterValidator(_known_language)]
"""Of the words; each has a file `words.LANGUAGE.tmpl` beside the base."""


class Contacts(BaseModel):
    """How the people of an ISP or a kecamatan are reached, and of what they hear."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    language: Language = Field(LANGUAGES[0], description="Of the words.")
    isp: list[str] = Field(min_length=1, description='Matchers beside `isp="..."`: what an ISP hears of itself.')
    uplink: list[str] = Field(min_length=1, description='Matchers beside `uplink=~"..."`, those that the ISP runs.')
    kecamatan: list[str] = Field(min_length=1, description='Matchers beside `kecamatan="..."`.')
    routes: list[Settings] = Field(min_length=1, description="Below each of their routes: when and how often.")
    email: Settings = Field(description="An entry of email_configs, but for `to`.")
    telegram: Settings = Field(description="An entry of telegram_configs, but for `chat_id`.")
    webhook: Settings = Field(description="An entry of webhook_configs, but for `url`.")


@dataclass(frozen=True, slots=True)
class Base:
    """The file, parted into what is ours and what is Alertmanager's."""

    contacts: Contacts
    alertmanager: Mapping[str, Any]
    """With `route`, `receivers` and `templates` present."""

    @classmethod
    def read(cls, file: Path) -> "Base":
        """Raises `AlertingError` with every mistake that is ours to find, each with file and place."""
        content = read_mapping(file)
        try:
            contacts = Contacts.model_validate(content.pop("contacts", {}))
        except ValidationError as error:
            raise AlertingError("\n".join(_sentences(file, error))) from error
        for key, form in (("route", dict), ("receivers", list), ("templates", list)):
            if not isinstance(content.get(key), form):
                raise AlertingError(f"{file}: {key}: is missing or of the wrong form; see the shipped base.yml")
        return cls(contacts, content)


def _sentences(file: Path, error: ValidationError) -> list[str]:
    places = (".".join(map(str, ("contacts", *one["loc"]))) for one in error.errors())
    return [f"{file}: {place}: {one['msg']}" for place, one in zip(places, error.errors(), strict=True)]
