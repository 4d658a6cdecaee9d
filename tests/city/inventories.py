"""Small configurations of the tests' own: which hotspots at which addresses, probed how."""

from collections.abc import Mapping, Sequence
from pathlib import Path

_ISPS = "isps:\n  - {id: kotanet, name: Kotanet}\n"
_KECAMATAN = "kecamatan:\n  - {id: pusat, name: Pusat}\n"

QUICK: Mapping[str, str] = {"interval": "1s", "timeout": "500ms", "confirm": "{attempts: 3, spacing: 200ms}"}
"""Settings under which a silent hotspot is down after 2.4 s at the latest."""
FIVE_SECONDS: Mapping[str, str] = {"interval": "5s"}
"""The defaults but for the interval, as the city tier's promises are made for it."""


def city_hotspots(count: int, first: int = 0) -> dict[str, str]:
    """Ids and addresses: h0 at 10.77.0.1, and so on through 10.77.0.0/16, the ends of each /24 left out."""
    numbers = range(first, first + count)
    return {f"h{number}": f"10.77.{number // 254}.{number % 254 + 1}" for number in numbers}


def city_hotspots6(count: int) -> dict[str, str]:
    """Ids and addresses: s0 at fd77::1, and so on."""
    return {f"s{number}": f"fd77::{number + 1:x}" for number in range(count)}


def write_configuration(
    folder: Path,
    hotspots: Mapping[str, str],
    probing: Mapping[str, str] = QUICK,
    canaries: Mapping[str, str] | None = None,
) -> Path:
    """Write a whole configuration into `folder` and return the path of its settings. `probing` holds YAML values."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "isps.yml").write_text(_ISPS, encoding="utf-8")
    (folder / "kecamatan.yml").write_text(_KECAMATAN, encoding="utf-8")
    write_hotspots(folder, hotspots)
    vantage = [f"    - {{name: {name}, address: '{address}'}}" for name, address in (canaries or {}).items()]
    lines = [
        "probing:",
        *(f"  {key}: {value}" for key, value in probing.items()),
        "vantage:",
        "  name: uji",
        *(["  canaries:", *vantage] if vantage else []),
        "inventory: [isps.yml, kecamatan.yml, hotspots.csv]",
    ]
    settings = folder / "pantau.yml"
    settings.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return settings


def write_hotspots(folder: Path, hotspots: Mapping[str, str], broken: Sequence[str] = ()) -> None:
    """Write the inventory's hotspots, and lines that are none."""
    rows = (f"{name},Titik {name},{address},pusat,kotanet" for name, address in hotspots.items())
    text = "\n".join(["id,name,address,kecamatan,isp", *rows, *broken]) + "\n"
    # Replaced in one step, as an editor does it: a watcher never sees half a file.
    draft = folder / "hotspots.csv.new"
    draft.write_text(text, encoding="utf-8")
    draft.rename(folder / "hotspots.csv")
