"""Who is checked and discovered: scopes, places, and targets for other exporters."""

from pathlib import Path

import pytest

from pantau.inventory import load
from pantau.inventory.checks import CheckScope, DiscoveryJob
from pantau.inventory.models import Inventory
from pantau.inventory.scopes import discovered, in_scope, placed

INVENTORY = """
isps: [{id: telkom, name: Telkom}, {id: indosat, name: Indosat}]
kecamatan: [{id: maesa, name: Maesa}]
hotspots:
  - {id: h0, name: A, address: 10.0.0.1, kecamatan: maesa, isp: telkom, category: sekolah_sd, access: starlink}
  - {id: h1, name: B, address: "2001:db8::1", kecamatan: maesa, isp: indosat, category: sekolah_sd}
  - {id: h2, name: C, address: ap.example, kecamatan: maesa, isp: telkom, status: retired}
"""


@pytest.fixture
def inventory(tmp_path: Path) -> Inventory:
    """Two active hotspots, and one that is no more."""
    (tmp_path / "inventory.yml").write_text(INVENTORY)
    (tmp_path / "pantau.yml").write_text("inventory: [inventory.yml]\n")
    return load(tmp_path / "pantau.yml").inventory


@pytest.mark.parametrize(
    ("scope", "chosen"),
    [
        (CheckScope(), ["h0", "h1"]),
        (CheckScope(isps=("telkom",)), ["h0"]),
        (CheckScope(categories=("sekolah_sd",)), ["h0", "h1"]),
        (CheckScope(categories=("sekolah_sd",), isps=("indosat",)), ["h1"]),
        (CheckScope(access=("starlink",), hotspots=("h1",)), []),
        (CheckScope(hotspots=("h1", "h0")), ["h0", "h1"]),
    ],
)
def test_all_lists_that_are_given_must_fit(inventory: Inventory, scope: CheckScope, chosen: list[str]) -> None:
    """One that is left out is everybody."""
    assert [it.id for it in inventory.active_hotspots if in_scope(scope, it)] == chosen


def test_places(inventory: Inventory) -> None:
    """An IPv6 address has its brackets; who has no address has no text that names it."""
    first, second = inventory.active_hotspots
    assert placed("https://{address}/{hotspot}", first) == "https://10.0.0.1/h0"
    assert placed("{address}:161", second) == "[2001:db8::1]:161"
    bare = first.model_copy(update={"address": None})
    assert placed("{address}", bare) is None
    assert placed("http://{hotspot}.example/", bare) == "http://h0.example/"


def test_targets_with_their_labels(inventory: Inventory) -> None:
    """One a hotspot, with the labels of every hotspot series, and the exporter's own parameters."""
    job = DiscoveryJob.model_validate(
        {"job": "snmp", "for": {"isps": ["telkom"]}, "target": "{address}:161", "module": "if_mib", "auth": "city"}
    )
    assert discovered(job, inventory) == [
        {
            "targets": ["10.0.0.1:161"],
            "labels": {
                "hotspot": "h0",
                "kecamatan": "maesa",
                "isp": "telkom",
                "__param_module": "if_mib",
                "__param_auth": "city",
            },
        }
    ]
    plain = discovered(DiscoveryJob(job="plain"), inventory)
    assert [it["targets"] for it in plain] == [["10.0.0.1"], ["[2001:db8::1]"]]
