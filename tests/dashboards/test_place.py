"""The city behind the dashboards: names and the ground of the map, from what an operator edits."""

import json
import shutil
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from dashboards import extra, rendered
from dashboards.place import Place
from pantau.errors import ConfigurationError
from tests.sources import EXAMPLE


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """A copy of the shipped configuration, to be edited."""
    shutil.copytree(EXAMPLE.parent / "inventory", tmp_path / "inventory")
    shutil.copy(EXAMPLE.parent / "people.yml", tmp_path)
    return Path(shutil.copy(EXAMPLE, tmp_path))


def _ground(settings: Path) -> dict[str, object]:
    wall = json.loads(dict(rendered("id", settings))["pantau-kota"])
    panel = next(panel for panel in wall["panels"] if panel["type"] == "geomap")
    return dict(panel["options"]["basemap"])


def test_names_come_from_the_inventory() -> None:
    """The shipped city: eight kecamatan by name, and an ISP."""
    place = Place.read(EXAMPLE)
    assert list(place.kecamatan.values()) == [
        "Aertembaga",
        "Girian",
        "Lembeh Selatan",
        "Lembeh Utara",
        "Madidir",
        "Maesa",
        "Matuari",
        "Ranowulu",
    ]
    assert place.isps["pc24"] == "PC24 Telekomunikasi Indonesia"
    assert place.timezone == "Asia/Makassar"


def test_the_names_on_the_map_need_no_server() -> None:
    """The GeoJSON lies in the URL itself: each kecamatan's outline and name, longitude first."""
    place = Place.read(EXAMPLE)
    drawing = _drawing(place)
    assert {one["properties"]["name"] for one in drawing} == set(place.kecamatan.values())
    assert {one["geometry"]["type"] for one in drawing} == {"MultiPolygon"}
    for feature in drawing:
        corners = [corner for part in feature["geometry"]["coordinates"] for ring in part for corner in ring]
        assert all(124.9 < east < 125.4 and 1.3 < north < 1.7 for east, north in corners)
        assert len(corners) > 60


def test_a_kecamatan_without_an_outline_has_its_name_at_its_centre(settings: Path) -> None:
    """Any other city's map has names at once, and outlines when somebody puts them there."""
    drawing = _drawing(Place.read(settings))
    maesa = next(one for one in drawing if one["properties"]["name"] == "Maesa")
    assert maesa["geometry"] == {"type": "Point", "coordinates": [125.188205, 1.46247]}


def _drawing(place: Place) -> list[dict[str, Any]]:
    kind, _comma, text = place.outlines_url().partition(",")
    assert kind == "data:application/geo+json;base64"
    drawing: dict[str, list[dict[str, Any]]] = json.loads(b64decode(text))
    return drawing["features"]


def test_without_a_setting_the_map_asks_nobody(settings: Path) -> None:
    """The ground is a transparent pixel that is part of the dashboard."""
    ground = _ground(settings)
    assert ground["config"] == {"attribution": "", "url": extra.NO_TILES}
    assert ground["opacity"] == 0


def test_a_tile_server_is_a_setting(settings: Path) -> None:
    """`config/grafana/map.toml` names it, with whom to thank."""
    (settings.parent / "grafana").mkdir()
    text = 'tiles = "https://tiles.example.org/{z}/{x}/{y}.png"\nattribution = "© contributors"\n'
    (settings.parent / "grafana" / "map.toml").write_text(text, encoding="utf-8")
    ground = _ground(settings)
    assert ground["config"] == {"attribution": "© contributors", "url": "https://tiles.example.org/{z}/{x}/{y}.png"}
    assert ground["opacity"] == 1


def test_a_bad_inventory_is_said_as_everywhere(settings: Path) -> None:
    """Nothing is built from a configuration that the exporter would refuse."""
    (settings.parent / "inventory" / "isps.yml").write_text("isps: []\n", encoding="utf-8")
    with pytest.raises(ConfigurationError):
        Place.read(settings)
