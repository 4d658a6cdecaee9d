"""The simulated network itself: what the tests that use it rely on."""

import subprocess

import pytest

from lab.city.firewall import loss_chain
from lab.city.namespace import CityNamespace
from tests.programs import require_program

pytestmark = pytest.mark.city


def _answers(city: CityNamespace, address: str, count: int = 1) -> str:
    """Which of `count` requests were answered, as fping's -C prints them: 1 answered, - not."""
    command = city.within(["fping", "-q", "-p", "10", "-t", "100", f"-C{count}", address])
    words = subprocess.run(command, capture_output=True, text=True, check=False).stderr.split(" : ")[-1].split()
    return "".join("-" if word == "-" else "1" for word in words)


def test_every_address_of_both_prefixes_answers(city: CityNamespace) -> None:
    """First and last addresses of the city answer, of IPv4 and of IPv6."""
    require_program("fping")
    assert [_answers(city, address) for address in ("10.77.0.1", "10.77.255.255", "fd77::1", "fd77::ffff")] == ["1"] * 4


def test_black_holes_are_silent_until_they_are_healed(city: CityNamespace) -> None:
    """Single addresses and prefixes of both families fall silent together, and no neighbour with them."""
    require_program("fping")
    holes = ["10.77.1.1", "10.77.2.0/24", "fd77::1:1", "fd77::2:0/112"]
    asked = ["10.77.1.1", "10.77.2.255", "fd77::1:1", "fd77::2:9", "10.77.1.2", "10.77.3.0", "fd77::1:2"]
    city.black_hole(holes)
    assert "".join(_answers(city, address) for address in asked) == "----111"
    city.heal(holes[:1])
    assert "".join(_answers(city, address) for address in asked) == "1---111"
    city.heal()
    assert "".join(_answers(city, address) for address in asked) == "1111111"


def test_loss_is_deterministic_and_evenly_spread(city: CityNamespace) -> None:
    """Twenty percent is each fifth packet, of that address alone."""
    require_program("fping")
    city.lose("10.77.5.5", 20)
    assert _answers(city, "10.77.5.5", 20) == "1111-" * 4
    assert _answers(city, "10.77.5.6", 20) == "1" * 20
    city.heal()


def test_loss_that_is_no_unit_fraction_has_its_exact_share() -> None:
    """Thirty percent drops places 3, 6 and 9 of each ten."""
    assert "numgen inc mod 10 vmap { 3 : drop, 6 : drop, 9 : drop }" in loss_chain(1, 30)


def test_code_runs_inside_the_namespace(city: CityNamespace) -> None:
    """A called function sees the namespace's settings and not the machine's."""
    city.allow_datagram_sockets(True)
    assert city.run("sysctl", "-n", "net.ipv4.ping_group_range").split() == ["0", "2147483647"]
    city.allow_datagram_sockets(False)
    assert city.run("sysctl", "-n", "net.ipv4.ping_group_range").split() == ["1", "0"]


def test_a_city_is_removed_completely() -> None:
    """Its namespaces and its processes end with it, also when the test fails."""
    with pytest.raises(ZeroDivisionError), CityNamespace() as city:  # noqa: PT012 - the failure is the subject
        process = city.start("sleep", "1000")
        raise ZeroDivisionError
    assert process.poll() is not None
    assert city.name not in subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=True).stdout
