"""The inventory as columns, with an address for every host name."""

from ipaddress import IPv4Address, ip_address

from pantau.inventory.models import Hotspot, Inventory, Kelurahan, Uplink
from pantau.simulator.city import City
from pantau.simulator.hotspots import Hotspots, simulated_address, words_array
from tests.pantau.simulator.small_city import START_NS, scenario


def _hotspot(identifier: str, address: str, **fields: str) -> Hotspot:
    return Hotspot.model_validate(
        {"id": identifier, "name": identifier, "address": address, "kecamatan": "maesa", "isp": "telkom", **fields}
    )


def _city(hotspots: Hotspots) -> City:
    return City(hotspots, scenario(), START_NS)


def test_columns_follow_the_inventory() -> None:
    """Active hotspots only, in order; what is not given is empty."""
    ward = {"latitude_min": 1, "latitude_max": 2, "longitude_min": 125, "longitude_max": 126}
    inventory = Inventory(
        kelurahan=(
            Kelurahan.model_validate({"code": "71.1", "name": "Mawali", "kecamatan": "x", "aliases": "Mawaly", **ward}),
        ),
        uplinks=(Uplink(id="radio", name="r", upstream="pop"), Uplink(id="pop", name="p")),
        hotspots=(
            _hotspot("A", "10.0.0.1", kelurahan="Mawali", access="vsat", upstream="radio"),
            _hotspot("B", "10.0.0.2", status="planned"),
            _hotspot("C", "2001:db8::1"),
        ),
    )
    hotspots = Hotspots.from_inventory(inventory)
    assert hotspots.ids == ("A", "C")
    assert (hotspots.kecamatan, hotspots.isp) == (("maesa", "maesa"), ("telkom", "telkom"))
    assert (hotspots.kelurahan, hotspots.access) == (("Mawali", ""), ("vsat", ""))
    assert hotspots.addresses.tolist() == [[0, 0xFFFF0A000001], [0x20010DB800000000, 1]]
    assert hotspots.uplinks == {"radio": "pop", "pop": ""}
    assert hotspots.ward_names == {"mawali": "Mawali", "mawaly": "Mawali", "71.1": "Mawali"}
    assert hotspots.carried_by("pop") == [0]


def test_host_names_get_stable_addresses() -> None:
    """A name's address is out of 10.0.0.0/8, always the same, and its hotspot answers there."""
    address = simulated_address("ap-1.example.net")
    assert address == IPv4Address("10.65.177.72")
    city = _city(Hotspots.from_inventory(Inventory(hotspots=(_hotspot("A", "ap-1.example.net"),))))
    assert city.resolve("ap-1.example.net") == address
    assert city.find(words_array([address])).tolist() == [0]


def test_names_never_take_an_address_that_is_taken() -> None:
    """Where a name's address is another hotspot's, the next free one is taken."""
    name = "ap-1.example.net"
    taken = simulated_address(name)
    hotspots = (_hotspot("A", name), _hotspot("B", str(taken)), _hotspot("C", str(taken + 1)))
    city = _city(Hotspots.from_inventory(Inventory(hotspots=hotspots)))
    assert city.resolve(name) == taken + 2
    assert city.find(words_array([taken + 2, taken, taken + 1])).tolist() == [0, 1, 2]


def test_60000_names_have_60000_addresses() -> None:
    """However many names there are, no two share an address."""
    hotspots = Hotspots.from_inventory(
        Inventory(hotspots=tuple(_hotspot(f"H-{index}", f"ap-{index}.example.net") for index in range(60_000)))
    )
    assert len(set(hotspots.names.values())) == 60_000


def test_resolving_knows_addresses_and_refuses_unknown_names() -> None:
    """An address is itself; an unknown name has none."""
    city = _city(Hotspots.from_inventory(Inventory()))
    assert city.resolve("2001:db8::7") == ip_address("2001:db8::7")
    assert city.resolve("nobody.example.net") is None


def test_a_ring_of_upstreams_ends() -> None:
    """Hotspots that carry each other in a ring all hang on one another."""
    addresses = words_array([ip_address("10.0.0.1"), ip_address("10.0.0.2")])
    two = ("", "")
    hotspots = Hotspots(("A", "B"), two, two, two, two, ("B", "A"), addresses)
    assert hotspots.carried_by("A") == [0, 1]
