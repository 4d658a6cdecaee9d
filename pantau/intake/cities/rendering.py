"""A city's plan as the text of each file of its `config/`. Pure: nothing is read from or written to the disk."""

import io
import json
import re
from collections.abc import Iterable, Iterator
from importlib.resources import files
from string import Template
from typing import Any

from pantau.csv_text import csv_rows_to
from pantau.intake.cities.plan import CityPlan, NamedEntry, PlannedDistrict, PlannedWard
from pantau.inventory import inventory_json_schema, json_schema
from pantau.inventory.models import RECORDS
from pantau.inventory.validation import known_keys

_TEMPLATES = files("pantau.intake") / "templates"
_LISTS = {
    "uplinks": "# Menara, POP dan jalur yang membawa banyak titik. / Towers, POPs and links that carry many hotspots.\n"
    "#   - {id: pop-timur, name: POP Timur, isp: ISP, address: 192.0.2.1}",
    "contracts": "# Kontrak: satu kecamatan x satu ISP; isian di docs/sla.md. / Contracts: one district x one ISP.\n"
    "#   - {id: KECAMATAN-ISP, kecamatan: KECAMATAN, isp: ISP, start: 2026-01-01, end: 2027-01-01, sla_ratio: 0.98}",
    "exclusions": "# Gangguan yang tidak dibebankan, dengan suratnya. / Downtime that is not charged, with its papers.",
    "site_visits": "# Uji petik: apa yang ditemukan di lapangan. / Site checks: what people found who went there.",
    "maintenance": "# Jendela pemeliharaan yang diumumkan. / Announced maintenance windows.",
}
_HOTSPOTS = ("id", "name", "address", "kecamatan", "kelurahan", "category", "isp", "access", "contract")
_PLACE = ("latitude", "longitude", "upstream", "status", "note")
HOTSPOT_COLUMNS = (*_HOTSPOTS, *_PLACE)


def city_files(plan: CityPlan) -> dict[str, str]:
    """The files of the city itself, by their path below its folder."""
    made = {"pantau.yml": _settings(plan), "people.yml": _template("people.yml")}
    made["inventory/README.md"] = _template(
        "inventory.md",
        name=plan.name,
        districts=len(plan.districts),
        wards=len(plan.wards),
        district_word=plan.district_word,
        ward_word=plan.ward_word,
        source=_template("source.md") if plan.code else "",
    )
    made["inventory/isps.yml"] = _isps(plan.isps)
    made["inventory/kecamatan.yml"] = _kecamatan(plan.districts)
    if plan.wards:
        made["inventory/kelurahan.csv"] = _kelurahan(plan.wards)
    made["inventory/hotspots.csv"] = ",".join(HOTSPOT_COLUMNS) + "\n"
    made["inventory/assignments.csv"] = ",".join(_columns("assignments")) + "\n"
    for kind, comment in _LISTS.items():
        made[f"inventory/{kind}.yml"] = _template("list.yml", kind=kind, comment=comment)
    if plan.outlines:
        made["grafana/kecamatan.geojson"] = _outlines(plan)
    for name, schema in (("pantau", json_schema()), ("inventory", inventory_json_schema())):
        made[f"schema/{name}.schema.json"] = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    made["data/.gitignore"] = (
        "# The journal lives here: evidence, backed up, never edited, not in the repository.\n*\n!.gitignore\n"
    )
    made["secrets/.gitignore"] = "*\n!.gitignore\n!README.md\n"
    return made


def yaml_text(value: str) -> str:
    """A text as YAML takes it, whatever is in it: JSON's form is one of YAML's."""
    plain = _PLAIN.fullmatch(value) and value.casefold() not in _WORDS
    return value if plain else json.dumps(value, ensure_ascii=False)


_PLAIN = re.compile(r"[A-Za-z]+(?:[ -][A-Za-z]+)*")
_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}


def isp_line(isp: NamedEntry) -> str:
    """One ISP as a line of `isps.yml`."""
    return f"  - {{id: {yaml_text(isp.id)}, name: {yaml_text(isp.name)}}}\n"


def _settings(plan: CityPlan) -> str:
    canaries = [f"\n    - {{name: {yaml_text(one.id)}, address: {yaml_text(one.name)}}}" for one in plan.canaries]
    return _template(
        "pantau.yml",
        name=plan.name,
        vantage=plan.vantage,
        canaries="".join(canaries) or "[]",
        wards_file="  - inventory/kelurahan.csv\n" if plan.wards else "",
        zone=plan.zone,
        priority="[puskesmas, rumah_sakit]" if plan.code else "[]",
        office=yaml_text(plan.office),
        operator=yaml_text(plan.operator),
        district_word=yaml_text(plan.district_word),
        ward_word=yaml_text(plan.ward_word),
    )


def _isps(isps: Iterable[NamedEntry]) -> str:
    comment = (
        "# Penyedia layanan internet; isi contacts agar mereka diberi tahu. / The internet service providers; fill in\n"
        "# contacts so that they are told:\n"
        "#   - {id: telkom, name: Telkom, contacts: [{kind: email, value: noc@example.org}]}"
    )
    lines = "".join(map(isp_line, isps))
    text = _template("list.yml", kind="isps", comment=comment)
    return text.replace("isps: []\n", f"isps:\n{lines}") if lines else text


def _kecamatan(districts: Iterable[PlannedDistrict]) -> str:
    lines = []
    for one in districts:
        lines += [f"  - id: {yaml_text(one.id)}", f"    name: {yaml_text(one.name)}"]
        lines += [f"    code: {json.dumps(one.code)}"] if one.code else []
        if one.centre:
            lines += [f"    latitude: {one.centre[0]}", f"    longitude: {one.centre[1]}"]
    head = "# yaml-language-server: $schema=../schema/inventory.schema.json\n#\n"
    contacts = "# contacts: [{kind: email, value: camat@example.org}]   siapa yang diberi tahu / whom to tell\n"
    return head + contacts + "kecamatan:\n" + "\n".join(lines) + "\n"


def _kelurahan(wards: Iterable[PlannedWard]) -> str:
    out = io.StringIO()
    write = csv_rows_to(out, "\n")
    write(("code", "name", "kecamatan", "latitude_min", "latitude_max", "longitude_min", "longitude_max", "aliases"))
    for one in wards:
        box = (one.edges.south, one.edges.north, one.edges.west, one.edges.east) if one.edges else ("",) * 4
        write((one.code, one.name, one.district, *box, "|".join(one.aliases)))
    return out.getvalue()


def _outlines(plan: CityPlan) -> str:
    features: Iterator[Any] = (plan.outlines[one.code] for one in plan.districts if one.code in plan.outlines)
    lines = ",\n".join(json.dumps(feature, separators=(",", ":"), ensure_ascii=False) for feature in features)
    source = "cahyadsn/wilayah_boundaries; a help for the eye, no legal boundary"
    license_ = "MIT License, Copyright (c) 2024 Cahya DSN"
    head = f'{{"type":"FeatureCollection",\n"source":{json.dumps(source)},\n"license":{json.dumps(license_)},\n'
    return f'{head}"features":[\n{lines}\n]}}\n'


def _columns(kind: str) -> list[str]:
    return known_keys(RECORDS[kind])


def _template(file: str, /, **values: object) -> str:
    return Template((_TEMPLATES / file).read_text(encoding="utf-8")).substitute(values)
