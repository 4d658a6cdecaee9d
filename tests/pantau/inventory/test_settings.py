"""Settings: their defaults, their units, where the web server listens."""

from typing import get_args

import pytest
from pydantic import ValidationError

from pantau.inventory import Access, Degraded, Listen, Probing, Settings, parse_listen
from pantau.inventory.settings import Web
from pantau.inventory.validation import check


def test_the_defaults() -> None:
    """With nothing written, everything has the documented value."""
    settings = Settings()
    assert settings.probing.model_dump() == {
        "interval_seconds": 10.0,
        "timeout_seconds": 2.0,
        "packets": 1,
        "burst": None,
        "confirm": {"attempts": 3, "spacing_seconds": 1.0},
        "recover_after": 2,
        "engine": "auto",
        "socket": "auto",
        "source": None,
        "dscp": 0,
        "size": 16,
        "family": "any",
        "degraded": {
            "loss_ratio": 0.1,
            "rtt_seconds": 0.5,
            "window": 30,
            "access": {access: {"loss_ratio": None, "rtt_seconds": None} for access in get_args(Access)},
        },
    }
    assert settings.vantage.model_dump() == {"name": "noc", "canaries": (), "quorum": 1, "references": ()}
    assert settings.web.listen == (Listen("127.0.0.1", 9810),)
    assert settings.timezone == "Asia/Makassar"
    assert settings.zone.key == "Asia/Makassar"


def test_durations_become_seconds() -> None:
    """The key in YAML has no unit, the attribute in Python has."""
    assert Probing(interval="1m", timeout="250ms").interval_seconds == 60.0
    assert Degraded(rtt="1.5s").rtt_seconds == 1.5


def test_limits_of_an_access_are_its_own_or_those_of_all() -> None:
    """What an access leaves out, another access, and a hotspot without one have the limits of all."""
    degraded = Degraded.model_validate({"loss_ratio": "0.2", "access": {"vsat": {"rtt": "900ms"}, "metro": {}}})
    assert degraded.limits_of("vsat") == (0.2, 0.9)
    assert degraded.limits_of("metro") == degraded.limits_of("seluler") == degraded.limits_of(None) == (0.2, 0.5)
    assert Degraded.model_validate({"access": {"vsat": {"loss_ratio": "0"}}}).limits_of("vsat") == (0.0, 0.5)


def test_settings_cannot_be_changed() -> None:
    """A configuration is swapped as a whole, never edited in place."""
    settings = Settings()
    with pytest.raises(ValidationError, match="frozen"):
        settings.timezone = "UTC"


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("127.0.0.1:9810", "127.0.0.1", 9810),
        ("[::]:9810", "::", 9810),
        ("[2001:db8::1]:80", "2001:db8::1", 80),
        ("localhost:0", "localhost", 0),
    ],
)
def test_where_to_listen(text: str, host: str, port: int) -> None:
    """IPv4, names, and IPv6 in brackets; written back as it was."""
    listen = parse_listen(text)
    assert (listen.host, listen.port) == (host, port)
    assert str(listen) == text
    assert parse_listen(str(listen)) == listen


def test_a_port_alone_is_every_address() -> None:
    """As Go's programs have it: of both families."""
    assert parse_listen(":9810") == parse_listen("[::]:9810")


def test_several_places_and_scrapers() -> None:
    """One place or a list; an address is a network of one."""
    web = Web.model_validate({"listen": ["127.0.0.1:9810", "[::1]:9810"], "scrapers": ["10.0.0.5", "2001:db8::/64"]})
    assert [str(one) for one in web.listen] == ["127.0.0.1:9810", "[::1]:9810"]
    assert [str(one) for one in web.scrapers] == ["10.0.0.5/32", "2001:db8::/64"]
    wrongs: list[dict[str, list[str]]] = [{"listen": []}, {"scrapers": ["10.0.0.5/8"]}, {"scrapers": ["noc"]}]
    for wrong in wrongs:
        with pytest.raises(ValidationError):
            Web.model_validate(wrong)


@pytest.mark.parametrize(
    ("written", "named"), [("x", "listen"), (["x"], "listen.0"), (["127.0.0.1:1", "x"], "listen.1"), ([], "listen")]
)
def test_a_mistake_is_named_where_it_was_written(written: object, named: str) -> None:
    """One value in place of a list of one has no place in a list."""
    (problem,) = check(Web, {"listen": written}).problems
    assert problem.field == named


FORM = "write 0.0.0.0:9810, or [::]:9810 for IPv6"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("9810", f"'9810' is not HOST:PORT; {FORM}"),
        (":", f"':' is not HOST:PORT; {FORM}"),
        ("::1:9810", f"'::1:9810' is not HOST:PORT; {FORM}"),
        ("[::1]", f"'[::1]' is not HOST:PORT; {FORM}"),
        ("[localhost]:80", f"'[localhost]:80' is not HOST:PORT; {FORM}"),
        ("localhost:http", f"'localhost:http' is not HOST:PORT; {FORM}"),
        ("localhost:65536", "'localhost:65536' has a port above 65535; write 0.0.0.0:9810"),
        ("300.0.0.1:80", "'300.0.0.1' is not an IPv4 address; write four numbers from 0 to 255, no leading zeros"),
    ],
)
def test_where_not_to_listen(text: str, message: str) -> None:
    """A wrong place to listen names its cure."""
    with pytest.raises(ValueError, match=r".") as caught:
        parse_listen(text)
    assert str(caught.value) == message
