"""The city that the dashboards show: the names behind the ids, and what the map needs. Read from `config/`.

Prometheus knows ids only; people know names. Both come from the inventory, so a new kecamatan or ISP is a change there
and a rebuild here.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pantau.inventory import load

SETTINGS = Path("config/pantau.yml")
"""Below the current folder: nothing is looked for beside the code."""


@dataclass(frozen=True)
class Place:
    """Names by id, and the map's view; coordinates in degrees, WGS 84."""

    kecamatan: dict[str, str]
    isps: dict[str, str]
    labels: Mapping[str, tuple[float, float]]
    """Latitude and longitude of each kecamatan's name on the map."""
    timezone: str = "browser"
    tiles: str | None = None
    """A tile server's URL with {z}, {x} and {y}; `None` for a plain ground that asks nobody."""
    attribution: str = ""

    def labels_url(self) -> str:
        """The kecamatan's names as GeoJSON inside a URL: the map fetches it without a server."""
        features = [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
                "properties": {"name": self.kecamatan[id_]},
            }
            for id_, (latitude, longitude) in self.labels.items()
        ]
        drawing = json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))
        return "data:application/geo+json," + quote(drawing, safe="")

    @classmethod
    def read(cls, settings: Path = SETTINGS) -> "Place":
        """The city of this `pantau.yml`; raises `ConfigurationError` with every problem it has."""
        configuration = load(settings)
        kecamatan = sorted(configuration.inventory.kecamatan, key=lambda one: one.name)
        isps = sorted(configuration.inventory.isps, key=lambda one: one.name)
        centres = ((k.id, k.latitude, k.longitude) for k in kecamatan)
        labels = {id_: (north, east) for id_, north, east in centres if north is not None and east is not None}
        served = {hotspot.isp for hotspot in configuration.inventory.hotspots}
        return cls(
            kecamatan={k.id: k.name for k in kecamatan},
            isps={isp.id: isp.name for isp in isps if isp.id in served},
            labels=labels,
            timezone=configuration.settings.timezone,
            **_ground(settings.parent / "grafana" / "map.toml"),
        )


def _ground(path: Path) -> dict[str, Any]:
    """The tile server of `map.toml`, if there is one."""
    if not path.exists():
        return {}
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: written[name] for name in ("tiles", "attribution") if written.get(name)}
