"""Where probes leave from: an address of each family, or an interface."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from pantau.inventory.addresses import parse_ip
from pantau.inventory.fields import fault
from pantau.inventory.wording import quote

_INTERFACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,14}\Z")
"""At most 15 bytes (IFNAMSIZ less the final zero); the kernel forbids slashes and blanks, and ':' marks aliases."""
_NUMBERS = re.compile(r"[0-9.]+\Z")
_CURE = (
    "write an address of this machine, or one of each family as in [192.0.2.5, '2001:db8::5'], or an interface: eth0"
)

_KINDS = {"ipv4": "an IPv4 address", "ipv6": "an IPv6 address", "interface": "the name of an interface"}
_KEYS = tuple(_KINDS)


@dataclass(frozen=True, slots=True)
class ProbeSource:
    """Where probes leave from; the kernel chooses what is not said."""

    ipv4: str | None = None
    ipv6: str | None = None
    interface: str | None = None


def parse_source(texts: list[str]) -> ProbeSource:
    """The source that one or two texts name; `ValueError` with the cure otherwise."""
    found: dict[str, str] = {}
    for text in texts:
        kind, value = _parse(text.strip())
        if kind in found:
            what = "interfaces" if kind == "interface" else "addresses of one family"
            raise ValueError(f"{quote(found[kind])} and {quote(value)} are two {what}; keep one of them")
        found[kind] = value
    if not found:
        raise ValueError(f"the list is empty; {_CURE}")
    if "interface" in found and len(found) > 1:
        raise ValueError(f"{quote(found['interface'])} is an interface, and stands beside an address; keep one of them")
    return ProbeSource(**found)


def _parse(text: str) -> tuple[str, str]:
    address = parse_ip(text)
    if address is not None:
        return f"ipv{address.version}", _checked(text, address)
    if ":" in text or "%" in text or _NUMBERS.match(text) or not _INTERFACE.match(text):
        raise ValueError(f"{quote(text)} is neither an IP address nor the name of an interface; {_CURE}")
    return "interface", text


def _checked(text: str, address: IPv4Address | IPv6Address) -> str:
    if address.is_unspecified:
        raise ValueError(f"{quote(text)} leaves the choice to the kernel; leave source out for that")
    if address.is_multicast or address == IPv4Address("255.255.255.255"):
        raise ValueError(f"{quote(text)} is not the address of one machine; {_CURE}")
    if address.version == 6 and address.is_link_local:
        raise ValueError(f"{quote(text)} means something on one link only; write the name of the interface instead")
    return str(address)


def _parse_keys(given: Mapping[str, str]) -> ProbeSource:
    """The same, written as a map from family to address."""
    for key, text in given.items():
        if key not in _KEYS:
            raise ValueError(f"{quote(key)} is not a known key; known are {', '.join(_KEYS)}")
        kind, _ = _parse(text.strip())
        if kind != key:
            raise ValueError(f"{quote(text)} stands under {key}, and is {_KINDS[kind]}; write it under {kind}")
    return parse_source(list(given.values()))


def _source(value: Any) -> Any:
    given = dict(value) if isinstance(value, Mapping) else None
    texts = value if isinstance(value, list | tuple) else [value] if given is None else given.values()
    if isinstance(value, ProbeSource):
        return value
    if not all(isinstance(text, str) for text in texts):
        raise fault(f"holds something else than texts; {_CURE}")
    try:
        return parse_source(list(texts)) if given is None else _parse_keys(given)
    except ValueError as error:
        raise fault(str(error)) from error


SourceSetting = Annotated[
    ProbeSource,
    BeforeValidator(_source),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 2},
                {
                    "type": "object",
                    "properties": {key: {"type": "string"} for key in _KEYS},
                    "additionalProperties": False,
                    "minProperties": 1,
                },
            ]
        }
    ),
]
"""Written as one text, as a list of two, or as a map from ``ipv4`` and ``ipv6`` to addresses."""
