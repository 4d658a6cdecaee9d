"""Addresses: one spelling for each. What is refused stands in the fixtures ``hotspots_addresses*``."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pantau.inventory import canonical_address, parse_ip
from pantau.inventory.addresses import doubtful_address, nobody_at, probed_address


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
        ("AP_1._wifi.Example.", "ap_1._wifi.example"),
        ("pos_kamling", "pos_kamling"),
        ("xn--warung-caf-k7a.id", "xn--warung-caf-k7a.id"),
        ("5.10.pelanggan.example", "5.10.pelanggan.example"),
        ("ap-aabbccddeeff.example", "ap-aabbccddeeff.example"),
        ("belum.example", "belum.example"),
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


@given(st.ip_addresses())
def test_what_is_probed_may_be_anywhere_where_somebody_can_be(address: IPv4Address | IPv6Address) -> None:
    """Refused with a cure where nobody can; IPv4 mapped into IPv6 fares as the address in it."""
    inner = parse_ip(str(address))
    assert inner is not None
    mapped = IPv6Address(f"::ffff:{address}") if isinstance(address, IPv4Address) else address
    assert nobody_at(mapped) == nobody_at(address)
    for text in {str(address), str(mapped)}:
        if nobody_at(address):
            with pytest.raises(ValueError, match="; write the"):
                probed_address(text)
        else:
            assert probed_address(text) == str(inner)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("0.0.0.0", "0.255.255.255"),  # noqa: S104 - nothing is bound
        ("127.0.0.0", "127.255.255.255"),
        ("169.254.0.0", "169.254.255.255"),
        ("224.0.0.0", "255.255.255.255"),
        ("::", "::1"),
        ("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("::ffff:127.0.0.0", "::ffff:127.255.255.255"),
    ],
)
def test_the_ends_of_where_nobody_can_be(first: str, last: str) -> None:
    """Both ends belong to it, and what is beside them does not."""
    low, high = parse_ip(first), parse_ip(last)
    assert low is not None
    assert high is not None
    assert nobody_at(low) is not None
    assert nobody_at(high) is not None
    if int(low):
        assert nobody_at(low - 1) is None or first == "224.0.0.0"
    if int(high) + 1 < 2**high.max_prefixlen:
        assert nobody_at(high + 1) is None


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("10.77.0.255", "ends in .255, in most networks its broadcast address; correct it"),
        ("10.77.1.0", "ends in .0, in most networks a network's own address; correct it"),
        ("router1", "is a name without a domain"),
        ("ap.local", "is a name of multicast DNS, which is not asked; write"),
        ("10.77.0.254", None),
        ("2001:db8::", None),
        ("ap.example", None),
    ],
)
def test_what_is_probably_a_mistake_is_doubted(text: str, part: str | None) -> None:
    """It can be probed, and yet: with the cure."""
    doubt = doubtful_address(text)
    assert (doubt is None) == (part is None)
    assert part is None or part in (doubt or "")
