"""Public keys as `ssh-keygen` writes them: one line, the type and the key itself. Pure: nothing is verified here."""

import base64
import binascii
import hashlib
import struct
from dataclasses import dataclass

_TYPES = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
    "ssh-rsa",
)
"""Those that may sign; the two that begin with ``sk-`` lie in a token that somebody must touch."""
_RSA_BITS = 3072
_CURE = "give the line of the file that ends in .pub, as in ssh-ed25519 AAAA... name"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key without its comment: equal keys are equal values, whoever they are said to belong to."""

    type: str
    body: bytes

    @property
    def line(self) -> str:
        """As a file of allowed signers has it."""
        return f"{self.type} {base64.b64encode(self.body).decode('ascii')}"

    @property
    def fingerprint(self) -> str:
        """As ``ssh-keygen -l`` prints it: ``SHA256:...``."""
        return "SHA256:" + base64.b64encode(hashlib.sha256(self.body).digest()).decode("ascii").rstrip("=")


def parse_public_key(text: str) -> PublicKey:
    """The key of one line; `ValueError` with the cure. What might be a private key is never repeated in it."""
    if "PRIVATE KEY" in text:
        raise ValueError(f"is a private key, which nobody but its owner may see; make a new pair, and {_CURE}")
    words = text.split()
    if len(words) < 2 or words[0] not in _TYPES:
        raise ValueError(f"is not a public key that can sign ({', '.join(_TYPES)}); {_CURE}")
    try:
        body = base64.b64decode(words[1], validate=True)
        fields = _fields(body)
    except (binascii.Error, struct.error) as error:
        raise ValueError(f"is not a whole key: its second word was cut or changed; {_CURE}") from error
    if len(fields) < 2 or fields[0] != words[0].encode("ascii"):
        raise ValueError(f"is not a whole key: its second word is of another type than its first; {_CURE}")
    if words[0] == "ssh-rsa" and (len(fields) != 3 or int.from_bytes(fields[2], "big").bit_length() < _RSA_BITS):
        raise ValueError(f"is an RSA key of less than {_RSA_BITS} bits; make one with ssh-keygen -t ed25519")
    return PublicKey(words[0], body)


def _fields(body: bytes) -> list[bytes]:
    """The length-prefixed fields of a key (RFC 4253, section 6.6)."""
    found, at = [], 0
    while at < len(body):
        (length,) = struct.unpack_from(">I", body, at)
        field = body[at + 4 : at + 4 + length]
        if len(field) != length:
            raise struct.error("a field is cut")
        found.append(field)
        at += 4 + length
    return found
