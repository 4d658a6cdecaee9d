"""Where probes leave from, as the settings may write it."""

import pytest

from pantau.inventory.sending import ProbeSource
from pantau.inventory.settings import Probing


@pytest.mark.parametrize(
    ("written", "source"),
    [
        ("192.0.2.5", ProbeSource(ipv4="192.0.2.5")),
        (" 2001:DB8:0::5 ", ProbeSource(ipv6="2001:db8::5")),
        ("::ffff:192.0.2.5", ProbeSource(ipv4="192.0.2.5")),
        (["192.0.2.5", "2001:db8::5"], ProbeSource("192.0.2.5", "2001:db8::5")),
        (["2001:db8::5", "192.0.2.5"], ProbeSource("192.0.2.5", "2001:db8::5")),
        ({"ipv4": "192.0.2.5"}, ProbeSource(ipv4="192.0.2.5")),
        ({"ipv6": "2001:db8::5", "ipv4": "192.0.2.5"}, ProbeSource("192.0.2.5", "2001:db8::5")),
        ("eth0", ProbeSource(interface="eth0")),
        (["wg-noc"], ProbeSource(interface="wg-noc")),
        ("eth0.100", ProbeSource(interface="eth0.100")),
        ("127.0.0.1", ProbeSource(ipv4="127.0.0.1")),
        ({"interface": "ppp0"}, ProbeSource(interface="ppp0")),
    ],
)
def test_a_source_is_addresses_or_an_interface(written: object, source: ProbeSource) -> None:
    """One of each family in any order and spelling, or one interface."""
    assert Probing.model_validate({"source": written}).source == source


@pytest.mark.parametrize(
    "written",
    ["", "eth0/1", "a" * 16, "eth 0", "eth0:1", "fe80::1%eth0", "300.1.1.1", "255.255.255.255", "ff02::1", "::"],
)
def test_what_is_neither_is_refused(written: str) -> None:
    """With a cure; more of them are fixtures."""
    with pytest.raises(ValueError, match=r"write|leave"):
        Probing.model_validate({"source": written})


@pytest.mark.parametrize("size", [16, 17, 1452, 1472])
@pytest.mark.parametrize("dscp", [0, 46, 63])
def test_the_bounds_belong_to_what_is_allowed(size: int, dscp: int) -> None:
    """The least that a tag and a number need, the most that a frame holds; six bits."""
    probing = Probing.model_validate({"size": size, "dscp": dscp})
    assert (probing.size, probing.dscp) == (size, dscp)
