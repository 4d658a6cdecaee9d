"""The city that the dashboards show: the names behind the ids, and what the map needs. Read from `config/`.

Prometheus knows ids only; people know names. Both come from the inventory, so a new kecamatan or ISP is a change there
and a rebuild here.
"""

import json
import tomllib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pantau.inventory import load
from pantau.levels import LevelWords

SETTINGS = Path("config/pantau.yml")
"""Below the current folder: nothing is looked for beside the code."""


@dataclass(frozen=True)
class Place:
    """Names by id, and the map's view; coordinates in degrees, WGS 84."""

    kecamatan: dict[str, str]
    isps: dict[str, str]
    labels: Mapping[str, tuple[float, float]]
    """Latitude and longitude of each kecamatan's name on the map."""
    outlines: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The outline of each kecamatan of which one is known: a GeoJSON geometry."""
    contacts: Mapping[str, str] = field(default_factory=dict)
    """Whom to call at each ISP, where the inventory says it."""
    runbooks: str = ""
    """Where docs/runbooks/ can be read, with a slash at its end; without it alerts have no link to them."""
    alertmanager: str = ""
    """Alertmanager's address for a browser, without a slash at its end."""
    timezone: str = "browser"
    target: float = 1.0
    """The share that the city means to have online."""
    baselines: Sequence[tuple[str, float]] = ()
    """Earlier counts: the month and the share online, the earliest first."""
    priority_categories: Sequence[str] = ()
    levels: LevelWords = field(default_factory=LevelWords)
    """What districts and wards are called."""
    tiles: str | None = None
    """A tile server's URL with {z}, {x} and {y}; `None` for a plain ground that asks nobody."""
    attribution: str = ""

    def outlines_url(self) -> str:
        """The kecamatan with their names as GeoJSON inside a URL, which the map fetches without a server.

        Where an outline is known it is drawn, else the name stands at the centre.
        """
        centres = {id_: {"type": "Point", "coordinates": [east, north]} for id_, (north, east) in self.labels.items()}
        features = [
            {"type": "Feature", "geometry": geometry, "properties": {"name": self.kecamatan[id_]}}
            for id_, geometry in (centres | dict(self.outlines)).items()
        ]
        drawing = json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))
        return "data:application/geo+json;base64," + b64encode(drawing.encode()).decode()

    @classmethod
    def read(cls, settings: Path = SETTINGS) -> "Place":
        """The city of this `pantau.yml`; raises `ConfigurationError` with every problem it has."""
        configuration = load(settings, without_hotspots=True)
        office = configuration.settings.office
        kecamatan = sorted(configuration.inventory.kecamatan, key=lambda one: one.name)
        isps = sorted(configuration.inventory.isps, key=lambda one: one.name)
        centres = ((k.id, k.latitude, k.longitude) for k in kecamatan)
        labels = {id_: (north, east) for id_, north, east in centres if north is not None and east is not None}
        served = {hotspot.isp for hotspot in configuration.inventory.hotspots}
        return cls(
            kecamatan={k.id: k.name for k in kecamatan},
            isps={isp.id: isp.name for isp in isps if isp.id in served},
            labels=labels,
            outlines=_outlines(
                settings.parent / "grafana" / "kecamatan.geojson", {k.code: k.id for k in kecamatan if k.code}
            ),
            contacts={isp.id: ", ".join(one.value for one in isp.contacts) for isp in isps if isp.contacts},
            timezone=configuration.settings.timezone,
            target=float(office.target),
            baselines=tuple(
                (one.when, float(one.online)) for one in sorted(office.baselines, key=lambda one: one.when)
            ),
            priority_categories=configuration.settings.priority_categories,
            levels=office.levels,
            **_written(settings.parent / "grafana" / "map.toml", ("tiles", "attribution")),
            **_written(settings.parent / "grafana" / "links.toml", ("runbooks", "alertmanager")),
        )


def _written(path: Path, names: Sequence[str]) -> dict[str, Any]:
    """Those of `names` that an operator has written into this file, if there is one."""
    if not path.exists():
        return {}
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: written[name] for name in names if written.get(name)}


def _outlines(path: Path, ids: Mapping[str, str]) -> dict[str, Mapping[str, Any]]:
    """The outlines of a GeoJSON file by the Ministry's code (`kode`), to 11 m: less than a pixel of the wall."""
    if not path.exists():
        return {}
    drawing = json.loads(path.read_text(encoding="utf-8"))
    found = {feature["properties"].get("kode"): feature["geometry"] for feature in drawing["features"]}
    known = {id_: found[code] for code, id_ in ids.items() if code in found}
    return {id_: geometry | {"coordinates": _coarse(geometry["coordinates"])} for id_, geometry in known.items()}


def _coarse(coordinates: Any) -> Any:
    """Nested rings with four decimals, without the points that then fall together."""
    if not isinstance(coordinates[0][0], list):
        rounded = [[round(east, 4), round(north, 4)] for east, north in coordinates]
        return [point for index, point in enumerate(rounded) if index == 0 or point != rounded[index - 1]]
    return [_coarse(part) for part in coordinates]
