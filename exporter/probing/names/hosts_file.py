"""The machine's hosts file (hosts(5)): names that no name server is asked for."""

from collections.abc import Mapping
from pathlib import Path

from pantau.inventory.addresses import IpAddress, parse_ip

Hosts = Mapping[str, tuple[IpAddress, ...]]
"""Addresses by name, in lower case without a final dot, in the order of the file."""


def read_hosts(file: Path) -> Hosts:
    """What the file says; nothing where it is missing. Lines that say nothing are skipped, as everybody does."""
    try:
        text = file.read_text("utf-8", errors="replace")
    except OSError:
        return {}
    hosts: dict[str, tuple[IpAddress, ...]] = {}
    for line in text.splitlines():
        first, *names = line.partition("#")[0].split() or [""]
        address = parse_ip(first.partition("%")[0])
        if address is None:
            continue
        for name in names:
            key = name.lower().removesuffix(".")
            if address not in hosts.get(key, ()):
                hosts[key] = (*hosts.get(key, ()), address)
    return hosts
