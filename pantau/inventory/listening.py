"""Where a listener stands: ``HOST:PORT`` as people write it."""

from dataclasses import dataclass
from typing import Any

from pantau.inventory.addresses import canonical_address
from pantau.inventory.fields import fault
from pantau.inventory.wording import quote


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
    """``HOST:PORT``, an IPv6 host in brackets; `ValueError` with the cure otherwise."""
    host, colon, port = text.strip().rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]")
    inner = host[1:-1] if bracketed else host
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
