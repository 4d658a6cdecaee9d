"""The command `pantau init`: asks what it is not told, and calls. Indonesian first, English second."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from pantau.cli.options import NEW_FOLDER, SPOKEN, known_language
from pantau.cli.speaking import note, tell
from pantau.errors import cut
from pantau.intake.cities.elsewhere import named_city, read_places, ward_of
from pantau.intake.cities.finding import find_city
from pantau.intake.cities.folder import CityFolder, write_city
from pantau.intake.cities.indonesia import plan_of
from pantau.intake.cities.plan import CityPlan, NamedEntry, slug, unique_ids
from pantau.intake.cities.regions import Region, province_of
from pantau.intake.cities.zones import zone_named
from pantau.intake.errors import IntakeError
from pantau.zones import INDONESIAN

_MOST_ISPS = 50
_OFFICE = "Dinas Komunikasi dan Informatika"

City = Annotated[
    str | None, typer.Argument(help="Name of the kabupaten or kota, or its Kemendagri code: 'Kota Bandung', 32.73.")
]
Output = Annotated[Path, typer.Option("--output", "-o", help="Folder to write; nothing in it is overwritten.")]
Zone = Annotated[str | None, typer.Option(help=f"{', '.join(INDONESIAN)}, or an IANA name; else that of the province.")]
Office = Annotated[str | None, typer.Option(help="The office that measures, as reports print it.")]
Operator = Annotated[str | None, typer.Option(help="The unit or person there who runs Pantau.")]
Isps = Annotated[list[str] | None, typer.Option(help="Name of an ISP, or ID=NAME; several times for several.")]
Canaries = Annotated[
    list[str] | None, typer.Option(help="NAME=ADDRESS of a host near us that is always up; several times.")
]
Elsewhere = Annotated[
    bool, typer.Option("--elsewhere", help="A city outside Indonesia: its districts and wards are named here, or none.")
]
Districts = Annotated[list[str] | None, typer.Option(help="With --elsewhere: name of a district.")]
Wards = Annotated[list[str] | None, typer.Option(help="With --elsewhere: DISTRICT/WARD.")]
PlaceList = Annotated[
    Path | None,
    typer.Option(help="With --elsewhere: CSV with the columns district, ward and, if known, south, north, west, east."),
]
DistrictWord = Annotated[str | None, typer.Option(help="What a district is called; Kecamatan.")]
WardWord = Annotated[str | None, typer.Option(help="What a ward is called; Kelurahan.")]
Language = Annotated[str, typer.Option(help=f"Language of messages, {SPOKEN}.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be written, and write nothing.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing: what is not told keeps its default.")]


def init(
    city: City = None,
    output: Output = NEW_FOLDER,
    zone: Zone = None,
    office: Office = None,
    operator: Operator = None,
    isp: Isps = None,
    canary: Canaries = None,
    elsewhere: Elsewhere = False,
    district: Districts = None,
    ward: Wards = None,
    places: PlaceList = None,
    district_word: DistrictWord = None,
    ward_word: WardWord = None,
    lang: Language = "id",
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Set a city up: write a whole config/ of its kecamatan and kelurahan, without examples.

    On a terminal it asks for what no option says. Exit status 2 where the city is not known, or is there already.

    Example: pantau init "Kota Bandung" --isp Telkom --isp Biznet
    """
    known_language(lang)
    asking = sys.stdin.isatty() and not yes
    plan = _elsewhere(city, zone, district, ward, places, asking) if elsewhere else _indonesian(city, asking)
    plan = _in_zone(plan, zone, asking and not elsewhere)
    plan = replace(
        plan,
        office=_told(office, asking, "Nama kantor", "Name of the office", f"{_OFFICE} {plan.name}"),
        operator=_told(operator, asking, "Bidang atau orang yang menjalankan", "Unit or person who runs it", ""),
        isps=_named(_ask_isps() if asking and isp is None else isp or [], "--isp"),
        canaries=_canaries(canary or []),
        district_word=district_word or plan.district_word,
        ward_word=ward_word or plan.ward_word,
        language=lang,
    )
    _tell(plan, write_city(plan, output, dry_run=dry_run), output, dry_run)


def _in_zone(plan: CityPlan, given: str | None, asking: bool) -> CityPlan:
    """The plan in the zone that is given, or asked for."""
    name = given or (_ask("Zona waktu", "Time zone", plan.zone) if asking else None)
    return replace(plan, zone=zone_named(name)) if name else plan


def _told(given: str | None, asking: bool, indonesian: str, english: str, usual: str) -> str:
    """What was given, or is asked for; nothing where nobody says."""
    return _ask(indonesian, english, usual) if asking and given is None else given or ""


def _indonesian(city: str | None, asking: bool) -> CityPlan:
    """The plan of a city that is named or asked for, until one is certain."""
    text = city
    while True:
        if text is None and not asking:
            raise IntakeError(
                "which city? write its name or code: pantau init 'Kota Bandung'; outside Indonesia add --elsewhere"
            )
        text = text or _ask("Kabupaten/kota (nama atau kode)", "City (name or code)", "")
        found = find_city(text)
        if len(found.certain) == 1:
            return plan_of(found.certain[0])
        chosen = _choose(found.certain or found.near) if asking else None
        if chosen:
            return plan_of(chosen)
        if not asking:
            raise IntakeError(_unknown(text, found.certain, found.near))
        note("note", _unknown(text, found.certain, found.near))
        text = None


def _unknown(text: str, certain: Sequence[Region], near: Sequence[Region]) -> str:
    named = ", ".join(f"{region.name} ({region.code})" for region in certain or near)
    if certain:
        return f"'{text}' names {len(certain)}: {named}; write the whole name or the code"
    if near:
        return f"'{text}' is no kabupaten or kota; did you mean {named}? Outside Indonesia: --elsewhere"
    return f"'{text}' is no kabupaten or kota, and none is near; outside Indonesia: --elsewhere"


def _choose(regions: Sequence[Region]) -> Region | None:
    if not regions:
        return None
    for number, region in enumerate(regions, 1):
        tell(f"  {number}. {region.name}, {province_of(region.code)} ({region.code})")
    answer = _ask("Nomor, atau kosong untuk mencari lagi", "Number, or nothing to search again", "")
    return regions[int(answer) - 1] if answer.isdigit() and 1 <= int(answer) <= len(regions) else None


def _elsewhere(
    city: str | None,
    zone: str | None,
    districts: list[str] | None,
    wards: list[str] | None,
    places: Path | None,
    asking: bool,
) -> CityPlan:
    name = city or (_ask("Nama kota", "Name of the city", "") if asking else "")
    where = zone or (_ask("Zona waktu", "Time zone", "UTC") if asking else "")
    if not name or not slug(name):
        raise IntakeError(
            "which city? write its name in Latin letters: pantau init 'New York' --elsewhere --zone America/New_York"
        )
    if not where:
        raise IntakeError("which time zone? add --zone, as in --zone America/New_York")
    listed = [*map(ward_of, wards or ()), *(read_places(places) if places else ())]
    return named_city(name, zone_named(where), districts or (), listed)


def _ask(indonesian: str, english: str, default: str) -> str:
    return str(typer.prompt(f"{indonesian} / {english}", default=default, show_default=bool(default))).strip()


def _ask_isps() -> list[str]:
    names: list[str] = []
    while len(names) < _MOST_ISPS:
        name = _ask(f"ISP {len(names) + 1}, kosong bila selesai", "nothing when done", "")
        if not name:
            break
        names.append(name)
    return names


def _named(texts: Sequence[str], option: str) -> tuple[NamedEntry, ...]:
    """Names with ids; an id may be written before `=`."""
    split = [text.partition("=") if "=" in text else ("", "", text) for text in texts]
    names = [name.strip() for _, _, name in split]
    if not all(names):
        raise IntakeError(f"{option} without a name; write {option} Telkom")
    ids = unique_ids([id_.strip() or name for (id_, _, _), name in zip(split, names, strict=True)], fallback="isp")
    return tuple(map(NamedEntry, ids, names))


def _canaries(texts: Sequence[str]) -> tuple[NamedEntry, ...]:
    pairs = [tuple(part.strip() for part in text.partition("=")[::2]) for text in texts]
    for text, (name, address) in zip(texts, pairs, strict=True):
        if not name or not address:
            raise IntakeError(f"'{text}' is not NAME=ADDRESS; write --canary gateway=192.168.1.1")
    return tuple(NamedEntry(name, address) for name, address in pairs)


def _tell(plan: CityPlan, folder: CityFolder, output: Path, dry_run: bool) -> None:
    places = f"{len(plan.districts)} {plan.district_word.lower()}, {len(plan.wards)} {plan.ward_word.lower()}"
    tell(f"{plan.name}{f' ({plan.code})' if plan.code else ''}: {places}, {len(plan.isps)} ISP, {plan.zone}")
    for path in folder.kept:
        note("note", f"{path}: dibiarkan / left as it is")
    for warning in cut(folder.configuration.warnings):
        note("warning", warning.rpartition("pantau-init-")[2].partition("/config/")[2] or warning)
    files = len(folder.made)
    if dry_run:
        for path in folder.made:
            tell(path)
        tell(f"uji coba: {files} berkas tidak ditulis / dry run: {files} files not written")
        return
    tell(f"{files} berkas di {output} / {files} files in {output}")
    tell("Berikutnya / next:  pantau import DAFTAR.xlsx   lalu / then   pantau check   lalu / then   pantau up")
