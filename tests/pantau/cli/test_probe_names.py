"""What `pantau probe` says of the address that it will probe, and where a name leads."""

from io import StringIO

import pytest
from rich.console import Console

from exporter.probing.names.reach import ANYWHERE
from pantau.cli.probe_names import Destinations, destinations
from pantau.inventory.addresses import IpAddress, parse_ip
from tests.exporter.probing.names.watch import FakeResolver


def ip(text: str) -> IpAddress:
    """An address that is one."""
    address = parse_ip(text)
    assert address is not None
    return address


async def ask(text: str, resolver: FakeResolver) -> tuple[Destinations | None, str]:
    """Where it leads, and what is said of it."""
    said = StringIO()
    found = await destinations(text, resolver, ANYWHERE, Console(file=said, width=200, soft_wrap=True))
    return found, said.getvalue()


async def test_a_name_leads_to_its_whole_set() -> None:
    """Of both families; the one that the exporter would choose first."""
    found, said = await ask("ap.example", FakeResolver(ap_example="10.1.1.2 2001:db8::1 10.1.1.1"))
    assert found == Destinations(ip("10.1.1.1"), (ip("10.1.1.2"), ip("2001:db8::1")))
    assert "nama ap.example → 10.1.1.1, juga 10.1.1.2, 2001:db8::1" in said


@pytest.mark.parametrize(
    ("told", "reason"),
    [("", "it has no IPv4 address"), ("0.0.0.0", "0.0.0.0 is the unspecified address")],  # noqa: S104 - nothing is bound
)
async def test_a_name_that_leads_nowhere_says_why(told: str, reason: str) -> None:
    """None at all, or none where anybody can be."""
    found, said = await ask("ap.example", FakeResolver(ap_example=told))
    assert found is None
    assert "no such hotspot, and no such name" in said
    assert reason in said


async def test_an_address_is_probed_as_asked() -> None:
    """With a word where the exporter would not."""
    assert (await ask("10.1.1.1", FakeResolver())) == (
        Destinations(ip("10.1.1.1")),
        "  alamat 10.1.1.1 / address 10.1.1.1\n",
    )
    found, said = await ask("127.0.0.1", FakeResolver())
    assert found == Destinations(ip("127.0.0.1"))
    assert "the exporter does not probe it: it is a loopback address" in said
