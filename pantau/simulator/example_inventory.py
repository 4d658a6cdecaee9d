"""Makes the 1000 hotspots of `examples/bitung/inventory/hotspots.csv`: a plausible Bitung, the same for the same seed.

Shares and access types follow what was published of the programme: radio and some Starlink on Lembeh and in the hills,
fibre in the town. Every single hotspot is made up, and says so in its name.
Only `Random.random` is used: it alone is promised to give the same numbers in every version of Python.
"""

import argparse
import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from math import cos, hypot, radians
from pathlib import Path
from random import Random
from typing import TypeVar

from pantau.csv_text import csv_rows_to
from pantau.simulator.example_assignments import write_assignments
from pantau.simulator.example_shares import INDOSAT_SHARES, ISP_SHARES, LANDMARKS, PLACES, SEATS

HOTSPOTS = 1000
INDOSAT = 143
"""Exactly as many, so that one ISP's outage is a round story: 143 hotspots dark, one page."""
_STARLINK_LEMBEH = 41
_STARLINK_PINANGUNIAN = 7
_MONOPOLES = 76
_PINANGUNIAN, _KASAWARI = "71.72.04.1008", "71.72.04.1013"  # in the hills, served by radio
_LEMBEH = ("lembeh-selatan", "lembeh-utara")
_CANDIDATES = {"pc24": ({"girian", "matuari"}, 12), "jinom": ({"maesa", "madidir"}, 9)}  # on trial, without a contract
_NETWORK = "10.77"
_INVENTORY = Path("examples/bitung/inventory")
_LEAST_METRES = 25.0
_METRES_PER_DEGREE = 111_320.0

_ROMAN = ("I", "II", "III", "IV", "V")

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Ward:
    """A kelurahan as its file has it."""

    code: str
    name: str
    kecamatan: str
    centre: tuple[float, float]
    """Latitude and longitude."""
    low: tuple[float, float]
    high: tuple[float, float]


@dataclass(frozen=True, slots=True)
class ExampleHotspot:
    """A row of `hotspots.csv`."""

    id: str
    name: str
    address: str
    kecamatan: str
    kelurahan: str
    category: str
    isp: str = ""
    access: str = ""
    contract: str = ""
    latitude: str = ""
    longitude: str = ""
    upstream: str = ""
    status: str = "active"


def read_wards(path: Path) -> list[Ward]:
    """The wards of `kelurahan.csv`."""

    def pair(row: Mapping[str, str], suffix: str) -> tuple[float, float]:
        return float(row[f"latitude{suffix}"]), float(row[f"longitude{suffix}"])

    with path.open(encoding="utf-8", newline="") as file:
        return [
            Ward(row["code"], row["name"], row["kecamatan"], pair(row, ""), pair(row, "_min"), pair(row, "_max"))
            for row in csv.DictReader(file)
        ]


def example_hotspots(wards: Sequence[Ward], seed: int) -> list[ExampleHotspot]:
    """`HOTSPOTS` examples, as many in each ward as in any other (or one more)."""
    random = Random(seed)
    least, more = divmod(HOTSPOTS, len(wards))
    fuller = set(_sample(random, range(len(wards)), more))
    placed: list[tuple[Ward, ExampleHotspot]] = []
    for number, ward in enumerate(wards):
        placed += [(ward, example) for example in _ward(random, ward, number + 1, least + (number in fuller))]
    return _connected(random, _with_monopoles(random, placed))


def write_hotspots(examples: Sequence[ExampleHotspot], path: Path) -> None:
    """Write them as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        write = csv_rows_to(file, "\n")
        write(field.name for field in fields(ExampleHotspot))
        for example in examples:
            write(astuple(example))


def _ward(random: Random, ward: Ward, number: int, count: int) -> Iterator[ExampleHotspot]:
    """The places of one ward: its office, a landmark, a few public places, and for the rest neighbourhoods (RT)."""
    places = [("kantor_kelurahan", f"Kantor Kelurahan {ward.name}")]
    if ward.code in SEATS:
        places.append(("kantor_kecamatan", f"Kantor Kecamatan {ward.kecamatan.replace('-', ' ').title()}"))
    if ward.code in LANDMARKS:
        places.append(LANDMARKS[ward.code])
    weights = {category: weight for category, (_, weight) in PLACES.items()}
    for _ in range(4):
        category = _pick(random, weights)
        del weights[category]
        places.append((category, f"{PLACES[category][0]} {ward.name}"))
    places += [
        ("rt_lingkungan", f"RT {rt:03} Lingk. {_ROMAN[(rt - 1) // 2 % len(_ROMAN)]} {ward.name}")
        for rt in range(1, count - len(places) + 1)
    ]
    points = _points(random, ward, count)
    for nth, ((category, name), (latitude, longitude)) in enumerate(zip(places, points, strict=True), start=1):
        yield ExampleHotspot(
            id=f"BTG-{ward.code[6:8]}-{ward.code[9:]}-{nth:03}",
            name=f"{name} (contoh)",
            address=f"{_NETWORK}.{number}.{nth}",
            kecamatan=ward.kecamatan,
            kelurahan=ward.name,
            category=category,
            latitude=f"{latitude:.6f}",
            longitude=f"{longitude:.6f}",
        )


def _points(random: Random, ward: Ward, count: int) -> list[tuple[float, float]]:
    """Points around the ward's centre, none too near another; the box's corners are often another ward, or the sea."""
    shrink = cos(radians(ward.centre[0]))
    found: list[tuple[float, float]] = []
    while len(found) < count:
        latitude, longitude = (
            centre + 0.6 * (random.random() + random.random() - 1) * min(centre - low, high - centre)
            for centre, low, high in zip(ward.centre, ward.low, ward.high, strict=True)
        )
        metres = (hypot(latitude - lat, (longitude - lon) * shrink) * _METRES_PER_DEGREE for lat, lon in found)
        if all(distance >= _LEAST_METRES for distance in metres):
            found.append((latitude, longitude))
    return found


def _with_monopoles(random: Random, placed: list[tuple[Ward, ExampleHotspot]]) -> list[tuple[Ward, ExampleHotspot]]:
    """Some neighbourhoods are served from a monopole at the road."""
    neighbourhoods = [index for index, (_, example) in enumerate(placed) if example.category == "rt_lingkungan"]
    for index in _sample(random, neighbourhoods, _MONOPOLES):
        ward, example = placed[index]
        placed[index] = ward, replace(example, category="monopole_jalan", name=f"Monopole {example.name}")
    return placed


def _connected(random: Random, placed: list[tuple[Ward, ExampleHotspot]]) -> list[ExampleHotspot]:
    """Give each its ISP, access, contract and upstream."""
    isps = _isps(random, placed)
    starlink = _starlink(random, placed)
    examples = []
    for index, (ward, example) in enumerate(placed):
        isp = isps[index]
        access = "starlink" if index in starlink else _access(random, isp, ward, example.category)
        on_radio_link = ward.kecamatan in _LEMBEH and access != "starlink"
        examples.append(
            replace(
                example,
                isp=isp,
                access=access,
                contract="" if isp in _CANDIDATES else f"{ward.kecamatan}-{isp}",
                upstream="lembeh-radio" if on_radio_link else "",
            )
        )
    return examples


def _by_radio(ward: Ward) -> bool:
    """Whether Infotek serves the whole ward, by radio or Starlink."""
    return ward.kecamatan in _LEMBEH or ward.code in {_PINANGUNIAN, _KASAWARI}


def _isps(random: Random, placed: Sequence[tuple[Ward, ExampleHotspot]]) -> dict[int, str]:
    """The ISP of each index: exact numbers first, then shares by kecamatan."""
    isps = {index: "infotek" for index, (ward, _) in enumerate(placed) if _by_radio(ward)}
    wired = {index: ward.kecamatan for index, (ward, _) in enumerate(placed) if index not in isps}
    for isp, (kecamatan, count) in _CANDIDATES.items():
        free = [index for index, place in wired.items() if place in kecamatan and index not in isps]
        isps |= dict.fromkeys(_sample(random, free, count), isp)
    weights = {
        index: INDOSAT_SHARES[place] for index, place in wired.items() if place in INDOSAT_SHARES and index not in isps
    }
    for _ in range(INDOSAT):
        index = _pick(random, weights)
        del weights[index]
        isps[index] = "indosat"
    return isps | {index: _pick(random, ISP_SHARES[place]) for index, place in wired.items() if index not in isps}


def _starlink(random: Random, placed: Sequence[tuple[Ward, ExampleHotspot]]) -> set[int]:
    """The indices that are served by Starlink. Who resells it is not known; the examples say Infotek."""
    lembeh = [index for index, (ward, _) in enumerate(placed) if ward.kecamatan in _LEMBEH]
    hills = [index for index, (ward, _) in enumerate(placed) if ward.code == _PINANGUNIAN]
    return {*_sample(random, lembeh, _STARLINK_LEMBEH), *_sample(random, hills, _STARLINK_PINANGUNIAN)}


def _access(random: Random, isp: str, ward: Ward, category: str) -> str:
    if isp == "infotek":
        return _pick(random, {"radio_ptmp": 3, "radio_ptp": 1})
    if category.startswith("kantor_") or category in {"pelabuhan", "kawasan_ekonomi", "perguruan_tinggi"}:
        return _pick(random, {"fo_dedicated": 3, "metro": 1})
    if ward.kecamatan == "ranowulu" and isp == "telkom":
        return _pick(random, {"ftth_gpon": 7, "seluler": 2, "vsat": 1})
    return "ftth_gpon"


def _pick(random: Random, weights: Mapping[Item, float]) -> Item:
    """One of the keys, by weight."""
    left = random.random() * sum(weights.values())
    for item, weight in weights.items():
        left -= weight
        if left < 0:
            return item
    return list(weights)[-1]  # rounding left a rest


def _sample(random: Random, items: Sequence[Item], count: int) -> list[Item]:
    """`count` of the items, each set of them as likely as any other."""
    return sorted(items, key=lambda _: random.random())[:count]


def main(arguments: Sequence[str] | None = None) -> None:
    """The command: writes `hotspots.csv` and `assignments.csv` into a folder."""
    parser = argparse.ArgumentParser(prog="python -m pantau.simulator.example_inventory", description=__doc__)
    parser.add_argument("--seed", type=int, default=7172, help="another seed makes another city")
    parser.add_argument("--output", type=Path, default=_INVENTORY, help="folder to write the files into")
    parser.add_argument("--wards", type=Path, default=_INVENTORY / "kelurahan.csv", help="the wards to spread over")
    options = parser.parse_args(arguments)
    examples = example_hotspots(read_wards(options.wards), options.seed)
    write_hotspots(examples, options.output / "hotspots.csv")
    write_assignments(examples, options.output / "assignments.csv")


if __name__ == "__main__":
    main()
