"""What the names of webhooks lead to on the day that Alertmanager's configuration is built.

It is a look, not a lock: Alertmanager asks DNS anew for each message, and whoever has the name may change it meanwhile.
`docs/alerting.md` says what closes that door, a rule of the firewall.
"""

import socket
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress

from pantau.inventory import Inventory, Settings
from pantau.inventory.addresses import IpAddress, parse_ip
from pantau.inventory.webhooks import is_public, place_of

_SECONDS = 3.0
"""For all names together: one that is not answered is not known, and not refused."""

Look = Callable[[Collection[str]], dict[str, set[IpAddress]]]


def look_up(names: Collection[str]) -> dict[str, set[IpAddress]]:
    """The addresses of each name that is answered in time."""
    found: dict[str, set[IpAddress]] = {}

    def ask(name: str) -> None:
        with suppress(OSError, UnicodeError):
            told = socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM)
            addresses = (parse_ip(str(one[4][0]).partition("%")[0]) for one in told)
            found[name] = {address for address in addresses if address is not None}

    threads = [threading.Thread(target=ask, args=(name,), daemon=True) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_SECONDS / len(threads))
    return dict(found)


def is_own(address: IpAddress) -> bool:
    """Whether it is one of this machine's: a socket can be bound to no other."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as bound:
            bound.bind((str(address), 0))
    except OSError:
        return False
    return True


def leading_home(
    inventory: Inventory, settings: Settings, look: Look = look_up, own: Callable[[IpAddress], bool] = is_own
) -> Iterator[str]:
    """A sentence for each webhook whose name leads to this machine, or into a network that is not the internet."""
    offices = [(f"isp-{one.id}", one.contacts) for one in inventory.isps]
    offices += [(f"kecamatan-{one.id}", one.contacts) for one in inventory.kecamatan]
    places = [
        (receiver, found)
        for receiver, contacts in offices
        for contact in contacts
        if contact.kind == "webhook" and (found := place_of(contact.value)) is not None
    ]
    allowed = {one.rpartition(":")[0] for one in settings.internal_webhooks}
    names = {host for _, (host, _) in places if parse_ip(host) is None and host not in allowed}
    addresses = look(names) if names else {}
    for receiver, (host, port) in places:
        known = parse_ip(host)
        for address in sorted(addresses.get(host, set() if known is None else {known}), key=str):
            if own(address) or (not is_public(address) and f"{host}:{port}" not in settings.internal_webhooks):
                yield (
                    f"{receiver}: its webhook {host} leads to {address}, which is ours; write another, or, if it is "
                    f"meant, internal_webhooks: ['{host}:{port}'] in the settings"
                )
