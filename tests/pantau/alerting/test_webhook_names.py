"""A name of the internet that leads home on the day of the build."""

from collections.abc import Collection
from ipaddress import ip_address

from pantau.alerting.webhook_names import is_own, leading_home
from pantau.inventory import Inventory, Settings
from pantau.inventory.addresses import IpAddress
from pantau.inventory.models import Contact, Isp

HOOK = Contact(kind="webhook", value="https://noc.example.org/hook")
INVENTORY = Inventory(isps=(Isp(id="telkom", name="Telkom", contacts=(HOOK,)),))


def told(address: str, own: str = "203.0.113.9", allowed: tuple[str, ...] = ()) -> list[str]:
    """What is said where the name leads to this address."""

    def look(names: Collection[str]) -> dict[str, set[IpAddress]]:
        return {name: {ip_address(address)} for name in names}

    settings = Settings(internal_webhooks=allowed)
    return list(leading_home(INVENTORY, settings, look, lambda one: one == ip_address(own)))


def test_who_leads_home_is_told() -> None:
    """Loopback, our networks, an address of this very machine; what is allowed by name is not looked at."""
    assert told("8.8.8.8") == []
    for address in ("127.0.0.1", "10.0.0.5", "fe80::1", "169.254.169.254"):
        (sentence,) = told(address)
        assert sentence.startswith(f"isp-telkom: its webhook noc.example.org leads to {address}, which is ours; ")
    assert len(told("8.8.8.8", own="8.8.8.8")) == 1
    assert told("10.0.0.5", allowed=("noc.example.org:443",)) == []


def test_an_own_address_is_one_that_can_be_bound() -> None:
    """Without a list of interfaces."""
    assert is_own(ip_address("127.0.0.1"))
    assert not is_own(ip_address("192.0.2.1"))
