"""A city of Indonesia from its regions: ids for its kecamatan, names and aliases for its kelurahan and desa."""

import re
from collections import Counter
from collections.abc import Iterator

from pantau.intake.cities.plan import CityPlan, PlannedDistrict, PlannedWard, unique_ids
from pantau.intake.cities.regions import Region, below, outlines
from pantau.intake.cities.zones import zone_of_province
from pantau.inventory.wards import ward_key

_OTHER_NAME = re.compile(r"\s*[/(]\s*")
_VILLAGE = re.compile(r"\.2[0-9]{3}\Z")
"""The last part of a desa's code begins with 2, of a kelurahan's with 1."""


def plan_of(city: Region) -> CityPlan:
    """All of it but what nobody can know: the office, the ISPs, the canaries."""
    regions = list(below(city.code))
    ids = unique_ids([region.name for region in regions])
    districts = tuple(
        PlannedDistrict(id_, region.name, region.code, region.edges.centre if region.edges else None)
        for id_, region in zip(ids, regions, strict=True)
    )
    wards = tuple(ward for one in districts for ward in _wards(one.id, list(below(one.code))))
    return CityPlan(city.name, zone_of_province(city.code), districts, wards, outlines(city.code), city.code)


def _wards(district: str, regions: list[Region]) -> Iterator[PlannedWard]:
    """Within a kecamatan each spelling means one ward: a desa beside a kelurahan of its name says which it is."""
    names = [_distinct(region, Counter(ward_key(one.name) for one in regions)) for region in regions]
    taken = {ward_key(name) for name in names}
    for region, name in zip(regions, names, strict=True):
        aliases = [alias for alias in other_names(region.name) if ward_key(alias) not in taken]
        taken |= {ward_key(alias) for alias in aliases}
        yield PlannedWard(region.code, name, district, region.edges, tuple(aliases))


def _distinct(region: Region, count: Counter[str]) -> str:
    if count[ward_key(region.name)] == 1:
        return region.name
    kind = "Desa" if _VILLAGE.search(region.code) else "Kelurahan"
    return f"{region.name} ({kind} {region.code[-4:]})"


def other_names(name: str) -> list[str]:
    """The names that are written beside each other: `Lama/Baru`, `Baru (Lama)`."""
    parts = [part.strip(" )") for part in _OTHER_NAME.split(name)]
    found = [part for part in parts if len(part) > 2] if len(parts) > 1 else []
    return list(dict.fromkeys(found))
