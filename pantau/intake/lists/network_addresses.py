"""What a cell of addresses holds: the one address in it, or why it is doubted.

Nothing is made up: a number that a spreadsheet made of an address has lost digits, and no arithmetic brings them back.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, time
from ipaddress import IPv4Interface, IPv6Interface, ip_interface

from pantau.intake.lists.sheets import Cell, is_error, shown_cell
from pantau.inventory.addresses import parse_ip, probed_address
from pantau.inventory.host_names import is_note

_IPV4 = r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}"
_EVERY_IPV4 = re.compile(rf"(?<![0-9.]){_IPV4}(?![0-9.])")
_MAC = re.compile(r"(?<![0-9A-Fa-f:-])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![0-9A-Fa-f:-])")
_SPOILED = re.compile(r"[0-9]+([.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9]+([.,][0-9]+)?")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_PORT = re.compile(r":[0-9]{1,5}$")
_MASKED = re.compile(rf"^({_IPV4})\s*(?:/|\s)\s*(255\.[0-9.]+)$")
_PADDED = re.compile(r"^[0-9]{3}(\.[0-9]{3}){3}$")
_COMMAS = re.compile(r"^[0-9]{1,3}(,[0-9]{1,3}){3}$")
_BLANKS = re.compile(r"^[0-9]{1,3}(\s*\.\s*[0-9]{1,3}){3}$")
_USUAL_ENDS = frozenset(
    ["id", "com", "net", "org", "info", "io", "dev", "app", "go", "local", "lan", "internal", "home", "arpa"]
)
NUMBER = "a number, as a spreadsheet makes of an address: digits are lost; write the address as text"


@dataclass(frozen=True, slots=True)
class AddressFound:
    """What was read of one cell."""

    address: str = ""
    """Canonical; empty where there is none, or none that is certain."""
    trimmed: str = ""
    """What stood around it and means nothing to a probe: `/24`, a port, a scheme."""
    doubt: str = ""
    mac: str = ""


def read_address(cell: Cell) -> AddressFound:
    """The address of a cell. Empty cells, and notes such as DHCP, are no address and no doubt of their own."""
    if isinstance(cell, date | time):
        return AddressFound(doubt="a date, as a spreadsheet makes of something like 10.1.20; write the address as text")
    if isinstance(cell, int | float):
        return AddressFound(doubt=NUMBER)
    text = _plain(shown_cell(cell))
    mac = found[0] if (found := _MAC.search(text)) else ""
    rest = _MAC.sub(" ", text).strip(" ,;/()") if mac else text
    if is_error(rest):
        return AddressFound(doubt="is an error of the spreadsheet", mac=mac)
    if not rest or is_note(rest):
        return AddressFound(mac=mac, doubt="a MAC address, to which no router leads" if mac else "")
    if _SPOILED.fullmatch(rest) or _DIGITS.fullmatch(rest):
        return AddressFound(doubt=NUMBER, mac=mac)
    one = _bare(rest)
    return AddressFound(one.address, one.trimmed, one.doubt, mac)


def looks_like_address(cell: Cell) -> bool:
    """Whether it is an address, with whatever stands around it: what a column is known by."""
    if not isinstance(cell, str):
        return False
    text = _plain(cell)
    return bool(_EVERY_IPV4.search(text)) or (":" in text and parse_ip(text.split("/")[0]) is not None)


def is_usual_name(address: str) -> bool:
    """Whether a host name ends as names do: `jl.sudirman` is a street."""
    return parse_ip(address) is not None or (address.rpartition(".")[2] in _USUAL_ENDS and "." in address)


def _bare(text: str) -> AddressFound:
    """What remains without scheme, port, path, prefix length or mask."""
    trimmed = []
    if scheme := _SCHEME.match(text):
        trimmed.append(scheme[0])
        text = text[scheme.end() :]
    if "/" in text and (network := _interface(text)):
        return _of_interface(network, text)
    if masked := _MASKED.match(text):
        return AddressFound(_valid(masked[1])[0], f" {masked[2]}")
    if "/" in text and trimmed:
        text, slash, path = text.partition("/")
        trimmed.append(slash + path)
    if port := _PORT.search(text) if text.count(":") == 1 else None:
        trimmed.append(port[0])
        text = text[: port.start()]
    return _alone(text.strip(" ."), " ".join(trimmed))


def _alone(text: str, trimmed: str) -> AddressFound:
    if _PADDED.match(text):
        return _unpadded(text, trimmed)
    if _COMMAS.match(text) or (_BLANKS.match(text) and re.search(r"\s", text)):
        address, _ = _valid(re.sub(r"\s", "", text.replace(",", ".")))
        return (
            AddressFound(address, trimmed, f"written as '{text}'") if address else AddressFound(doubt="is no address")
        )
    every = list(dict.fromkeys(_EVERY_IPV4.findall(text)))
    if len(every) > 1:
        return AddressFound(doubt=f"holds {len(every)} addresses; each hotspot has one")
    address, reason = _valid(text)
    if address and (parse_ip(address) is not None or "." in address):
        return AddressFound(address, trimmed)
    if len(every) == 1 and (found := _valid(every[0])[0]):
        around = text.replace(every[0], "…")
        return AddressFound(found, trimmed, f"stands in '{around}'")
    return AddressFound(doubt=reason or "is a name without a domain")


def _unpadded(text: str, trimmed: str) -> AddressFound:
    """`010.077.000.001`: zeros that fill each number to three digits, and no octal ones."""
    address, reason = _valid(".".join(str(int(part)) for part in text.split(".")))
    padded = any(part.startswith("0") for part in text.split("."))
    return AddressFound(address, trimmed, "was filled up with zeros" if padded and address else reason)


def _interface(text: str) -> IPv4Interface | IPv6Interface | None:
    try:
        return ip_interface(text.replace(" ", ""))
    except ValueError:
        return None


def _of_interface(found: IPv4Interface | IPv6Interface, text: str) -> AddressFound:
    ends = (found.network.network_address, found.network.broadcast_address)
    if found.network.prefixlen < found.max_prefixlen - 1 and found.ip in ends:
        return AddressFound(doubt="is a network, not the address of a device in it")
    address, reason = _valid(str(found.ip))
    return AddressFound(address, "/" + text.rpartition("/")[2].strip(), reason)


def _valid(text: str) -> tuple[str, str]:
    """The canonical address, or why there is none."""
    try:
        return probed_address(text), ""
    except ValueError as error:
        said = str(error).partition("' ")[2] or str(error)
        return "", said.partition(";")[0]


def _plain(text: str) -> str:
    """Full-width digits as digits; no quotes, blanks or apostrophe around."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).strip("'\"` ")
