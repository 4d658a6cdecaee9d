"""What a scrape says of the inventory: uplinks, who carries whom, names, contracts."""

from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent
from typing import get_args

import pytest

from exporter.planning.facts import make_facts
from exporter.probing.agent.plan import DNS, PORTAL
from pantau.inventory import Access, load

SETTINGS = "inventory: [inventory.yml]\n"
INVENTORY = """
isps:
  - {id: telkom, name: Telkom}
  - {id: icon, name: "Icon+"}
kecamatan:
  - {id: maesa, name: Maesa}
uplinks:
  - {id: pop, name: POP, isp: telkom, kecamatan: maesa, address: 10.1.0.1}
  - {id: tower, name: Menara, upstream: pop}
  - {id: idle, name: Cadangan, isp: icon}
contracts:
  - {id: c1, kecamatan: maesa, isp: telkom, start: 2024-04-05, end: 2025-01-01, sla_ratio: 0.98}
  - {id: c2, kecamatan: maesa, isp: icon, start: 2024-01-01, end: 2025-01-01}
hotspots:
  - {id: a, name: A, address: 10.0.0.1, kecamatan: maesa, isp: telkom, upstream: tower, contract: c1}
  - {id: b, name: B, address: 10.0.0.2, kecamatan: maesa, isp: telkom, upstream: a, contract: c1}
  - {id: c, name: C, address: 10.0.0.3, kecamatan: maesa, isp: icon, contract: c2}
  - {id: d, name: D, address: 10.0.0.4, kecamatan: maesa, isp: telkom, upstream: pop, contract: c1, status: planned}
"""


def midnight(text: str) -> float:
    """Unix time of a day's beginning in WITA, which is UTC+8."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() - 8 * 3600


def tables(folder: Path, settings: str = SETTINGS) -> dict[str, dict[tuple[str, ...], float]]:
    """The series of each family, by label values."""
    (folder / "pantau.yml").write_text(settings)
    (folder / "inventory.yml").write_text(dedent(INVENTORY))
    return {table.metric: dict(table.rows) for table in make_facts(load(folder / "pantau.yml"))}


@pytest.fixture
def series(tmp_path: Path) -> dict[str, dict[tuple[str, ...], float]]:
    """The series of each family, by label values."""
    return tables(tmp_path)


def test_every_uplink_is_told(series: dict[str, dict[tuple[str, ...], float]]) -> None:
    """Probed or not, carrying or not; what is not given is empty."""
    assert series["uplink_info"] == {
        ("pop", "maesa", "telkom", "POP", "", "10.1.0.1"): 1,
        ("tower", "", "", "Menara", "pop", ""): 1,
        ("idle", "", "icon", "Cadangan", "", ""): 1,
    }


def test_each_active_hotspot_names_all_that_carries_it(series: dict[str, dict[tuple[str, ...], float]]) -> None:
    """The tower directly, the POP behind it; a hotspot on the way is a hop; planned ones are not told."""
    assert series["hotspot_uplink_info"] == {
        ("a", "maesa", "telkom", "tower", "1"): 1,
        ("a", "maesa", "telkom", "pop", "2"): 1,
        ("b", "maesa", "telkom", "tower", "2"): 1,
        ("b", "maesa", "telkom", "pop", "3"): 1,
    }


def test_names_are_told(series: dict[str, dict[tuple[str, ...], float]]) -> None:
    """For the words of pages."""
    assert series["isp_info"] == {("telkom", "Telkom"): 1, ("icon", "Icon+"): 1}
    assert series["kecamatan_info"] == {("maesa", "Maesa"): 1}


def test_contracts_are_told(series: dict[str, dict[tuple[str, ...], float]]) -> None:
    """Days begin at midnight WITA; a silent contract has no objective; only active hotspots are counted."""
    first, second = ("c1", "maesa", "telkom"), ("c2", "maesa", "icon")
    assert series["pantau_contract_objective_ratio"] == {first: 0.98}
    assert series["pantau_contract_start_timestamp_seconds"] == {
        first: midnight("2024-04-05"),
        second: midnight("2024-01-01"),
    }
    assert set(series["pantau_contract_end_timestamp_seconds"].values()) == {midnight("2025-01-01")}
    assert series["pantau_contract_hotspots"] == {first: 2, second: 1}


def test_the_limits_of_every_access_are_told(tmp_path: Path) -> None:
    """Own ones and those for all; the empty access is that of hotspots without one, as in `hotspot_info`."""
    told = tables(tmp_path, SETTINGS + "probing: {degraded: {rtt: 400ms, access: {vsat: {rtt: 900ms}}}}\n")
    accesses = ("", *get_args(Access))
    assert told["pantau_degraded_limit_loss_ratio"] == {(access,): 0.1 for access in accesses}
    assert told["pantau_degraded_limit_rtt_seconds"] == {
        (access,): 0.9 if access == "vsat" else 0.4 for access in accesses
    }


def test_the_bandwidth_that_was_ordered_is_told(tmp_path: Path) -> None:
    """Of the last assignment that gives one, in bytes; who has none is not told."""
    (tmp_path / "assignments.csv").write_text(
        "hotspot,contract,start,end,monthly_fee,mbps\n"
        "a,c1,2024-04-05,2024-07-01,100000,20\n"
        "a,c1,2024-07-01,,100000,50\n"
        "b,c1,2024-04-05,,100000,\n"
        "d,c1,2024-04-05,,100000,10\n"
    )
    told = tables(tmp_path, "inventory: [inventory.yml, assignments.csv]\n")
    assert told["hotspot_contracted_bytes_per_second"] == {("a", "maesa", "telkom"): 6_250_000}


def test_what_each_check_proves_is_told(tmp_path: Path) -> None:
    """Those of agents where there is a door for them, by the names that they are judged by, and one's own."""
    assert tables(tmp_path)["pantau_check_info"] == {}
    login, inside = "{name: login, kind: tcp, port: 443}", "{name: inside, kind: tcp, port: 80, proves: client_path}"
    own = f"checks: [{login}, {inside}]\n"
    told = tables(tmp_path, SETTINGS + own)
    assert told["pantau_check_info"] == {("login", "vantage"): 1, ("inside", "client_path"): 1}
    (tmp_path / "key").write_text("0123456789abcdef" * 4)
    told = tables(tmp_path, SETTINGS + "agents: {key_files: [key]}\n")
    assert told["pantau_check_info"] == {(name, "client_path"): 1 for name in (PORTAL, DNS)}
