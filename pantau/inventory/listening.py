"""Where a listener stands: ``HOST:PORT`` as people write it, and who comes there."""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from pantau.inventory.addresses import canonical_address
from pantau.inventory.fields import fault
from pantau.inventory.wording import quote

EVERYWHERE = "::"
"""As a host: each address of this machine, of both families."""


@dataclass(frozen=True, slots=True)
class Listen:
    """Where the web server listens."""

    host: str
    """An IP address (IPv6 without brackets) or host name."""
    port: int
    """0 lets the kernel choose."""

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_listen(text: str) -> Listen:
    """``HOST:PORT``, an IPv6 host in brackets; ``:PORT`` is every address of both families, as ``[::]:PORT``.

    `ValueError` with the cure otherwise.
    """
    host, colon, port = text.strip().rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]")
    inner = host[1:-1] if bracketed else host or (EVERYWHERE if colon else "")
    bracketed = bracketed or not host
    if not colon or not inner or bracketed != (":" in inner) or not (port.isascii() and port.isdigit()):
        raise ValueError(f"{quote(text)} is not HOST:PORT; write 0.0.0.0:9810, or [::]:9810 for IPv6")
    if len(port) > 5 or int(port) > 65535:
        raise ValueError(f"{quote(text)} has a port above 65535; write 0.0.0.0:9810")
    if inner not in {"0.0.0.0", "::"}:  # noqa: S104 - to listen on all interfaces is the operator's choice
        canonical_address(inner)
    return Listen(inner, int(port))


def listen_setting(value: Any) -> Any:
    """Text of a settings file as a `Listen`; what is no text passes, for defaults are values."""
    if not isinstance(value, str):
        return value
    try:
        return parse_listen(value)
    except ValueError as error:
        raise fault(str(error)) from error


def listen_settings(value: Any) -> Any:
    """One place, or a list of them."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list | tuple) and not value:
        raise fault("the list is empty; write HOST:PORT, or leave listen out")
    return value


def network_setting(value: Any) -> Any:
    """An address, or a network, as a network."""
    if not isinstance(value, str):
        return value
    try:
        network: IPv4Network | IPv6Network = ip_network(value.strip())
    except ValueError as error:
        cure = "write an address as 10.0.0.5, or a network as 10.0.0.0/24, all beyond its length zero"
        raise fault(f"{quote(value)} is no address and no network; {cure}") from error
    return network
