"""Who decides: the people whose two signatures a change of money takes, each with an office and a public key."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, WithJsonSchema

from pantau.inventory.fields import FROZEN, Day, Id, Text, fault
from pantau.inventory.public_keys import PublicKey, parse_public_key

Side = Literal["city", "kecamatan", "isp"]


def _key(text: str) -> str:
    try:
        return parse_public_key(text).line
    except ValueError as error:
        raise fault(str(error)) from error


def _keys(value: Any) -> Any:
    """A CSV cell holds several keys with ``|`` between."""
    return [part.strip() for part in value.split("|") if part.strip()] if isinstance(value, str) else value


Key = Annotated[
    str,
    AfterValidator(_key),
    WithJsonSchema({"type": "string", "pattern": r"^(ssh-|ecdsa-|sk-)\S+ [A-Za-z0-9+/=]+( .*)?$"}),
]
"""A public key on one line, kept without its comment."""
Keys = Annotated[tuple[Key, ...], BeforeValidator(_keys)]


class Person(BaseModel):
    """Somebody who proposes or approves."""

    model_config = FROZEN
    id: Id = Field(description="Permanent id; it stands in the journal and is never given to another.")
    name: Text = Field(description="Full name, as it is printed.")
    office: Text = Field(description="Name of the office.")
    role: Text = Field(description="What the person is there, such as PPTK or Camat.")
    side: Side = Field(
        "city", description="For whom: the city, a kecamatan, or an isp, whose people propose and never approve."
    )
    key: Key | None = Field(None, description="Public key that signs (ssh-ed25519 ...); without it paper and scan.")
    former_keys: Keys = Field((), description="Keys that sign no more; what they signed holds.")
    until: Day | None = Field(None, description="The day from which the person no longer signs; none yet if empty.")

    @property
    def approves(self) -> bool:
        """Whether this person's signature is one of the two that a change of money takes."""
        return self.side != "isp"

    @property
    def public_key(self) -> PublicKey | None:
        """The key that signs now."""
        return parse_public_key(self.key) if self.key else None

    @property
    def all_keys(self) -> tuple[PublicKey, ...]:
        """Every key that is or was this person's."""
        return tuple(parse_public_key(line) for line in (self.key, *self.former_keys) if line)
