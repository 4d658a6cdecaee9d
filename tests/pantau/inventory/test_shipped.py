"""The example configuration is Bitung, its hotspots are the generator's; the operator's folder is of no city."""

import re
from collections import Counter
from ipaddress import IPv4Network
from pathlib import Path
from typing import get_args

import pytest

from pantau.errors import ConfigurationError
from pantau.inventory import Access, Category, Configuration, HotspotStatus, has_begun, load
from pantau.simulator.example_inventory import main

ROOT = Path(__file__).parents[3]
CONFIG = ROOT / "config"
EXAMPLE = ROOT / "examples" / "bitung"
LEMBEH = {"lembeh-selatan", "lembeh-utara"}


@pytest.fixture(scope="module")
def shipped() -> Configuration:
    """`examples/bitung/pantau.yml` as shipped."""
    return load(EXAMPLE / "pantau.yml")


def test_it_loads_with_one_warning(shipped: Configuration) -> None:
    """Only the canaries are left for the operator to name."""
    assert [(warning.field, warning.file.name) for warning in shipped.warnings] == [("vantage.canaries", "pantau.yml")]


def test_it_is_bitung(shipped: Configuration) -> None:
    """8 kecamatan, 69 kelurahan, 7 ISPs of which 5 serve, and 1000 active hotspots."""
    inventory = shipped.inventory
    wards = Counter(ward.kecamatan for ward in inventory.kelurahan)
    assert wards == {
        "lembeh-selatan": 7,
        "madidir": 8,
        "ranowulu": 11,
        "aertembaga": 10,
        "matuari": 8,
        "girian": 7,
        "maesa": 8,
        "lembeh-utara": 10,
    }
    assert {kecamatan.id for kecamatan in inventory.kecamatan} == set(wards)
    assert {kecamatan.id for kecamatan in inventory.kecamatan if kecamatan.island} == LEMBEH
    assert {isp.id: isp.status for isp in inventory.isps} == {
        "telkom": "active",
        "biznet": "active",
        "infotek": "active",
        "icon": "active",
        "indosat": "active",
        "pc24": "candidate",
        "jinom": "candidate",
    }
    assert len(inventory.hotspots) == len(inventory.active_hotspots) == 1000
    assert {contract.sla_ratio for contract in inventory.contracts} == {0.98}


def test_the_examples_are_spread_and_marked(shipped: Configuration) -> None:
    """14 or 15 in each ward, each named an example, each in the simulated city's network."""
    hotspots = shipped.inventory.hotspots
    per_ward = Counter((hotspot.kecamatan, hotspot.kelurahan) for hotspot in hotspots)
    assert Counter(per_ward.values()) == {14: 35, 15: 34}
    network = IPv4Network("10.77.0.0/16")
    assert [hotspot.id for hotspot in hotspots if hotspot.ip not in network] == []
    assert [hotspot.id for hotspot in hotspots if not hotspot.name.endswith("(contoh)")] == []


def test_the_mix_of_isps_and_access(shipped: Configuration) -> None:
    """143 hotspots of Indosat; Lembeh and the hills on Infotek's radio and Starlink; fibre in the town."""
    hotspots = shipped.inventory.hotspots
    assert Counter(hotspot.isp for hotspot in hotspots) == {
        "infotek": 318,
        "telkom": 306,
        "indosat": 143,
        "icon": 130,
        "biznet": 82,
        "pc24": 12,
        "jinom": 9,
    }
    far = [h for h in hotspots if h.kecamatan in LEMBEH or h.kelurahan in {"Pinangunian", "Kasawari"}]
    assert {hotspot.isp for hotspot in far} == {"infotek"}
    assert {hotspot.access for hotspot in far} == {"radio_ptmp", "radio_ptp", "starlink"}
    starlink = Counter(hotspot.kelurahan == "Pinangunian" for hotspot in hotspots if hotspot.access == "starlink")
    assert starlink == {False: 41, True: 7}
    town = [hotspot for hotspot in hotspots if hotspot.kecamatan in {"maesa", "madidir", "girian", "matuari"}]
    assert {hotspot.access for hotspot in town} == {"ftth_gpon", "fo_dedicated", "metro"}


def test_what_the_island_hangs_on(shipped: Configuration) -> None:
    """Lembeh's hotspots hang on its radio link, save those on Starlink; nobody else does."""
    for hotspot in shipped.inventory.hotspots:
        on_link = hotspot.kecamatan in LEMBEH and hotspot.access != "starlink"
        assert hotspot.upstream == ("lembeh-radio" if on_link else None)


def test_contracts_cover_all_but_the_candidates(shipped: Configuration) -> None:
    """Each contract has hotspots, and only hotspots on trial have none."""
    hotspots = shipped.inventory.hotspots
    assert {hotspot.isp for hotspot in hotspots if hotspot.contract is None} == {"pc24", "jinom"}
    used = {hotspot.contract for hotspot in hotspots} - {None}
    assert used == {contract.id for contract in shipped.inventory.contracts}
    assert len(used) == 23


def test_each_paid_hotspot_is_assigned(shipped: Configuration) -> None:
    """What a hotspot says of its contract, its assignment says too; the contract's annex counts as many."""
    inventory = shipped.inventory
    paid = {(hotspot.id, hotspot.contract) for hotspot in inventory.hotspots if hotspot.contract is not None}
    assert {(assignment.hotspot, assignment.contract) for assignment in inventory.assignments} == paid
    assert len(inventory.assignments) == len(paid) == 979
    assert {contract.id: contract.points for contract in inventory.contracts} == Counter(name for _, name in paid)
    assert {contract.method for contract in inventory.contracts} == {"R3"}


def test_the_readme_lists_the_closed_lists() -> None:
    """Whoever fills in a spreadsheet finds each allowed word beside it."""
    readme = (CONFIG / "inventory" / "README.md").read_text(encoding="utf-8")
    for field, choices in (("category", Category), ("access", Access), ("status", HotspotStatus)):
        _, _, listed = readme.partition(f"- `{field}`: ")
        assert tuple(re.findall(r"`(\w+)`", listed.partition("\n- ")[0])) == get_args(choices)


def test_the_shipped_hotspots_are_the_generators(tmp_path: Path) -> None:
    """The same seed gives the same bytes; another seed another city of the same size."""
    main(["--seed", "7172", "--output", str(tmp_path)])
    made = (tmp_path / "hotspots.csv").read_bytes()
    assert made == (EXAMPLE / "inventory" / "hotspots.csv").read_bytes()
    assigned = (tmp_path / "assignments.csv").read_bytes()
    assert assigned == (EXAMPLE / "inventory" / "assignments.csv").read_bytes()
    main(["--seed", "1", "--output", str(tmp_path)])
    other = (tmp_path / "hotspots.csv").read_bytes()
    assert other != made
    assert other.count(b"\n") == 1001
    assert other.count(b",indosat,") == 143


def test_the_operator_s_folder_is_of_no_city() -> None:
    """It is good as it is, and says in one sentence how to begin; to probe nothing is refused with the same."""
    empty = load(CONFIG / "pantau.yml", strict=True, without_hotspots=True)
    assert (empty.inventory.hotspots, empty.inventory.kecamatan, empty.inventory.contracts) == ((), (), ())
    begin = "begin with `pantau init` and `pantau import`, or look at the example city with --config examples/bitung/"
    assert [begin in warning.message for warning in empty.warnings] == [True, False]
    with pytest.raises(ConfigurationError) as refused:
        load(CONFIG / "pantau.yml")
    assert [begin in problem.message for problem in refused.value.problems[:1]] == [True]
    assert sorted(path.name for path in (CONFIG / "inventory").iterdir()) == ["README.md"]


def test_what_the_example_shares_is_the_operator_s() -> None:
    """Rules, thresholds and templates are links into config/, so that there is one of each."""
    shared = {
        str(path.relative_to(EXAMPLE)): path.resolve().relative_to(CONFIG)
        for path in EXAMPLE.rglob("*")
        if path.is_symlink()
    }
    assert {"rules", "schema", "thresholds.yml", "alertmanager/base.yml", "grafana/links.toml"} <= set(shared)
    assert [name for name, path in shared.items() if name != str(path)] == []


def test_has_begun_tells_a_city_from_none(tmp_path: Path) -> None:
    """Where the settings list files or the usual ones are there; comments are nothing."""
    assert (has_begun(CONFIG / "pantau.yml"), has_begun(EXAMPLE / "pantau.yml")) == (False, True)
    settings = tmp_path / "pantau.yml"
    assert not has_begun(settings)
    settings.write_text("# inventory:\ntimezone: UTC\n")
    assert not has_begun(settings)
    settings.write_text("inventory: [points.yml]\n")
    assert has_begun(settings)
    settings.write_text("")
    (tmp_path / "inventory").mkdir()
    (tmp_path / "inventory" / "hotspots.csv").write_text("id\n")
    assert has_begun(settings)
