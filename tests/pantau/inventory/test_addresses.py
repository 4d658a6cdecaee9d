"""Addresses: one spelling for each. What is refused stands in the fixture ``hotspots_addresses``."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pantau.inventory import canonical_address, parse_ip


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("10.77.0.1", "10.77.0.1"),
        ("::ffff:10.77.0.1", "10.77.0.1"),
        ("2001:0DB8:0:0::1", "2001:db8::1"),
        ("::1", "::1"),
        ("Taman.Example.ORG.", "taman.example.org"),
        ("router1", "router1"),
        ("3com.example", "3com.example"),
        ("x" * 63 + ".id", "x" * 63 + ".id"),
    ],
)
def test_an_address_has_one_spelling(text: str, canonical: str) -> None:
    """Mapped IPv4 is IPv4, IPv6 is compressed, names are in lower case without a final dot."""
    assert canonical_address(text) == canonical


def test_which_texts_are_ip_addresses() -> None:
    """A mapped address is the IPv4 address in it; a name is none."""
    assert parse_ip("::ffff:10.0.0.1") == IPv4Address("10.0.0.1")
    assert parse_ip("2001:db8::1") == IPv6Address("2001:db8::1")
    assert parse_ip("taman.example.org") is None
    assert parse_ip("10.0.0.256") is None


@pytest.mark.parametrize("name", ["x" * 250 + ".id", "a." * 126 + "aa", "name.7"])
def test_names_beyond_the_limits_are_refused(name: str) -> None:
    """RFC 1123: 253 letters in all, 63 in a label, and a last label that is not a number."""
    with pytest.raises(ValueError, match="is neither an IP address nor a host name"):
        canonical_address(name)


@given(st.text(max_size=40) | st.from_regex(r"[0-9a-f:.%/-]{0,30}", fullmatch=True))
def test_any_text_is_an_address_or_a_value_error(text: str) -> None:
    """Nothing else is raised, and the canonical spelling is its own canonical spelling."""
    try:
        canonical = canonical_address(text)
    except ValueError:
        return
    assert canonical_address(canonical) == canonical


@given(st.ip_addresses())
def test_every_unicast_address_is_accepted(address: IPv4Address | IPv6Address) -> None:
    """Only the unspecified, multicast and broadcast addresses are refused."""
    inner = parse_ip(str(address))
    assert inner is not None
    if inner.is_unspecified or inner.is_multicast or inner == IPv4Address("255.255.255.255"):
        with pytest.raises(ValueError, match="write the"):
            canonical_address(str(address))
    else:
        assert canonical_address(str(address)) == str(inner)
